// Why a score changed between two days.
#pragma once

#include "absl/status/status.h"
#include "folio/v1/health.pb.h"
#include "server/base/error.h"
#include "server/portfolio/workspace.h"

namespace folio::portfolio {

// What the differences add up to is the difference of the raw scores, and each is the sum of three shares: first the
// day moves on over the facts of the earlier day (time), then the later facts come (facts), then the model changes
// (model).
absl::Status ExplainHealthChange(const Workspace& workspace, const v1::ExplainHealthChangeRequest& request,
                                 error::Locale locale, v1::HealthChange* change);

}  // namespace folio::portfolio
