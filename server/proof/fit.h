// A health model learnt from outcomes.
#pragma once

#include "absl/status/statusor.h"
#include "folio/v1/health_proof.pb.h"
#include "server/base/error.h"
#include "server/portfolio/workspace.h"
#include "server/proof/backtest.h"

namespace folio::proof {

// Takes seconds, on many accounts a minute: for a thread that may wait. Errors as of AskFit; FIELD_OUT_OF_RANGE on
// "fold_count"; FAILED_PRECONDITION: OUTCOMES_TOO_FEW with the numbers, or OUTCOMES_TOO_FEW_CHOSEN where chance left
// some samples out; those of NothingCounts where there is no sample; FIT_NOT_CONVERGED.
absl::StatusOr<v1::HealthFit> Fit(const portfolio::Workspace& workspace, const v1::FitHealthModelRequest& request,
                                  error::Locale locale, const TotalProgress& progress);

}  // namespace folio::proof
