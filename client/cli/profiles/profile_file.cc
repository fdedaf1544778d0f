#include "client/cli/profiles/profile_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/cli/value/fault.h"
#include "toml++/toml.h"

namespace folio::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kNameCharacters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

// As a TOML string.
std::string QuotedToml(const std::string& text) {
  std::ostringstream out;
  out << toml::value<std::string>(text);
  return out.str();
}

Profile ProfileOf(std::string_view name, const toml::table& table) {
  const auto text = [&](const char* key) { return table[key].value_or(std::string()); };
  return {.name = std::string(name),
          .server = text("server"),
          .tls = table["tls"].value_or(false),
          .ca_file = text("ca_file"),
          .locale = text("locale"),
          .key_file = text("key_file"),
          .holds_key = table.contains("key")};
}

std::string BlockOf(const Profile& profile) {
  std::string block = "[profiles." + profile.name + "]\n";
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) block += std::string(key) + " = " + QuotedToml(value) + "\n";
  };
  add("server", profile.server);
  if (profile.tls) block += "tls = true\n";
  add("ca_file", profile.ca_file);
  add("key_file", profile.key_file);
  add("locale", profile.locale);
  return block;
}

absl::Status CannotWrite(const std::string& path, const std::string& why) {
  return absl::UnavailableError("Cannot write " + path + ": " + why + ".");
}

}  // namespace

absl::StatusOr<ProfileFile> ProfileFile::Read(const std::string& path) {
  ProfileFile file(path);
  std::error_code ignored;
  if (fs::exists(path, ignored)) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    file.text_ = text.str();
  }
  if (absl::Status status = file.Parse(); !status.ok()) return status;
  return file;
}

absl::Status ProfileFile::Parse() {
  toml::table table;
  try {
    table = toml::parse(text_);
  } catch (const toml::parse_error& error) {
    const std::string what =
        path_ + ":" + std::to_string(error.source().begin.line) + ": " + std::string(error.description());
    return BadValue("PROFILE_FILE", what, what);
  }
  profiles_.clear();
  if (const toml::table* profiles = table["profiles"].as_table()) {
    for (const auto& [name, profile] : *profiles) {
      if (profile.is_table()) profiles_.push_back(ProfileOf(name.str(), *profile.as_table()));
    }
  }
  default_profile_ = table["default_profile"].value_or(std::string());
  const toml::node* line = table.get("default_profile");
  default_line_ = line == nullptr ? 0 : static_cast<int>(line->source().begin.line);
  return absl::OkStatus();
}

bool ProfileFile::Has(const std::string& name) const {
  return std::any_of(profiles_.begin(), profiles_.end(), [&](const Profile& one) { return one.name == name; });
}

absl::Status ProfileFile::Add(const Profile& profile) {
  if (profile.name.empty() || profile.name.find_first_not_of(kNameCharacters) != std::string::npos) {
    return BadValue("PROFILE_NAME", "The name of a profile is made of letters, digits, '_' and '-'.",
                    "Le nom d'un profil est fait de lettres sans accent, de chiffres, de '_' et de '-'.");
  }
  if (Has(profile.name)) {
    return BadValue("PROFILE_EXISTS", "There is a profile '" + profile.name + "' already: change it in " + path_ + ".",
                    "Il y a déjà un profil '" + profile.name + "' : modifiez-le dans " + path_ + ".");
  }
  if (!text_.empty()) text_ += text_.ends_with('\n') ? "\n" : "\n\n";
  text_ += BlockOf(profile);
  return Parse();
}

absl::Status ProfileFile::Use(const std::string& name) {
  if (!Has(name)) {
    const std::string names =
        absl::StrJoin(profiles_, ", ", [](std::string* out, const Profile& one) { out->append(one.name); });
    return BadValue("PROFILE_UNKNOWN", "There is no profile '" + name + "'; there are: " + names + ".",
                    "Il n'y a pas de profil '" + name + "' ; il y a : " + names + ".");
  }
  const std::string line = "default_profile = " + QuotedToml(name);
  if (default_line_ == 0) {
    text_ = line + "\n" + (text_.empty() ? "" : "\n") + text_;
  } else {
    std::vector<std::string> lines = absl::StrSplit(text_, '\n');
    std::string& old = lines[static_cast<size_t>(default_line_) - 1];
    const size_t comment = default_profile_.find('#') == std::string::npos ? old.find('#') : std::string::npos;
    old = comment == std::string::npos ? line : line + " " + old.substr(comment);
    text_ = absl::StrJoin(lines, "\n");
  }
  return Parse();
}

absl::Status ProfileFile::Write() const { return WritePrivateFile(path_, text_); }

absl::Status WritePrivateFile(const std::string& path, const std::string& content) {
  std::error_code failed;
  fs::create_directories(fs::path(path).parent_path(), failed);
  if (failed) return CannotWrite(path, failed.message());
  // A link stays one: people keep their files elsewhere.
  const std::string target = fs::weakly_canonical(path, failed).string();
  const std::string draft = target + ".new";
  fs::remove(draft, failed);
  const int file = open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return CannotWrite(path, std::strerror(errno));
  const bool written =
      write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()) && fsync(file) == 0;
  const std::string why = written ? "" : std::strerror(errno);
  close(file);
  if (!written) return CannotWrite(path, why);
  fs::rename(draft, target, failed);
  return failed ? CannotWrite(path, failed.message()) : absl::OkStatus();
}

}  // namespace folio::cli
