// The portfolio: for each account its revenue, health, risks and opportunities, kept as columns beside the account's
// own.
//
// A projection: pure, in memory, brought up to date before a write is acknowledged. What depends on the date is
// computed for the workspace's current day, which a tick of the log moves on.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "folio/v1/account.pb.h"
#include "folio/v1/portfolio.pb.h"
#include "folio/v1/signal.pb.h"
#include "folio/v1/workspace.pb.h"
#include "server/account/timeline.h"
#include "server/account/view.h"
#include "server/base/error.h"
#include "server/engine/account_keys.h"
#include "server/engine/projection.h"
#include "server/engine/resource_tables.h"
#include "server/portfolio/columns.h"
#include "server/portfolio/figure_columns.h"
#include "server/portfolio/models.h"
#include "server/portfolio/rule_filters.h"
#include "server/portfolio/scores.h"
#include "server/portfolio/signal_states.h"
#include "server/portfolio/sparse.h"

namespace folio::portfolio {

// An account's signals, with what they are found from. What it borrows is valid during the call that shows it.
struct SignalsView {
  const account::View& view;
  const signals::AccountSource& source;
  const std::shared_ptr<const signals::RuleSet>& rules;
  std::span<const signals::Spell> spells;
  std::span<const SignalChoice> choices;
};

// Days that nobody looked at, since the server was down, are lived through one by one: at most so many, and at most so
// many days of accounts (some seconds). What lies further back is passed over.
inline constexpr int kMissedDaysMax = 31;
inline constexpr int64_t kMissedAccountDaysMax = 5'000'000;

class Portfolio final : public engine::Projection {
 public:
  // `storage` and `tables` must outlive it. `today` is the day for which everything is computed until a tick comes,
  // `last_day` the one for which everything has been computed before; kNoDay where there is none.
  Portfolio(const storage::Storage& storage, engine::ResourceTables& tables, TimeZone zone, std::string currency,
            Day last_day, Day today);

  void Load(storage::Kind kind, const storage::RecordView& record, const google::protobuf::Message& message) override;
  void Apply(std::span<const engine::Change> changes) override;
  void Publish(storage::Revision revision) override;

  // --- Any thread ---

  const Columns& columns() const { return columns_; }
  const std::string& currency() const { return currency_; }
  const TimeZone& zone() const { return zone_; }
  Day today() const { return today_; }
  // Definitions of accounts' custom fields; giving numbers to new texts changes nothing that anybody sees.
  account::CustomFields& custom_fields() const { return custom_fields_; }
  const engine::AccountKeys& account_keys() const { return account_keys_; }
  std::string IdOf(engine::RowKey account) const { return account_keys_.IdOf(account); }
  std::shared_ptr<const engine::Snapshot> snapshot() const;
  // All published health models, and the one that scores an account today.
  std::shared_ptr<const ModelSet> models() const { return models_.set(); }
  ModelVersionPtr ModelOf(const engine::Snapshot& snapshot, engine::RowKey account) const;
  // Overrides, and changes of scores for whoever takes them.
  Scores& scores() const { return scores_; }

  // Shows an account as it is on a day. What the view borrows is valid during the call only; other views may be shown
  // at the same time, changes wait. False where there is no such account.
  bool Show(engine::RowKey account, Day day, const std::function<void(const account::View&)>& show) const;

  // Shows an account's signals as they are today, in the same way.
  bool ShowSignals(engine::RowKey account, const std::function<void(const SignalsView&)>& show) const;

  // The rules of signals in use.
  std::shared_ptr<const signals::RuleSet> signal_rules() const;
  // Their filters, as of the last publication.
  std::shared_ptr<const RuleFilters> rule_filters() const;

  // Signals that changed and wait to be recorded (see SignalWriter).
  SignalChanges& signal_changes() const { return signal_states_.changes(); }
  // Called where there are such, on the committer's thread: must be quick. Give nullptr to stop it; returns once no
  // call is under way.
  void SetSignalListener(std::function<void()> listener);

  // The account of facts that have none.
  static constexpr engine::RowKey kNobody = 0;

  // Keys of the facts of an account, or of kNobody, ascending.
  std::vector<storage::Key> FactsOf(engine::RowKey account) const;

  // The highest keys below one of the facts of kNobody, at most so many, descending; costs no more than they are.
  std::vector<storage::Key> FactsOfNobodyBelow(storage::Key below, int64_t count_max) const;
  int64_t CountOfNobodysFacts() const;

  // --- Committer's thread ---

  // Columns of the accounts' table, those of the group under way included.
  const model::ColumnSet& newest_columns() const;

 private:
  // What only some accounts have.
  struct Details {
    std::vector<account::Term> terms;
    std::vector<account::ContactTerm> contacts;
    account::Timeline timeline;
    std::vector<account::CustomValue> custom;
    // Keys of facts that tell nothing of the account's health, so that the timeline has no points of them. Ascending.
    std::vector<storage::Key> quiet_facts;
  };
  static constexpr Micros kNoAmount = INT64_MIN;

  void ApplyOne(const engine::Change& change);
  void Take(storage::Kind kind, storage::Key key, std::string_view id, const google::protobuf::Message& message);
  void TakeAccount(storage::Key key, std::string_view id, const google::protobuf::Message& message);
  void TakeSubscription(storage::Key key, const google::protobuf::Message& message);
  void TakeContact(storage::Key key, const google::protobuf::Message& message);
  void TakeFact(storage::Key key, const google::protobuf::Message& message);
  void TakeSignal(std::string_view id, const google::protobuf::Message& message, bool at_start);
  void TakeOverride(const google::protobuf::Message& message);
  void Drop(const engine::Change& change);
  void BeginNextDay();

  Details& DetailsOf(engine::RowKey account);
  // Whether an account's message tells revenue, scores and signals no more than is known.
  bool TellsNothingNew(engine::RowKey key, const v1::Account& account, Micros direct_arr,
                       std::span<const account::CustomValue> custom) const;
  // The account is to be computed again; its figures are to be read again, or, where it only waits, are as they were.
  void MarkDirty(engine::RowKey account);
  void MarkWaiting(engine::RowKey account);
  void MarkAllWaiting();
  // `int_of(column)` gives what the account's row holds.
  template <typename IntOf>
  account::View ViewOf(engine::RowKey account, Day day, IntOf int_of) const;
  account::View NewestViewOf(engine::RowKey account) const;
  std::vector<const ModelVersion*> ChooseForDirty(const ModelOrder& order);
  void SetRevenue(engine::RowKey account, const account::View& view);
  void SetSignals(engine::RowKey account, const SignalSummary& found);
  RuleFilters::Present LookForRules();
  void ComputeDirty(storage::Revision revision);
  bool AllAreDirty() const;
  // Scores all accounts by the models in force; revenue is as it was.
  void RescoreAll(const ModelOrder& order, storage::Revision revision);
  void RescoreBlock(int64_t block, std::span<const ModelVersion* const> models, const signals::HealthSteps& steps,
                    storage::Revision revision);
  // The model of each of some accounts, by ascending key; empty where there is only one for all.
  std::vector<const ModelVersion*> ChooseModelsOf(const ModelOrder& order, std::span<const engine::RowKey> accounts);

  engine::ResourceTables& tables_;
  const TimeZone zone_;
  const std::string currency_;
  std::atomic<Day> today_;
  Day computed_day_;        // for which columns and signals are computed; committer's thread only
  bool is_loading_ = true;  // committer's thread only
  const Columns columns_;
  engine::AccountKeys account_keys_;
  mutable account::CustomFields custom_fields_;
  mutable Scores scores_;
  Models models_;
  account::FeatureNames features_;     // committer's thread only
  std::vector<engine::RowKey> dirty_;  // committer's thread only
  std::vector<bool> is_dirty_;         // by key; committer's thread only
  // Any column of an account may decide on its model or its signals; committer's thread only.
  bool columns_choose_ = false;

  mutable std::shared_mutex mutex_;
  // What the account itself says of its revenue: kNoAmount where nothing. By key; guarded by mutex_.
  std::vector<Micros> direct_arr_;
  Sparse<Details> details_;                          // by key; guarded by mutex_
  FigureColumns figures_;                            // guarded by mutex_
  SignalStates signal_states_;                       // guarded by mutex_, but for its changes
  std::shared_ptr<const RuleFilters> rule_filters_;  // guarded by mutex_
  std::mutex listener_mutex_;
  std::function<void()> signal_listener_;  // guarded by listener_mutex_
};

}  // namespace folio::portfolio
