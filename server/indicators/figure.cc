#include "server/indicators/figure.h"

#include <algorithm>
#include <cmath>

#include "server/statistics/quantile.h"

namespace folio::indicators {
namespace {

constexpr double kMillion = 1e6;

}  // namespace

PartValue PartMoney(Int128 micros) {
  constexpr Int128 kLimit = INT64_MAX;
  return {.micros = static_cast<Micros>(std::clamp(micros, -kLimit, kLimit))};
}

double Tally::total() const { return static_cast<double>(sum) / kMillion; }

double Tally::mean() const { return static_cast<double>(sum) / static_cast<double>(count) / kMillion; }

std::optional<statistics::Interval> Tally::interval() const {
  if (count < 2) return std::nullopt;
  const auto n = static_cast<long double>(count);
  const long double centre = static_cast<long double>(sum) / n;
  const long double spread = static_cast<long double>(squares) / n - centre * centre;
  const auto error = static_cast<double>(std::sqrt(std::max(spread, 0.0L) / (n - 1))) / kMillion;
  const double reach = error * statistics::StudentQuantile(statistics::kLevel, static_cast<double>(count - 1));
  return statistics::Interval{mean() - reach, mean() + reach};
}

Figure RatioOf(double numerator, double denominator, int64_t sample_size, v1::Absence absence) {
  Figure figure{.numerator = numerator, .denominator = denominator, .sample_size = sample_size};
  if (denominator == 0) {
    figure.absence = absence;
  } else {
    figure.number = numerator / denominator;
  }
  return figure;
}

Figure ShareOf(int64_t hits, int64_t count, v1::Absence absence) {
  Figure figure = RatioOf(static_cast<double>(hits), static_cast<double>(count), count, absence);
  if (count != 0) figure.interval = statistics::WilsonInterval(hits, count);
  return figure;
}

Figure MeanOf(const Tally& tally) {
  Figure figure{
      .numerator = tally.total(), .denominator = static_cast<double>(tally.count), .sample_size = tally.count};
  if (tally.count == 0) {
    figure.absence = v1::ABSENCE_NO_DATA;
    return figure;
  }
  figure.number = tally.mean();
  figure.interval = tally.interval();
  return figure;
}

Figure QuantileOf(std::span<const int64_t> sorted, double share) {
  Figure figure{.denominator = static_cast<double>(sorted.size()), .sample_size = std::ssize(sorted)};
  std::vector<double> values;
  values.reserve(sorted.size());
  for (const int64_t value : sorted) values.push_back(static_cast<double>(value) / kMillion);
  const std::optional<double> quantile = statistics::Quantile(values, share);
  if (!quantile.has_value()) {
    figure.absence = v1::ABSENCE_NO_DATA;
    return figure;
  }
  figure.number = *quantile;
  figure.interval = statistics::QuantileInterval(values, share);
  return figure;
}

Micros MeanMicros(Int128 micros, Int128 count) {
  const Int128 size = micros < 0 ? -micros : micros;
  Int128 quotient = size / count;
  const Int128 twice_the_rest = (size % count) * 2;
  if (twice_the_rest > count || (twice_the_rest == count && quotient % 2 == 1)) ++quotient;
  return PartMoney(micros < 0 ? -quotient : quotient).micros;
}

double UnitsOf(Int128 micros) { return static_cast<double>(micros) / static_cast<double>(kMicrosPerUnit); }

}  // namespace folio::indicators
