// The history of scores: each change of an account's published score, kept durably (docs/decisions/0011).
#pragma once

#include "absl/status/status.h"
#include "folio/v1/health.pb.h"
#include "server/engine/committer.h"
#include "server/portfolio/scores.h"
#include "storage/storage.h"

namespace folio::portfolio {

class Workspace;

// Kind of the records; not a resource, so that no list and no watch shows them.
inline constexpr storage::Kind kScoreHistory = 200;

// Writes down what changed. For one thread at a time, which may wait for commits.
class HistoryRecorder {
 public:
  // All must outlive it.
  HistoryRecorder(const storage::Storage& storage, engine::Committer& committer, Scores& scores)
      : storage_(storage), committer_(committer), scores_(scores) {}

  // Writes the changes since the last call, at most so many that it takes about a second; the rest is for the next one.
  // What is there already, from before the program started, is not written again.
  absl::Status Record();

 private:
  absl::Status Write(std::vector<PublishedScore> changes);

  const storage::Storage& storage_;
  engine::Committer& committer_;
  Scores& scores_;
};

// One page of an account's scores, the latest first.
absl::Status ListHealthHistory(const Workspace& workspace, const v1::ListHealthHistoryRequest& request,
                               v1::ListHealthHistoryResponse* response);

}  // namespace folio::portfolio
