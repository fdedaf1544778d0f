// The scores of many accounts at once: from columns of figures, a loop for each kernel in place of a call for each
// account. What comes out is what Model::Run computes of the same figures, to the last bit.
#pragma once

#include <cstdint>

namespace folio::scoring {

// Most accounts of one batch: what the loops work on stays in the fastest cache.
inline constexpr int kBatchRows = 2048;

// One figure of the accounts of a batch.
struct FigureColumn {
  const double* values = nullptr;  // a row each, NaN where missing; nullptr where all are
  bool complete = false;           // none is missing
};

struct BatchScores {
  static constexpr int8_t kAbsent = -1;

  double raw[kBatchRows];       // NaN where nothing had data
  double coverage[kBatchRows];  // as Score::coverage
  int8_t score[kBatchRows];     // kAbsent where nothing had data
};

}  // namespace folio::scoring
