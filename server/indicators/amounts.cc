#include "server/indicators/amounts.h"

#include <string>

#include "server/base/error.h"

namespace folio::indicators {

absl::Status Amounts::FaultIn(const Currencies& currencies) const {
  if (missing == 0) return absl::OkStatus();
  return error::Precondition("RATE_MISSING", {{"base", currencies.codes[missing_currency]},
                                              {"quote", currencies.codes[0]},
                                              {"date", FormatDay(currencies.zone.DayAt(missing_time))}});
}

}  // namespace folio::indicators
