#include "server/portfolio/scores.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace folio::portfolio {

namespace {

// The trend looks back over a month.
constexpr int kTrendDays = 30;

void SetOrMissing(engine::Table* table, engine::RowKey account, model::ColumnIndex column, bool present,
                  int64_t value) {
  if (present) {
    table->SetInt(account, column, value);
  } else {
    table->SetMissing(account, column);
  }
}

// The score of the same model on a day before.
scoring::Score ScoreBefore(const scoring::Model& model, account::View view, int days) {
  view.today -= days;
  return model.Run(view, nullptr);
}

}  // namespace

bool HoldsOn(const v1::HealthOverride& override, Day day, const TimeZone& zone) {
  const Day expires = FromProto(override.expire_date()).value_or(kNoDay);
  return zone.DayAt(FromProto(override.create_time())) <= day && day < expires;
}

void Scores::SetOverride(engine::RowKey account, OverridePtr override) {
  const std::lock_guard lock(mutex_);
  if (override == nullptr) {
    overrides_.erase(account);
  } else {
    overrides_[account] = std::move(override);
  }
}

OverridePtr Scores::OverrideOn(engine::RowKey account, Day day) const {
  const std::lock_guard lock(mutex_);
  if (overrides_.empty()) return nullptr;
  const auto found = overrides_.find(account);
  return found != overrides_.end() && HoldsOn(*found->second, day, zone_) ? found->second : nullptr;
}

ScoredDays Scores::Publish(engine::RowKey account, const account::View& view, const ModelVersion& model,
                           storage::Revision revision, const Columns& columns, engine::Table* table) {
  const scoring::Score score = model.scoring.Run(view, nullptr);
  const scoring::Score before = ScoreBefore(model.scoring, view, kTrendDays);
  const OverridePtr override = OverrideOn(account, view.today);
  const bool shown = override != nullptr || !score.absent;
  const int shown_score = override != nullptr ? override->score() : score.score;

  SetOrMissing(table, account, columns.health, shown, shown_score);
  SetOrMissing(table, account, columns.band, shown, scoring::BandOf(shown_score));
  table->SetReal(account, columns.health_raw, score.absent ? std::nan("") : score.raw);
  table->SetReal(account, columns.coverage, score.coverage);
  table->SetText(account, columns.health_model, model.id);
  table->SetInt(account, columns.health_overridden, override != nullptr ? 1 : 0);
  SetOrMissing(table, account, columns.health_trend, !score.absent && !before.absent, score.score - before.score);
  Note({.account = account,
        .revision = revision,
        .day = view.today,
        .absent = !shown,
        .overridden = override != nullptr,
        .score = shown_score,
        .raw = score.raw,
        .coverage = score.coverage},
       model);
  return {.today = view.today, .now = score, .month_ago = view.today - kTrendDays, .then = before};
}

void Scores::Note(PublishedScore score, const ModelVersion& model) {
  const auto index = static_cast<size_t>(score.account);
  if (last_.size() <= index) last_.resize(index + 1);
  const Last now{.score = score.absent ? kAbsent : static_cast<int16_t>(score.score),
                 .overridden = score.overridden,
                 .model = model.number};
  Last& last = last_[index];
  if (last.score == now.score && last.overridden == now.overridden && last.model == now.model) return;
  last = now;
  score.model = model.id;
  score.version = model.version;
  const std::lock_guard lock(mutex_);
  changes_.push_back(std::move(score));
}

std::vector<PublishedScore> Scores::TakeChanges(size_t most) {
  const std::lock_guard lock(mutex_);
  const auto count = static_cast<std::ptrdiff_t>(std::min(most, changes_.size()));
  std::vector<PublishedScore> taken(std::make_move_iterator(changes_.begin()),
                                    std::make_move_iterator(changes_.begin() + count));
  changes_.erase(changes_.begin(), changes_.begin() + count);
  if (changes_.empty()) changes_.shrink_to_fit();
  return taken;
}

}  // namespace folio::portfolio
