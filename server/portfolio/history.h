// The history of scores: each change of an account's published score, kept durably (docs/decisions/0011).
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "folio/v1/health.pb.h"
#include "server/engine/committer.h"
#include "server/portfolio/portfolio.h"
#include "storage/storage.h"

namespace folio::portfolio {

class Workspace;

// Writes down what changed. For one thread at a time, which may wait for commits.
//
// Changes are taken from where the portfolio has noted them. The first score of an account since the program started is
// found by a walk over the accounts, which compares what is shown now with what was written last: so a start, and an
// import, leave nothing waiting in memory.
class HistoryRecorder {
 public:
  // All must outlive it.
  HistoryRecorder(const storage::Storage& storage, engine::Committer& committer, const Portfolio& portfolio)
      : storage_(storage), committer_(committer), portfolio_(portfolio) {}

  // Writes the changes since the last call, and walks on, both at most so far that it takes about a second; the rest is
  // for the next call. What is there already is not written again.
  absl::Status Record();

 private:
  struct Unwritten;

  absl::Status WriteChanges();
  absl::Status WalkOn();
  absl::Status WriteShown(const std::vector<Unwritten>& accounts);

  const storage::Storage& storage_;
  engine::Committer& committer_;
  const Portfolio& portfolio_;
  engine::RowKey next_ = 1;  // account at which the walk goes on
};

// One page of an account's scores, the latest first.
absl::Status ListHealthHistory(const Workspace& workspace, const v1::ListHealthHistoryRequest& request,
                               v1::ListHealthHistoryResponse* response);

}  // namespace folio::portfolio
