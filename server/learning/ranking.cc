#include "server/learning/ranking.h"

#include <algorithm>
#include <cmath>

#include "server/learning/tie_groups.h"

namespace folio::learning {

std::optional<TopOfRanking> ComputeTopByCount(std::span<const double> scores, Outcomes outcomes, int64_t count) {
  const ClassCounts all = CountClasses(outcomes);
  if (all.events == 0 || count < 1) return std::nullopt;
  const auto rows = static_cast<int64_t>(outcomes.size());
  TopOfRanking top{.count = std::min(count, rows)};

  const TieGroups ties = GroupByScore(scores, outcomes);
  int64_t wanted = top.count;
  for (auto group = ties.groups.rbegin(); wanted > 0; ++group) {
    const auto size = static_cast<int64_t>(group->end - group->begin);
    const int64_t taken = std::min(wanted, size);
    top.events += static_cast<double>(group->events) * static_cast<double>(taken) / static_cast<double>(size);
    wanted -= taken;
  }
  const auto events = static_cast<double>(all.events);
  top.precision = top.events / static_cast<double>(top.count);
  top.recall = top.events / events;
  top.lift = top.precision / (events / static_cast<double>(rows));
  return top;
}

std::optional<TopOfRanking> ComputeTopByShare(std::span<const double> scores, Outcomes outcomes, double share) {
  if (!(share > 0 && share <= 1)) return std::nullopt;
  const auto count = std::llround(share * static_cast<double>(outcomes.size()));
  return ComputeTopByCount(scores, outcomes, std::max<int64_t>(count, 1));
}

}  // namespace folio::learning
