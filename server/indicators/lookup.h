// Indicators by the ids that requests name.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/indicators/indicator.h"
#include "server/portfolio/workspace.h"

namespace folio::indicators {

// An indicator of the catalogue, or one of the workspace's own. INVALID_ARGUMENT (INDICATOR_UNKNOWN, with the nearest
// name) on `field`; of the workspace's own also what is wrong with its formula by now. `workspace` must outlive it.
absl::StatusOr<std::shared_ptr<const Indicator>> Lookup(const portfolio::Workspace& workspace, const std::string& id,
                                                        std::string_view field);

}  // namespace folio::indicators
