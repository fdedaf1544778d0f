// Parts of the rows that take turns at being held out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "server/learning/sample.h"

namespace folio::learning {

struct Folds {
  std::vector<int32_t> of_row;  // 0 to count - 1
  int32_t count = 0;

  std::vector<size_t> HeldOut(int32_t fold) const;
  std::vector<size_t> Training(int32_t fold) const;
};

// Stratified: each fold gets its share of the events and of the others, to within one. With clusters all rows of an
// account share a fold, and accounts are dealt out by whether any of their rows has the event. The same seed deals the
// same folds on every machine.
//
// INVALID_ARGUMENT: `folds` below 2 (FIELD_OUT_OF_RANGE). FAILED_PRECONDITION: OUTCOMES_TOO_FEW where a fold would have
// none of one outcome.
absl::StatusOr<Folds> DealFolds(Outcomes outcomes, Clusters clusters, int32_t count, uint64_t seed);

}  // namespace folio::learning
