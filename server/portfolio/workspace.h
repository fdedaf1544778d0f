// One workspace, open: its store, its committer, and everything kept in memory about it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "folio/v1/workspace.pb.h"
#include "server/base/clock.h"
#include "server/engine/collection.h"
#include "server/engine/committer.h"
#include "server/engine/feed.h"
#include "server/engine/resource_tables.h"
#include "server/ledger/ledger.h"
#include "server/portfolio/external_ids.h"
#include "server/portfolio/history.h"
#include "server/portfolio/portfolio.h"
#include "server/portfolio/rules.h"
#include "server/portfolio/signal_writer.h"
#include "storage/storage.h"

namespace folio::portfolio {

class Workspace {
 public:
  struct Options {
    std::unique_ptr<storage::Storage> storage;
    const Clock* clock = nullptr;  // must outlive the workspace
    v1::Workspace settings;        // currency, time zone, fiscal year and indicators count here
  };

  // Reads everything that must be in memory, and moves on to the clock's day. DATA_LOSS where a record does not fit its
  // checksum, INVALID_ARGUMENT where the time zone is not known.
  static absl::StatusOr<std::unique_ptr<Workspace>> Open(Options options);

  // Finishes what has been submitted.
  ~Workspace() = default;

  // Moves the current day on where the clock has passed midnight, writes down the scores that changed, and drops what
  // the log has kept long enough. Call it now and then, on a thread that may wait for a commit.
  void Tick();

  storage::Storage& storage() { return *storage_; }
  const storage::Storage& storage() const { return *storage_; }
  const Clock& clock() const { return *clock_; }
  engine::Committer& committer() { return *committer_; }
  engine::Feed& feed() { return *feed_; }
  const engine::ResourceTables& tables() const { return *tables_; }
  const Portfolio& portfolio() const { return *portfolio_; }
  const ledger::Ledger& ledger() const { return *ledger_; }
  // First month of the fiscal year, 1 to 12.
  int fiscal_year_start_month() const { return fiscal_year_start_month_; }
  // IANA name of its time zone; empty for UTC.
  const std::string& time_zone() const { return time_zone_; }
  const v1::IndicatorSettings& indicator_settings() const { return indicator_settings_; }
  const ExternalIds& external_ids() const { return *external_ids_; }
  const DomainRules& rules() const { return *rules_; }
  SignalWriter& signal_writer() { return *signal_writer_; }

  // The standard methods of a kind.
  engine::Collection& collection(storage::Kind kind) { return *collections_[kind]; }
  const engine::Collection& collection(storage::Kind kind) const { return *collections_[kind]; }

 private:
  Workspace() = default;
  absl::Status Load(const std::vector<engine::Projection*>& projections);
  absl::Status SubmitDay(Day day);
  void DropOldLog(Day today);

  std::unique_ptr<storage::Storage> storage_;
  const Clock* clock_ = nullptr;
  int fiscal_year_start_month_ = 1;
  std::string time_zone_;
  v1::IndicatorSettings indicator_settings_;
  int log_retention_days_ = 0;  // 0: for ever
  Day retained_on_ = kNoDay;    // when old entries were last dropped; the ticking thread's alone
  std::unique_ptr<engine::ResourceTables> tables_;
  std::unique_ptr<ExternalIds> external_ids_;
  std::unique_ptr<Portfolio> portfolio_;
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<DomainRules> rules_;
  std::unique_ptr<engine::Feed> feed_;
  std::vector<std::unique_ptr<engine::Collection>> collections_;  // by kind
  std::unique_ptr<HistoryRecorder> recorder_;
  std::unique_ptr<engine::Committer> committer_;  // its thread uses all of the above
  std::unique_ptr<SignalWriter> signal_writer_;   // last: its thread uses the committer
};

}  // namespace folio::portfolio
