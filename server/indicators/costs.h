// Costs of a category in periods and groups, those that belong to no account divided among accounts as each says.
#pragma once

#include <vector>

#include "folio/v1/fact.pb.h"
#include "server/indicators/amounts.h"
#include "server/indicators/method.h"

namespace folio::indicators {

struct CostSum {
  Int128 micros = 0;
  int64_t count = 0;  // parts of costs by day
  absl::Status fault;
};

// By period, then by group. A cost that is divided among accounts counts in the groups of those who were customers in
// the period, in equal parts or by revenue, exactly; where there is none, and in groups of a dimension, it is nobody's.
std::vector<std::vector<CostSum>> CostsOf(const Question& question, v1::CostCategory category);

// What the first period's sum of a group is made of: facts, and accounts for what was divided. Micros and numerator.
std::vector<Contribution> CostContributions(const Question& question, v1::CostCategory category, uint32_t group);

}  // namespace folio::indicators
