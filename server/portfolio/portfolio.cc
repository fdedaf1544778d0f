#include "server/portfolio/portfolio.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <mutex>
#include <utility>

#include "folio/v1/account.pb.h"
#include "folio/v1/contact.pb.h"
#include "folio/v1/fact.pb.h"
#include "folio/v1/health_model.pb.h"
#include "folio/v1/signal.pb.h"
#include "folio/v1/signal_rule.pb.h"
#include "folio/v1/subscription.pb.h"
#include "server/account/parts.h"
#include "server/account/revenue.h"
#include "server/base/money.h"
#include "server/engine/feed.h"
#include "server/engine/resources.h"
#include "server/portfolio/model_health.h"

namespace folio::portfolio {

using engine::RowKey;
using google::protobuf::Message;

namespace {

// Accounts to be computed that room is kept for between publications.
constexpr size_t kDirtyKept = 4'096;

template <typename Part>
void PutByKey(std::vector<Part>* parts, Part part) {
  const auto same =
      std::find_if(parts->begin(), parts->end(), [&](const Part& other) { return other.key == part.key; });
  if (same == parts->end()) {
    parts->push_back(std::move(part));
  } else {
    *same = std::move(part);
  }
}

template <typename Part>
void DropKey(std::vector<Part>* parts, int64_t key) {
  std::erase_if(*parts, [key](const Part& part) { return part.key == key; });
}

bool IsExpectedAmount(const account::Point& point) {
  return point.kind == account::PointKind::kNeedAmount || point.kind == account::PointKind::kBudgetAmount;
}

void AddKey(storage::Key key, std::vector<storage::Key>* keys) {
  const auto place = std::lower_bound(keys->begin(), keys->end(), key);
  if (place == keys->end() || *place != key) keys->insert(place, key);
}

void RemoveKey(storage::Key key, std::vector<storage::Key>* keys) {
  const auto place = std::lower_bound(keys->begin(), keys->end(), key);
  if (place != keys->end() && *place == key) keys->erase(place);
}

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

void Portfolio::Load(storage::Kind kind, const storage::RecordView& record, const Message& message) {
  std::unique_lock lock(mutex_);
  if (kind == engine::kSignal) return TakeSignal(record.id, message, true);
  Take(kind, record.key, record.id, message);
}

void Portfolio::Apply(std::span<const engine::Change> changes) {
  std::unique_lock lock(mutex_);
  for (const engine::Change& change : changes) ApplyOne(change);
}

void Portfolio::ApplyOne(const engine::Change& change) {
  if (change.type == engine::log::CHANGE_KIND_TICK) {
    engine::log::Tick tick;
    tick.ParseFromString(change.data);
    today_ = std::max(today_.load(), tick.day());
  } else if (change.type == engine::log::CHANGE_KIND_DELETED) {
    Drop(change);
  } else if (change.message != nullptr) {
    Take(change.kind, change.key, change.id, *change.message);
  }
}

void Portfolio::Take(storage::Kind kind, storage::Key key, std::string_view id, const Message& message) {
  switch (kind) {
    case engine::kAccount:
      return TakeAccount(key, id, message);
    case engine::kSubscription:
      return TakeSubscription(key, message);
    case engine::kContact:
      return TakeContact(key, message);
    case engine::kFact:
      return TakeFact(key, message);
    case engine::kSignal:
      return TakeSignal(id, message, false);
    case engine::kSignalRule:
      signal_states_.PutRule(static_cast<const v1::SignalRule&>(message));
      return MarkAllWaiting();
    case engine::kHealthModelVersion:
      return models_.Take(static_cast<const v1::HealthModelVersion&>(message));
    case engine::kHealthOverride:
      return TakeOverride(message);
    case engine::kCustomField:
      return custom_fields_.Define(id, static_cast<const v1::CustomField&>(message));
    default:
      return;
  }
}

void Portfolio::TakeAccount(storage::Key key, std::string_view id, const Message& message) {
  const auto& account = static_cast<const v1::Account&>(message);
  const auto index = static_cast<size_t>(key);
  if (direct_arr_.size() <= index) {
    direct_arr_.resize(index + 1, kNoAmount);
    is_dirty_.resize(index + 1);
  }
  const bool is_new = !account_keys_.Has(key);
  if (is_new) account_keys_.Put(key, id);
  const Micros direct_arr =
      account.has_annual_recurring_revenue() ? FromProto(account.annual_recurring_revenue()).value_or(0) : kNoAmount;
  std::vector<account::CustomValue> custom = account::CustomValuesOf(account, custom_fields_);
  if (!is_new && TellsNothingNew(key, account, direct_arr, custom)) {
    // Where there are models for segments, or rules with filters, any column may say what is for the account.
    if (columns_choose_) MarkDirty(key);
    return;
  }
  direct_arr_[index] = direct_arr;
  if (!custom.empty() || details_.Find(index) != nullptr) DetailsOf(key).custom = std::move(custom);
  scores_.ForgetMonthAgo(key);
  MarkDirty(key);
}

bool Portfolio::TellsNothingNew(RowKey key, const v1::Account& account, Micros direct_arr,
                                std::span<const account::CustomValue> custom) const {
  const engine::Table& table = *std::as_const(tables_).table(engine::kAccount);
  const auto is = [&](model::ColumnIndex column, bool known, int64_t value) {
    return table.NewestInt(key, column) == (known ? value : engine::Snapshot::kMissingInt);
  };
  const Day contract_start = account::DayIn(account.contract_start_date());
  const Day renewal = account::DayIn(account.renewal_date());
  const Details* details = details_.Find(static_cast<size_t>(key));
  const std::span<const account::CustomValue> known_custom =
      details == nullptr ? std::span<const account::CustomValue>() : details->custom;
  return direct_arr_[static_cast<size_t>(key)] == direct_arr &&
         is(columns_.contract_start, contract_start != kNoDay, contract_start) &&
         is(columns_.renewal, renewal != kNoDay, renewal) &&
         is(columns_.auto_renew, account.has_auto_renew(), int64_t{account.auto_renew()}) &&
         is(columns_.seats, account.has_seat_count(), account.seat_count()) && std::ranges::equal(known_custom, custom);
}

void Portfolio::TakeSubscription(storage::Key key, const Message& message) {
  const auto& subscription = static_cast<const v1::Subscription&>(message);
  const RowKey account = account_keys_.Find(subscription.account());
  if (account == 0) return;
  PutByKey(&DetailsOf(account).terms, account::TermOf(subscription, key));
  scores_.ForgetMonthAgo(account);
  MarkDirty(account);
}

void Portfolio::TakeContact(storage::Key key, const Message& message) {
  const auto& contact = static_cast<const v1::Contact&>(message);
  const RowKey account = account_keys_.Find(contact.account());
  if (account == 0) return;
  PutByKey(&DetailsOf(account).contacts, account::ContactTermOf(contact, key));
  scores_.ForgetMonthAgo(account);
  MarkDirty(account);
}

void Portfolio::TakeFact(storage::Key key, const Message& message) {
  const auto& fact = static_cast<const v1::Fact&>(message);
  const RowKey account = fact.account().empty() ? kNobody : account_keys_.Find(fact.account());
  if (account == kNobody && !fact.account().empty()) return;
  std::vector<account::Point> points;
  if (account != kNobody) account::PointsOf(fact, key, zone_, features_, &points);
  if (fact.interaction().expected_amount().currency_code() != currency_) std::erase_if(points, IsExpectedAmount);
  Details& details = DetailsOf(account);
  if (points.empty()) {
    AddKey(key, &details.quiet_facts);
  } else {
    RemoveKey(key, &details.quiet_facts);
  }
  if (account == kNobody) return;
  const Day first_changed = details.timeline.Put(key, points);
  if (first_changed <= MonthBefore(today_)) scores_.ForgetMonthAgo(account);
  MarkDirty(account);
}

void Portfolio::TakeSignal(std::string_view id, const Message& message, bool at_start) {
  const auto& signal = static_cast<const v1::Signal&>(message);
  const RowKey account = account_keys_.Find(signal.account());
  if (account == 0) return;
  const std::string_view rule = id.substr(0, id.find('~'));
  if (at_start) {
    signal_states_.Load(account, rule, signal);
  } else if (signal_states_.Put(account, rule, signal)) {
    MarkDirty(account);
  }
}

void Portfolio::TakeOverride(const Message& message) {
  auto override = std::make_shared<const v1::HealthOverride>(static_cast<const v1::HealthOverride&>(message));
  const RowKey account = account_keys_.Find(override->account());
  if (account == 0) return;
  scores_.SetOverride(account, std::move(override));
  MarkDirty(account);
}

void Portfolio::Drop(const engine::Change& change) {
  const engine::ResourceType* type = engine::FindResource(change.kind);
  if (type == nullptr) return;
  if (change.kind == engine::kCustomField) custom_fields_.Forget(change.id);
  if (change.kind == engine::kSignalRule) {
    signal_states_.DropRule(change.id);
    return MarkAllWaiting();
  }
  const std::string name = engine::AccountOf(change.kind, change.id, change.data);
  if (change.kind == engine::kFact && name.empty()) return RemoveKey(change.key, &DetailsOf(kNobody).quiet_facts);
  const RowKey account = account_keys_.Find(name);
  if (account == 0) return;
  if (change.kind == engine::kSignal) {
    signal_states_.Drop(account, std::string_view(change.id).substr(0, change.id.find('~')));
    return MarkDirty(account);
  }
  if (change.kind == engine::kHealthOverride) {
    scores_.SetOverride(account, nullptr);
    MarkDirty(account);
  }
  Details* known = details_.Find(static_cast<size_t>(account));
  if (known == nullptr) return;
  Details& details = *known;
  if (change.kind == engine::kSubscription) DropKey(&details.terms, change.key);
  if (change.kind == engine::kContact) DropKey(&details.contacts, change.key);
  if (change.kind == engine::kFact) {
    details.timeline.Remove(change.key);
    RemoveKey(change.key, &details.quiet_facts);
  }
  scores_.ForgetMonthAgo(account);
  MarkDirty(account);
}

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
    SetSignals(dirty_[i], view, ModelHealth(model.scoring, scored, {*rule_filters_, present, i}));
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

}  // namespace folio::portfolio
