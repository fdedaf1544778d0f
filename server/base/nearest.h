// The name that somebody most likely meant, for "did you mean".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace folio {

// The name nearest to a wrong one, by inserted, deleted, replaced and exchanged letters, case ignored. Empty where none
// is within a third of its length (at least one letter). The earlier of two that are equally near.
std::string NearestName(std::string_view wrong, const std::vector<std::string_view>& names);

}  // namespace folio
