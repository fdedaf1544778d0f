// A lock on a file, held against other processes and against this one, that goes away with its holder however it ends.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace folio::storage {

class FileLock {
 public:
  // Takes the lock, making the file where there is none. FAILED_PRECONDITION where another holds it, and on network
  // file systems; UNAVAILABLE where the file cannot be opened. The file stays when the lock goes.
  static absl::StatusOr<FileLock> Acquire(const std::string& path);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace folio::storage
