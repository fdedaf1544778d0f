// Custom indicators as indicators: with a method, like those of the catalogue.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "folio/v1/custom_indicator.pb.h"
#include "server/indicators/indicator.h"
#include "server/portfolio/workspace.h"

namespace folio::indicators {

// The faults of its formula, which may have come about since it was defined: a name that is no longer there.
// `workspace` must outlive it.
absl::StatusOr<std::shared_ptr<const Indicator>> OwnIndicator(const portfolio::Workspace& workspace,
                                                              const v1::CustomIndicator& custom);

}  // namespace folio::indicators
