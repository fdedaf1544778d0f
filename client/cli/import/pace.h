// Rows at a limited rate, for servers that have other work to do.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>

namespace folio::cli {

class Pace {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Clock = std::function<Time()>;
  // Waits until a time, or until somebody asks to stop.
  using Wait = std::function<void(Time, const std::stop_token&)>;

  // So many rows a second; 0 means as many as can be.
  explicit Pace(int64_t rows_per_second);
  Pace(int64_t rows_per_second, Clock clock, Wait wait);

  // Returns when the next row may go. What was missed while the server was slow is not made up for.
  void AwaitNext(const std::stop_token& stop);

 private:
  const std::chrono::nanoseconds interval_;
  const Clock clock_;
  const Wait wait_;
  Time due_;
};

}  // namespace folio::cli
