// What may stand at the end of a command line, as far as the description of the commands says it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "client/cli/help/command_text.h"

namespace folio::cli {

struct Candidate {
  std::string text;
  std::string description;
};

struct Completion {
  std::vector<Candidate> candidates;
  // The argument or flag whose value is being typed, where its values are not in the description; nullptr elsewhere.
  const OptionText* value_of = nullptr;
  const CommandText* command = nullptr;      // the command that has been typed so far
  std::string typed;                         // of the value
  std::string before;                        // what of the last word stands before it: "--kind=usage,"
  std::map<std::string, std::string> flags;  // values of flags that have been typed: "--server" to "host:1"
};

// `words` are those behind the program's name; the last one is being typed and may be empty. bash hands "--flag=value"
// over as three words, which is understood.
Completion Complete(const CommandText& program, const std::vector<std::string>& words);

enum class Shell { kBash, kZsh, kFish };

// The script that makes a shell ask `folio complete`.
std::string CompletionScript(Shell shell);

}  // namespace folio::cli
