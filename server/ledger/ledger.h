// The ledger: what indicators read, in parts that change one by one.
//
// A projection. Facts lie as entries in segments, one for each kind and month of the workspace's time zone; what
// revenue is told from lies in blocks of accounts; leads and deals lie in tables by their keys. Readers take a state,
// which never changes, and never wait. Each part has a version, by which results computed from it are kept (Memos).
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "folio/v1/business_calendar.pb.h"
#include "google/type/money.pb.h"
#include "server/engine/account_keys.h"
#include "server/engine/projection.h"
#include "server/ledger/account_block.h"
#include "server/ledger/entry.h"
#include "server/ledger/memos.h"
#include "server/ledger/month.h"
#include "server/ledger/numbers.h"
#include "server/ledger/rates.h"
#include "server/ledger/row_table.h"
#include "server/ledger/sales.h"
#include "server/ledger/segment.h"

namespace folio::ledger {

// By key / kBlockAccounts; nullptr where there is none.
using AccountBlocks = std::vector<std::shared_ptr<const AccountBlock>>;

// Segments of one kind, by month.
using KindTable = std::vector<std::pair<Month, std::shared_ptr<const Segment>>>;

// The business calendars that the workspace has written, by id.
using Calendars = std::map<std::string, v1::BusinessCalendar, std::less<>>;

struct State {
  storage::Revision revision = 0;
  std::array<std::shared_ptr<const KindTable>, kEntryKinds> kinds;
  std::shared_ptr<const AccountBlocks> blocks;
  std::shared_ptr<const std::vector<Scale>> scales;
  std::shared_ptr<const RowTable<Lead>::Blocks> leads;
  std::shared_ptr<const RowTable<Deal>::Blocks> deals;
  std::shared_ptr<const std::vector<std::string>> stages;      // names, by number
  std::shared_ptr<const std::vector<std::string>> currencies;  // by number; the workspace's is the first
  std::array<std::shared_ptr<const std::vector<std::string>>, kDimensions> labels;  // by number
  std::shared_ptr<const Rates> rates;
  std::shared_ptr<const Calendars> calendars;
  std::string zone_name;    // of the workspace's time zone, IANA
  bool has_nobody = false;  // facts, leads or deals of nobody that is known have come
  // For Ledger::Before.
  storage::Key first_nobody_fact = 0;  // the lowest key of a fact of nobody that is known; 0 where none has come
  int64_t nobody_records = 0;          // leads and deals of nobody that is known
  std::shared_ptr<const Numbers> numbers;

  const KindTable& table(EntryKind kind) const { return *kinds[static_cast<size_t>(kind)]; }
  const std::vector<std::string>& LabelsOf(Dimension dimension) const {
    return *labels[static_cast<size_t>(dimension)];
  }
};

class Ledger final : public engine::Projection {
 public:
  // `accounts` must outlive it, and be told of each account before the ledger is.
  // `zone_name` is the IANA name of `zone`; `currency` the workspace's.
  Ledger(const engine::AccountKeys& accounts, TimeZone zone, std::string zone_name, const std::string& currency);

  void Load(storage::Kind kind, const storage::RecordView& record, const google::protobuf::Message& message) override;
  void Apply(std::span<const engine::Change> changes) override;
  void Publish(storage::Revision revision) override;

  // Whether it keeps anything of a kind's records.
  static bool Reads(storage::Kind kind);

  // --- Any thread ---

  // What leads from a state back to an earlier one.
  struct Undoing {
    storage::Revision revision = 0;             // of the earlier one
    storage::Key last_fact = storage::kKeyMax;  // facts above it had not come
    // One for each record that was another one: with the message that it had, or CHANGE_KIND_DELETED, and its data now,
    // where there was none.
    std::vector<engine::Change> changes;
  };
  // The earlier state. It shares with `now` all that is the same in both; versions of what is not are its own, so keep
  // no memos of the two together.
  std::shared_ptr<const State> Before(const State& now, const Undoing& undoing) const;

  std::shared_ptr<const State> state() const;
  Memos& memos() const { return memos_; }

 private:
  // One that goes on from a state, for a thread of its own.
  Ledger(const engine::AccountKeys& accounts, TimeZone zone, const State& state);
  void RemoveFactsAbove(storage::Key last);

  void Take(storage::Kind kind, storage::Key key, std::string_view id, const google::protobuf::Message& message);
  void TakeAccount(storage::Key key, const google::protobuf::Message& message);
  void TakeSubscription(storage::Key key, const google::protobuf::Message& message);
  uint16_t CurrencyLabelOf(const google::type::Money& revenue);
  void TakeFact(storage::Key key, const google::protobuf::Message& message);
  void TakeLead(storage::Key key, const google::protobuf::Message& message);
  void TakeDeal(storage::Key key, const google::protobuf::Message& message);
  void PublishNumbers(State* next);
  void Drop(const engine::Change& change);

  // Parts that can be changed.
  AccountBlock& OwnBlock(int64_t account);
  Segment& OwnSegment(EntryKind kind, Month month);
  Rates& OwnRates();
  Calendars& OwnCalendars();
  // Puts a lead or deal in its table, or drops it.
  template <typename Row>
  void PutRow(Row row, RowTable<Row>* table);
  template <typename Row>
  void DropRow(storage::Key key, RowTable<Row>* table);
  void RemoveEntries(std::span<const EntryKind> kinds, storage::Key record);

  const engine::AccountKeys& accounts_;
  const TimeZone zone_;

  // The committer's thread only.
  Draft draft_ = 1;
  Numbers numbers_;
  std::array<std::map<Month, std::shared_ptr<Segment>>, kEntryKinds> segments_;
  std::array<bool, kEntryKinds> changed_kinds_ = {};
  std::vector<std::shared_ptr<AccountBlock>> blocks_;
  bool blocks_changed_ = false;
  RowTable<Lead> leads_;
  RowTable<Deal> deals_;
  std::shared_ptr<Rates> rates_;
  Calendars calendars_;
  bool calendars_changed_ = false;
  storage::Key first_nobody_fact_ = 0;  // 0 where none has come
  int64_t nobody_records_ = 0;          // leads and deals
  storage::Key newest_fact_ = 0;        // a higher key cannot be known
  std::vector<KindedEntry> scratch_;

  mutable std::mutex mutex_;
  std::shared_ptr<const State> state_;  // guarded by mutex_; only the committer's thread changes it
  mutable Memos memos_;
};

}  // namespace folio::ledger
