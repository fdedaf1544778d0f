#include "folio/options.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "toml++/toml.h"

namespace folio {
namespace {

namespace fs = std::filesystem;

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::string ExpandHome(std::string path) {
  if (path.starts_with("~/")) path.replace(0, 1, Environment("HOME"));
  return path;
}

absl::Status Wrong(const std::string& path, const toml::source_region& where, const std::string& what) {
  return absl::InvalidArgumentError(path + ":" + std::to_string(where.begin.line) + ": " + what);
}

// The key that a file holds: its first line, without the spaces around it.
absl::StatusOr<std::string> ReadKeyFile(const std::string& given) {
  const std::string path = ExpandHome(given);
  std::ifstream file(path);
  std::string line;
  if (!file || fs::is_directory(path)) return absl::NotFoundError("Cannot read the key file " + path + ".");
  std::getline(file, line);
  const size_t first = line.find_first_not_of(" \t\r");
  const size_t last = line.find_last_not_of(" \t\r");
  return first == std::string::npos ? std::string() : line.substr(first, last - first + 1);
}

// One profile's table, read into options. Unknown keys are refused: a misspelled one would be ignored for ever.
absl::Status ReadProfile(const std::string& path, const toml::table& profile, ClientOptions* options) {
  std::string key_file;
  for (const auto& [name, value] : profile) {
    const std::string_view key = name.str();
    if (const auto text = value.value_exact<std::string>()) {
      if (key == "server")
        options->server = *text;
      else if (key == "key")
        options->key = *text;
      else if (key == "key_file")
        key_file = *text;
      else if (key == "locale")
        options->locale = *text;
      else if (key == "ca_file")
        options->ca_file = ExpandHome(*text);
      else
        return Wrong(path, name.source(), "unknown key '" + std::string(key) + "'");
    } else if (key == "tls" && value.is_boolean()) {
      options->tls = *value.value<bool>();
    } else if (key == "timeout_seconds" && value.is_number()) {
      options->timeout = std::chrono::milliseconds(static_cast<int64_t>(*value.value<double>() * 1000));
    } else {
      return Wrong(path, name.source(), "unknown key '" + std::string(key) + "', or a value of the wrong type");
    }
  }
  if (key_file.empty()) return absl::OkStatus();
  absl::StatusOr<std::string> key = ReadKeyFile(key_file);
  if (!key.ok()) return key.status();
  options->key = *std::move(key);
  return absl::OkStatus();
}

absl::Status ReadProfileFile(std::string wanted, ClientOptions* options) {
  const std::string path = ProfilePath();
  std::error_code ignored;
  if (path.empty() || !fs::exists(path, ignored)) {
    if (wanted.empty()) return absl::OkStatus();
    return absl::NotFoundError("There is no profile '" + wanted + "': " + path + " does not exist.");
  }
  toml::table file;
  try {
    file = toml::parse_file(path);
  } catch (const toml::parse_error& error) {
    return Wrong(path, error.source(), std::string(error.description()));
  }
  if (wanted.empty()) wanted = file["default_profile"].value_or(std::string());
  if (wanted.empty()) return absl::OkStatus();
  const toml::table* profile = file["profiles"][wanted].as_table();
  if (profile == nullptr) return absl::NotFoundError("There is no profile '" + wanted + "' in " + path + ".");
  return ReadProfile(path, *profile, options);
}

std::string ProfileOr(const std::string& asked) { return asked.empty() ? Environment("FOLIO_PROFILE") : asked; }

absl::Status ReadEnvironment(ClientOptions* options) {
  if (const std::string server = Environment("FOLIO_SERVER"); !server.empty()) options->server = server;
  if (const std::string file = Environment("FOLIO_KEY_FILE"); !file.empty()) {
    absl::StatusOr<std::string> key = ReadKeyFile(file);
    if (!key.ok()) return key.status();
    options->key = *std::move(key);
  }
  if (const std::string key = Environment("FOLIO_KEY"); !key.empty()) options->key = key;
  return absl::OkStatus();
}

absl::Status ApplyOverrides(const OptionOverrides& overrides, ClientOptions* options) {
  if (overrides.server) options->server = *overrides.server;
  if (overrides.key_file) {
    absl::StatusOr<std::string> key = ReadKeyFile(*overrides.key_file);
    if (!key.ok()) return key.status();
    options->key = *std::move(key);
  }
  if (overrides.key) options->key = *overrides.key;
  if (overrides.timeout) options->timeout = *overrides.timeout;
  if (overrides.locale) options->locale = *overrides.locale;
  if (overrides.tls) options->tls = *overrides.tls;
  if (overrides.ca_file) options->ca_file = *overrides.ca_file;
  return absl::OkStatus();
}

}  // namespace

std::string ProfilePath() {
  std::string folder = Environment("XDG_CONFIG_HOME");
  if (folder.empty()) {
    const std::string home = Environment("HOME");
    if (home.empty()) return "";
    folder = home + "/.config";
  }
  return folder + "/folio/config.toml";
}

absl::StatusOr<std::string> ProfileLocale(const std::string& profile) {
  ClientOptions options;
  options.locale.clear();
  if (absl::Status status = ReadProfileFile(ProfileOr(profile), &options); !status.ok()) return status;
  return options.locale;
}

absl::StatusOr<ClientOptions> LoadOptions(const OptionOverrides& overrides) {
  ClientOptions options;
  if (absl::Status status = ReadProfileFile(ProfileOr(overrides.profile), &options); !status.ok()) return status;
  if (absl::Status status = ReadEnvironment(&options); !status.ok()) return status;
  if (absl::Status status = ApplyOverrides(overrides, &options); !status.ok()) return status;
  return options;
}

}  // namespace folio
