// Where the server is, and who is calling: from arguments, the environment and profiles.
//
// A profile is a table of the file $XDG_CONFIG_HOME/folio/config.toml (or ~/.config/folio/config.toml):
//
//   default_profile = "prod"
//
//   [profiles.prod]
//   server = "folio.example.com:443"
//   tls = true
//   key_file = "~/.config/folio/prod.key"   # or: key = "..."
//   locale = "fr"
//   timeout_seconds = 30
//   ca_file = "/etc/ssl/company.pem"        # only where the system's certificates do not do
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace folio {

inline constexpr char kDefaultServer[] = "127.0.0.1:7117";

struct ClientOptions {
  // "host:port", also with "http://" or "https://" (which means TLS) before it; without a port 443 with TLS, else 7117.
  std::string server = kDefaultServer;
  std::string key;                             // the API key
  std::chrono::milliseconds timeout{30'000};   // of one call, with all its attempts
  std::string locale = "en";                   // language of error texts and explanations: "en" or "fr"
  bool tls = false;                            // speak TLS
  std::string ca_file;                         // PEM file of accepted authorities; empty means the system's
  std::string user_agent = "folio-cpp/0.1.0";  // names the calling program
  bool retry = true;                           // false: a call is tried once, whatever comes of it
};

// What a caller has set explicitly: stronger than the environment, which is stronger than the profile.
struct OptionOverrides {
  std::string profile;  // empty: $FOLIO_PROFILE, then the file's default_profile
  std::optional<std::string> server;
  std::optional<std::string> key;
  std::optional<std::string> key_file;
  std::optional<std::chrono::milliseconds> timeout;
  std::optional<std::string> locale;
  std::optional<bool> tls;
  std::optional<std::string> ca_file;
};

// Overrides, then FOLIO_SERVER, FOLIO_KEY and FOLIO_KEY_FILE, then the profile, then defaults. NOT_FOUND where a named
// profile does not exist, INVALID_ARGUMENT (naming file and line) where the file is wrong or has an unknown key.
absl::StatusOr<ClientOptions> LoadOptions(const OptionOverrides& overrides = {});

// The language that a profile asks for, empty where it asks for none. The profile, and the errors, are those of
// LoadOptions.
absl::StatusOr<std::string> ProfileLocale(const std::string& profile);

// Path of the profile file; empty where neither XDG_CONFIG_HOME nor HOME is set.
std::string ProfilePath();

}  // namespace folio
