// Whether a figure has changed, or only seems to.
#pragma once

#include "server/statistics/interval.h"

namespace folio::statistics {

// A figure and its interval, of whatever kind: a rate with Wilson's, a score with NpsInterval, a mean, a median.
struct Measured {
  double value = 0;
  Interval interval;  // contains the value
};

struct Difference {
  double value = 0;  // `now` less `before`
  Interval interval;

  // Beyond what chance explains, at the level of the intervals that were compared.
  bool significant() const { return interval.low > 0 || interval.high < 0; }
};

// The difference of two figures from what each lacks in certainty, on the side that matters (G. Y. Zou, A. Donner,
// Stat. Med. 27, 2008, 1693-1702). For rates with Wilson's intervals it is method 10 of R. G. Newcombe, Stat. Med. 17,
// 1998, 873-890. Both intervals of the same level, and of samples that do not depend on each other: where they share
// clients who answer alike, it errs to the cautious side.
Difference Compare(const Measured& now, const Measured& before);

}  // namespace folio::statistics
