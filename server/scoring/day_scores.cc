#include "server/scoring/day_scores.h"

#include <limits>
#include <span>
#include <vector>

namespace folio::scoring {

namespace {

// One figure, a row for each day.
template <size_t kDays>
FigureColumn ReadDays(const Figure& figure, account::View view, Day first, std::array<double, kDays>* values) {
  bool complete = true;
  for (size_t i = 0; i < kDays; ++i) {
    view.today = first + static_cast<Day>(i);
    const measures::Reading reading = ReadFigure(figure, view).reading;
    complete = complete && !reading.missing();
    (*values)[i] = reading.missing() ? std::numeric_limits<double>::quiet_NaN() : reading.value;
  }
  return {.values = values->data(), .complete = complete};
}

}  // namespace

const Score& DayScores::On(const account::View& view) {
  const Day offset = (view.today % kStretchDays + kStretchDays) % kStretchDays;
  const Day first = view.today - offset;
  const auto [stretch, is_new] = stretches_.try_emplace(first);
  if (is_new) Fill(view, first, &stretch->second);
  return stretch->second[static_cast<size_t>(offset)];
}

void DayScores::Fill(account::View view, Day first, Stretch* stretch) const {
  const std::span<const Figure> figures = model_.figures();
  std::vector<std::array<double, kStretchDays>> values(figures.size());
  std::vector<FigureColumn> columns;
  for (size_t i = 0; i < figures.size(); ++i) columns.push_back(ReadDays(figures[i], view, first, &values[i]));
  BatchScores scores;
  model_.RunBatch(columns, kStretchDays, &scores);
  for (size_t i = 0; i < stretch->size(); ++i) {
    Score& score = (*stretch)[i];
    score.coverage = scores.coverage[i];
    score.absent = scores.score[i] == BatchScores::kAbsent;
    if (score.absent) continue;
    score.raw = scores.raw[i];
    score.score = scores.score[i];
    score.band = BandOf(score.score);
  }
}

}  // namespace folio::scoring
