// Settings of foliod: defaults, then a TOML file, then FOLIO_* of the environment, then flags; the later wins. The same
// setting has the same name everywhere: `tls_key` in the file, FOLIO_TLS_KEY, --tls-key. docs/configuration.md lists
// them; a test compares.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace folio::rpc {

struct Config {
  std::string data;                       // folder of all data; in development empty means a temporary one
  std::string listen = "127.0.0.1:7117";  // HOST:PORT, [IPV6]:PORT or unix:PATH
  std::string tls_certificate;            // PEM files: both or none
  std::string tls_key;
  bool insecure = false;  // allow other machines to connect without TLS
  bool reflection = true;
  std::string log_level = "info";
  bool dev = false;
  bool ephemeral = false;            // development: remove the data at the end
  std::string now;                   // development: what the clock says at start, RFC 3339
  std::string dev_currency = "EUR";  // of the workspace that development starts with
  std::string dev_time_zone = "Europe/Paris";
};

// One setting: its name in the file, its help, and where it lies in Config.
struct Setting {
  std::string name;
  std::string help;
  std::variant<std::string Config::*, bool Config::*> field;

  std::string flag() const;         // "--tls-key"
  std::string environment() const;  // "FOLIO_TLS_KEY"
};

const std::vector<Setting>& AllSettings();

// What the command line asks for.
struct Command {
  enum class Action { kServe, kPrintConfig, kShowText };
  Action action = Action::kServe;
  Config config;
  std::string text;  // help or version, for kShowText
};

// Value of an environment variable; nothing where it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// Reads all sources and checks what can be checked without touching anything. INVALID_ARGUMENT (no details), one line:
// unknown keys and flags with the nearest known one, wrong types, settings that exclude each other.
absl::StatusOr<Command> ReadCommand(int argc, const char* const* argv, const Environment& environment,
                                    std::string_view version);

// The settings as a file of theirs would have them.
std::string FormatConfig(const Config& config);

}  // namespace folio::rpc
