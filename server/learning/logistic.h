// Logistic regression with a ridge penalty: the weights that make an outcome likeliest, held small.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "server/learning/sample.h"
#include "server/statistics/interval.h"

namespace folio::learning {

// The penalty that is as good as none, but keeps the fit of separated or repeated columns finite and unique.
inline constexpr double kPenaltyMin = 1e-9;

// Largest slope of the objective, per row and standard deviation, at which a fit counts as converged.
inline constexpr double kGradientMax = 1e-6;

struct LogisticOptions {
  // Half of it times the sum of squared standardised coefficients is added to the mean loss of a row (the "lambda" of
  // glmnet with alpha 0; scikit-learn's C is 1 / (rows * penalty)). The intercept is free. At least kPenaltyMin.
  double penalty = 0.01;
  // No coefficient below 0: for features that are all turned so that more of them makes the event likelier.
  bool non_negative = false;
  double level = statistics::kLevel;  // of the intervals
};

// What is known of one number that was fitted.
struct Estimate {
  double value = 0;
  std::optional<double> standard_error;          // absent where the value was not free to move
  std::optional<statistics::Interval> interval;  // with the standard error
};

struct Coefficient {
  enum class State {
    kFree,
    kAtBound,   // the best value is below 0, which was not allowed: the value is 0
    kConstant,  // the feature has one value in all rows, so nothing can be learned of it: the value is 0
  };

  State state = State::kFree;
  Estimate estimate;     // log-odds for one more unit of the feature
  double mean = 0;       // of the feature
  double deviation = 0;  // of the feature; times the value: log-odds for one standard deviation
};

struct LogisticFit {
  Estimate intercept;                     // log-odds where every feature is 0
  double mean_log_odds = 0;               // log-odds where every feature has its mean
  std::vector<Coefficient> coefficients;  // as many as columns, in their order
  double log_likelihood = 0;              // of the rows under the fit, without the penalty
  double null_log_likelihood = 0;         // of the rows under their base rate
  double gradient = 0;                    // largest slope left, at most kGradientMax
  int evaluations = 0;

  // `row` has as many values as there are coefficients.
  double LogOdds(std::span<const double> row) const;
  double Probability(std::span<const double> row) const { return statistics::Expit(LogOdds(row)); }
  // What each feature adds to mean_log_odds; with it, they sum to LogOdds.
  std::vector<double> Contributions(std::span<const double> row) const;
};

// Maximises the penalised likelihood by NLopt's L-BFGS (J. Nocedal, Math. Comput. 35, 1980, 773-782) with the exact
// gradient. Features are standardised inside (mean and population deviation, weighted), so that the penalty does not
// depend on their units; coefficients are told in the caller's units.
//
// Standard errors are square roots of the diagonal of the inverse of the penalised information matrix, over the free
// coefficients: the spread of the posterior where the penalty is read as a normal prior (S. le Cessie, J. C. van
// Houwelingen, Appl. Stat. 41, 1992, 191-201). With clusters that inverse stands on both sides of the covariance of the
// accounts' scores, so that rows of one account may depend on each other (K.-Y. Liang, S. L. Zeger, Biometrika 73,
// 1986, 13-22); it takes some tens of accounts. Neither knows of the bias towards 0 that a penalty brings: an interval
// says how well the data determine a weight, and covers the truth at its level only where the penalty is small.
//
// A row of weight 2 counts as two rows of weight 1.
//
// INVALID_ARGUMENT without details: as of CheckSample. INVALID_ARGUMENT: `penalty` (FIELD_OUT_OF_RANGE).
// FAILED_PRECONDITION: OUTCOMES_TOO_FEW where one of the outcomes has no weight; FIT_NOT_CONVERGED where a slope above
// kGradientMax is left.
absl::StatusOr<LogisticFit> FitLogistic(const Sample& sample, const LogisticOptions& options);

}  // namespace folio::learning
