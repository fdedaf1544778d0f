// Rules of leads, deals, exchange rates and business calendars: what holds between their fields.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "folio/v1/business_calendar.pb.h"
#include "folio/v1/deal.pb.h"
#include "folio/v1/exchange_rate.pb.h"
#include "folio/v1/lead.pb.h"
#include "google/type/money.pb.h"
#include "server/base/date.h"

namespace folio::portfolio {

// INVALID_ARGUMENT (CURRENCY_UNKNOWN, MONEY_INVALID) where an amount has no known currency, or is negative.
absl::Status CheckOwnAmount(const google::type::Money& money, std::string_view path);

// INVALID_ARGUMENT (DATE_ORDER) on `path` where `time` is set and lies before `earliest`.
absl::Status CheckNotBefore(Instant earliest, const google::protobuf::Timestamp* time, std::string_view path);

// Each checks a resource before it is stored, and sets what follows from its other fields. `before` is null for a new
// one; `now` is when it is written.
absl::Status CheckLead(const v1::Lead* before, Instant now, v1::Lead* after);
absl::Status CheckDeal(const v1::Deal* before, Instant now, v1::Deal* after);
absl::Status CheckExchangeRate(const v1::ExchangeRate& after);
absl::Status CheckBusinessCalendar(const v1::BusinessCalendar& after);

// "EUR-USD-2024-01-31"; empty where a field is missing.
std::string NaturalIdOf(const v1::ExchangeRate& rate);

}  // namespace folio::portfolio
