#include "server/proof/figures.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "server/learning/calibration.h"
#include "server/learning/folds.h"
#include "server/learning/ranking.h"
#include "server/learning/roc.h"

namespace folio::proof {
namespace {

constexpr double kTopShares[] = {0.05, 0.1, 0.2};
constexpr int kCalibrationBins = 10;
constexpr int32_t kFoldsMax = 10;
constexpr int kScoreMax = 100;

template <class Value>
std::vector<Value> Pick(const std::vector<Value>& all, std::span<const size_t> rows) {
  std::vector<Value> picked;
  picked.reserve(rows.size());
  for (const size_t row : rows) picked.push_back(all[row]);
  return picked;
}

learning::SubSample Part(const Samples& samples, std::span<const size_t> rows) {
  return {learning::Sample{.outcomes = samples.happened, .clusters = samples.cluster}, rows};
}

void FillArea(const std::vector<double>& predictions, const learning::Sample& part, v1::BacktestFigures* figures) {
  const auto area = learning::ComputeAreaUnderRoc(predictions, part.outcomes, part.clusters);
  if (!area.has_value()) return figures->set_absence(v1::ABSENCE_NO_DATA);
  figures->set_auc(area->value);
  figures->set_auc_low(area->interval.low);
  figures->set_auc_high(area->interval.high);
}

void FillTops(const std::vector<double>& predictions, const learning::Sample& part, v1::BacktestFigures* figures) {
  for (const double share : kTopShares) {
    const auto top = learning::ComputeTopByShare(predictions, part.outcomes, share);
    if (!top.has_value()) continue;
    v1::PrecisionAtK* at_k = figures->add_at_k();
    at_k->set_share(share);
    at_k->set_count(top->count);
    at_k->set_precision(top->precision);
    at_k->set_lift(top->lift);
    at_k->set_recall(top->recall);
  }
}

// The first of the red samples that end right before the outcome, without a break; `rows` are those of one account, by
// cut-off. kNoDay where there is none, or no outcome.
Day RedSince(const Predicted& predicted, std::span<const size_t> rows, Day* happened) {
  *happened = kNoDay;
  for (const size_t row : rows) *happened = std::max(*happened, predicted.samples.day[row]);
  if (*happened == kNoDay) return kNoDay;
  Day since = kNoDay;
  int32_t previous = -1;
  for (const size_t row : rows) {
    const int32_t position = predicted.samples.cutoff[row];
    const Day cutoff = predicted.question.cutoffs[static_cast<size_t>(position)];
    if (cutoff >= *happened) break;
    const bool is_red = predicted.samples.band[row] == v1::HEALTH_BAND_RED;
    const bool goes_on = since != kNoDay && position == previous + 1;
    if (!is_red) since = kNoDay;
    if (is_red && !goes_on) since = cutoff;
    previous = position;
  }
  return since;
}

void FillLead(const Predicted& predicted, std::span<const size_t> rows, v1::BacktestFigures* figures) {
  if (!predicted.question.outcome.is_loss() || !predicted.question.outcome.has_date()) return;
  std::vector<double> leads;
  for (size_t begin = 0; begin < rows.size();) {
    size_t end = begin;
    while (end < rows.size() && predicted.samples.account[rows[end]] == predicted.samples.account[rows[begin]]) ++end;
    Day happened = kNoDay;
    const Day since = RedSince(predicted, rows.subspan(begin, end - begin), &happened);
    if (since != kNoDay) leads.push_back(happened - since);
    begin = end;
  }
  figures->set_warned_count(static_cast<int64_t>(leads.size()));
  if (leads.empty()) return;
  std::sort(leads.begin(), leads.end());
  figures->set_median_lead_days((leads[(leads.size() - 1) / 2] + leads[leads.size() / 2]) / 2);
}

}  // namespace

std::vector<size_t> AllRows(const Samples& samples) {
  std::vector<size_t> rows(samples.rows());
  std::iota(rows.begin(), rows.end(), size_t{0});
  return rows;
}

Predicted Predict(const Question& question, const Samples& samples) {
  Predicted predicted{.question = question, .samples = samples, .predictions = {}, .probabilities = {}};
  for (const double raw : samples.raw) {
    predicted.predictions.push_back(question.outcome.is_loss() ? kScoreMax - raw : raw);
  }
  const learning::ClassCounts counts = learning::CountClasses(samples.happened, samples.cluster);
  const auto rarer = static_cast<int32_t>(std::min<int64_t>({counts.events, counts.non_events, kFoldsMax}));
  if (rarer < 2) return predicted;
  const auto folds = learning::DealFolds(samples.happened, samples.cluster, rarer, kSeed);
  if (!folds.ok()) return predicted;
  auto probabilities = learning::CrossFitProbabilities(predicted.predictions, samples.happened, *folds);
  if (probabilities.ok()) predicted.probabilities = *std::move(probabilities);
  return predicted;
}

v1::BacktestFigures FiguresOf(const Predicted& predicted, std::span<const size_t> rows, int64_t unscored) {
  v1::BacktestFigures figures;
  const learning::SubSample part = Part(predicted.samples, rows);
  const learning::Sample view = part.view();
  const std::set<int32_t> accounts(view.clusters.begin(), view.clusters.end());
  figures.set_sample_count(static_cast<int64_t>(rows.size()));
  figures.set_account_count(static_cast<int64_t>(accounts.size()));
  figures.set_event_count(learning::CountClasses(view.outcomes).events);
  figures.set_unscored_count(unscored);
  const std::vector<double> predictions = Pick(predicted.predictions, rows);
  FillArea(predictions, view, &figures);
  FillTops(predictions, view, &figures);
  FillLead(predicted, rows, &figures);
  if (predicted.probabilities.empty()) return figures;
  if (const auto brier = learning::ComputeBrier(Pick(predicted.probabilities, rows), view.outcomes)) {
    figures.set_brier(brier->score);
    figures.set_brier_base(brier->reference);
  }
  return figures;
}

std::vector<v1::CalibrationBin> CalibrationOf(const Predicted& predicted) {
  std::vector<v1::CalibrationBin> table;
  if (predicted.probabilities.empty()) return table;
  std::vector<size_t> order = AllRows(predicted.samples);
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return predicted.probabilities[a] < predicted.probabilities[b]; });
  // Bins are runs of this order, and equal probabilities are in one bin.
  auto row = order.begin();
  for (const learning::CalibrationBin& bin :
       learning::ComputeCalibration(predicted.probabilities, predicted.samples.happened, kCalibrationBins)) {
    const auto [low, high] = std::minmax_element(
        row, row + bin.count, [&](size_t a, size_t b) { return predicted.samples.raw[a] < predicted.samples.raw[b]; });
    v1::CalibrationBin& out = table.emplace_back();
    out.set_count(bin.count);
    out.set_score_low(predicted.samples.raw[*low]);
    out.set_score_high(predicted.samples.raw[*high]);
    out.set_predicted(bin.mean_predicted);
    out.set_observed(bin.observed_rate);
    out.set_observed_low(bin.observed_interval.low);
    out.set_observed_high(bin.observed_interval.high);
    row += bin.count;
  }
  return table;
}

std::vector<v1::BacktestCutoff> CutoffsOf(const Predicted& predicted) {
  std::vector<std::vector<size_t>> rows(predicted.question.cutoffs.size());
  for (const size_t row : AllRows(predicted.samples)) {
    rows[static_cast<size_t>(predicted.samples.cutoff[row])].push_back(row);
  }
  std::vector<v1::BacktestCutoff> cutoffs;
  for (size_t i = 0; i < rows.size(); ++i) {
    v1::BacktestCutoff& cutoff = cutoffs.emplace_back();
    *cutoff.mutable_day() = ToProtoDate(predicted.question.cutoffs[i]);
    const std::vector<uint8_t> outcomes = Pick(predicted.samples.happened, rows[i]);
    cutoff.set_sample_count(static_cast<int64_t>(outcomes.size()));
    cutoff.set_event_count(learning::CountClasses(outcomes).events);
    const auto area = learning::ComputeAreaUnderRoc(Pick(predicted.predictions, rows[i]), outcomes);
    if (area.has_value()) {
      cutoff.set_auc(area->value);
    } else {
      cutoff.set_absence(v1::ABSENCE_NO_DATA);
    }
  }
  return cutoffs;
}

}  // namespace folio::proof
