// What publishing a health model would do.
#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "folio/v1/health_model.pb.h"
#include "server/portfolio/workspace.h"

namespace folio::portfolio {

// Told now and then how many accounts are done; returns false to stop.
using PreviewProgress = std::function<bool(int64_t done, int64_t total)>;

// Scores all accounts that match. For a thread that may work for a while. CANCELLED where `progress` says stop.
absl::StatusOr<v1::HealthPreview> PreviewHealthModel(const Workspace& workspace,
                                                     const v1::PreviewHealthModelRequest& request,
                                                     const PreviewProgress& progress);

}  // namespace folio::portfolio
