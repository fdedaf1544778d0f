// What net promoter scores are made of.
#pragma once

#include "server/indicators/figure.h"

namespace folio::indicators {

// Answers by class.
struct Promotion {
  int64_t promoters = 0;
  int64_t passives = 0;
  int64_t detractors = 0;

  // An answer of 0 to 10, in millionths.
  void Add(int64_t answer);
  void Merge(const Promotion& other);
  int64_t answers() const { return promoters + passives + detractors; }
};

// 100 times promoters less detractors, divided by answers; with its interval, and the three classes as parts.
Figure NetPromoterScore(const Promotion& promotion);

}  // namespace folio::indicators
