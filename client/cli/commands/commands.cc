#include "client/cli/commands/commands.h"

namespace folio::cli {

CLI::App* AddGroup(CLI::App& app, const std::string& name, const std::string& description) {
  CLI::App* group = app.add_subcommand(name, description);
  group->require_subcommand(1);
  return group;
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
  AddDemoCommands(app, context);
  AddDoctorCommand(app, context);
}

}  // namespace folio::cli
