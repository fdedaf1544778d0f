// How well a model would have told an outcome beforehand.
#pragma once

#include "absl/status/statusor.h"
#include "folio/v1/health_proof.pb.h"
#include "server/base/error.h"
#include "server/portfolio/workspace.h"
#include "server/proof/samples.h"

namespace folio::proof {

// Told how many scores of how many are done; false ends the work with CANCELLED.
using TotalProgress = std::function<bool(int64_t done, int64_t total)>;

// Takes seconds on many accounts: for a thread that may wait. Errors as of AskBacktest, and GROUP_COLUMN_UNKNOWN on
// "segment_by".
absl::StatusOr<v1::BacktestReport> Backtest(const portfolio::Workspace& workspace,
                                            const v1::BacktestHealthModelRequest& request, error::Locale locale,
                                            const TotalProgress& progress);

}  // namespace folio::proof
