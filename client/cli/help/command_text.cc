#include "client/cli/help/command_text.h"

#include <algorithm>
#include <cctype>
#include <sstream>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/cli/output/text_width.h"

namespace folio::cli {
namespace {

// What a value is called where the flag's own name does not say it.
struct ValueName {
  std::string_view flag;
  std::string_view value;
};

constexpr ValueName kValueNames[] = {
    {"--as-of", "DAY"},        {"--data", "JSON"},        {"--expires", "TIME"},     {"--first", "DAY"},
    {"--from", "DAY"},         {"--group-by", "FACETS"},  {"--json", "FILE"},        {"--key-file", "FILE"},
    {"--last", "DAY"},         {"--map", "FILE"},         {"--on", "DAY"},           {"--order-by", "COLUMNS"},
    {"--rejects", "FILE"},     {"--request-id", "ID"},    {"--resume", "TOKEN"},     {"--save-as", "ID"},
    {"--segment-by", "FACET"}, {"--server", "HOST:PORT"}, {"--set", "FIELD=VALUE"},  {"--setting", "NAME=VALUE"},
    {"--snooze-until", "DAY"}, {"--timeout", "SECONDS"},  {"--to", "DAY"},           {"--until", "DAY"},
    {"--time-zone", "ZONE"},   {"--description", "TEXT"}, {"--name-fr", "TEXT"},     {"--description-fr", "TEXT"},
    {"--name", "TEXT"},        {"--note", "TEXT"},        {"--reason", "TEXT"},      {"--assignee", "PERSON"},
    {"--group", "VALUES"},     {"--interval", "SECONDS"}, {"--duration", "SECONDS"}, {"--warm-up", "SECONDS"},
    {"--rate", "N"},
};

std::string Upper(std::string_view name) {
  std::string upper;
  for (const char c : name.substr(name.find_first_not_of('-'))) {
    upper += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return upper;
}

// CLI11 tells type and checks in one text: "TEXT:{en,fr}", "INT:INT in [1 - 1000]", "FLOAT:POSITIVE".
struct TypeText {
  std::string type;
  std::vector<std::string> choices;
  std::string limits;
};

TypeText ReadType(const std::string& text) {
  TypeText result;
  result.type = text.substr(0, text.find(':'));
  const size_t open = text.find(":{");
  if (open != std::string::npos) {
    const size_t close = text.find('}', open);
    result.choices = absl::StrSplit(text.substr(open + 2, close - open - 2), ',');
  }
  const size_t range = text.find(" in [");
  if (range != std::string::npos) {
    result.limits = text.substr(range + 5, text.find(']', range) - range - 5);
    if (const size_t dash = result.limits.find(" - "); dash != std::string::npos) result.limits.replace(dash, 3, "..");
  }
  if (text.ends_with(":POSITIVE")) result.limits = "> 0";
  if (text.ends_with(":NONNEGATIVE")) result.limits = ">= 0";
  return result;
}

std::string ValueOf(const OptionText& option, const TypeText& type, bool positional) {
  const auto* known = std::find_if(std::begin(kValueNames), std::end(kValueNames), [&](const ValueName& value) {
    return !positional && value.flag == option.long_name();
  });
  if (known != std::end(kValueNames)) return std::string(known->value);
  if (!positional && (type.type == "INT" || type.type == "UINT" || type.type == "FLOAT")) return "N";
  return Upper(option.long_name());
}

CommandText DescribeBelow(const CLI::App& app, const std::string& parent) {
  CommandText text;
  text.name = app.get_name();
  text.path = parent.empty() ? text.name : parent + " " + text.name;
  text.description = app.get_description();
  for (const absl::string_view line : absl::StrSplit(app.get_footer(), '\n', absl::SkipEmpty())) {
    text.examples.emplace_back(line);
  }
  for (const CLI::Option* option : app.get_options()) {
    if (!parent.empty() && option->check_lname("help")) continue;
    (option->get_positional() ? text.arguments : text.flags).push_back(DescribeOption(*option));
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!command->get_group().empty()) text.commands.push_back(DescribeBelow(*command, text.path));
  }
  return text;
}

}  // namespace

OptionText DescribeOption(const CLI::Option& option) {
  OptionText text;
  const bool positional = option.get_positional();
  if (positional) {
    text.names = {option.get_name(true)};
  } else {
    for (const std::string& name : option.get_snames()) text.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) text.names.push_back("--" + name);
  }
  text.description = option.get_description();
  text.required = option.get_required();
  text.comma_separated = option.get_delimiter() != '\0';
  if (option.get_items_expected_max() == 0) return text;  // takes no value
  const TypeText type = ReadType(option.get_type_name());
  text.choices = type.choices;
  text.limits = type.limits;
  text.must_exist = option.get_type_name().ends_with(":FILE");
  text.default_value = option.get_default_str();
  text.value = ValueOf(text, type, positional);
  text.repeatable = option.get_expected_max() > 1;
  return text;
}

CommandText Describe(const CLI::App& app) { return DescribeBelow(app, ""); }

const CommandText* FindCommand(const CommandText& root, std::string_view path) {
  if (root.path == path) return &root;
  for (const CommandText& command : root.commands) {
    if (const CommandText* found = FindCommand(command, path)) return found;
  }
  return nullptr;
}

std::string UsageOf(const CommandText& command) {
  std::string usage = command.path;
  if (!command.commands.empty()) return usage + " COMMAND";
  for (const OptionText& argument : command.arguments) {
    const std::string name = argument.value + (argument.repeatable ? "…" : "");
    usage += argument.required ? " " + name : " [" + name + "]";
  }
  for (const OptionText& flag : command.flags) {
    if (flag.required) usage += " " + flag.long_name() + " " + flag.value;
  }
  return usage + " [FLAGS]";
}

std::string Signature(const OptionText& option) {
  if (!option.names.front().starts_with('-')) return option.value + (option.repeatable ? "…" : "");
  std::string text = absl::StrJoin(option.names, ", ");
  if (option.value.empty()) return text;
  // Few choices say more than a word for them.
  const std::string choices = absl::StrJoin(option.choices, "|");
  constexpr size_t kChoicesShown = 32;
  return text + " " + (choices.empty() || choices.size() > kChoicesShown ? option.value : choices);
}

std::string FullDescription(const OptionText& option) {
  std::string text = option.description;
  const bool shown = Signature(option).find('|') != std::string::npos;
  if (!option.choices.empty() && !shown) text += ": " + absl::StrJoin(option.choices, ", ");
  // That a number is not negative goes without saying.
  if (option.limits.find("..") != std::string::npos) text += ", " + option.limits;
  if (!option.default_value.empty()) text += " (" + option.default_value + ")";
  if (option.required) text += " (required)";
  return text;
}

std::vector<std::string> Wrapped(std::string_view text, size_t width) {
  std::vector<std::string> lines;
  std::istringstream words{std::string(text)};
  for (std::string word; words >> word;) {
    const bool fits =
        !lines.empty() && static_cast<size_t>(DisplayWidth(lines.back()) + 1 + DisplayWidth(word)) <= width;
    if (fits) {
      lines.back() += " " + word;
    } else {
      lines.push_back(word);
    }
  }
  return lines;
}

}  // namespace folio::cli
