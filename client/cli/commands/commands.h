// The commands, one function a group. Each adds its commands to the parser; parsing one of them sets `context.action`.
#pragma once

#include "CLI/CLI.hpp"
#include "client/cli/app/context.h"

namespace folio::cli {

struct Resource;

// All of them.
void AddCommands(CLI::App& app, Context& context);

void AddResourceCommands(CLI::App& app, Context& context);   // accounts, contacts, subscriptions, tasks
void AddFactCommands(CLI::App& app, Context& context);       // facts
void AddPortfolioCommands(CLI::App& app, Context& context);  // portfolio
void AddHealthCommands(CLI::App& app, Context& context);     // health
void AddModelCommands(CLI::App& app, Context& context);      // models
void AddSignalCommands(CLI::App& app, Context& context);     // signals
void AddIndicatorCommands(CLI::App& app, Context& context);  // indicators
void AddWatchCommand(CLI::App& app, Context& context);       // watch
void AddApiCommands(CLI::App& app, Context& context);        // api
void AddAdminCommands(CLI::App& app, Context& context);      // keys, workspaces
void AddDoctorCommand(CLI::App& app, Context& context);      // doctor, version
void AddDemoCommands(CLI::App& app, Context& context);       // demo

// Of one resource's group, made elsewhere.
void AddImportCommand(CLI::App& group, Context& context, const std::string& collection);
void AddExportCommand(CLI::App& group, Context& context);
void AddScoreCommands(CLI::App& health, Context& context);                // health change, history, override, overrides
void AddProofCommands(CLI::App& models, Context& context);                // models backtest, models fit
void AddCustomIndicatorCommands(CLI::App& indicators, Context& context);  // indicators define, custom
// list, get, create, update, delete and, where there is such a method, undelete. `resource` must outlive the parser.
void AddStandardCommands(CLI::App& group, Context& context, const Resource& resource);

// A group of commands: says what there is where none is given.
CLI::App* AddGroup(CLI::App& app, const std::string& name, const std::string& description);

}  // namespace folio::cli
