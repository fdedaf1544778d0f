#include "server/ledger/ledger.h"

#include <algorithm>
#include <mutex>

#include "folio/v1/account.pb.h"
#include "folio/v1/deal.pb.h"
#include "folio/v1/exchange_rate.pb.h"
#include "folio/v1/lead.pb.h"
#include "folio/v1/subscription.pb.h"
#include "server/account/parts.h"
#include "server/base/money.h"
#include "server/engine/feed.h"
#include "server/engine/resources.h"

namespace folio::ledger {

using google::protobuf::Message;

namespace {

// Results of some hundred pages of indicators.
constexpr int64_t kMemoBytes = 128 << 20;

constexpr std::array kAllKinds = [] {
  std::array<EntryKind, kEntryKinds> kinds = {};
  for (int i = 0; i < kEntryKinds; ++i) kinds[static_cast<size_t>(i)] = static_cast<EntryKind>(i);
  return kinds;
}();

}  // namespace

Ledger::Ledger(const engine::AccountKeys& accounts, TimeZone zone, std::string zone_name, const std::string& currency)
    : accounts_(accounts),
      zone_(zone),
      numbers_(currency),
      rates_(std::make_shared<Rates>(draft_)),
      memos_(kMemoBytes) {
  auto state = std::make_shared<State>();
  for (auto& table : state->kinds) table = std::make_shared<const KindTable>();
  state->blocks = std::make_shared<const AccountBlocks>();
  PublishNumbers(state.get());
  state->leads = leads_.blocks();
  state->deals = deals_.blocks();
  state->rates = rates_;
  state->numbers = std::make_shared<const Numbers>(numbers_);
  state->calendars = std::make_shared<const Calendars>();
  state->zone_name = std::move(zone_name);
  state_ = std::move(state);
}

Ledger::Ledger(const engine::AccountKeys& accounts, TimeZone zone, const State& state)
    : accounts_(accounts),
      zone_(zone),
      // Above every draft of the ledger that the state is of: what they share stays as it is.
      draft_(Draft{1} << 63),
      numbers_(*state.numbers),
      leads_(*state.leads),
      deals_(*state.deals),
      rates_(std::const_pointer_cast<Rates>(state.rates)),
      calendars_(*state.calendars),
      first_nobody_fact_(state.first_nobody_fact),
      nobody_records_(state.nobody_records),
      newest_fact_(storage::kKeyMax),
      state_(std::make_shared<const State>(state)),
      memos_(0) {
  for (size_t kind = 0; kind < segments_.size(); ++kind) {
    for (const auto& [month, segment] : *state.kinds[kind]) {
      segments_[kind].emplace(month, std::const_pointer_cast<Segment>(segment));
    }
  }
  for (const auto& block : *state.blocks) blocks_.push_back(std::const_pointer_cast<AccountBlock>(block));
}

std::shared_ptr<const State> Ledger::Before(const State& now, const Undoing& undoing) const {
  Ledger earlier(accounts_, zone_, now);
  earlier.RemoveFactsAbove(undoing.last_fact);
  earlier.Apply(undoing.changes);
  earlier.Publish(undoing.revision);
  return earlier.state();
}

void Ledger::RemoveFactsAbove(storage::Key last) {
  if (first_nobody_fact_ > last) first_nobody_fact_ = 0;
  for (const EntryKind kind : kAllKinds) {
    for (const auto& [month, segment] : segments_[static_cast<size_t>(kind)]) {
      if (segment->last_record() > last) OwnSegment(kind, month).RemoveAbove(last);
    }
  }
}

bool Ledger::Reads(storage::Kind kind) {
  switch (kind) {
    case engine::kAccount:
    case engine::kSubscription:
    case engine::kFact:
    case engine::kLead:
    case engine::kDeal:
    case engine::kExchangeRate:
    case engine::kBusinessCalendar:
      return true;
    default:
      return false;
  }
}

void Ledger::Load(storage::Kind kind, const storage::RecordView& record, const Message& message) {
  Take(kind, record.key, record.id, message);
}

void Ledger::Apply(std::span<const engine::Change> changes) {
  for (const engine::Change& change : changes) {
    if (change.type == engine::log::CHANGE_KIND_DELETED) {
      Drop(change);
    } else if (change.message != nullptr) {
      Take(change.kind, change.key, change.id, *change.message);
    }
  }
}

void Ledger::Take(storage::Kind kind, storage::Key key, std::string_view id, const Message& message) {
  if (kind == engine::kAccount) TakeAccount(key, message);
  if (kind == engine::kSubscription) TakeSubscription(key, message);
  if (kind == engine::kFact) TakeFact(key, message);
  if (kind == engine::kLead) TakeLead(key, message);
  if (kind == engine::kDeal) TakeDeal(key, message);
  if (kind == engine::kExchangeRate) OwnRates().Put(static_cast<const v1::ExchangeRate&>(message));
  if (kind == engine::kBusinessCalendar) {
    OwnCalendars()[std::string(id)] = static_cast<const v1::BusinessCalendar&>(message);
  }
}

void Ledger::TakeAccount(storage::Key key, const Message& message) {
  const auto& account = static_cast<const v1::Account&>(message);
  AccountRow row{.created = zone_.DayAt(FromProto(account.create_time())),
                 .contract_start = account::DayIn(account.contract_start_date()),
                 .seats = account.has_seat_count() ? account.seat_count() : -1};
  row.direct_arr = account::BookedArrOf(account).value_or(kNoAmount);
  if (account.has_annual_recurring_revenue()) {
    row.direct_currency = CurrencyLabelOf(account.annual_recurring_revenue());
  }
  // Most updates of accounts tell revenue nothing new.
  const auto block = static_cast<size_t>(key / kBlockAccounts);
  if (block < blocks_.size() && blocks_[block] != nullptr && blocks_[block]->RowOf(key) == row) return;
  OwnBlock(key).SetRow(key, row);
}

void Ledger::TakeSubscription(storage::Key key, const Message& message) {
  const auto& subscription = static_cast<const v1::Subscription&>(message);
  const int64_t account = accounts_.Find(subscription.account());
  if (account == 0) return;
  account::Term term = account::TermOf(subscription, key);
  term.currency = CurrencyLabelOf(subscription.annual_amount());
  OwnBlock(account).PutTerm(account, term);
}

uint16_t Ledger::CurrencyLabelOf(const google::type::Money& revenue) {
  const std::string& code = revenue.currency_code();
  return code.empty() ? uint16_t{0} : numbers_.OfLabel(Dimension::kRevenueCurrency, code);
}

void Ledger::TakeFact(storage::Key key, const Message& message) {
  const auto& fact = static_cast<const v1::Fact&>(message);
  if (key <= newest_fact_) RemoveEntries(KindsOf(fact.detail_case()), key);
  newest_fact_ = std::max(newest_fact_, key);
  const int64_t account = accounts_.Find(fact.account());
  if (account == 0 && !fact.account().empty()) return;
  if (account == 0 && (first_nobody_fact_ == 0 || key < first_nobody_fact_)) first_nobody_fact_ = key;
  scratch_.clear();
  EntriesOf(fact, zone_, numbers_, &scratch_);
  for (KindedEntry& made : scratch_) {
    made.entry.record = key;
    made.entry.account = static_cast<uint32_t>(account);
    OwnSegment(made.kind, MonthOf(zone_.DayAt(made.entry.time))).Add(made.entry);
  }
}

void Ledger::TakeLead(storage::Key key, const Message& message) {
  const auto& lead = static_cast<const v1::Lead&>(message);
  const int64_t account = accounts_.Find(lead.account().empty() ? lead.converted_account() : lead.account());
  PutRow(LeadOf(lead, key, account, numbers_), &leads_);
}

void Ledger::TakeDeal(storage::Key key, const Message& message) {
  const auto& deal = static_cast<const v1::Deal&>(message);
  PutRow(DealOf(deal, key, accounts_.Find(deal.account()), numbers_), &deals_);
}

template <typename Row>
void Ledger::PutRow(Row row, RowTable<Row>* table) {
  const Row* before = table->Find(row.key);
  if (before != nullptr && before->account == 0) --nobody_records_;
  if (row.account == 0) ++nobody_records_;
  table->Put(std::move(row), draft_);
}

template <typename Row>
void Ledger::DropRow(storage::Key key, RowTable<Row>* table) {
  const Row* before = table->Find(key);
  if (before != nullptr && before->account == 0) --nobody_records_;
  table->Drop(key, draft_);
}

void Ledger::Drop(const engine::Change& change) {
  if (change.kind == engine::kFact) RemoveEntries(kAllKinds, change.key);
  if (change.kind == engine::kLead) DropRow(change.key, &leads_);
  if (change.kind == engine::kDeal) DropRow(change.key, &deals_);
  if (change.kind == engine::kBusinessCalendar) OwnCalendars().erase(change.id);
  if (change.kind == engine::kExchangeRate) {
    v1::ExchangeRate rate;
    if (rate.ParseFromString(change.data)) OwnRates().Drop(rate);
  }
  if (change.kind != engine::kSubscription) return;
  const int64_t account = accounts_.Find(engine::AccountOf(change.kind, change.id, change.data));
  if (account != 0) OwnBlock(account).DropTerm(account, change.key);
}

AccountBlock& Ledger::OwnBlock(int64_t account) {
  const auto position = static_cast<size_t>(account / kBlockAccounts);
  if (blocks_.size() <= position) blocks_.resize(position + 1);
  std::shared_ptr<AccountBlock>& block = blocks_[position];
  if (block == nullptr) {
    block = std::make_shared<AccountBlock>(draft_);
  } else if (block->draft() != draft_) {
    block = std::make_shared<AccountBlock>(*block, draft_);
  }
  blocks_changed_ = true;
  return *block;
}

Segment& Ledger::OwnSegment(EntryKind kind, Month month) {
  const auto index = static_cast<size_t>(kind);
  std::shared_ptr<Segment>& segment = segments_[index][month];
  if (segment == nullptr) {
    segment = std::make_shared<Segment>(draft_);
  } else if (segment->draft() != draft_) {
    segment = std::make_shared<Segment>(*segment, draft_);
  }
  changed_kinds_[index] = true;
  return *segment;
}

Rates& Ledger::OwnRates() {
  if (rates_->draft() != draft_) rates_ = std::make_shared<Rates>(*rates_, draft_);
  return *rates_;
}

Calendars& Ledger::OwnCalendars() {
  calendars_changed_ = true;
  return calendars_;
}

void Ledger::RemoveEntries(std::span<const EntryKind> kinds, storage::Key record) {
  for (const EntryKind kind : kinds) {
    for (const auto& [month, segment] : segments_[static_cast<size_t>(kind)]) {
      if (segment->Has(record)) OwnSegment(kind, month).Remove(record);
    }
  }
}

void Ledger::Publish(storage::Revision revision) {
  auto next = std::make_shared<State>(*state_);
  next->revision = revision;
  for (size_t kind = 0; kind < changed_kinds_.size(); ++kind) {
    if (!changed_kinds_[kind]) continue;
    next->kinds[kind] = std::make_shared<const KindTable>(segments_[kind].begin(), segments_[kind].end());
  }
  changed_kinds_ = {};
  if (blocks_changed_) next->blocks = std::make_shared<const AccountBlocks>(blocks_.begin(), blocks_.end());
  blocks_changed_ = false;
  PublishNumbers(next.get());
  if (leads_.TakeChanges()) next->leads = leads_.blocks();
  if (deals_.TakeChanges()) next->deals = deals_.blocks();
  next->rates = rates_;
  next->first_nobody_fact = first_nobody_fact_;
  next->nobody_records = nobody_records_;
  next->has_nobody = first_nobody_fact_ != 0 || nobody_records_ > 0;
  if (next->numbers->count() != numbers_.count()) next->numbers = std::make_shared<const Numbers>(numbers_);
  if (std::exchange(calendars_changed_, false)) next->calendars = std::make_shared<const Calendars>(calendars_);
  ++draft_;
  const std::lock_guard lock(mutex_);
  state_ = std::move(next);
}

void Ledger::PublishNumbers(State* next) {
  const auto publish = [](const auto& newest, auto* published) {
    using List = std::decay_t<decltype(newest)>;
    if (*published == nullptr || (*published)->size() != newest.size())
      *published = std::make_shared<const List>(newest);
  };
  publish(numbers_.scales(), &next->scales);
  publish(numbers_.stages(), &next->stages);
  publish(numbers_.currencies(), &next->currencies);
  for (int i = 0; i < kDimensions; ++i) {
    publish(numbers_.labels(static_cast<Dimension>(i)), &next->labels[static_cast<size_t>(i)]);
  }
}

std::shared_ptr<const State> Ledger::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

}  // namespace folio::ledger
