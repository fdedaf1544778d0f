// The folder in which a server keeps everything: made, locked, and in development removed again.
//
//   LOCK  pepper  system.db  workspaces/<id>.db  first-key or dev-key
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace folio::rpc {

class DataFolder {
 public:
  // Makes the folder (mode 0700) where it is missing, or a temporary one where `path` is empty, and locks it for as
  // long as the object lives. With `ephemeral`, and for a temporary one, it is removed with the object: then it must
  // have been empty. FAILED_PRECONDITION (no details) where another server holds it or it is ephemeral and not empty;
  // UNAVAILABLE (no details) where the disk refuses.
  static absl::StatusOr<std::unique_ptr<DataFolder>> Open(const std::string& path, bool ephemeral);

  ~DataFolder();
  DataFolder(const DataFolder&) = delete;
  DataFolder& operator=(const DataFolder&) = delete;

  const std::string& path() const { return path_; }
  bool removed_at_end() const { return removed_at_end_; }
  // Path of a file in it.
  std::string File(std::string_view name) const { return path_ + "/" + std::string(name); }
  // Path of a workspace's store.
  std::string WorkspaceFile(std::string_view workspace) const;

 private:
  DataFolder(std::string path, int lock, bool removed_at_end)
      : path_(std::move(path)), lock_(lock), removed_at_end_(removed_at_end) {}

  const std::string path_;
  const int lock_;
  const bool removed_at_end_;
};

}  // namespace folio::rpc
