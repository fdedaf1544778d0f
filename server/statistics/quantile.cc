#include "server/statistics/quantile.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <ranges>

namespace folio::statistics {

std::optional<double> Quantile(std::span<const double> sorted, double share) {
  if (sorted.empty()) return std::nullopt;
  const double rank = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(rank);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (rank - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::optional<Ranks> QuantileRanks(int64_t count, double share, double level) {
  if (count < 1) return std::nullopt;
  // How many of the numbers lie below the quantile of the whole.
  const boost::math::binomial below(static_cast<double>(count), share);
  const double outside = (1 - level) / 2;
  const auto at_most = [&](int64_t number) { return boost::math::cdf(below, static_cast<double>(number)); };
  const auto more_than = [&](int64_t number) {
    return boost::math::cdf(boost::math::complement(below, static_cast<double>(number)));
  };
  // The number of rank k is above the quantile where at most k are below it, and below it where more than k are.
  const auto ranks = std::views::iota(int64_t{0}, count);
  const auto low = std::ranges::partition_point(ranks, [&](int64_t rank) { return at_most(rank) <= outside; });
  const auto high = std::ranges::partition_point(ranks, [&](int64_t rank) { return more_than(rank) > outside; });
  if (low == ranks.begin() || high == ranks.end()) return std::nullopt;
  return Ranks{*low - 1, *high};
}

std::optional<Interval> QuantileInterval(std::span<const double> sorted, double share, double level) {
  const std::optional<Ranks> ranks = QuantileRanks(static_cast<int64_t>(sorted.size()), share, level);
  if (!ranks) return std::nullopt;
  return Interval{sorted[static_cast<size_t>(ranks->low)], sorted[static_cast<size_t>(ranks->high)]};
}

}  // namespace folio::statistics
