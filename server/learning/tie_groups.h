// Rows that a score cannot tell apart.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "server/learning/sample.h"

namespace folio::learning {

// Rows by ascending score, cut into runs of equal scores.
struct TieGroups {
  struct Group {
    size_t begin = 0;  // of `order`
    size_t end = 0;
    int64_t events = 0;

    int64_t non_events() const { return static_cast<int64_t>(end - begin) - events; }
  };
  std::vector<size_t> order;
  std::vector<Group> groups;
};

// `scores` and `outcomes` of the same length, no score NaN.
TieGroups GroupByScore(std::span<const double> scores, Outcomes outcomes);

}  // namespace folio::learning
