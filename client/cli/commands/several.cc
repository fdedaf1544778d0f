#include "client/cli/commands/several.h"

#include <memory>
#include <optional>

#include "absl/strings/str_split.h"
#include "client/cli/app/report.h"
#include "client/cli/value/decimal.h"
#include "client/cli/value/fault.h"
#include "client/cli/value/json.h"

namespace folio::cli {

using google::protobuf::Message;

CLI::Option* AddSeveral(CLI::App& command, Several& several, const std::string& argument,
                        const std::string& description) {
  return command.add_option(argument, several.given, description + "; - reads them from standard input, one a line");
}

absl::StatusOr<std::vector<std::string>> NamesOf(const Several& several, std::string_view collection) {
  std::vector<std::string> names;
  for (const std::string& given : several.given) {
    if (given != "-") {
      names.push_back(FullName(collection, given));
      continue;
    }
    const absl::StatusOr<std::string> text = ReadText("-");
    if (!text.ok()) return text.status();
    for (const absl::string_view line : absl::StrSplit(*text, '\n')) {
      const std::string_view id = Trim({line.data(), line.size()});
      if (!id.empty()) names.push_back(FullName(collection, id));
    }
  }
  return names;
}

absl::StatusOr<int> ForEach(Context& context, const std::vector<std::string>& names,
                            const std::function<absl::Status(const std::string& name)>& act) {
  if (names.empty()) context.err << context.Say({"no names: nothing to do", "aucun nom : rien à faire"}) << '\n';
  absl::Status first;
  size_t done = 0, failed = 0;
  for (const std::string& name : names) {
    const absl::Status status = act(name);
    if (status.ok()) {
      ++done;
      continue;
    }
    ++failed;
    first.Update(status);
    if (names.size() == 1 || context.stop.stop_requested()) return status;
    ReportError(context, status, name);
    if (StopsTheRest(status)) break;
  }
  if (const size_t left = names.size() - done - failed; left > 0) {
    context.err << context.Say({"not attempted: ", "non tentés : "}) << left << '\n';
  }
  if (failed == 0) return kSuccess;
  return done > 0 ? kPartialSuccess : ExitCodeOf(first);
}

absl::StatusOr<int> ChangeEach(Context& context, const Several& several, const std::vector<std::string>& names,
                               const Message& answer, const std::vector<std::string>& columns,
                               const std::function<absl::Status(const std::string& name, Message* answer)>& call) {
  const OutputStyle style = context.output();
  absl::StatusOr<RecordWriter> writer = NewRecordWriter(context.out, style, *answer.GetDescriptor(), columns);
  if (!writer.ok()) return writer.status();
  const absl::StatusOr<int> code = ForEach(context, names, [&](const std::string& name) {
    const std::unique_ptr<Message> changed(answer.New());
    if (absl::Status status = call(name, changed.get()); !status.ok()) return status;
    if (several.is_one()) return WriteObject(context.out, style, *changed);
    writer->Write(*changed);
    return absl::OkStatus();
  });
  // Also behind a failure: what was changed before it has to be told, and an array has an end.
  if (!several.is_one() && (code.ok() || writer->count() > 0)) writer->Finish();
  return code;
}

absl::Status OnlyOfOne(const Several& several, const char* flag, const std::string& value) {
  if (several.is_one() || value.empty()) return absl::OkStatus();
  return WrongUsage(std::string(flag) + " is of one resource: name only that one.",
                    std::string(flag) + " est d'une seule ressource : ne nommez qu'elle.");
}

}  // namespace folio::cli
