#include "server/learning/calibration.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "server/learning/logistic.h"
#include "server/learning/tie_groups.h"

namespace folio::learning {

std::optional<Brier> ComputeBrier(std::span<const double> probabilities, Outcomes outcomes) {
  assert(probabilities.size() == outcomes.size());
  if (outcomes.empty()) return std::nullopt;
  const auto rows = static_cast<double>(outcomes.size());
  const double base_rate = static_cast<double>(CountClasses(outcomes).events) / rows;
  Brier brier{.reference = base_rate * (1 - base_rate)};
  for (size_t row = 0; row < outcomes.size(); ++row) {
    const double distance = probabilities[row] - outcomes[row];
    brier.score += distance * distance / rows;
  }
  if (brier.reference > 0) brier.skill = 1 - brier.score / brier.reference;
  return brier;
}

std::optional<double> ComputeLogLoss(std::span<const double> probabilities, Outcomes outcomes) {
  assert(probabilities.size() == outcomes.size());
  if (outcomes.empty()) return std::nullopt;
  double sum = 0;
  for (size_t row = 0; row < outcomes.size(); ++row) {
    const double held = std::clamp(probabilities[row], 1e-15, 1 - 1e-15);
    sum -= outcomes[row] == 1 ? std::log(held) : std::log1p(-held);
  }
  return sum / static_cast<double>(outcomes.size());
}

std::vector<CalibrationBin> ComputeCalibration(std::span<const double> probabilities, Outcomes outcomes, int bins,
                                               double level) {
  assert(bins >= 1);
  const TieGroups ties = GroupByScore(probabilities, outcomes);
  std::vector<CalibrationBin> table;
  bool full = true;
  size_t filled = 0;  // of the bins asked for
  for (const TieGroups::Group& group : ties.groups) {
    if (full) table.emplace_back();
    CalibrationBin& bin = table.back();
    const auto size = static_cast<int64_t>(group.end - group.begin);
    bin.count += size;
    bin.events += group.events;
    bin.mean_predicted += probabilities[ties.order[group.begin]] * static_cast<double>(size);
    // The bin is full where the rows so far are those of one more of the bins asked for, or of several.
    const size_t whole = group.end * static_cast<size_t>(bins) / outcomes.size();
    full = whole > filled;
    filled = whole;
  }
  for (CalibrationBin& bin : table) {
    bin.mean_predicted /= static_cast<double>(bin.count);
    bin.observed_rate = static_cast<double>(bin.events) / static_cast<double>(bin.count);
    bin.observed_interval = statistics::WilsonInterval(bin.events, bin.count, level);
  }
  return table;
}

absl::StatusOr<PlattCurve> FitPlatt(std::span<const double> scores, Outcomes outcomes) {
  if (outcomes.empty() || scores.size() != outcomes.size()) {
    return absl::InvalidArgumentError("the scores are not one for each outcome");
  }
  const ClassCounts counts = CountClasses(outcomes);
  const double event_target = (static_cast<double>(counts.events) + 1) / (static_cast<double>(counts.events) + 2);
  const double non_event_target = 1 / (static_cast<double>(counts.non_events) + 2);
  // A row with a target between 0 and 1 is two rows that share its weight.
  std::vector<double> values;
  std::vector<uint8_t> halves;
  std::vector<double> weights;
  for (size_t row = 0; row < scores.size(); ++row) {
    const double target = outcomes[row] == 1 ? event_target : non_event_target;
    values.insert(values.end(), {scores[row], scores[row]});
    halves.insert(halves.end(), {1, 0});
    weights.insert(weights.end(), {target, 1 - target});
  }
  const auto fit =
      FitLogistic({.features = {values, 1}, .outcomes = halves, .weights = weights}, {.penalty = kPenaltyMin});
  if (!fit.ok()) return fit.status();
  return PlattCurve{.intercept = fit->intercept.value, .slope = fit->coefficients[0].estimate.value};
}

absl::StatusOr<std::vector<double>> CrossFitProbabilities(std::span<const double> scores, Outcomes outcomes,
                                                          const Folds& folds) {
  if (scores.size() != outcomes.size() || folds.of_row.size() != outcomes.size()) {
    return absl::InvalidArgumentError("the scores and folds are not one for each outcome");
  }
  std::vector<double> probabilities(scores.size());
  for (int32_t fold = 0; fold < folds.count; ++fold) {
    const SubSample training({.features = {scores, 1}, .outcomes = outcomes}, folds.Training(fold));
    const auto curve = FitPlatt(training.view().features.values, training.view().outcomes);
    if (!curve.ok()) return curve.status();
    for (const size_t row : folds.HeldOut(fold)) probabilities[row] = curve->Probability(scores[row]);
  }
  return probabilities;
}

}  // namespace folio::learning
