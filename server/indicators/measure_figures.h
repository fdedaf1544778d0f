// Measures of accounts as figures: summed, averaged or counted at the ends of periods.
#pragma once

#include <vector>

#include "server/formula/formula.h"
#include "server/indicators/method.h"

namespace folio::indicators {

// What a formula's reference to a measure comes to, in the unit that formulas have it in. NO_DATA where no account of
// the group has the figure; counts are 0 then. Reads every account of the scope for each period.
Figures MeasureFigures(const Question& question, const formula::Reference& reference);

// What each account of a group adds to it at the end of the first period: its own figure to the numerator, or 1 where
// it is counted; 1 to the denominator, the number of accounts.
std::vector<Contribution> MeasureContributions(const Question& question, const formula::Reference& reference,
                                               uint32_t group);

}  // namespace folio::indicators
