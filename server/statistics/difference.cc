#include "server/statistics/difference.h"

#include <cmath>

namespace folio::statistics {

Difference Compare(const Measured& now, const Measured& before) {
  const double value = now.value - before.value;
  const double down = std::hypot(now.value - now.interval.low, before.interval.high - before.value);
  const double up = std::hypot(now.interval.high - now.value, before.value - before.interval.low);
  return {value, {value - down, value + up}};
}

}  // namespace folio::statistics
