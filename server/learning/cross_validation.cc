#include "server/learning/cross_validation.h"

#include <cmath>
#include <functional>
#include <span>
#include <utility>

#include "server/base/error.h"
#include "server/learning/folds.h"
#include "server/learning/roc.h"

namespace folio::learning {
namespace {

absl::StatusOr<LogisticFit> FitWith(double penalty, const Sample& sample, const Recipe& recipe) {
  if (recipe.cancelled && recipe.cancelled()) return absl::CancelledError();
  return FitLogistic(sample, {.penalty = penalty, .non_negative = recipe.non_negative, .level = recipe.level});
}

// The folds of the choice must not be those of the examination, even where their numbers agree.
uint64_t SeedOfChoice(const Recipe& recipe) { return recipe.seed ^ 0x9e3779b97f4a7c15; }

using Fitter = std::function<absl::StatusOr<LogisticFit>(const Sample& training)>;

// A probability for each row, from what is fitted to the folds that the row is not in.
absl::StatusOr<std::vector<double>> PredictHeldOut(const Sample& sample, const Folds& folds, const Fitter& fitter) {
  std::vector<double> probabilities(sample.rows());
  for (int32_t fold = 0; fold < folds.count; ++fold) {
    const SubSample training(sample, folds.Training(fold));
    const auto fit = fitter(training.view());
    if (!fit.ok()) return fit.status();
    for (const size_t row : folds.HeldOut(fold)) {
      probabilities[row] = fit->Probability(sample.features.row(row));
    }
  }
  return probabilities;
}

std::optional<AreaUnderRoc> AreaWithin(std::span<const size_t> rows, const Sample& sample,
                                       std::span<const double> probabilities, double level) {
  std::vector<double> scores;
  for (const size_t row : rows) scores.push_back(probabilities[row]);
  const Sample without_features{.outcomes = sample.outcomes, .clusters = sample.clusters};
  const SubSample held_out(without_features, rows);
  return ComputeAreaUnderRoc(scores, held_out.view().outcomes, held_out.view().clusters, level);
}

HeldOutArea MakeHeldOutArea(double value, double variance, statistics::Interval where_not_estimable, double level) {
  const bool estimable = variance > 0 && value > 0 && value < 1;
  const double error = std::sqrt(variance);
  return {value, error, estimable ? statistics::LogitInterval(value, error, level) : where_not_estimable};
}

void MeasureAreas(const Sample& sample, const Folds& folds, double level, CrossValidation& validation) {
  double mean = 0;
  double fold_variance = 0;
  for (int32_t fold = 0; fold < folds.count; ++fold) {
    // Never absent: DealFolds gives each fold both outcomes.
    const auto area = AreaWithin(folds.HeldOut(fold), sample, validation.probabilities, level);
    validation.fold_areas.push_back(area->value);
    mean += area->value / folds.count;
    fold_variance += area->standard_error * area->standard_error / folds.count;
  }
  const auto pooled = ComputeAreaUnderRoc(validation.probabilities, sample.outcomes, sample.clusters, level);
  const double correction = 1.0 / folds.count + 1.0 / (folds.count - 1);
  validation.mean_area = MakeHeldOutArea(mean, fold_variance * correction, pooled->interval, level);
  // The pooled variance is that of all rows: of one fold, divided by their number.
  const double pooled_variance = pooled->standard_error * pooled->standard_error * folds.count * correction;
  validation.pooled_area = MakeHeldOutArea(pooled->value, pooled_variance, pooled->interval, level);
}

}  // namespace

absl::StatusOr<PenaltyChoice> ChoosePenalty(const Sample& sample, const Recipe& recipe) {
  if (const absl::Status status = CheckSample(sample); !status.ok()) return status;
  if (recipe.penalties.empty()) return error::InvalidField("penalties", "FIELD_REQUIRED");
  const auto folds = DealFolds(sample.outcomes, sample.clusters, recipe.penalty_folds, SeedOfChoice(recipe));
  if (!folds.ok()) return folds.status();
  PenaltyChoice choice;
  double least = HUGE_VAL;
  for (const double penalty : recipe.penalties) {
    const auto probabilities =
        PredictHeldOut(sample, *folds, [&](const Sample& training) { return FitWith(penalty, training, recipe); });
    if (!probabilities.ok()) return probabilities.status();
    const double log_loss = *ComputeLogLoss(*probabilities, sample.outcomes);
    choice.trials.push_back({.penalty = penalty, .log_loss = log_loss});
    if (log_loss < least || (log_loss == least && penalty > choice.penalty)) {
      least = log_loss;
      choice.penalty = penalty;
    }
  }
  return choice;
}

absl::StatusOr<ChosenFit> FitWithChosenPenalty(const Sample& sample, const Recipe& recipe) {
  auto choice = ChoosePenalty(sample, recipe);
  if (!choice.ok()) return choice.status();
  auto fit = FitWith(choice->penalty, sample, recipe);
  if (!fit.ok()) return fit.status();
  return ChosenFit{.choice = *std::move(choice), .fit = *std::move(fit)};
}

absl::StatusOr<CrossValidation> CrossValidate(const Sample& sample, const Recipe& recipe) {
  if (const absl::Status status = CheckSample(sample); !status.ok()) return status;
  const auto folds = DealFolds(sample.outcomes, sample.clusters, recipe.folds, recipe.seed);
  if (!folds.ok()) return folds.status();
  CrossValidation validation;
  auto probabilities = PredictHeldOut(sample, *folds, [&](const Sample& training) -> absl::StatusOr<LogisticFit> {
    auto chosen = FitWithChosenPenalty(training, recipe);
    if (!chosen.ok()) return chosen.status();
    validation.fold_penalties.push_back(chosen->choice.penalty);
    return std::move(chosen->fit);
  });
  if (!probabilities.ok()) return probabilities.status();
  validation.probabilities = *std::move(probabilities);
  MeasureAreas(sample, *folds, recipe.level, validation);
  validation.log_loss = *ComputeLogLoss(validation.probabilities, sample.outcomes);
  validation.brier = *ComputeBrier(validation.probabilities, sample.outcomes);
  return validation;
}

absl::StatusOr<Learned> Learn(const Sample& sample, const Recipe& recipe) {
  if (const absl::Status status = CheckSample(sample); !status.ok()) return status;
  Learned learned{.sufficiency =
                      AssessEvents(sample.outcomes, static_cast<int64_t>(sample.features.columns), sample.clusters)};
  if (!learned.sufficiency.enough()) return TooFewOutcomes(learned.sufficiency.found, learned.sufficiency.needed);
  auto chosen = FitWithChosenPenalty(sample, recipe);
  if (!chosen.ok()) return chosen.status();
  learned.chosen = *std::move(chosen);
  auto validation = CrossValidate(sample, recipe);
  if (!validation.ok()) return validation.status();
  learned.validation = *std::move(validation);
  return learned;
}

}  // namespace folio::learning
