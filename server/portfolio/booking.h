// Booking: what recurring revenue in another currency than the workspace's comes to in that, at the exchange rate of
// the day on which it starts. It is set when the revenue is written, so that a rate that moves is no movement of
// revenue.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "folio/v1/account.pb.h"
#include "folio/v1/subscription.pb.h"
#include "server/base/date.h"
#include "server/engine/transaction.h"

namespace folio::portfolio {

// Each sets or clears the booked amount of a resource before it is stored, by the rates that the transaction sees.
// `before` is null for a new one. FAILED_PRECONDITION (RATE_MISSING, with the pair and the day) where no rate is known,
// unless the amount and the day are those of before: then it stays as it was booked.
absl::Status Book(const engine::Transaction& transaction, const std::string& currency, const v1::Subscription* before,
                  v1::Subscription* after);
// An account starts on the first day of its contract, else on the day of its creation in `zone`.
absl::Status Book(const engine::Transaction& transaction, const std::string& currency, const TimeZone& zone,
                  const v1::Account* before, v1::Account* after);

// Whether it is booked at another amount than before: the rate of its day has been corrected since.
bool IsRebooked(const v1::Subscription& before, const v1::Subscription& after);
bool IsRebooked(const v1::Account& before, const v1::Account& after);

}  // namespace folio::portfolio
