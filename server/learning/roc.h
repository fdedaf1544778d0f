// How well scores rank what happens: the area under the ROC curve.
#pragma once

#include <optional>
#include <span>

#include "server/learning/sample.h"
#include "server/statistics/interval.h"

namespace folio::learning {

// The probability that a row with the event scores higher than one without, ties counting one half: 0.5 is chance.
struct AreaUnderRoc {
  double value = 0.5;
  double standard_error = 0;
  statistics::Interval interval;
  double p_value = 1;  // of the hypothesis that the scores rank no better and no worse than chance
  ClassCounts rows;

  // True where the interval excludes chance, on either side: scores that rank the wrong way round are evidence, too.
  // Equivalent to p_value < 1 - level.
  bool HasEvidence() const { return !interval.Contains(0.5); }
};

// Absent where there is no event, or nothing but events: there is no pair to rank.
//
// `scores` higher where the event is held likelier, as many as `outcomes`, no NaN. O(n log n).
//
// Standard error: E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson, Biometrics 44 (1988) 837-845; with clusters its
// extension by N. A. Obuchowski, Biometrics 53 (1997) 567-578, which takes rows of one account as dependent. Interval
// and p-value are normal on the scale of the log-odds, so that the interval stays within 0..1 (M. S. Pepe, The
// Statistical Evaluation of Medical Tests for Classification and Prediction, 2003).
//
// Where that variance is 0 (classes entirely apart, or all scores equal) or cannot be estimated (a single event, or a
// single non-event), it would claim certainty. Interval, p-value and, for single ones, the standard error are then
// those of R. G. Newcombe, Stat. Med. 25 (2006) 559-573, method 5; with clusters, from the numbers of accounts.
std::optional<AreaUnderRoc> ComputeAreaUnderRoc(std::span<const double> scores, Outcomes outcomes,
                                                Clusters clusters = {}, double level = statistics::kLevel);

}  // namespace folio::learning
