#include "server/rpc/secret_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "server/base/text.h"

namespace folio::rpc {
namespace {

constexpr int kSecretFileBytesMax = 64 << 10;

absl::Status DiskError(std::string_view what, const std::string& path) {
  return absl::UnavailableError(ToAbsl(fmt::format("cannot {} {}: {}", what, path, std::strerror(errno))));
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  const int fd_;
};

absl::Status WriteAll(int fd, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0) return DiskError("write", path);
    content.remove_prefix(static_cast<size_t>(written));
  }
  return ::fsync(fd) == 0 ? absl::OkStatus() : DiskError("sync", path);
}

absl::Status SyncFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const Descriptor fd(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd.get() >= 0 && ::fsync(fd.get()) == 0 ? absl::OkStatus() : DiskError("sync", folder);
}

}  // namespace

absl::Status WriteSecretFile(const std::string& path, std::string_view content) {
  const std::string draft = path + ".new";
  ::unlink(draft.c_str());
  {
    const Descriptor fd(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (fd.get() < 0) return DiskError("create", draft);
    if (absl::Status written = WriteAll(fd.get(), content, draft); !written.ok()) return written;
  }
  if (::rename(draft.c_str(), path.c_str()) != 0) return DiskError("rename", draft);
  return SyncFolderOf(path);
}

absl::StatusOr<std::string> ReadSecretFile(const std::string& path) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) {
    if (errno == ENOENT) return absl::NotFoundError(ToAbsl(path));
    return DiskError("open", path);
  }
  struct stat status = {};
  if (::fstat(fd.get(), &status) != 0) return DiskError("examine", path);
  if ((status.st_mode & 077) != 0) {
    return absl::FailedPreconditionError(
        ToAbsl(fmt::format("{} can be read or written by others; run: chmod 600 {}", path, path)));
  }
  if (status.st_size > kSecretFileBytesMax) return absl::FailedPreconditionError(ToAbsl(path + " is too large"));
  std::string content(static_cast<size_t>(status.st_size), '\0');
  const ssize_t read = ::read(fd.get(), content.data(), content.size());
  if (read != status.st_size) return DiskError("read", path);
  return content;
}

}  // namespace folio::rpc
