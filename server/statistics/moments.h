// Count, mean and spread of numbers that come one at a time, or in parts.
#pragma once

#include <cstdint>
#include <optional>

#include "server/statistics/interval.h"

namespace folio::statistics {

// Keeps three numbers however many are added. Parts that are merged give what all their numbers give, but for rounding,
// so moments can be kept by day and summed over months. (B. P. Welford, Technometrics 4, 1962, 419-420; T. F. Chan,
// G. H. Golub, R. J. LeVeque, Am. Stat. 37, 1983, 242-247: no digits are lost where the mean is large beside the
// spread, as they are in a sum of squares.)
class Moments {
 public:
  void Add(double value);
  void Merge(const Moments& other);

  int64_t count() const { return count_; }
  double mean() const { return mean_; }  // 0 without numbers
  double sum() const { return mean_ * static_cast<double>(count_); }
  double variance() const { return squares_ / static_cast<double>(count_ - 1); }  // of a sample; count() at least 2

 private:
  int64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;  // of the distances to the mean
};

// Student's interval for the mean of what the numbers are a sample of. Absent with fewer than two numbers. It leans on
// the mean being near normal: for durations, which are skewed, some tens of them.
std::optional<Interval> MeanInterval(const Moments& moments, double level = kLevel);

}  // namespace folio::statistics
