#include "client/cli/app/write_many.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace folio::cli {
namespace {

constexpr size_t kWriters = 64;

}  // namespace

absl::Status WriteMany(size_t count, const std::function<absl::Status(size_t)>& write) {
  std::atomic<size_t> next = 0;
  std::mutex mutex;
  absl::Status first;
  std::vector<std::jthread> writers;
  for (size_t i = 0; i < std::min(count, kWriters); ++i) {
    writers.emplace_back([&] {
      for (size_t at; (at = next++) < count;) {
        const absl::Status status = write(at);
        if (status.ok()) continue;
        const std::lock_guard lock(mutex);
        first.Update(status);
        next = count;
      }
    });
  }
  writers.clear();
  return first;
}

}  // namespace folio::cli
