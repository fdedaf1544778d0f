// Indicators by the ids that requests name.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {

// INVALID_ARGUMENT (INDICATOR_UNKNOWN, with the nearest name) on `field`.
absl::StatusOr<const Indicator*> Lookup(const std::string& id, std::string_view field);

}  // namespace folio::indicators
