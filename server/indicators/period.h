// Periods: the stretches of time of a query, half-open, in the workspace's time zone.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "folio/v1/indicator.pb.h"
#include "server/base/date.h"

namespace folio::indicators {

// A period [start, end), and what of it is over.
struct Period {
  Instant start = 0;
  Instant end = 0;
  Instant read_end = 0;    // what is read ends here: at `end`, or after the current day
  Day start_day = kNoDay;  // the day of `start`
  Day end_day = kNoDay;    // the first day of which it holds nothing
  Day last_day = kNoDay;   // the last day that it holds and that has come
  bool partial = false;

  // Days that are over, the current one included, and all days.
  int elapsed_days() const { return last_day - start_day + 1; }
  int days() const { return end_day - start_day; }
};

// What periods are made with.
struct Calendar {
  const TimeZone& zone;
  Day today = kNoDay;
  int fiscal_year_start_month = 1;
};

// First day of the grain that holds a day; the day itself where there is no grain.
Day FirstDayOf(Day day, v1::PeriodGrain grain, int fiscal_year_start_month);

// The periods of a query, in their order: at least one. Those that begin after the current day are left out.
// INVALID_ARGUMENT: DATE_INVALID, PERIOD_ORDER, FUTURE_DATE (the range begins after the current day),
// FIELD_EXCLUSIVE (a date and an instant for one end), FIELD_TOO_MANY_ITEMS beyond kPeriodsMax.
absl::StatusOr<std::vector<Period>> PeriodsOf(const v1::IndicatorQuery& query, const Calendar& calendar);

// Periods of one query: a year by day, or a century by quarter.
inline constexpr int kPeriodsMax = 1'200;

// The period that a period is compared with. Where the first is partial, `whole` tells whether the other is read to its
// end or only for as many days.
Period ComparedWith(const Period& period, v1::ComparisonBase base, v1::PeriodGrain grain, bool whole,
                    const Calendar& calendar);

void FillPeriod(const Period& period, v1::IndicatorPeriod* message);

}  // namespace folio::indicators
