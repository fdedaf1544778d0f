// The file of profiles as a person keeps it: what is added leaves the rest of the text as it is, comments and all.
// folio/options.h says what a profile holds.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace folio::cli {

struct Profile {
  std::string name;
  std::string server;  // empty: the usual one
  bool tls = false;
  std::string ca_file;
  std::string locale;
  std::string key_file;
  bool holds_key = false;  // the key itself stands in the file of profiles
};

class ProfileFile {
 public:
  // A file that does not exist is an empty one. INVALID_ARGUMENT, naming file and line, where it is no TOML.
  static absl::StatusOr<ProfileFile> Read(const std::string& path);

  const std::string& path() const { return path_; }
  const std::vector<Profile>& profiles() const { return profiles_; }  // by name
  const std::string& default_profile() const { return default_profile_; }
  bool Has(const std::string& name) const;

  // Adds a profile behind the others. Faults PROFILE_NAME for a name that is not made of letters, digits, "_" and "-",
  // PROFILE_EXISTS.
  absl::Status Add(const Profile& profile);
  // Makes a profile the one that counts where none is named. Fault PROFILE_UNKNOWN, which names those there are.
  absl::Status Use(const std::string& name);

  // Replaces the file at once, or leaves it as it was. Only its owner may read it.
  absl::Status Write() const;

 private:
  explicit ProfileFile(std::string path) : path_(std::move(path)) {}
  absl::Status Parse();

  std::string path_;
  std::string text_;
  std::vector<Profile> profiles_;
  std::string default_profile_;
  int default_line_ = 0;  // from 1; 0 where there is none
};

// Writes a file that only its owner may read, at once or not at all; its folders are made. UNAVAILABLE with the reason
// where that cannot be.
absl::Status WritePrivateFile(const std::string& path, const std::string& content);

}  // namespace folio::cli
