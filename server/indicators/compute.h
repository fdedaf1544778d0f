// What clients ask of indicators: definitions, values, what a value is made of.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "folio/v1/indicator.pb.h"
#include "server/base/error.h"
#include "server/portfolio/workspace.h"

namespace folio::indicators {

// Values of one answer, about 300 bytes each: they fit a response.
inline constexpr int64_t kValuesMax = 20'000;

// Every indicator, by id, in a language: those of the catalogue, then the workspace's own.
void List(error::Locale locale, v1::ListIndicatorsResponse* response);
absl::Status List(const portfolio::Workspace& workspace, error::Locale locale, v1::ListIndicatorsResponse* response);

// Values of the indicators asked for: by indicator, then by period, the whole before its groups, groups by their
// values. INVALID_ARGUMENT: INDICATOR_UNKNOWN, a fault of the query (Asked::From), FIELD_TOO_MANY_ITEMS beyond
// kValuesMax. Takes time on many accounts and periods: call it on a worker.
absl::Status Compute(const portfolio::Workspace& workspace, const v1::ComputeIndicatorsRequest& request,
                     error::Locale locale, v1::ComputeIndicatorsResponse* response);

// The same, one message for each indicator and period, without a limit on their number. `send` returns false to stop.
using SeriesSink = std::function<bool(const v1::StreamSeriesResponse&)>;
absl::Status StreamSeries(const portfolio::Workspace& workspace, const v1::StreamSeriesRequest& request,
                          error::Locale locale, const SeriesSink& send);

// How one value comes about. Errors as of Compute, and GROUP_UNKNOWN.
absl::Status Explain(const portfolio::Workspace& workspace, const v1::ExplainIndicatorRequest& request,
                     error::Locale locale, v1::ExplainIndicatorResponse* response);

// Customers by the month of their first revenue. INVALID_ARGUMENT: DATE_INVALID, DATE_ORDER, FIELD_TOO_MANY_ITEMS, a
// fault of the filter; as of a past revision, the faults of Past::Read.
absl::Status ComputeCohorts(const portfolio::Workspace& workspace, const v1::ComputeCohortsRequest& request,
                            error::Locale locale, v1::ComputeCohortsResponse* response);

// One page of the facts or accounts behind a value. Errors as of Explain, and those of page tokens.
absl::Status ListContributions(const portfolio::Workspace& workspace, const v1::ListContributionsRequest& request,
                               error::Locale locale, v1::ListContributionsResponse* response);

}  // namespace folio::indicators
