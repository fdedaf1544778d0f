#include "server/statistics/interval.h"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace folio::statistics {

double NormalQuantile(double level) { return boost::math::quantile(boost::math::normal(), 0.5 + level / 2); }

double StudentQuantile(double level, double degrees) {
  return boost::math::quantile(boost::math::students_t(degrees), 0.5 + level / 2);
}

double TwoSidedPValue(double z) {
  return 2 * boost::math::cdf(boost::math::complement(boost::math::normal(), std::abs(z)));
}

double Logit(double probability) { return std::log(probability) - std::log1p(-probability); }

double Expit(double log_odds) {
  const double small = std::exp(-std::abs(log_odds));
  return (log_odds >= 0 ? 1 : small) / (1 + small);
}

Interval WilsonInterval(int64_t events, int64_t count, double level) {
  const double n = static_cast<double>(count);
  const double rate = static_cast<double>(events) / n;
  const double z = NormalQuantile(level);
  const double centre = rate + z * z / (2 * n);
  const double reach = z * std::sqrt(rate * (1 - rate) / n + z * z / (4 * n * n));
  const double scale = 1 + z * z / n;
  // The formula gives these ends but for rounding.
  return {events == 0 ? 0 : (centre - reach) / scale, events == count ? 1 : (centre + reach) / scale};
}

Interval NpsInterval(int64_t promoters, int64_t detractors, int64_t count, double level) {
  const double n = static_cast<double>(count) + 3;
  const double for_us = (static_cast<double>(promoters) + 0.75) / n;
  const double against = (static_cast<double>(detractors) + 0.75) / n;
  const double centre = for_us - against;
  const double reach = NormalQuantile(level) * std::sqrt((for_us + against - centre * centre) / n);
  const double score = static_cast<double>(promoters - detractors) / static_cast<double>(count);
  return {100 * std::max(-1.0, std::min(score, centre - reach)), 100 * std::min(1.0, std::max(score, centre + reach))};
}

Interval LogitInterval(double estimate, double standard_error, double level) {
  const double reach = NormalQuantile(level) * standard_error / (estimate * (1 - estimate));
  return {Expit(Logit(estimate) - reach), Expit(Logit(estimate) + reach)};
}

}  // namespace folio::statistics
