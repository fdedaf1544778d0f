// How good the top of a ranking is: what a team finds that works through a list from its head.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "server/learning/sample.h"

namespace folio::learning {

struct TopOfRanking {
  int64_t count = 0;     // rows of the top
  double events = 0;     // of them with the event, as expected where ties are cut
  double precision = 0;  // share of the top that has the event
  double recall = 0;     // share of all events that is in the top
  double lift = 0;       // precision over the share of all rows that has the event: 1 is chance
};

// The `count` rows of the highest scores. Where the cut falls among equal scores, each of these is as likely to be
// within as any other: the figures are expectations over their order (F. McSherry, M. Najork, ECIR 2008, 414-421), and
// do not depend on the order of rows. A count above the number of rows is that number.
//
// Absent where there is no event, or `count` is below 1. `scores` higher where the event is held likelier, as many as
// `outcomes`, no NaN.
std::optional<TopOfRanking> ComputeTopByCount(std::span<const double> scores, Outcomes outcomes, int64_t count);

// The same for a share of the rows, rounded to the nearest count and at least one row. Absent also where the share is
// not above 0 and at most 1.
std::optional<TopOfRanking> ComputeTopByShare(std::span<const double> scores, Outcomes outcomes, double share);

}  // namespace folio::learning
