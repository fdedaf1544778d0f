// What of revenue is left after what clients pay for has been delivered, and revenue over time.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "server/indicators/method.h"

namespace folio::indicators {

// How long what has come of a period is, in years: whole months are twelfths, other stretches days of 365.25.
double YearsOf(const Period& period);

// Recurring revenue over a period: the mean of the annual amounts at its start and end, for its days of 365.
Int128 RevenueOver(const Period& period, Int128 opening_arr, Int128 closing_arr);

struct Margin {
  double share = 0;
  absl::Status fault;  // MARGIN_UNKNOWN, RATE_MISSING
};

// By period, then by group: that of the settings, else 1 − costs of category service ÷ revenue, recurring and of
// orders.
std::vector<std::vector<Margin>> MarginsOf(const Question& question);

}  // namespace folio::indicators
