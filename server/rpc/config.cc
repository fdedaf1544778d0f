#include "server/rpc/config.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <sstream>

#include "server/base/date.h"
#include "server/base/nearest.h"
#include "server/base/text.h"
#include "server/rpc/address.h"
#include "server/rpc/log.h"

namespace folio::rpc {
namespace {

absl::Status Bad(const std::string& what) { return absl::InvalidArgumentError(ToAbsl(what)); }

std::string Replaced(std::string text, char from, char to) {
  std::replace(text.begin(), text.end(), from, to);
  return text;
}

std::string DidYouMean(const std::string& name, const std::vector<std::string>& known) {
  const std::string nearest = NearestName(name, {known.begin(), known.end()});
  return nearest.empty() ? std::string() : fmt::format("; did you mean {}?", nearest);
}

absl::Status Set(const Setting& setting, const std::string& value, std::string_view source, Config* config) {
  if (const auto* text = std::get_if<std::string Config::*>(&setting.field)) {
    config->** text = value;
    return absl::OkStatus();
  }
  bool& flag = config->*std::get<bool Config::*>(setting.field);
  if (value == "true" || value == "1") {
    flag = true;
  } else if (value == "false" || value == "0") {
    flag = false;
  } else {
    return Bad(fmt::format("{}: {} must be true or false, not '{}'", source, setting.name, value));
  }
  return absl::OkStatus();
}

const Setting* Find(std::string_view name) {
  for (const Setting& setting : AllSettings()) {
    if (setting.name == name) return &setting;
  }
  return nullptr;
}

std::vector<std::string> Names(std::string (*name)(const Setting&)) {
  std::vector<std::string> names;
  for (const Setting& setting : AllSettings()) names.push_back(name(setting));
  return names;
}

absl::Status ReadNode(const std::string& path, const std::string& name, const toml::node& node, Config* config) {
  const std::string where = fmt::format("{}:{}", path, node.source().begin.line);
  const Setting* setting = Find(name);
  if (setting == nullptr) {
    return Bad(fmt::format("{}: there is no setting {}{}", where, name,
                           DidYouMean(name, Names([](const Setting& known) { return known.name; }))));
  }
  if (std::holds_alternative<bool Config::*>(setting->field)) {
    const auto value = node.value_exact<bool>();
    if (!value) return Bad(fmt::format("{}: {} must be true or false", where, name));
    return Set(*setting, *value ? "true" : "false", path, config);
  }
  const auto value = node.value_exact<std::string>();
  if (!value) return Bad(fmt::format("{}: {} must be text in quotes", where, name));
  return Set(*setting, *value, path, config);
}

absl::Status ReadFile(const std::string& path, Config* config) {
  try {
    const toml::table table = toml::parse_file(path);
    for (const auto& [key, node] : table) {
      if (absl::Status read = ReadNode(path, std::string(key.str()), node, config); !read.ok()) return read;
    }
  } catch (const toml::parse_error& error) {
    return Bad(fmt::format("{}:{}: {}", path, error.source().begin.line, std::string(error.description())));
  }
  return absl::OkStatus();
}

absl::Status ReadEnvironment(const Environment& environment, Config* config) {
  for (const Setting& setting : AllSettings()) {
    const auto value = environment(setting.environment());
    if (!value) continue;
    if (absl::Status set = Set(setting, *value, setting.environment(), config); !set.ok()) return set;
  }
  return absl::OkStatus();
}

// What the flags say, by setting; and what is not a setting.
struct Flags {
  std::map<std::string, std::string> values;
  std::string config_file;
  bool print_config = false;
  std::string text;  // help or version, where one of them was asked for
};

absl::StatusOr<Flags> ReadFlags(int argc, const char* const* argv, std::string_view version) {
  Flags flags;
  CLI::App app("Folio's server: the system of record for a portfolio of client accounts.", "foliod");
  app.set_version_flag("--version", std::string(version));
  app.add_option("--config", flags.config_file, "TOML file with settings");
  app.add_flag("--print-config", flags.print_config, "Print the settings in effect and exit");
  app.allow_extras();
  std::map<std::string, std::string> values;
  std::map<std::string, bool> switches;
  for (const Setting& setting : AllSettings()) {
    if (std::holds_alternative<bool Config::*>(setting.field)) {
      app.add_flag(fmt::format("{},!--no-{}", setting.flag(), setting.flag().substr(2)), switches[setting.name],
                   setting.help);
    } else {
      app.add_option(setting.flag(), values[setting.name], setting.help);
    }
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    flags.text = app.help();
    return flags;
  } catch (const CLI::CallForVersion&) {
    flags.text = fmt::format("foliod {}\n", version);
    return flags;
  } catch (const CLI::ParseError& error) {
    return Bad(error.what());
  }
  if (const auto extras = app.remaining(); !extras.empty()) {
    const std::string flag = extras.front().substr(0, extras.front().find('='));
    return Bad(
        fmt::format("there is no flag {}{}", flag, DidYouMean(flag, Names([](const Setting& s) { return s.flag(); }))));
  }
  for (const Setting& setting : AllSettings()) {
    if (app.count(setting.flag()) == 0) continue;
    const bool is_switch = switches.contains(setting.name);
    flags.values[setting.name] = is_switch ? (switches[setting.name] ? "true" : "false") : values[setting.name];
  }
  return flags;
}

absl::Status CheckListen(const Config& config) {
  const auto address = ParseAddress(config.listen);
  if (!address.ok()) return address.status();
  if (address->IsLocal()) return absl::OkStatus();
  if (config.dev)
    return Bad(fmt::format("a development server listens on this machine only, not on {}", config.listen));
  if (config.tls_certificate.empty() && !config.insecure) {
    return Bad(
        fmt::format("{} can be reached from other machines: give tls_certificate and tls_key, or --insecure where "
                    "something in front speaks TLS",
                    config.listen));
  }
  return absl::OkStatus();
}

absl::Status Check(const Config& config) {
  if (const auto level = ParseLogLevel(config.log_level); !level.ok()) return level.status();
  if (config.tls_certificate.empty() != config.tls_key.empty()) {
    return Bad("tls_certificate and tls_key go together: give both or none");
  }
  if (!config.dev) {
    if (config.data.empty()) return Bad("--data is missing: say in which folder the data lies, or start with --dev");
    if (config.ephemeral) return Bad("--ephemeral removes all data at the end: it needs --dev");
    if (!config.now.empty()) return Bad("--now sets a clock that is wrong: it needs --dev");
  }
  if (!config.now.empty() && !ParseInstant(config.now).ok()) {
    return Bad(fmt::format("--now '{}' is not an instant such as 2024-12-31T10:00:00Z", config.now));
  }
  if (!TimeZone::Load(config.dev_time_zone).ok()) {
    return Bad(fmt::format("there is no time zone {}; write one such as Europe/Paris", config.dev_time_zone));
  }
  return CheckListen(config);
}

}  // namespace

std::string Setting::flag() const { return "--" + Replaced(name, '_', '-'); }

std::string Setting::environment() const {
  std::string upper = "FOLIO_" + name;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char c) { return std::toupper(c); });
  return upper;
}

const std::vector<Setting>& AllSettings() {
  static const auto* const settings = new std::vector<Setting>{
      {"data", "Folder of all data, made where it is missing", &Config::data},
      {"listen", "Address: HOST:PORT, [IPV6]:PORT or unix:PATH; port 0 takes a free one", &Config::listen},
      {"tls_certificate", "PEM file of the server's certificate and its chain", &Config::tls_certificate},
      {"tls_key", "PEM file of the certificate's private key", &Config::tls_key},
      {"insecure", "Let other machines connect without TLS", &Config::insecure},
      {"reflection", "Tell clients without .proto files what the server offers", &Config::reflection},
      {"log_level", "debug, info, warning, error or off", &Config::log_level},
      {"dev", "Development: this machine only, with a workspace and a key to begin with", &Config::dev},
      {"ephemeral", "With --dev: remove the data at the end", &Config::ephemeral},
      {"now", "With --dev: what the clock says at start, such as 2024-12-31T10:00:00Z", &Config::now},
      {"dev_currency", "With --dev: currency of the workspace", &Config::dev_currency},
      {"dev_time_zone", "With --dev: time zone of the workspace", &Config::dev_time_zone},
  };
  return *settings;
}

absl::StatusOr<Command> ReadCommand(int argc, const char* const* argv, const Environment& environment,
                                    std::string_view version) {
  auto flags = ReadFlags(argc, argv, version);
  if (!flags.ok()) return flags.status();
  Command command;
  if (!flags->text.empty()) {
    command.action = Command::Action::kShowText;
    command.text = std::move(flags->text);
    return command;
  }
  const std::string file = flags->config_file.empty() ? environment("FOLIO_CONFIG").value_or("") : flags->config_file;
  if (!file.empty()) {
    if (absl::Status read = ReadFile(file, &command.config); !read.ok()) return read;
  }
  if (absl::Status read = ReadEnvironment(environment, &command.config); !read.ok()) return read;
  for (const auto& [name, value] : flags->values) {
    if (absl::Status set = Set(*Find(name), value, "flag", &command.config); !set.ok()) return set;
  }
  if (flags->print_config) {
    command.action = Command::Action::kPrintConfig;
    return command;
  }
  if (absl::Status good = Check(command.config); !good.ok()) return good;
  return command;
}

std::string FormatConfig(const Config& config) {
  std::ostringstream out;
  for (const Setting& setting : AllSettings()) {
    out << setting.name << " = ";
    if (const auto* text = std::get_if<std::string Config::*>(&setting.field)) {
      out << toml::value<std::string>(config.**text);
    } else {
      out << (config.*std::get<bool Config::*>(setting.field) ? "true" : "false");
    }
    out << '\n';
  }
  return out.str();
}

}  // namespace folio::rpc
