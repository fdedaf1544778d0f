// Time for what has been sent to be acknowledged, once somebody has asked to stop.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace folio::cli {

class Grace {
 public:
  Grace(std::stop_token asked, std::chrono::milliseconds time)
      : time_(time), on_asked_(std::move(asked), [this] { Begin(); }) {}
  Grace(const Grace&) = delete;
  Grace& operator=(const Grace&) = delete;

  // Stops so much time after the stop that was asked for.
  std::stop_token token() const { return over_.get_token(); }

 private:
  void Begin() {
    timer_ = std::jthread([this](const std::stop_token& gone) {
      std::mutex mutex;
      std::unique_lock lock(mutex);
      std::condition_variable_any ended;
      ended.wait_for(lock, gone, time_, [] { return false; });
      if (!gone.stop_requested()) over_.request_stop();
    });
  }

  const std::chrono::milliseconds time_;
  std::stop_source over_;
  std::jthread timer_;
  std::stop_callback<std::function<void()>> on_asked_;  // last: it must be gone before the timer
};

}  // namespace folio::cli
