#include "server/learning/events.h"

#include <algorithm>
#include <string>

#include "server/base/error.h"

namespace folio::learning {

Sufficiency AssessEvents(Outcomes outcomes, int64_t features, Clusters clusters) {
  return {.found = CountClasses(outcomes, clusters),
          .features = features,
          .needed = std::max(kEventsMin, kEventsPerFeature * features)};
}

absl::Status TooFewOutcomes(ClassCounts found, int64_t needed) {
  return error::Precondition("OUTCOMES_TOO_FEW", {{"events", std::to_string(found.events)},
                                                  {"non_events", std::to_string(found.non_events)},
                                                  {"needed", std::to_string(needed)}});
}

}  // namespace folio::learning
