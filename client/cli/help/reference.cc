#include "client/cli/help/reference.h"

#include "absl/strings/str_replace.h"
#include "client/cli/help/topics.h"

namespace folio::cli {
namespace {

// Text within a cell of a table.
std::string Cell(const std::string& text) {
  return absl::StrReplaceAll(text, {{"|", "\\|"}, {"<", "&lt;"}, {">", "&gt;"}});
}

std::string Code(const std::string& text) { return "`" + absl::StrReplaceAll(text, {{"|", "\\|"}}) + "`"; }

std::string Table(const std::vector<OptionText>& arguments, const std::vector<OptionText>& flags) {
  if (arguments.empty() && flags.empty()) return "";
  std::string text = "\n| | |\n|---|---|\n";
  for (const auto* options : {&arguments, &flags}) {
    for (const OptionText& option : *options) {
      text += "| " + Code(Signature(option)) + " | " + Cell(FullDescription(option)) + " |\n";
    }
  }
  return text;
}

std::string Table(const std::vector<Topic>& topics) {
  std::string text = "\n| | |\n|---|---|\n";
  for (const Topic& topic : topics) text += "| " + Code(topic.name) + " | " + Cell(topic.meaning) + " |\n";
  return text;
}

std::string Examples(const CommandText& command) {
  if (command.examples.empty()) return "";
  std::string text = "\n```sh\n";
  for (const std::string& example : command.examples) text += example + "\n";
  return text + "```\n";
}

void AddCommand(const CommandText& command, std::string* text) {
  if (command.commands.empty()) {
    *text += "\n### " + command.path + "\n\n" + command.description + ".\n\n    " + UsageOf(command) + "\n";
    *text += Table(command.arguments, command.flags) + Examples(command);
  }
  for (const CommandText& below : command.commands) AddCommand(below, text);
}

}  // namespace

std::string Reference(const CommandText& program) {
  std::string text =
      "# Commands of folio\n\n"
      "Made by `folio manual --reference` from the program itself, as are `--help`, the manual pages and completion;\n"
      "a test compares. What holds for all commands, with examples, is in [cli.md](cli.md).\n";
  text += "\n## Flags of every command\n" + Table({}, program.flags);
  text += "\n## Exit codes\n" + Table(ExitCodes());
  text += "\n## Environment\n" + Table(Environment());
  for (const CommandText& command : program.commands) {
    text += "\n## " + command.path + "\n\n" + command.description + ".\n";
    if (command.commands.empty()) {
      text += "\n    " + UsageOf(command) + "\n" + Table(command.arguments, command.flags) + Examples(command);
    }
    for (const CommandText& below : command.commands) AddCommand(below, &text);
  }
  return text;
}

}  // namespace folio::cli
