#include "server/proof/backtest.h"

#include <algorithm>
#include <map>
#include <optional>

#include "server/base/limits.h"
#include "server/engine/group.h"
#include "server/model/facet.h"
#include "server/proof/choice.h"
#include "server/proof/figures.h"
#include "server/proof/words.h"

namespace folio::proof {
namespace {

// Segments reported, the largest first: beyond them, figures rest on handfuls.
constexpr size_t kSegmentsMax = 50;

absl::StatusOr<std::optional<model::ColumnIndex>> SegmentColumn(const engine::Snapshot& snapshot,
                                                                const std::string& name) {
  if (name.empty()) return std::nullopt;
  return model::FindFacet(snapshot.columns(), name, "segment_by");
}

struct Segment {
  std::vector<size_t> rows;
  int64_t unscored = 0;
};

// An account with several values counts in each of their segments.
std::map<std::string, Segment> SegmentsOf(const Predicted& predicted, model::ColumnIndex column) {
  const Question& question = predicted.question;
  std::vector<std::vector<std::string>> values;
  for (const engine::RowKey key : question.accounts)
    values.push_back(engine::GroupsOf(*question.snapshot, key, column));
  std::map<std::string, Segment> segments;
  for (const size_t row : AllRows(predicted.samples)) {
    for (const std::string& value : values[static_cast<size_t>(predicted.samples.account[row])]) {
      segments[value].rows.push_back(row);
    }
  }
  for (const int32_t account : predicted.samples.unscored) {
    for (const std::string& value : values[static_cast<size_t>(account)]) ++segments[value].unscored;
  }
  return segments;
}

void AddSegments(const Predicted& predicted, model::ColumnIndex column, error::Locale locale,
                 v1::BacktestReport* report) {
  const std::map<std::string, Segment> segments = SegmentsOf(predicted, column);
  std::vector<const std::pair<const std::string, Segment>*> order;
  for (const auto& segment : segments) order.push_back(&segment);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto* a, const auto* b) { return a->second.rows.size() > b->second.rows.size(); });
  if (order.size() > kSegmentsMax) {
    order.resize(kSegmentsMax);
    report->add_warnings(SegmentsCut(kSegmentsMax, locale));
  }
  for (const auto* segment : order) {
    v1::BacktestSegment* out = report->add_segments();
    out->set_value(segment->first);
    *out->mutable_figures() = FiguresOf(predicted, segment->second.rows, segment->second.unscored);
  }
  if (predicted.question.outcome.has_date()) report->add_warnings(SegmentsAsNow(locale));
}

v1::BacktestReport ReportOf(const Question& question, const Samples& samples,
                            std::optional<model::ColumnIndex> segment_by, error::Locale locale) {
  v1::BacktestReport report;
  const Predicted predicted = Predict(question, samples);
  *report.mutable_overall() = FiguresOf(predicted, AllRows(samples), static_cast<int64_t>(samples.unscored.size()));
  for (v1::BacktestCutoff& cutoff : CutoffsOf(predicted)) *report.add_cutoffs() = std::move(cutoff);
  for (v1::CalibrationBin& bin : CalibrationOf(predicted)) *report.add_calibration() = std::move(bin);

  const v1::BacktestFigures& overall = report.overall();
  const AreaFigures area{.absent = overall.absence() != v1::ABSENCE_UNSPECIFIED,
                         .value = overall.auc(),
                         .interval = {overall.auc_low(), overall.auc_high()},
                         .sample_count = overall.sample_count(),
                         .account_count = overall.account_count(),
                         .event_count = overall.event_count()};
  report.set_conclusion(ConclusionOfBacktest(question, area, locale));
  report.set_has_evidence(!area.absent && area.interval.low > 0.5);
  const int64_t event_accounts = learning::CountClasses(samples.happened, samples.cluster).events;
  for (std::string& warning : WarningsOf(question, event_accounts, locale)) {
    report.add_warnings(std::move(warning));
  }
  if (predicted.probabilities.empty()) report.add_warnings(NoProbabilities(locale));
  if (segment_by.has_value()) AddSegments(predicted, *segment_by, locale, &report);
  return report;
}

}  // namespace

absl::StatusOr<v1::BacktestReport> Backtest(const portfolio::Workspace& workspace,
                                            const v1::BacktestHealthModelRequest& request, error::Locale locale,
                                            const TotalProgress& progress) {
  auto question = AskBacktest(workspace, request);
  if (!question.ok()) return question.status();
  const auto segment_by = SegmentColumn(*question->snapshot, request.segment_by());
  if (!segment_by.ok()) return segment_by.status();
  const auto tell = [&](int64_t done) { return progress(done, question->total()); };
  auto chosen = ChooseSamples(workspace.portfolio(), ChosenBy::kAccount, limits::kBacktestSamplesMax, tell, &*question);
  if (!chosen.ok()) return chosen;
  const auto samples = Gather(workspace.portfolio(), *question, /*with_reads=*/false, tell);
  if (!samples.ok()) return samples.status();
  return ReportOf(*question, *samples, *segment_by, locale);
}

}  // namespace folio::proof
