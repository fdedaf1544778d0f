#include "server/learning/interval.h"

#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace folio::learning {

double NormalQuantile(double level) { return boost::math::quantile(boost::math::normal(), 0.5 + level / 2); }

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

Interval LogitInterval(double estimate, double standard_error, double level) {
  const double reach = NormalQuantile(level) * standard_error / (estimate * (1 - estimate));
  return {Expit(Logit(estimate) - reach), Expit(Logit(estimate) + reach)};
}

}  // namespace folio::learning
