#include "client/cli/help/complete.h"

#include <algorithm>

namespace folio::cli {
namespace {

const OptionText* FindFlag(const std::vector<OptionText>& flags, const std::string& name) {
  const auto found = std::find_if(flags.begin(), flags.end(), [&](const OptionText& flag) {
    return std::find(flag.names.begin(), flag.names.end(), name) != flag.names.end();
  });
  return found == flags.end() ? nullptr : &*found;
}

// Walks over the words before the last one.
class Walk {
 public:
  Walk(const CommandText& program, Completion* completion) : program_(program), completion_(completion) {
    completion_->command = &program;
  }

  void Take(const std::string& word) {
    if (pending_ != nullptr) {
      if (word == "=") return;
      completion_->flags[pending_->long_name()] = word;
      pending_ = nullptr;
      return;
    }
    if (only_arguments_ || !word.starts_with('-') || word == "-") return TakePlain(word);
    if (word == "--") {
      only_arguments_ = true;
      return;
    }
    const size_t equals = word.find('=');
    const OptionText* flag = Find(word.substr(0, equals));
    if (flag == nullptr || flag->value.empty()) return;
    if (equals == std::string::npos) {
      pending_ = flag;
    } else {
      completion_->flags[flag->long_name()] = word.substr(equals + 1);
    }
  }

  void Last(const std::string& word) {
    if (pending_ != nullptr) return Value(*pending_, word == "=" ? "" : word, "");
    const size_t equals = word.find('=');
    if (!only_arguments_ && word.starts_with("--") && equals != std::string::npos) {
      const OptionText* flag = Find(word.substr(0, equals));
      if (flag != nullptr && !flag->value.empty()) Value(*flag, word.substr(equals + 1), word.substr(0, equals + 1));
      return;
    }
    if (!only_arguments_ && word.starts_with('-')) return Flags(word);
    if (lost_) return;
    for (const CommandText& command : completion_->command->commands) Add(command.name, command.description, word);
    const std::vector<OptionText>& arguments = completion_->command->arguments;
    if (arguments.empty() || (arguments_ >= arguments.size() && !arguments.back().repeatable)) return;
    Value(arguments[std::min(arguments_, arguments.size() - 1)], word, "");
  }

 private:
  const OptionText* Find(const std::string& name) const {
    const OptionText* flag = FindFlag(completion_->command->flags, name);
    return flag != nullptr ? flag : FindFlag(program_.flags, name);
  }

  void TakePlain(const std::string& word) {
    for (const CommandText& command : completion_->command->commands) {
      if (command.name != word) continue;
      completion_->command = &command;
      arguments_ = 0;
      return;
    }
    ++arguments_;
    lost_ = !completion_->command->commands.empty();
  }

  void Add(const std::string& text, const std::string& description, const std::string& typed) {
    if (text.starts_with(typed)) completion_->candidates.push_back({text, description});
  }

  void Flags(const std::string& word) {
    for (const OptionText& flag : completion_->command->flags) Add(flag.long_name(), flag.description, word);
    if (completion_->command == &program_) return;
    for (const OptionText& flag : program_.flags) Add(flag.long_name(), flag.description, word);
  }

  void Value(const OptionText& option, std::string typed, std::string before) {
    if (option.comma_separated) {
      const size_t start = typed.rfind(',') + 1;  // 0 where there is no comma
      before += typed.substr(0, start);
      typed.erase(0, start);
    }
    for (const std::string& choice : option.choices) {
      if (choice.starts_with(typed)) completion_->candidates.push_back({before + choice, ""});
    }
    completion_->typed = std::move(typed);
    completion_->before = std::move(before);
    if (option.choices.empty()) completion_->value_of = &option;
  }

  const CommandText& program_;
  Completion* const completion_;
  const OptionText* pending_ = nullptr;  // a flag that waits for its value
  bool only_arguments_ = false;          // behind "--"
  size_t arguments_ = 0;
  bool lost_ = false;  // behind a word that is no command
};

constexpr char kBash[] = R"SH(# Completion of folio for bash: eval "$(folio completion bash)"
_folio() {
  local IFS=$'\n' word=${COMP_WORDS[COMP_CWORD]} lines
  lines=($("${COMP_WORDS[0]}" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  [[ $word == = ]] && word=
  if [[ ${lines[0]} == :files ]]; then
    compopt -o filenames
    COMPREPLY=($(compgen -f -- "$word"))
    return
  fi
  COMPREPLY=("${lines[@]%%$'\t'*}")
  [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=,] ]] && compopt -o nospace
}
complete -F _folio folio
)SH";

constexpr char kZsh[] = R"SH(#compdef folio
# Completion of folio for zsh: folio completion zsh > "${fpath[1]}/_folio"
_folio() {
  local -a lines candidates
  local line
  lines=("${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ ${lines[1]} == :files ]]; then
    _files
    return
  fi
  for line in "${lines[@]}"; do
    [[ -n $line ]] || continue
    candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done
  (( ${#candidates} )) && _describe -V folio candidates
}
if [[ ${funcstack[1]} == _folio ]]; then
  _folio "$@"
else
  compdef _folio folio
fi
)SH";

constexpr char kFish[] =
    R"SH(# Completion of folio for fish: folio completion fish > ~/.config/fish/completions/folio.fish
function __folio_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l lines ($words[1] complete -- $words[2..-1] 2>/dev/null)
    if test "$lines[1]" = ':files'
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $lines
    end
end
complete -c folio -f -k -a '(__folio_complete)'
)SH";

}  // namespace

Completion Complete(const CommandText& program, const std::vector<std::string>& words) {
  Completion completion;
  Walk walk(program, &completion);
  for (size_t i = 0; i + 1 < words.size(); ++i) walk.Take(words[i]);
  walk.Last(words.empty() ? "" : words.back());
  return completion;
}

std::string CompletionScript(Shell shell) {
  return shell == Shell::kBash ? kBash : shell == Shell::kZsh ? kZsh : kFish;
}

}  // namespace folio::cli
