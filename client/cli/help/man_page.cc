#include "client/cli/help/man_page.h"

#include <algorithm>
#include <cctype>

#include "absl/strings/str_replace.h"
#include "client/cli/help/topics.h"

namespace folio::cli {
namespace {

// Text that means only itself, also at the beginning of a line.
std::string Plain(const std::string& text) {
  std::string plain = absl::StrReplaceAll(text, {{"\\", "\\e"}, {"-", "\\-"}, {"…", "..."}, {"–", "\\(en"}});
  if (plain.starts_with('.') || plain.starts_with('\'')) plain.insert(0, "\\&");
  return plain;
}

std::string Bold(const std::string& text) { return "\\fB" + Plain(text) + "\\fR"; }

std::string Item(const std::string& term, const std::string& meaning) {
  return ".TP\n" + Bold(term) + "\n" + Plain(meaning) + "\n";
}

std::string Items(const std::vector<OptionText>& options) {
  std::string text;
  for (const OptionText& option : options) text += Item(Signature(option), FullDescription(option));
  return text;
}

std::string Section(const std::string& heading, const std::vector<Topic>& topics) {
  std::string text = ".SH " + heading + "\n";
  for (const Topic& topic : topics) text += Item(topic.name, topic.meaning);
  return text;
}

// "folio-accounts".
std::string Dashed(std::string path) {
  std::replace(path.begin(), path.end(), ' ', '-');
  return path;
}

std::string Examples(const CommandText& command) {
  if (command.examples.empty()) return "";
  std::string text = ".PP\n.nf\n";
  for (const std::string& example : command.examples) text += Plain(example) + "\n";
  return text + ".fi\n";
}

// A command with its flags, and all below it.
std::string Subsections(const CommandText& command) {
  std::string text = ".SS " + Plain(UsageOf(command)) + "\n" + Plain(command.description) + ".\n";
  text += Items(command.arguments) + Items(command.flags) + Examples(command);
  for (const CommandText& below : command.commands) text += Subsections(below);
  return text;
}

std::string ProgramSections(const CommandText& program) {
  std::string text = ".SH COMMANDS\n";
  for (const CommandText& command : program.commands) {
    text += ".TP\n" + Bold(command.path) + "\n" + Plain(command.description) + ". See " + Bold(Dashed(command.path)) +
            "(1).\n";
  }
  text += ".SH FLAGS OF EVERY COMMAND\n" + Items(program.flags);
  text += Section("EXIT STATUS", ExitCodes()) + Section("ENVIRONMENT", Environment()) + Section("FILES", UsedFiles());
  return text;
}

}  // namespace

std::string ManPageName(const CommandText& command) { return Dashed(command.path) + ".1"; }

std::string ManPage(const CommandText& command, const CommandText& program, const std::string& version) {
  std::string title = Dashed(command.path);
  std::transform(title.begin(), title.end(), title.begin(), [](unsigned char c) { return std::toupper(c); });
  std::string text = ".\\\" Made by `folio manual` from the program itself.\n";
  text += ".TH " + Plain(title) + " 1 \"\" \"folio " + version + "\" \"Folio\"\n";
  text += ".SH NAME\n" + Plain(Dashed(command.path)) + " \\- " + Plain(command.description) + "\n";
  text += ".SH SYNOPSIS\n.B " + Plain(UsageOf(command)) + "\n";
  if (&command == &program) {
    text += ProgramSections(program) + ".SH EXAMPLES\n" + Examples(program);
    return text;
  }
  text += ".SH DESCRIPTION\n" + Plain(command.description) + ".\n";
  text += Items(command.arguments) + Items(command.flags) + Examples(command);
  if (!command.commands.empty()) text += ".SH COMMANDS\n";
  for (const CommandText& below : command.commands) text += Subsections(below);
  return text + ".SH SEE ALSO\n" + Bold("folio") + "(1): flags of every command, exit status, environment\n";
}

}  // namespace folio::cli
