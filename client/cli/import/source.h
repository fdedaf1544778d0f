// The file of an import with all that is needed to read it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/app/context.h"
#include "client/cli/import/converter.h"
#include "client/cli/import/row_reader.h"
#include "client/cli/import/run_import.h"
#include "client/cli/import/survey.h"

namespace folio::cli {

struct ImportSource {
  RowType type;
  std::string path;  // of the rows: the file, or a copy of standard input
  Dialect dialect;
  std::vector<std::string> columns;
  std::unique_ptr<Converter> converter;
  Survey survey;
  std::string import_id;  // follows from the file, the mapping, what is asked for, and the server
};

// A copy of standard input, deleted with the object; nothing for a file.
class Spool {
 public:
  Spool() = default;
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  // The path to read: the given one, or that of the copy where it is "-".
  absl::StatusOr<std::string> Take(const std::string& path);

 private:
  std::string copy_;
};

// Looks at the file and the mapping, asks the server for the workspace, reads every row once, and says on `err` what
// was found. Nothing has been sent afterwards.
absl::StatusOr<ImportSource> PrepareSource(Context& context, const ImportFlags& flags, const std::string& path);

}  // namespace folio::cli
