// How many lines may be written in one second.
#pragma once

#include <atomic>
#include <cstdint>

namespace folio::rpc {

// Any thread. What two threads race for at the turn of a second may be a few lines more or fewer.
class LineBudget {
 public:
  explicit LineBudget(int lines_per_second) : most_(lines_per_second) {}

  // Whether one more line may be written in that second, which is then counted. Seconds do not go back.
  bool Take(int64_t second) {
    if (second_.load(std::memory_order_relaxed) != second &&
        second_.exchange(second, std::memory_order_relaxed) != second) {
      lines_.store(0, std::memory_order_relaxed);
    }
    return lines_.load(std::memory_order_relaxed) < most_ && lines_.fetch_add(1, std::memory_order_relaxed) < most_;
  }

 private:
  const int most_;
  std::atomic<int64_t> second_ = 0;
  std::atomic<int> lines_ = 0;  // in that second
};

}  // namespace folio::rpc
