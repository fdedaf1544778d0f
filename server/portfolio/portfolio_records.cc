// What records tell the portfolio of accounts.
#include <algorithm>
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
#include "server/base/money.h"
#include "server/engine/feed.h"
#include "server/engine/resources.h"
#include "server/portfolio/portfolio.h"

namespace folio::portfolio {

using engine::RowKey;
using google::protobuf::Message;

namespace {

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
  const Micros direct_arr = account::BookedArrOf(account).value_or(kNoAmount);
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

}  // namespace folio::portfolio
