// Rows of a file, one after the other, in constant memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cli/value/fault.h"
#include "client/cli/value/json.h"

namespace folio::cli {

struct SourceRow {
  int64_t position = 0;            // among the rows with data, from 1
  int64_t line = 0;                // where it begins in the file, from 1
  std::vector<std::string> cells;  // CSV: as many as there are columns, unless the row is at fault
  Json object;                     // JSON lines
  std::optional<Fault> fault;      // the row is malformed; `raw` has what stands there
  std::string raw;
};

class RowReader {
 public:
  virtual ~RowReader() = default;

  // Names of the columns; empty for JSON lines.
  virtual const std::vector<std::string>& columns() const = 0;

  // Reads the next row; false at the end. Errors are of the file as a whole: a quote that is never closed, a row
  // without end, an encoding that does not fit, a failing disk.
  virtual absl::StatusOr<bool> Next(SourceRow* row) = 0;
};

// How a file of rows is written.
struct Dialect {
  bool json_lines = false;
  std::string encoding = "UTF-8";
  char delimiter = ',';
};

// Opens a file at its first row. Faults: FILE_UNREADABLE, FILE_EMPTY (no header), COLUMN_REPEATED.
absl::StatusOr<std::unique_ptr<RowReader>> OpenRows(const std::string& path, const Dialect& dialect);

// Rows of these columns are added by a rejects file and mean nothing to a reader.
inline constexpr const char* kRejectColumns[] = {"_line", "_field", "_reason", "_message"};
bool IsRejectColumn(std::string_view name);

}  // namespace folio::cli
