// What purchases to come are worth today.
#pragma once

#include <functional>

namespace folio::lifetime {

struct Horizon {
  double step = 1;  // in the unit of the histories
  int steps = 0;
  double rate = 0;  // of discount for each step
};

// Purchases expected within the horizon, those of each step discounted as if they came at its end. `expected_within`
// gives the purchases expected within a time, as ExpectedPurchases of a customer does. Times the spend expected on a
// purchase and the margin, it is the customer's lifetime value.
double DiscountedPurchases(const std::function<double(double time)>& expected_within, const Horizon& horizon);

}  // namespace folio::lifetime
