// How many outcomes are enough to learn from.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "server/learning/sample.h"

namespace folio::learning {

// Accounts with the event, and as many without. With 50 of each, the 95 % interval of an area under the ROC curve near
// 0.5 reaches 0.11 to either side: below it not even an area of 0.6 can be told from chance. (For validation alone,
// Y. Vergouwe et al., J. Clin. Epidemiol. 58, 2005, 475-483, ask for 100: more is better, fewer is none.)
inline constexpr int64_t kEventsMin = 50;

// Accounts of the rarer outcome for each feature (P. Peduzzi et al., J. Clin. Epidemiol. 49, 1996, 1373-1379). A
// penalty bears fewer (M. van Smeden et al., Stat. Methods Med. Res. 28, 2019, 2455-2474); weights that people act on
// should not.
inline constexpr int64_t kEventsPerFeature = 10;

struct Sufficiency {
  ClassCounts found;
  int64_t features = 0;
  int64_t needed = 0;  // of each: the larger of kEventsMin and kEventsPerFeature * features

  bool enough() const { return found.events >= needed && found.non_events >= needed; }
};

// Counts rows, or accounts where there are clusters: an account that is seen lost at three cut-offs is lost once.
Sufficiency AssessEvents(Outcomes outcomes, int64_t features, Clusters clusters = {});

// OUTCOMES_TOO_FEW with these numbers: events, non_events, needed.
absl::Status TooFewOutcomes(ClassCounts found, int64_t needed);

}  // namespace folio::learning
