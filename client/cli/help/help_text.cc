#include "client/cli/help/help_text.h"

#include <algorithm>
#include <utility>

#include "client/cli/help/topics.h"
#include "client/cli/output/text_width.h"

namespace folio::cli {
namespace {

constexpr size_t kWidth = 100;
constexpr size_t kIndent = 2;
// Names that are longer get a line of their own.
constexpr size_t kNamesMax = 30;

using Lines = std::vector<std::pair<std::string, std::string>>;

// Names at the left, what they mean at the right.
std::string TwoColumns(const std::string& heading, const Lines& lines) {
  if (lines.empty()) return "";
  size_t widest = 0;
  for (const auto& [name, meaning] : lines) {
    const auto width = static_cast<size_t>(DisplayWidth(name));
    if (width <= kNamesMax) widest = std::max(widest, width);
  }
  const size_t column = kIndent + std::max<size_t>(widest, 1) + 2;
  std::string text = "\n" + heading + ":\n";
  for (const auto& [name, meaning] : lines) {
    std::string line = std::string(kIndent, ' ') + name;
    if (static_cast<size_t>(DisplayWidth(line)) + 2 > column) {
      text += line + "\n";
      line.clear();
    }
    line += std::string(column - static_cast<size_t>(DisplayWidth(line)), ' ');
    for (const std::string& part : Wrapped(meaning, kWidth - column)) {
      text += line + part + "\n";
      line = std::string(column, ' ');
    }
  }
  return text;
}

Lines LinesOf(const std::vector<OptionText>& options) {
  Lines lines;
  for (const OptionText& option : options) lines.emplace_back(Signature(option), FullDescription(option));
  return lines;
}

Lines LinesOf(const std::vector<Topic>& topics) {
  Lines lines;
  for (const Topic& topic : topics) lines.emplace_back(topic.name, topic.meaning);
  return lines;
}

}  // namespace

std::string HelpText(const CommandText& command) {
  const bool program = command.path == command.name;
  std::string text = command.description + "\n\nUsage: " + UsageOf(command) + "\n";
  Lines commands;
  for (const CommandText& below : command.commands) commands.emplace_back(below.name, below.description);
  text += TwoColumns("Commands", commands);
  text += TwoColumns("Arguments", LinesOf(command.arguments));
  text += TwoColumns(program ? "Flags of every command" : "Flags", LinesOf(command.flags));
  if (program) text += TwoColumns("Exit codes", LinesOf(ExitCodes()));
  if (!command.examples.empty()) text += "\nExamples:\n";
  for (const std::string& example : command.examples) text += "  " + example + "\n";
  if (!command.commands.empty()) {
    text += "\n" + command.path + " COMMAND --help tells what a command takes.\n";
  } else {
    text += "\nfolio --help tells which flags every command takes.\n";
  }
  return text;
}

}  // namespace folio::cli
