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
void AddProfileCommands(CLI::App& app, Context& context);    // profiles
void AddDoctorCommand(CLI::App& app, Context& context);      // doctor, version
void AddDemoCommands(CLI::App& app, Context& context);       // demo
void AddManualCommands(CLI::App& app, Context& context);     // completion, manual
void AddServerCommands(CLI::App& app, Context& context);     // server, operations
void AddTopCommand(CLI::App& app, Context& context);         // top
void AddBenchCommand(CLI::App& app, Context& context);       // bench

// What the shells ask: writes what may stand at the end of a command line, a candidate with a tab and its description
// on each line, or ":files". `words` are those behind the program's name, with "complete" and "--" before them.
absl::StatusOr<int> CompleteWords(Context& context, const CLI::App& app, const std::vector<std::string>& words);

// Of one resource's group, made elsewhere.
void AddImportCommand(CLI::App& group, Context& context, const std::string& collection);
void AddExportCommand(CLI::App& group, Context& context, const Resource& resource);
void AddFactExportCommand(CLI::App& group, Context& context);
void AddScoreCommands(CLI::App& health, Context& context);                // health change, history, override, overrides
void AddPreviewCommand(CLI::App& group, Context& context);                // models preview, health preview
void AddProofCommands(CLI::App& group, Context& context);                 // backtest, fit of the same
void AddCustomIndicatorCommands(CLI::App& indicators, Context& context);  // indicators define, custom
// list, get, create, update, delete and undelete, as far as there are such methods. `resource` must outlive the parser.
void AddStandardCommands(CLI::App& group, Context& context, const Resource& resource);

// Methods that answer with one message: calls, and writes it. Nothing is called where the output is asked for fields
// that there are not.
absl::StatusOr<int> CallAndWrite(Context& context, std::string_view method, const google::protobuf::Message& request);

// A group of commands: says what there is where none is given.
CLI::App* AddGroup(CLI::App& app, const std::string& name, const std::string& description);

}  // namespace folio::cli
