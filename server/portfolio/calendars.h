// Business calendars as clients and indicators see them: those of the workspace, and the one that is built in.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "folio/v1/business_calendar.pb.h"
#include "server/base/business_hours.h"
#include "server/portfolio/workspace.h"

namespace folio::portfolio {

// The calendar of that name, "businessCalendars/fr" without being written. NOT_FOUND, and INVALID_ARGUMENT on `field`
// where it is not such a name. Callable from any thread.
absl::StatusOr<v1::BusinessCalendar> FindBusinessCalendar(const Workspace& workspace, std::string_view name,
                                                          std::string_view field);

// The one that is built in: "businessCalendars/fr".
v1::BusinessCalendar FrenchBusinessCalendar();

// The calendar as arithmetic; `workspace_zone` (IANA) holds where it names no zone. INVALID_ARGUMENT (no details) where
// that does not exist: a stored calendar has been checked.
absl::StatusOr<BusinessHours> HoursOf(const v1::BusinessCalendar& calendar, std::string_view workspace_zone);

absl::Status GetBusinessCalendar(const Workspace& workspace, const v1::GetBusinessCalendarRequest& request,
                                 v1::BusinessCalendar* calendar);

}  // namespace folio::portfolio
