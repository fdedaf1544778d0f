// Past renewals: the due dates that a subscription has gone beyond, so that they count in their period whatever is
// written to its renewal date later.
#pragma once

#include <string>

#include "folio/v1/subscription.pb.h"
#include "server/base/date.h"

namespace folio::portfolio {

// The shortest term that is agreed: a due date that moves on by less was put off, not renewed.
inline constexpr int kShortestTermDays = 28;
// Fifty years of monthly terms.
inline constexpr int kPastRenewalsMax = 600;

// Keeps the past renewals of a subscription that is written, after it has been booked. `before` is null for a new one.
void KeepPastRenewals(const v1::Subscription* before, Instant now, const std::string& currency,
                      v1::Subscription* after);

}  // namespace folio::portfolio
