#include "client/cli/import/pace.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace folio::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

// Rows within this time go together: a thread does not wake on time for each.
constexpr milliseconds kTogether{20};

void WaitUntil(Pace::Time time, const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any stopped;
  stopped.wait_until(lock, stop, time, [] { return false; });
}

}  // namespace

Pace::Pace(int64_t rows_per_second) : Pace(rows_per_second, std::chrono::steady_clock::now, WaitUntil) {}

Pace::Pace(int64_t rows_per_second, Clock clock, Wait wait)
    : interval_(rows_per_second == 0 ? nanoseconds(0) : nanoseconds(std::chrono::seconds(1)) / rows_per_second),
      clock_(std::move(clock)),
      wait_(std::move(wait)),
      due_(clock_()) {}

void Pace::AwaitNext(const std::stop_token& stop) {
  if (interval_ == nanoseconds(0)) return;
  const Time now = clock_();
  due_ = std::max(due_, now - kTogether);
  if (due_ > now + kTogether) wait_(due_, stop);
  due_ += interval_;
}

}  // namespace folio::cli
