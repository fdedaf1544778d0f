// Stored messages of an account as the plain values that are computed with.
#pragma once

#include "folio/v1/account.pb.h"
#include "folio/v1/contact.pb.h"
#include "folio/v1/subscription.pb.h"
#include "server/account/view.h"
#include "server/base/date.h"
#include "storage/storage.h"

namespace folio::portfolio {

// A day of a stored message, whose dates have been checked; kNoDay where it is not set.
inline Day DayIn(const google::type::Date& date) { return FromProto(date).value_or(kNoDay); }

account::Term TermOf(const v1::Subscription& subscription, storage::Key key);
account::ContactTerm ContactTermOf(const v1::Contact& contact, storage::Key key);

// What the account itself says: everything of a view but its day, and what it borrows.
account::View OwnViewOf(const v1::Account& account, const TimeZone& zone);

}  // namespace folio::portfolio
