#include "server/portfolio/scores.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace folio::portfolio {

namespace {

void SetOrMissing(engine::Table* table, engine::RowKey account, model::ColumnIndex column, bool present,
                  int64_t value) {
  if (present) {
    table->SetInt(account, column, value);
  } else {
    table->SetMissing(account, column);
  }
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

Scores::Last& Scores::LastOf(engine::RowKey account) {
  const auto index = static_cast<size_t>(account);
  if (last_.size() <= index) last_.resize(index + 1);
  return last_[index];
}

void Scores::ForgetMonthAgo(engine::RowKey account) { LastOf(account).month_ago = kUnknown; }

void Scores::MoveTo(Day day) {
  if (day == today_) return;
  today_ = day;
  for (Last& last : last_) last.month_ago = kUnknown;
}

scoring::Score Scores::MonthAgo(const Last& last, const account::View& view, const ModelVersion& model) {
  if (last.month_ago != kUnknown && last.model == model.number) {
    return {.absent = last.month_ago == kAbsent, .score = std::max<int>(0, last.month_ago)};
  }
  account::View then = view;
  then.today = MonthBefore(view.today);
  return model.scoring.Run(then, nullptr);
}

ScoredDays Scores::Publish(engine::RowKey account, const account::View& view, const ModelVersion& model,
                           storage::Revision revision, const Columns& columns, engine::Table* table) {
  MoveTo(view.today);
  Last& last = LastOf(account);
  const scoring::Score score = model.scoring.Run(view, nullptr);
  const scoring::Score before = MonthAgo(last, view, model);
  last.computed = score.absent ? kAbsent : static_cast<int8_t>(score.score);
  last.month_ago = before.absent ? kAbsent : static_cast<int8_t>(before.score);
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
       model, &last);
  return {.today = view.today, .now = score, .month_ago = MonthBefore(view.today), .then = before};
}

void Scores::Note(PublishedScore score, const ModelVersion& model, Last* last) {
  const int8_t shown = score.absent ? kAbsent : static_cast<int8_t>(score.score);
  const bool first = last->score == kUnknown;
  if (last->score == shown && last->overridden == score.overridden && last->model == model.number) return;
  last->score = shown;
  last->overridden = score.overridden;
  last->model = model.number;
  if (first) return;
  score.model = model.id;
  score.version = model.version;
  const std::lock_guard lock(mutex_);
  changes_.push_back(std::move(score));
}

}  // namespace folio::portfolio
