// Commands that do one thing to each of several resources.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"
#include "client/cli/app/context.h"
#include "client/cli/output/records.h"
#include "google/protobuf/descriptor.h"

namespace folio::cli {

// What a command line names. "-" stands for standard input.
struct Several {
  std::vector<std::string> given;

  // A single one whose command answers with an object, not with a list.
  bool is_one() const { return given.size() == 1 && !reads_input(); }
  bool reads_input() const { return std::find(given.begin(), given.end(), "-") != given.end(); }
};

// The argument that takes them.
CLI::Option* AddSeveral(CLI::App& command, Several& several, const std::string& argument,
                        const std::string& description);

// Their full names. Standard input has an id or a name on each line; empty lines mean nothing.
absl::StatusOr<std::vector<std::string>> NamesOf(const Several& several, std::string_view collection);

// Does something to each, and goes on behind a failure, which it tells; but not where the next call would meet the same
// fault of the connection or of the key. kSuccess, kPartialSuccess where only some went well, the code of the first
// failure where none did. The failure of a single one is returned.
absl::StatusOr<int> ForEach(Context& context, const std::vector<std::string>& names,
                            const std::function<absl::Status(const std::string& name)>& act);

// The same for calls that answer with what was changed: as an object where `several` is one, as rows where it is not.
// `call` fills the answer. Nothing is called where the output is asked for fields that there are not.
absl::StatusOr<int> ChangeEach(
    Context& context, const Several& several, const std::vector<std::string>& names,
    const google::protobuf::Message& answer, const std::vector<std::string>& columns,
    const std::function<absl::Status(const std::string& name, google::protobuf::Message* answer)>& call);

// Fault of usage where a flag that belongs to one resource (--etag, --request-id) is given for several.
absl::Status OnlyOfOne(const Several& several, const char* flag, const std::string& value);

}  // namespace folio::cli
