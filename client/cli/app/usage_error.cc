#include "client/cli/app/usage_error.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_join.h"
#include "client/cli/help/command_text.h"
#include "client/cli/value/fault.h"
#include "client/cli/value/field_path.h"

namespace folio::cli {
namespace {

std::vector<const CLI::App*> AllBelow(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

// The command that the line has come to, and those on the way.
std::vector<const CLI::App*> PathOf(const CLI::App& app) {
  std::vector<const CLI::App*> path = {&app};
  for (;;) {
    const std::vector<const CLI::App*> below = AllBelow(*path.back());
    const auto parsed = std::find_if(below.begin(), below.end(), [](const CLI::App* one) { return one->parsed(); });
    if (parsed == below.end()) return path;
    path.push_back(*parsed);
  }
}

std::string NameOf(const std::vector<const CLI::App*>& path) {
  return absl::StrJoin(path, " ", [](std::string* out, const CLI::App* app) { *out += app->get_name(); });
}

Words WithHint(Words text, const std::string& word, const std::vector<std::string>& candidates) {
  const std::string near = Nearest(word, candidates);
  if (near.empty()) return {text.english + ".", text.french + "."};
  return {text.english + "; do you mean " + Quoted(near) + "?", text.french + " ; est-ce " + Quoted(near) + " ?"};
}

Words UnknownFlag(const std::vector<const CLI::App*>& path, const std::string& flag) {
  std::vector<std::string> names;
  for (const CLI::App* app : path) {
    for (const CLI::Option* option : app->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  const std::string bare = flag.substr(0, flag.find('='));
  return WithHint({NameOf(path) + " has no flag " + Quoted(bare), NameOf(path) + " n'a pas d'option " + Quoted(bare)},
                  bare, names);
}

Words UnknownWord(const std::vector<const CLI::App*>& path, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* command : AllBelow(*path.back())) names.push_back(command->get_name());
  if (names.empty()) {
    return {NameOf(path) + " takes no further argument: " + Quoted(word) + ".",
            NameOf(path) + " n'attend pas d'autre argument : " + Quoted(word) + "."};
  }
  return WithHint(
      {NameOf(path) + " has no command " + Quoted(word), NameOf(path) + " n'a pas de commande " + Quoted(word)}, word,
      names);
}

Words Missing(const std::vector<const CLI::App*>& path, const CommandText& command) {
  if (!command.commands.empty()) {
    constexpr size_t kNamed = 12;
    if (command.commands.size() > kNamed) {
      return {NameOf(path) + " needs a command.", NameOf(path) + " attend une commande."};
    }
    const auto name = [](std::string* out, const CommandText& below) { *out += below.name; };
    const std::string names = absl::StrJoin(command.commands, ", ", name);
    return {NameOf(path) + " needs a command: " + names + ".", NameOf(path) + " attend une commande : " + names + "."};
  }
  for (const CLI::Option* option : path.back()->get_options()) {
    if (!option->get_required() || option->count() > 0) continue;
    const std::string name = Signature(DescribeOption(*option));
    return {NameOf(path) + " needs " + name + ": " + option->get_description() + ".",
            NameOf(path) + " attend " + name + "."};
  }
  return {};
}

// The flag or argument that an error of CLI11 begins with: "--output: yaml not in {…}".
const CLI::Option* OptionOf(const std::vector<const CLI::App*>& path, const std::string& what) {
  for (auto app = path.rbegin(); app != path.rend(); ++app) {
    for (const CLI::Option* option : (*app)->get_options()) {
      for (const std::string& name : {option->get_name(), option->get_name(false, true)}) {
        if (!name.empty() && (what.starts_with(name + ":") || what.find(": " + name + " ") != std::string::npos)) {
          return option;
        }
      }
    }
  }
  return nullptr;
}

Words WrongValue(const CLI::Option& option, const OptionText& text) {
  const std::string& name = text.long_name();
  if (text.must_exist && !option.results().empty()) {
    const std::string file = Quoted(option.results().front());
    return {name + ": there is no file " + file + ".", name + " : le fichier " + file + " n'existe pas."};
  }
  for (const std::string& value : option.results()) {
    if (text.choices.empty()) {
      const std::string limits = text.limits.empty() ? "" : " (" + text.limits + ")";
      return {name + " cannot be " + Quoted(value) + limits + ".",
              name + " ne peut être " + Quoted(value) + limits + "."};
    }
    if (std::find(text.choices.begin(), text.choices.end(), value) != text.choices.end()) continue;
    const std::string choices = absl::StrJoin(text.choices, ", ");
    return {name + " is one of " + choices + ", not " + Quoted(value) + ".",
            name + " est l'un de " + choices + ", et non " + Quoted(value) + "."};
  }
  return {};
}

Words Wrong(const std::vector<const CLI::App*>& path, const CLI::ParseError& error) {
  const std::string what = error.what();
  const CLI::Option* option = OptionOf(path, what);
  if (option == nullptr) return {what + ".", what + "."};
  const OptionText text = DescribeOption(*option);
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    return {text.long_name() + " needs a value: " + Signature(text) + ".",
            text.long_name() + " attend une valeur : " + Signature(text) + "."};
  }
  const Words words = WrongValue(*option, text);
  return words.english.empty() ? Words{what + ".", what + "."} : words;
}

}  // namespace

UsageError Explain(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<const CLI::App*> path = PathOf(app);
  const CommandText program = Describe(app);
  const CommandText& command = *FindCommand(program, NameOf(path));
  const std::vector<std::string> extra = app.remaining(true);
  // A word that nobody knows is the first cause, whatever else is missing because of it.
  if (!extra.empty()) {
    const std::string& word = extra.front();
    return {word.starts_with('-') ? UnknownFlag(path, word) : UnknownWord(path, word), command.path};
  }
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    if (Words missing = Missing(path, command); !missing.english.empty()) return {std::move(missing), command.path};
  }
  if (dynamic_cast<const CLI::ExcludesError*>(&error) != nullptr) {
    const std::string what = error.what();
    const size_t word = what.find(" excludes ");
    const std::string both = what.substr(0, word) + ", " + what.substr(word + 10);
    return {{"One of the two: " + both + ".", "L'un des deux : " + both + "."}, command.path};
  }
  return {Wrong(path, error), command.path};
}

}  // namespace folio::cli
