#include "client/cli/bench/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace folio::cli {
namespace {

// As HdrHistogram has it: each power of two is divided into so many parts of equal width.
constexpr int kPartsLog2 = 7;
constexpr int64_t kParts = int64_t{1} << kPartsLog2;
constexpr int64_t kLongest = 1'800'000'000'000;

size_t BucketOf(int64_t value) {
  const int shift = std::max(0, static_cast<int>(std::bit_width(static_cast<uint64_t>(value))) - kPartsLog2 - 1);
  return static_cast<size_t>(shift * kParts + (value >> shift));
}

// The greatest value that falls into a bucket.
int64_t TopOf(size_t bucket) {
  const auto index = static_cast<int64_t>(bucket);
  if (index < 2 * kParts) return index;
  const int64_t shift = index / kParts - 1;
  const int64_t base = index - shift * kParts;
  return ((base + 1) << shift) - 1;
}

}  // namespace

Histogram::Histogram() : buckets_(BucketOf(kLongest) + 1), min_(std::numeric_limits<int64_t>::max()) {}

void Histogram::Add(std::chrono::nanoseconds duration) {
  const int64_t value = std::clamp<int64_t>(duration.count(), 0, kLongest);
  ++buckets_[BucketOf(value)];
  ++count_;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
  sum_ += static_cast<double>(value);
}

void Histogram::Add(const Histogram& other) {
  for (size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
}

std::chrono::nanoseconds Histogram::mean() const {
  return std::chrono::nanoseconds(count_ == 0 ? 0 : std::llround(sum_ / static_cast<double>(count_)));
}

std::chrono::nanoseconds Histogram::Percentile(double percent) const {
  if (count_ == 0) return std::chrono::nanoseconds(0);
  const auto wanted = std::max<int64_t>(1, std::llround(std::ceil(static_cast<double>(count_) * percent / 100)));
  int64_t seen = 0;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= wanted) return std::chrono::nanoseconds(std::min(TopOf(i), max_));
  }
  return max();
}

}  // namespace folio::cli
