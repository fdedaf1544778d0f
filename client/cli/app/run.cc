#include "client/cli/app/run.h"

#include <algorithm>
#include <exception>

#include "CLI/CLI.hpp"
#include "client/cli/app/context.h"
#include "client/cli/app/report.h"
#include "client/cli/app/usage_error.h"
#include "client/cli/commands/commands.h"
#include "client/cli/help/help_text.h"
#include "client/cli/output/text_width.h"
#include "folio/options.h"

namespace folio::cli {
namespace {

void AddGlobalFlags(CLI::App& app, GlobalFlags* flags) {
  app.add_option("--server", flags->server, "Address of the server, host:port ($FOLIO_SERVER)");
  app.add_option("--key", flags->key, "API key ($FOLIO_KEY); a file is safer");
  app.add_option("--key-file", flags->key_file, "File that holds the API key ($FOLIO_KEY_FILE)");
  app.add_option("--profile", flags->profile, "Profile of the configuration file ($FOLIO_PROFILE)");
  app.add_option("--timeout", flags->timeout_seconds, "Seconds that a call may take, with all attempts (30)")
      ->check(CLI::PositiveNumber);
  app.add_option("--locale,--lang", flags->language, "Language of headings and errors; otherwise from $LANG")
      ->check(CLI::IsMember({"en", "fr"}));
  app.add_option("-o,--output", flags->format, "Format of the output")
      ->check(CLI::IsMember({"table", "json", "jsonl", "csv"}));
  app.add_option("--fields", flags->fields, "Only these fields, for example id,display_name")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_flag("--no-headers", flags->no_headers, "No line of headings");
  app.add_option("--csv-profile", flags->csv_profile,
                 "How CSV is written and read: excel without formulas, excel-fr also with ; and decimal commas")
      ->check(CLI::IsMember({"standard", "excel", "excel-fr"}));
  app.add_option("--progress", flags->progress, "How long commands tell how far they are, on standard error")
      ->check(CLI::IsMember({"auto", "json", "none"}));
  app.add_flag("-y,--yes", flags->yes, "Answer yes to what would be asked");
  app.add_flag("--no-input", flags->no_input, "Never ask: what would be asked is refused without --yes");
}

// Every flag may also stand behind the command.
void LetFlagsFallThrough(CLI::App& app) {
  app.fallthrough();
  for (CLI::App* command : app.get_subcommands({})) LetFlagsFallThrough(*command);
}

// What --help shows of a command.
std::string HelpOf(const CLI::App& shown) {
  const CLI::App* root = &shown;
  std::string path = shown.get_name();
  while (root->get_parent() != nullptr) {
    root = root->get_parent();
    path = root->get_name() + " " + path;
  }
  return HelpText(*FindCommand(Describe(*root), path));
}

// The language that a line asks for, known before the line is understood: what is wrong with it is told in that
// language.
std::string LanguageIn(const std::vector<std::string>& arguments) {
  for (size_t i = 0; i < arguments.size(); ++i) {
    for (const std::string flag : {"--locale", "--lang"}) {
      if (arguments[i] == flag && i + 1 < arguments.size()) return arguments[i + 1];
      if (arguments[i].starts_with(flag + "=")) return arguments[i].substr(flag.size() + 1);
    }
  }
  return "";
}

// What a profile says of the language is meant for this server, and stronger than the terminal's.
void TakeLanguageOfProfile(GlobalFlags* flags) {
  if (!flags->language.empty()) return;
  const absl::StatusOr<std::string> locale = ProfileLocale(flags->profile);
  if (locale.ok()) flags->profile_language = *locale;
}

int ReportUsage(const CLI::App& app, const CLI::ParseError& error, Context& context) {
  if (error.get_exit_code() == 0) {
    app.exit(error, context.out, context.err);
    return kSuccess;
  }
  const UsageError usage = Explain(app, error);
  context.err << ErrorLead(context) << OneLine(context.Say(usage.text)) << "\n  " << usage.command
              << context.Say({" --help tells what it takes.", " --help dit ce qu'elle attend."}) << '\n';
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
  Context context(terminal, std::move(stop));
  CLI::App app("Manages a portfolio of client accounts on a Folio server.", "folio");
  app.formatter_fn([](const CLI::App* shown, std::string, CLI::AppFormatMode) { return HelpOf(*shown); });
  app.set_help_flag("-h,--help", "What a command does and takes");
  app.set_version_flag("--version", "folio " FOLIO_VERSION, "The version of this program");
  app.require_subcommand(1);
  context.flags.language = LanguageIn(arguments);
  AddGlobalFlags(app, &context.flags);
  AddCommands(app, context);
  LetFlagsFallThrough(app);
  try {
    if (!arguments.empty() && arguments.front() == "complete") {
      context.action = [&] { return CompleteWords(context, app, arguments); };
      return RunAction(context);
    }
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // what CLI11 expects
    app.parse(reversed);
    TakeLanguageOfProfile(&context.flags);
    return RunAction(context);
  } catch (const CLI::ParseError& error) {
    return ReportUsage(app, error, context);
  } catch (const std::exception& error) {
    ReportError(context, absl::InternalError(error.what()));
    return kFailure;
  }
}

}  // namespace folio::cli
