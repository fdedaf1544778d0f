// What combinations and policies of missing figures mean, for whoever runs a model.
#pragma once

#include "folio/v1/health_model.pb.h"

namespace folio::scoring {

// The credit of a missing figure that counts as neither good nor bad.
inline constexpr double kNeutralCredit = 0.5;

// Whether a figure counts even where it is missing.
inline bool CountsWithout(v1::MissingPolicy policy) {
  return policy == v1::MISSING_POLICY_NEUTRAL || policy == v1::MISSING_POLICY_WORST;
}

inline double CreditWithout(v1::MissingPolicy policy) {
  return policy == v1::MISSING_POLICY_NEUTRAL ? kNeutralCredit : 0;
}

inline bool IsMean(v1::HealthCombination combination) {
  return combination == v1::HEALTH_COMBINATION_UNSPECIFIED || combination == v1::HEALTH_COMBINATION_MEAN;
}

}  // namespace folio::scoring
