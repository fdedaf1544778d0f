// Whether probabilities mean what they say, and how to make probabilities of scores.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "server/learning/folds.h"
#include "server/learning/sample.h"
#include "server/statistics/interval.h"

namespace folio::learning {

// The mean squared distance between probability and outcome (G. W. Brier, Mon. Weather Rev. 78, 1950, 1-3).
struct Brier {
  double score = 0;      // 0 is best
  double reference = 0;  // of the base rate, said for every row
  std::optional<double>
      skill;  // 1 - score / reference; 0 is no better than the base rate. Absent with one outcome only
};

// Absent without rows. `probabilities` within 0..1, as many as `outcomes`; so for all of this file.
std::optional<Brier> ComputeBrier(std::span<const double> probabilities, Outcomes outcomes);

// Mean of -log(probability of what happened), in nats. Probabilities are held 1e-15 away from 0 and 1, so that a single
// certain mistake is dear but finite. Absent without rows.
std::optional<double> ComputeLogLoss(std::span<const double> probabilities, Outcomes outcomes);

struct CalibrationBin {
  int64_t count = 0;
  int64_t events = 0;
  double mean_predicted = 0;
  double observed_rate = 0;
  statistics::Interval observed_interval;  // Wilson's
};

// Rows by ascending probability in bins of equal count, as nearly as equal probabilities, which are never parted,
// allow: there may be fewer bins than asked for, never an empty one. `bins` at least 1.
std::vector<CalibrationBin> ComputeCalibration(std::span<const double> probabilities, Outcomes outcomes, int bins,
                                               double level = statistics::kLevel);

// A logistic curve from score to probability.
struct PlattCurve {
  double intercept = 0;
  double slope = 0;

  double Probability(double score) const { return statistics::Expit(intercept + slope * score); }
};

// J. C. Platt, "Probabilistic outputs for support vector machines", Advances in Large Margin Classifiers, 1999, 61-74:
// a logistic fit to targets that are a little short of 0 and 1, so that it stays finite where the scores separate the
// outcomes, and exists with one outcome only.
//
// INVALID_ARGUMENT without details: lengths that differ, no row, or a score that is not finite. FAILED_PRECONDITION:
// FIT_NOT_CONVERGED.
absl::StatusOr<PlattCurve> FitPlatt(std::span<const double> scores, Outcomes outcomes);

// A probability for each score, from the curve of the folds that the row is not in: no probability has seen its own
// outcome. `folds` of the same rows. Errors as of FitPlatt.
absl::StatusOr<std::vector<double>> CrossFitProbabilities(std::span<const double> scores, Outcomes outcomes,
                                                          const Folds& folds);

}  // namespace folio::learning
