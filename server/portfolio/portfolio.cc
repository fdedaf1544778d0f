#include "server/portfolio/portfolio.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

#include "server/account/revenue.h"
#include "server/base/money.h"
#include "server/engine/resources.h"
#include "server/portfolio/model_health.h"

namespace folio::portfolio {

using engine::RowKey;

namespace {

// Accounts to be computed that room is kept for between publications.
constexpr size_t kDirtyKept = 4'096;

}  // namespace

Portfolio::Portfolio(const storage::Storage& storage, engine::ResourceTables& tables, TimeZone zone,
                     std::string currency, Day last_day, Day today)
    : tables_(tables),
      zone_(zone),
      currency_(std::move(currency)),
      today_(today),
      computed_day_(last_day == kNoDay ? today : last_day),
      columns_(tables.table(engine::kAccount)),
      account_keys_(storage),
      scores_(zone_),
      models_(custom_fields_, zone_),
      rule_filters_(std::make_shared<const RuleFilters>(signal_states_.rules(), newest_columns())) {}

void Portfolio::BeginNextDay() {
  const auto accounts = std::max<int64_t>(1, static_cast<int64_t>(is_dirty_.size()));
  const auto missed = static_cast<Day>(std::clamp<int64_t>(kMissedAccountDaysMax / accounts, 1, kMissedDaysMax));
  computed_day_ = std::max(computed_day_ + 1, today_ - missed);
  figures_.Clear();
  MarkAllWaiting();
}

Portfolio::Details& Portfolio::DetailsOf(RowKey account) { return details_.At(static_cast<size_t>(account)); }

void Portfolio::MarkDirty(RowKey account) {
  figures_.Forget(account);
  MarkWaiting(account);
}

void Portfolio::MarkWaiting(RowKey account) {
  const auto index = static_cast<size_t>(account);
  if (is_dirty_[index]) return;
  is_dirty_[index] = true;
  dirty_.push_back(account);
}

void Portfolio::MarkAllWaiting() {
  for (size_t key = 1; key < is_dirty_.size(); ++key) MarkWaiting(static_cast<RowKey>(key));
}

void Portfolio::Publish(storage::Revision revision) {
  // At start, the day that the last tick began is computed first: signals of it may not have been recorded.
  if (is_loading_ || computed_day_ == today_) ComputeDirty(revision);
  is_loading_ = false;
  while (computed_day_ < today_) {
    BeginNextDay();
    ComputeDirty(revision);
  }
  if (signal_changes().empty()) return;
  const std::lock_guard lock(listener_mutex_);
  if (signal_listener_ != nullptr) signal_listener_();
}

void Portfolio::ComputeDirty(storage::Revision revision) {
  const std::unique_lock lock(mutex_);
  engine::Table& table = *tables_.table(engine::kAccount);
  table.Settle();
  const bool models_changed = models_.Settle(table.columns());
  // Filters of rules are looked at account by account.
  if (models_changed && !rule_filters_->empty()) MarkAllWaiting();
  for (const RowKey account : dirty_) is_dirty_[static_cast<size_t>(account)] = false;
  std::erase_if(dirty_, [&table](RowKey account) { return !table.IsLive(account); });

  const ModelOrder order = models_.set()->InForce();
  const RuleFilters::Present present = LookForRules();
  columns_choose_ = order.size() > 1 || !rule_filters_->empty();
  const bool rescore_all = models_changed && !AllAreDirty();
  const std::vector<const ModelVersion*> chosen = ChooseForDirty(order);
  for (size_t i = 0; i < dirty_.size(); ++i) {
    const account::View view = NewestViewOf(dirty_[i]);
    if (chosen.empty()) SetRevenue(dirty_[i], view);
    const ModelVersion& model = chosen.empty() ? *order.front() : *chosen[i];
    const ScoredDays scored = scores_.Publish(dirty_[i], view, model, revision, columns_, &table);
    const ModelHealth health(model.scoring, scored, {*rule_filters_, present, i});
    SetSignals(dirty_[i], signal_states_.Update(dirty_[i], view, health));
  }
  if (rescore_all) RescoreAll(order, revision);
  dirty_.clear();
  if (dirty_.capacity() > kDirtyKept) dirty_.shrink_to_fit();
}

// Filters may read revenue, so that is set first.
std::vector<const ModelVersion*> Portfolio::ChooseForDirty(const ModelOrder& order) {
  if (order.size() == 1) return {};
  std::sort(dirty_.begin(), dirty_.end());
  for (const RowKey account : dirty_) SetRevenue(account, NewestViewOf(account));
  return ChooseModelsOf(order, dirty_);
}

account::View Portfolio::NewestViewOf(RowKey account) const {
  const engine::Table& table = *std::as_const(tables_).table(engine::kAccount);
  return ViewOf(account, computed_day_, [&](model::ColumnIndex column) { return table.NewestInt(account, column); });
}

template <typename IntOf>
account::View Portfolio::ViewOf(RowKey account, Day day, IntOf int_of) const {
  const auto or_else = [&](model::ColumnIndex column, auto missing) {
    const int64_t value = int_of(column);
    return value == engine::Snapshot::kMissingInt ? missing : static_cast<decltype(missing)>(value);
  };
  account::View view{.today = day,
                     .created = zone_.DayAt(or_else(columns_.create_time, Instant{0})),
                     .contract_start = or_else(columns_.contract_start, kNoDay),
                     .renewal = or_else(columns_.renewal, kNoDay),
                     .auto_renew = or_else(columns_.auto_renew, int8_t{-1}),
                     .seats = or_else(columns_.seats, int32_t{-1})};
  const auto index = static_cast<size_t>(account);
  if (direct_arr_[index] != kNoAmount) view.direct_arr = direct_arr_[index];
  if (const Details* details = details_.Find(index)) {
    view.terms = details->terms;
    view.contacts = details->contacts;
    view.points = details->timeline.points();
    view.custom = details->custom;
  }
  return view;
}

void Portfolio::SetRevenue(RowKey account, const account::View& view) {
  engine::Table& table = *tables_.table(engine::kAccount);
  const Micros arr = account::ArrOn(view, view.today);
  const account::Growth growth = account::GrowthOn(view, view.today);
  table.SetInt(account, columns_.arr, arr);
  if (growth.absence == account::GrowthAbsence::kTooYoung) {
    table.SetMissing(account, columns_.arr_year_ago);
  } else {
    table.SetInt(account, columns_.arr_year_ago, growth.arr_then);
  }
  table.SetInt(account, columns_.mrr, Twelfth(arr));
  table.SetReal(account, columns_.growth,
                growth.absence == account::GrowthAbsence::kNone ? growth.value : std::nan(""));

  int8_t auto_renew = -1;
  const Day renewal = account::NextRenewal(view, &auto_renew);
  if (renewal == kNoDay) {
    table.SetMissing(account, columns_.next_renewal);
  } else {
    table.SetInt(account, columns_.next_renewal, renewal);
  }
}

std::shared_ptr<const engine::Snapshot> Portfolio::snapshot() const {
  return std::as_const(tables_).table(engine::kAccount)->snapshot();
}

ModelVersionPtr Portfolio::ModelOf(const engine::Snapshot& snapshot, RowKey account) const {
  const auto set = models();
  ModelVersionPtr current = set->Current(snapshot.TextAt(account, columns_.health_model));
  return current != nullptr ? current : set->Current(kDefaultModelId);
}

const model::ColumnSet& Portfolio::newest_columns() const {
  return std::as_const(tables_).table(engine::kAccount)->columns();
}

bool Portfolio::Show(RowKey account, Day day, const std::function<void(const account::View&)>& show) const {
  const auto published = snapshot();
  if (!published->IsLive(account)) return false;
  std::shared_lock lock(mutex_);
  show(ViewOf(account, day, [&](model::ColumnIndex column) { return published->IntAt(account, column); }));
  return true;
}

std::vector<storage::Key> Portfolio::FactsOf(RowKey account) const {
  std::shared_lock lock(mutex_);
  std::vector<storage::Key> facts;
  const Details* details = details_.Find(static_cast<size_t>(account));
  if (details == nullptr) return facts;
  facts = details->quiet_facts;
  for (const account::Point& point : details->timeline.points()) facts.push_back(point.fact);
  std::sort(facts.begin(), facts.end());
  facts.erase(std::unique(facts.begin(), facts.end()), facts.end());
  return facts;
}

std::vector<storage::Key> Portfolio::FactsOfNobodyBelow(storage::Key below, int64_t count_max) const {
  std::shared_lock lock(mutex_);
  const Details* details = details_.Find(kNobody);
  if (details == nullptr) return {};
  // Nobody has a health that facts could tell of, so that all are quiet.
  const std::vector<storage::Key>& all = details->quiet_facts;
  const auto end = std::lower_bound(all.begin(), all.end(), below);
  const auto begin = end - std::min<int64_t>(count_max, end - all.begin());
  return {std::make_reverse_iterator(end), std::make_reverse_iterator(begin)};
}

int64_t Portfolio::CountOfNobodysFacts() const {
  std::shared_lock lock(mutex_);
  const Details* details = details_.Find(kNobody);
  return details == nullptr ? 0 : std::ssize(details->quiet_facts);
}

}  // namespace folio::portfolio
