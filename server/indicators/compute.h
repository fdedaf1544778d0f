// What clients ask of indicators: their definitions, and their values for days, scopes and groups.
#pragma once

#include "absl/status/status.h"
#include "folio/v1/indicator.pb.h"
#include "server/base/error.h"
#include "server/portfolio/workspace.h"

namespace folio::indicators {

// Accounts times days of one request: about ten seconds of work, which is as long as a person waits.
inline constexpr int64_t kAccountDaysMax = 20'000'000;
// Values of one answer, about 100 bytes each: they fit a response.
inline constexpr int64_t kValuesMax = 20'000;

// Every indicator, by id, in a language.
void List(error::Locale locale, v1::ListIndicatorsResponse* response);

// Values of the indicators asked for: by indicator, then by day, the whole before its groups, groups by their name.
// INVALID_ARGUMENT: INDICATOR_UNKNOWN, DATE_INVALID, FUTURE_DATE, a filter's or a group's fault, FIELD_TOO_MANY_ITEMS
// where the limits above would be passed. `revision` is that of the accounts selected; what is written to them
// meanwhile may be in the figures already. Takes time on many accounts and days: call it on a worker.
absl::Status Compute(const portfolio::Workspace& workspace, const v1::ComputeIndicatorsRequest& request,
                     v1::ComputeIndicatorsResponse* response);

}  // namespace folio::indicators
