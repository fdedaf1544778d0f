// What the parser knows of the commands, as text: the one description from which help, manual pages, the reference and
// completion are made.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "CLI/CLI.hpp"

namespace folio::cli {

// A flag, or an argument that stands by its place alone.
struct OptionText {
  std::vector<std::string> names;    // "-o", "--output"; of an argument its name, "file"
  std::string value;                 // what it takes, "FILE"; empty for a flag that takes nothing
  std::vector<std::string> choices;  // all values, where they are few
  std::string limits;                // "1..1000", "> 0"
  std::string description;
  std::string default_value;
  bool required = false;
  bool repeatable = false;
  bool comma_separated = false;
  bool must_exist = false;  // a file that is read

  // "--output"; of an argument its name.
  const std::string& long_name() const { return names.back(); }
};

struct CommandText {
  std::string name;  // "list"
  std::string path;  // "folio accounts list"
  std::string description;
  std::vector<std::string> examples;  // command lines, each of them works on the demonstration
  std::vector<OptionText> arguments;
  std::vector<OptionText> flags;
  std::vector<CommandText> commands;
};

// The command and all below it; hidden ones are left out. --help is a flag of the program alone.
CommandText Describe(const CLI::App& app);

OptionText DescribeOption(const CLI::Option& option);

// The command "folio accounts list" below `root`; nullptr where there is none.
const CommandText* FindCommand(const CommandText& root, std::string_view path);

// "folio accounts get ID [FLAGS]".
std::string UsageOf(const CommandText& command);

// "--output table|json|jsonl|csv", "-h, --help", "FILE".
std::string Signature(const OptionText& option);

// The description with what may be given and what holds otherwise: "Most rows to list (50)".
std::string FullDescription(const OptionText& option);

// A single line of text from which words are taken: at most `width` columns each, cut between words.
std::vector<std::string> Wrapped(std::string_view text, size_t width);

}  // namespace folio::cli
