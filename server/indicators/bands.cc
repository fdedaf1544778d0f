#include "server/indicators/bands.h"

#include <algorithm>

#include "server/account/revenue.h"
#include "server/scoring/score.h"

namespace folio::indicators {
namespace {

void Join(const BandMoves::Cell& other, BandMoves::Cell* cell) {
  cell->accounts += other.accounts;
  cell->arr += other.arr;
}

Band BandOfScore(int64_t score) {
  return score < 0 ? v1::HEALTH_BAND_UNSPECIFIED : scoring::BandOf(static_cast<int>(score));
}

}  // namespace

ShownBands::ShownBands(const Question& question)
    : question_(question), history_(question.workspace.storage(), question.state.revision) {
  for (const Period& period : question.periods) {
    for (const Day day : {period.start_day - 1, period.last_day}) {
      if (!IsNow(day)) past_days_.push_back(day);
    }
  }
  std::sort(past_days_.begin(), past_days_.end());
  past_days_.erase(std::unique(past_days_.begin(), past_days_.end()), past_days_.end());
}

void ShownBands::Enter(int64_t account, const account::View& view) {
  const int64_t score = question_.rows.now.IntAt(account, question_.portfolio.columns().health);
  now_ = BandOfScore(score == engine::Snapshot::kMissingInt ? portfolio::ShownScores::kNone : score);
  if (auto status = history_.Read(account, view.created, past_days_, &scores_); !status.ok()) status_.Update(status);
}

Band ShownBands::On(Day day) const {
  if (IsNow(day)) return now_;
  const auto found = std::lower_bound(past_days_.begin(), past_days_.end(), day);
  return BandOfScore(scores_[static_cast<size_t>(found - past_days_.begin())]);
}

BandMoves::Reading BandMoves::Read(const account::View& view, const Period& period, const ShownBands& bands) {
  return {.before = bands.On(period.start_day - 1),
          .after = bands.On(period.last_day),
          .arr = account::ArrOn(view, period.last_day)};
}

void BandMoves::Add(const Reading& reading) {
  Join({.accounts = 1, .arr = reading.arr}, &cells[reading.before][reading.after]);
}

void BandMoves::Merge(const BandMoves& other) {
  for (size_t before = 0; before < kBands; ++before) {
    for (size_t after = 0; after < kBands; ++after) Join(other.cells[before][after], &cells[before][after]);
  }
}

BandMoves::Cell BandMoves::In(Band band) const {
  Cell sum;
  for (const auto& row : cells) Join(row[band], &sum);
  return sum;
}

int64_t BandMoves::scored() const {
  int64_t count = 0;
  for (const Band band : kScoredBands) count += In(band).accounts;
  return count;
}

int64_t BandMoves::followed() const {
  int64_t count = 0;
  for (const Band before : kScoredBands) {
    for (const Band after : kScoredBands) count += From(before, after).accounts;
  }
  return count;
}

}  // namespace folio::indicators
