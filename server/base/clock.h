// Time, injected: nobody asks the system's clock but SystemClock.
#pragma once

#include <atomic>
#include <chrono>

#include "server/base/date.h"

namespace folio {

class Clock {
 public:
  virtual ~Clock() = default;
  // The current instant. Callable from any thread.
  virtual Instant Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Instant Now() const override {
    using std::chrono::duration_cast, std::chrono::microseconds, std::chrono::system_clock;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
  }
};

// Begins at a given instant and goes on at the system's pace: a server that lives in another year.
class ShiftedClock final : public Clock {
 public:
  explicit ShiftedClock(Instant start) : offset_(start - SystemClock().Now()) {}
  Instant Now() const override { return SystemClock().Now() + offset_; }

 private:
  const Instant offset_;
};

// Stands still until it is set.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant now) : now_(now) {}
  Instant Now() const override { return now_; }
  void Set(Instant now) { now_ = now; }

 private:
  std::atomic<Instant> now_;
};

}  // namespace folio
