#include "server/lifetime/value.h"

namespace folio::lifetime {

double DiscountedPurchases(const std::function<double(double time)>& expected_within, const Horizon& horizon) {
  double sum = 0;
  double before = 0;
  double discount = 1;
  for (int step = 1; step <= horizon.steps; ++step) {
    const double within = expected_within(step * horizon.step);
    discount /= 1 + horizon.rate;
    sum += (within - before) * discount;
    before = within;
  }
  return sum;
}

}  // namespace folio::lifetime
