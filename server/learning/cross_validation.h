// Learning with its own examination: the penalty is chosen, the model fitted, and both judged on rows they never saw.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "server/learning/calibration.h"
#include "server/learning/events.h"
#include "server/learning/logistic.h"
#include "server/learning/sample.h"
#include "server/statistics/interval.h"

namespace folio::learning {

// How a model is learned from a sample.
struct Recipe {
  // Tried, the one of least log-loss over `penalty_folds` taken. A step a decade: the loss is flat around its minimum.
  std::vector<double> penalties = {1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1};
  bool non_negative = false;
  int32_t folds = 10;         // of the examination
  int32_t penalty_folds = 5;  // of the choice, within the rows that are learned from
  uint64_t seed = 1;
  double level = statistics::kLevel;
  std::function<bool()> cancelled;  // asked before each fit, where there is one: true ends with CANCELLED
};

struct PenaltyTrial {
  double penalty = 0;
  double log_loss = 0;  // mean over all rows, each predicted by the fit of the folds it is not in
};

struct PenaltyChoice {
  double penalty = 0;                // of least log-loss; the larger one of two that are equal
  std::vector<PenaltyTrial> trials;  // in the order of the recipe
};

struct ChosenFit {
  PenaltyChoice choice;
  LogisticFit fit;
};

// The area under the ROC curve on rows that were not learned from.
struct HeldOutArea {
  double value = 0.5;
  double standard_error = 0;
  statistics::Interval interval;

  // One-sided: held-out areas below chance are no evidence of anything, but come about where there is nothing to learn,
  // since what a fold has too much of the others have too little of.
  bool HasEvidence() const { return interval.low > 0.5; }
};

// What the recipe is worth on rows that it has not seen. Every figure counts each row once, whatever its weight.
//
// Areas of the folds are not independent, as their models share most of their rows: DeLong's variance within folds,
// divided by their number K, claims too much (Y. Bengio, Y. Grandvalet, J. Mach. Learn. Res. 5, 2004, 1089-1105). It is
// multiplied by 1 / K + 1 / (K - 1) instead (C. Nadeau, Y. Bengio, Mach. Learn. 52, 2003, 239-281), which on data
// without signal covers 0.5 as often as the level says, and errs to the wide side where there is much signal.
struct CrossValidation {
  std::vector<double> probabilities;  // one a row, from the fit of the folds that the row is not in
  std::vector<double> fold_areas;     // within each fold
  HeldOutArea mean_area;              // of fold_areas
  HeldOutArea pooled_area;            // of all probabilities together
  double log_loss = 0;
  Brier brier;
  std::vector<double> fold_penalties;  // chosen without the fold
};

// Shuffles and folds come from the recipe's seed alone: the same sample and recipe give the same answer.
//
// Costs in fits: penalty_folds * penalties for a choice, one more for the fit with it, and that again for each fold of
// the examination. A fit of a million rows of twelve features takes about a second.
//
// Errors of all four: those of FitLogistic and DealFolds; CANCELLED; INVALID_ARGUMENT: `penalties` empty
// (FIELD_REQUIRED).

absl::StatusOr<PenaltyChoice> ChoosePenalty(const Sample& sample, const Recipe& recipe);

// The choice, and the fit of all rows with it.
absl::StatusOr<ChosenFit> FitWithChosenPenalty(const Sample& sample, const Recipe& recipe);

// Does to the other folds all that FitWithChosenPenalty does, choice included, before it predicts one: a penalty chosen
// with a view of the rows it is judged on would flatter (S. Varma, R. Simon, BMC Bioinformatics 7, 2006, 91).
absl::StatusOr<CrossValidation> CrossValidate(const Sample& sample, const Recipe& recipe);

struct Learned {
  Sufficiency sufficiency;
  ChosenFit chosen;
  CrossValidation validation;
};

// All of it. FAILED_PRECONDITION: OUTCOMES_TOO_FEW where AssessEvents says so.
absl::StatusOr<Learned> Learn(const Sample& sample, const Recipe& recipe);

}  // namespace folio::learning
