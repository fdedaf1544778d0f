// Formulas that would have to be known before they can be computed.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace folio::formula {

// Whether indicator `id`, if its formula names those of `uses`, would come to need itself. `uses_of` gives the names in
// the formula of an indicator; none for those that have no formula.
//
// INVALID_ARGUMENT on "formula": FORMULA_CYCLE with the way round, "a -> b -> a".
absl::Status CheckAcyclic(std::string_view id, const std::vector<std::string>& uses,
                          const std::function<std::vector<std::string>(std::string_view)>& uses_of);

}  // namespace folio::formula
