#include "client/cli/app/run.h"

#include <algorithm>
#include <exception>

#include "CLI/CLI.hpp"
#include "client/cli/app/context.h"
#include "client/cli/app/report.h"
#include "client/cli/commands/commands.h"

namespace folio::cli {
namespace {

void AddGlobalFlags(CLI::App& app, GlobalFlags* flags) {
  app.add_option("--server", flags->server, "Address of the server, host:port ($FOLIO_SERVER)");
  app.add_option("--key", flags->key, "API key ($FOLIO_KEY); a file is safer");
  app.add_option("--key-file", flags->key_file, "File that holds the API key ($FOLIO_KEY_FILE)");
  app.add_option("--profile", flags->profile, "Profile of the configuration file ($FOLIO_PROFILE)");
  app.add_option("--timeout", flags->timeout_seconds, "Seconds that a call may take, with all attempts (30)")
      ->check(CLI::PositiveNumber);
  app.add_option("--lang", flags->language, "Language of headings and errors: en or fr (from $LANG)")
      ->check(CLI::IsMember({"en", "fr"}));
  app.add_option("-o,--output", flags->format, "Format of the output")
      ->check(CLI::IsMember({"table", "json", "jsonl", "csv"}));
  app.add_option("--fields", flags->fields, "Only these fields, for example name,arr")->delimiter(',');
  app.add_flag("--no-headers", flags->no_headers, "No line of headings");
}

// Every flag may also stand behind the command.
void LetFlagsFallThrough(CLI::App& app) {
  app.fallthrough();
  for (CLI::App* command : app.get_subcommands({})) LetFlagsFallThrough(*command);
}

int ReportUsage(const CLI::App& app, const CLI::ParseError& error, Context& context) {
  if (error.get_exit_code() == 0) {
    app.exit(error, context.out, context.err);
    return kSuccess;
  }
  context.err << context.Say({"error: ", "erreur : "}) << error.what() << '\n'
              << context.Say({"  --help tells what a command takes.", "  --help dit ce qu'une commande attend."})
              << '\n';
  return kUsage;
}

int RunAction(Context& context) {
  const absl::StatusOr<int> result = context.action();
  if (result.ok()) return *result;
  // Whatever a call answers when it is cut short: the reason is the interruption.
  if (context.stop.stop_requested()) {
    context.err << context.Say({"interrupted", "interrompu"}) << '\n';
    return kInterrupted;
  }
  ReportError(context, result.status());
  return ExitCodeOf(result.status());
}

}  // namespace

int Run(const std::vector<std::string>& arguments, Terminal terminal, std::stop_token stop) {
  Context context(terminal.out, terminal.err, std::move(stop), terminal.err_is_terminal);
  CLI::App app("Manages a portfolio of client accounts on a Folio server.", "folio");
  app.require_subcommand(1);
  AddGlobalFlags(app, &context.flags);
  AddCommands(app, context);
  LetFlagsFallThrough(app);
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // what CLI11 expects
    app.parse(reversed);
    return RunAction(context);
  } catch (const CLI::ParseError& error) {
    return ReportUsage(app, error, context);
  } catch (const std::exception& error) {
    ReportError(context, absl::InternalError(error.what()));
    return kFailure;
  }
}

}  // namespace folio::cli
