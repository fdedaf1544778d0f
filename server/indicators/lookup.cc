#include "server/indicators/lookup.h"

#include <utility>
#include <vector>

#include "server/base/error.h"
#include "server/base/nearest.h"

namespace folio::indicators {

absl::StatusOr<const Indicator*> Lookup(const std::string& id, std::string_view field) {
  if (const Indicator* indicator = FindIndicator(id)) return indicator;
  std::vector<std::string_view> known;
  for (const Indicator& indicator : AllIndicators()) known.push_back(indicator.id);
  std::vector<error::Detail> details = {{"name", id}};
  if (std::string nearest = NearestName(id, known); !nearest.empty()) details.emplace_back("nearest", nearest);
  return error::InvalidField(field, "INDICATOR_UNKNOWN", std::move(details));
}

}  // namespace folio::indicators
