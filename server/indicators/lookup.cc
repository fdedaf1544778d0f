#include "server/indicators/lookup.h"

#include <utility>
#include <vector>

#include "server/base/error.h"
#include "server/base/nearest.h"
#include "server/indicators/custom_indicators.h"
#include "server/indicators/own_indicator.h"

namespace folio::indicators {

absl::StatusOr<std::shared_ptr<const Indicator>> Lookup(const portfolio::Workspace& workspace, const std::string& id,
                                                        std::string_view field) {
  // The catalogue is for ever.
  if (const Indicator* indicator = FindIndicator(id))
    return std::shared_ptr<const Indicator>(std::shared_ptr<void>(), indicator);
  const auto custom = FindCustomIndicator(workspace, id);
  if (!custom.ok()) return custom.status();
  if (custom->has_value()) return OwnIndicator(workspace, **custom);
  std::vector<std::string_view> known;
  for (const Indicator& indicator : AllIndicators()) known.push_back(indicator.id);
  std::vector<error::Detail> details = {{"name", id}};
  if (std::string nearest = NearestName(id, known); !nearest.empty()) details.emplace_back("nearest", nearest);
  return error::InvalidField(field, "INDICATOR_UNKNOWN", std::move(details));
}

}  // namespace folio::indicators
