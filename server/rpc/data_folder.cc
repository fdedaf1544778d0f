#include "server/rpc/data_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "server/base/text.h"

namespace folio::rpc {
namespace {

namespace fs = std::filesystem;

absl::Status DiskError(std::string_view what, const std::string& path) {
  return absl::UnavailableError(ToAbsl(fmt::format("cannot {} {}: {}", what, path, std::strerror(errno))));
}

absl::StatusOr<std::string> MakeTemporaryFolder() {
  std::string path = fs::temp_directory_path().string() + "/folio-dev-XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) return DiskError("make", path);
  return path;
}

absl::Status MakeFolder(const std::string& path) {
  std::error_code error;
  const fs::path parent = fs::path(path).parent_path();
  if (!parent.empty()) fs::create_directories(parent, error);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return DiskError("make", path);
  return absl::OkStatus();
}

absl::StatusOr<int> Lock(const std::string& folder) {
  const std::string path = folder + "/LOCK";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return DiskError("open", path);
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
  ::close(fd);
  return absl::FailedPreconditionError(ToAbsl(fmt::format("another foliod uses {}", folder)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<DataFolder>> DataFolder::Open(const std::string& wanted, bool ephemeral) {
  std::string path = wanted;
  if (path.empty()) {
    auto temporary = MakeTemporaryFolder();
    if (!temporary.ok()) return temporary.status();
    path = *std::move(temporary);
  } else if (absl::Status made = MakeFolder(path); !made.ok()) {
    return made;
  }
  const bool removed_at_end = ephemeral || wanted.empty();
  std::error_code error;
  if (removed_at_end && !fs::is_empty(path, error)) {
    return absl::FailedPreconditionError(
        ToAbsl(fmt::format("{} is not empty, and --ephemeral would remove it: choose another folder", path)));
  }
  const auto lock = Lock(path);
  if (!lock.ok()) return lock.status();
  std::unique_ptr<DataFolder> folder(new DataFolder(path, *lock, removed_at_end));
  if (absl::Status made = MakeFolder(folder->File("workspaces")); !made.ok()) return made;
  return folder;
}

DataFolder::~DataFolder() {
  std::error_code error;
  if (removed_at_end_) fs::remove_all(path_, error);
  ::close(lock_);
}

std::string DataFolder::WorkspaceFile(std::string_view workspace) const {
  return fmt::format("{}/workspaces/{}.db", path_, workspace);
}

}  // namespace folio::rpc
