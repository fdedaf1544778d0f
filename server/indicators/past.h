// What indicators read as it was known at a past revision: put together from what has not changed since and, for what
// has, from the log.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "server/engine/resource_tables.h"
#include "server/ledger/ledger.h"
#include "server/portfolio/workspace.h"

namespace folio::indicators {

// Records that may have changed since: those of a day of large imports. What is put together for each is held in
// memory as long as the question is asked.
inline constexpr int64_t kChangedSinceMax = 200'000;

class Past {
 public:
  // Reads the log from the revision on, and where a record has changed since also before it: for a thread that may work
  // for a while; nobody waits for it. OUT_OF_RANGE (REVISION_COMPACTED) where
  // the log does not reach so far back, or was written before it kept what replaced facts had told; OUT_OF_RANGE
  // (REVISION_TOO_FAR) where more than kChangedSinceMax records have changed since; FAILED_PRECONDITION
  // (REVISION_NOT_REACHED) for a revision to come.
  static absl::StatusOr<std::shared_ptr<const Past>> Read(const portfolio::Workspace& workspace,
                                                          const ledger::State& now, storage::Revision revision);

  storage::Revision revision() const { return revision_; }
  // The workspace's day at the revision.
  Day day() const { return day_; }
  const std::shared_ptr<const ledger::State>& state() const { return state_; }
  // Results computed from it.
  ledger::Memos& memos() const { return memos_; }

  // Accounts whose row was another one, or none, at the revision, ascending; and those rows, with the accounts' own
  // columns.
  std::span<const engine::RowKey> changed_accounts() const { return changed_accounts_; }
  const engine::Snapshot& rows() const { return *rows_; }
  // The column of `rows` that hides deleted accounts.
  model::ColumnIndex deleted_column() const { return deleted_column_; }

 private:
  explicit Past(storage::Revision revision);

  const storage::Revision revision_;
  Day day_ = kNoDay;
  std::shared_ptr<const ledger::State> state_;
  std::vector<engine::RowKey> changed_accounts_;
  std::unique_ptr<engine::ResourceTables> tables_;
  std::shared_ptr<const engine::Snapshot> rows_;
  model::ColumnIndex deleted_column_ = -1;
  mutable ledger::Memos memos_;

  friend class PastReader;
};

}  // namespace folio::indicators
