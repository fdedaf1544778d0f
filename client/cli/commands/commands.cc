#include "client/cli/commands/commands.h"

#include <memory>

#include "client/cli/output/records.h"
#include "client/cli/value/dynamic.h"
#include "folio/client.h"

namespace folio::cli {

CLI::App* AddGroup(CLI::App& app, const std::string& name, const std::string& description) {
  CLI::App* group = app.add_subcommand(name, description);
  group->require_subcommand(1);
  return group;
}

absl::StatusOr<int> CallAndWrite(Context& context, std::string_view method, const google::protobuf::Message& request) {
  const auto* type = FindMethod(method)->output_type();
  // Before anything is written on the server.
  const OutputStyle style = context.output();
  if (const auto picked = ColumnsOf(*type, style.fields, style.language); !picked.ok()) return picked.status();
  const std::unique_ptr<google::protobuf::Message> response = NewMessage(type);
  absl::Status status = context.Call(method, request, response.get());
  if (status.ok()) status = WriteObject(context.out, style, *response);
  if (!status.ok()) return status;
  return kSuccess;
}

void AddCommands(CLI::App& app, Context& context) {
  AddResourceCommands(app, context);
  AddFactCommands(app, context);
  AddPortfolioCommands(app, context);
  AddHealthCommands(app, context);
  AddModelCommands(app, context);
  AddSignalCommands(app, context);
  AddIndicatorCommands(app, context);
  AddWatchCommand(app, context);
  AddApiCommands(app, context);
  AddAdminCommands(app, context);
  AddServerCommands(app, context);
  AddDemoCommands(app, context);
  AddTopCommand(app, context);
  AddBenchCommand(app, context);
  AddProfileCommands(app, context);
  AddDoctorCommand(app, context);
  AddManualCommands(app, context);
}

}  // namespace folio::cli
