// How targets stand: goals, alerts with hysteresis, and what of a reading decides. Pure functions of messages.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "folio/v1/indicator_target.pb.h"

namespace folio::indicators {

// INVALID_ARGUMENT: TARGET_EMPTY where there is neither goal nor alert, TARGET_ORDER where a threshold is on the wrong
// side of another. `higher_is_better` must be set.
absl::Status CheckThresholds(const v1::IndicatorTarget& target);

// The value that a reading puts before the target, in the indicator's unit; nothing where there is none that decides:
// absent, not final, at fault, or of too small a sample.
std::optional<double> DecidingValue(const v1::IndicatorTarget& target, const v1::IndicatorValue& value);

// How the target stands with a value, where it stood as its `state` says.
v1::IndicatorTargetState StateWith(const v1::IndicatorTarget& target, double value);

// Whether both are about the same figure and the same thresholds, so that the state of one holds for the other.
bool JudgedAlike(const v1::IndicatorTarget& a, const v1::IndicatorTarget& b);

// Whether one tells more of the target than the other: that it decides where the other does not, or another reason why
// it does not. Values are not compared.
bool TellsOtherwise(const v1::IndicatorReading& a, const v1::IndicatorReading& b);

}  // namespace folio::indicators
