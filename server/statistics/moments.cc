#include "server/statistics/moments.h"

#include <cmath>

namespace folio::statistics {

void Moments::Add(double value) {
  ++count_;
  const double distance = value - mean_;
  mean_ += distance / static_cast<double>(count_);
  squares_ += distance * (value - mean_);
}

void Moments::Merge(const Moments& other) {
  if (other.count_ == 0) return;
  const double ours = static_cast<double>(count_);
  const double theirs = static_cast<double>(other.count_);
  const double distance = other.mean_ - mean_;
  count_ += other.count_;
  mean_ += distance * theirs / (ours + theirs);
  squares_ += other.squares_ + distance * distance * ours * theirs / (ours + theirs);
}

std::optional<Interval> MeanInterval(const Moments& moments, double level) {
  if (moments.count() < 2) return std::nullopt;
  const double count = static_cast<double>(moments.count());
  const double reach = StudentQuantile(level, count - 1) * std::sqrt(moments.variance() / count);
  return Interval{moments.mean() - reach, moments.mean() + reach};
}

}  // namespace folio::statistics
