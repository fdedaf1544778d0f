#include "client/cli/help/topics.h"

namespace folio::cli {

const std::vector<Topic>& ExitCodes() {
  static const auto& codes = *new std::vector<Topic>{
      {"0", "done"},
      {"1", "failed: what was asked is right in itself, but cannot be done now"},
      {"2", "what was asked is wrong (command line, file, value), by folio or by the server; nothing was changed"},
      {"3", "done in part: rows were rejected, or some of several failed"},
      {"4", "no key, a wrong one, or not the role"},
      {"5", "not found"},
      {"6", "conflict: it exists, or somebody else has changed it"},
      {"7", "no answer, too late, or the server is overloaded"},
      {"130", "interrupted (Ctrl-C); a second Ctrl-C ends at once"},
  };
  return codes;
}

const std::vector<Topic>& Environment() {
  static const auto& variables = *new std::vector<Topic>{
      {"FOLIO_SERVER", "address of the server, host:port"},
      {"FOLIO_KEY", "API key"},
      {"FOLIO_KEY_FILE", "file that holds the API key"},
      {"FOLIO_PROFILE", "profile of the configuration file"},
      {"FOLIO_COMPLETION_TIMEOUT", "seconds that completion waits for a server; 0.5 otherwise"},
      {"LC_ALL, LC_MESSAGES, LANG", "language of headings and errors, French where it begins with fr"},
      {"NO_COLOR", "no colours, where it is set to anything"},
      {"XDG_CONFIG_HOME", "where the configuration file is; ~/.config otherwise"},
  };
  return variables;
}

const std::vector<Topic>& UsedFiles() {
  static const auto& files = *new std::vector<Topic>{
      {"~/.config/folio/config.toml", "profiles: server, key and language under a name"},
      {"FILE.rejected.csv", "rows of an import that were rejected, and why; it can be imported as it is"},
  };
  return files;
}

}  // namespace folio::cli
