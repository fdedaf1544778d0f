// How long things took: percentiles of any number of durations in constant memory, each right to less than 1 %.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace folio::cli {

class Histogram {
 public:
  Histogram();

  // Negative durations count as 0, those beyond half an hour as half an hour.
  void Add(std::chrono::nanoseconds duration);
  void Add(const Histogram& other);

  int64_t count() const { return count_; }
  std::chrono::nanoseconds min() const { return std::chrono::nanoseconds(count_ == 0 ? 0 : min_); }
  std::chrono::nanoseconds max() const { return std::chrono::nanoseconds(max_); }
  // Of all durations as they were added; 0 where there are none.
  std::chrono::nanoseconds mean() const;
  // The duration that so many per cent do not exceed: never below the true one nor above max(); 0 where there is none.
  std::chrono::nanoseconds Percentile(double percent) const;

 private:
  std::vector<int64_t> buckets_;
  int64_t count_ = 0;
  int64_t min_;
  int64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace folio::cli
