// Medians and other quantiles, and how far they could be from the truth.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "server/statistics/interval.h"

namespace folio::statistics {

// The value that a share of the numbers lies below, linear between its neighbours: the one at rank share * (n - 1),
// counted from 0. The median is that of 0.5, the ninetieth percentile that of 0.9. Absent without numbers.
// `sorted` ascending; `share` within 0..1.
std::optional<double> Quantile(std::span<const double> sorted, double share);

// Ranks, counted from 0, of two of `count` sorted numbers.
struct Ranks {
  int64_t low = 0;
  int64_t high = 0;
};

// The two of `count` sorted numbers that have the quantile of the whole between them with at least this probability,
// whatever the numbers' distribution: exact, by the binomial distribution (H. A. David, H. N. Nagaraja, Order
// Statistics, 2003, 7.1). Absent where the numbers are too few to say: below 6 for a median at 95 %.
// `share` within 0..1, both excluded.
std::optional<Ranks> QuantileRanks(int64_t count, double share, double level = kLevel);

// The numbers at those ranks. `sorted` ascending.
std::optional<Interval> QuantileInterval(std::span<const double> sorted, double share, double level = kLevel);

}  // namespace folio::statistics
