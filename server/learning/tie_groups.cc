#include "server/learning/tie_groups.h"

#include <algorithm>
#include <cassert>
#include <numeric>

namespace folio::learning {

TieGroups GroupByScore(std::span<const double> scores, Outcomes outcomes) {
  assert(scores.size() == outcomes.size());
  TieGroups ties;
  ties.order.resize(scores.size());
  std::iota(ties.order.begin(), ties.order.end(), size_t{0});
  std::stable_sort(ties.order.begin(), ties.order.end(), [&](size_t a, size_t b) { return scores[a] < scores[b]; });
  for (size_t at = 0; at < ties.order.size(); ++at) {
    const size_t row = ties.order[at];
    if (at == 0 || scores[row] != scores[ties.order[at - 1]]) ties.groups.push_back({.begin = at, .end = at});
    ++ties.groups.back().end;
    ties.groups.back().events += outcomes[row];
  }
  return ties;
}

}  // namespace folio::learning
