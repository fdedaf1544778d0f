// Stored messages of an account as the plain values that are computed with.
#pragma once

#include <cstdint>
#include <optional>

#include "folio/v1/account.pb.h"
#include "folio/v1/contact.pb.h"
#include "folio/v1/subscription.pb.h"
#include "server/account/view.h"
#include "server/base/date.h"

namespace folio::account {

// A day of a stored message, whose dates have been checked; kNoDay where it is not set.
inline Day DayIn(const google::type::Date& date) { return FromProto(date).value_or(kNoDay); }

// The account's own recurring revenue in the workspace's currency: as booked where its own is another one. Nothing
// where it tells none.
std::optional<Micros> BookedArrOf(const v1::Account& account);

Term TermOf(const v1::Subscription& subscription, int64_t key);
ContactTerm ContactTermOf(const v1::Contact& contact, int64_t key);

// What the account itself says: everything of a view but its day, and what it borrows.
View OwnViewOf(const v1::Account& account, const TimeZone& zone);

}  // namespace folio::account
