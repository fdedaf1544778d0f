#include "server/ledger/month.h"

namespace folio::ledger {

Month MonthOf(Day day) {
  const YearMonthDay date = DateOf(day);
  return date.year * 12 + date.month - 1;
}

Day FirstDayOf(Month month) { return DayOf({month / 12, month % 12 + 1, 1}); }

}  // namespace folio::ledger
