// Months, as numbers.
#pragma once

#include <cstdint>

#include "server/base/date.h"

namespace folio::ledger {

// Months since the year 0.
using Month = int32_t;
Month MonthOf(Day day);
// First day of a month.
Day FirstDayOf(Month month);

}  // namespace folio::ledger
