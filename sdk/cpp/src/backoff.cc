#include "backoff.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <random>

#include "folio/error.h"

namespace folio {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kFirst{100};
constexpr milliseconds kLongest{5'000};

bool TimeHeals(const absl::Status& error) {
  if (IsBusy(error)) return true;
  return error.code() == absl::StatusCode::kUnavailable || error.code() == absl::StatusCode::kResourceExhausted;
}

// Somewhere between half of the delay and all of it, so that many clients do not come back at once.
milliseconds Jittered(milliseconds delay) {
  static thread_local std::minstd_rand generator{std::random_device{}()};
  return milliseconds(std::uniform_int_distribution<int64_t>(delay.count() / 2, delay.count())(generator));
}

}  // namespace

bool IsBusy(const absl::Status& error) {
  return error.code() == absl::StatusCode::kAborted && ErrorOf(error).reason == "IMPORT_ID_BUSY";
}

bool Backoff::Wait(const absl::Status& error, const std::stop_token& stop) {
  if (!TimeHeals(error) || stop.stop_requested()) return false;
  const auto now = std::chrono::steady_clock::now();
  if (!failing_) first_failure_ = now;
  failing_ = true;
  const milliseconds wait = std::max(Jittered(delay_), ErrorOf(error).retry_after.value_or(milliseconds(0)));
  if (now + wait - first_failure_ > patience_) return false;
  delay_ = std::min(delay_ * 2, kLongest);
  std::mutex mutex;
  std::condition_variable_any stopped;
  std::unique_lock lock(mutex);
  stopped.wait_for(lock, stop, wait, [] { return false; });
  return !stop.stop_requested();
}

void Backoff::Reset() {
  failing_ = false;
  delay_ = kFirst;
}

}  // namespace folio
