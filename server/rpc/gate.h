// Admission: how many calls and streams may be in progress at once.
#pragma once

#include <atomic>

#include "absl/status/status.h"
#include "server/base/error.h"

namespace folio::rpc {

// What a refused client is asked to wait: long enough for a few hundred calls to end.
inline constexpr int kOverloadRetryMs = 200;

// Counts what is in progress and refuses what is too much. Any thread.
class Counter {
 public:
  Counter(const char* name, int limit) : name_(name), limit_(limit) {}

  // RESOURCE_EXHAUSTED (OVERLOADED) at the limit; otherwise a place is taken, and Leave() gives it back.
  absl::Status Enter() {
    if (count_.fetch_add(1, std::memory_order_acq_rel) < limit_) return absl::OkStatus();
    Leave();
    return error::Overloaded(name_, limit_, kOverloadRetryMs);
  }
  void Leave() { count_.fetch_sub(1, std::memory_order_acq_rel); }
  int count() const { return count_.load(std::memory_order_acquire); }

 private:
  const char* const name_;
  const int limit_;
  std::atomic<int> count_ = 0;
};

// The server's gate: unary calls, streams, and whether it is closed because the server stops.
class Gate {
 public:
  Gate(int calls_max, int streams_max) : calls_("calls in flight", calls_max), streams_("open streams", streams_max) {}

  Counter& calls() { return calls_; }
  Counter& streams() { return streams_; }

  void Close() { closed_.store(true, std::memory_order_release); }
  bool closed() const { return closed_.load(std::memory_order_acquire); }

 private:
  Counter calls_;
  Counter streams_;
  std::atomic<bool> closed_ = false;
};

}  // namespace folio::rpc
