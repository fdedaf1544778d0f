// The committer: the one thread that writes a workspace.
//
// Mutations queue; it runs as many as wait, one after the other, and makes them durable together with a single fsync
// (group commit). Then projections and feed are brought up to date, and only then the callers are answered: beside the
// next group, where they are several.
//
// Where more waits already, the next group is run while a thread beside writes the last one. Its mutations see what is
// being written, so order and answers are the same; where the write fails, they fail with it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "server/base/clock.h"
#include "server/engine/projection.h"
#include "server/engine/store_thread.h"
#include "server/engine/transaction.h"
#include "storage/storage.h"

namespace folio::engine {

class Feed;

// What became of a mutation.
struct Outcome {
  absl::Status status;
  storage::Revision revision = 0;  // of its write; of the state it saw where it wrote nothing
  bool replayed = false;           // the request was known: `reply` is its first answer, nothing was written now
  std::string reply;
};

// The actor of what the server writes of its own accord.
inline constexpr std::string_view kSystemActor = "system";

// A write that somebody wants.
struct Submission {
  std::string actor;
  std::string request_id;    // empty: not kept
  uint64_t fingerprint = 0;  // of the request's body
  int64_t bytes = 0;         // about how much memory it holds while it waits
  std::function<absl::Status(Transaction&)> apply;
  // Quick, and never blocking. On a thread of the committer's, one call after the other in the order of the writes.
  // Where a write failed to become durable, before anything else is run.
  std::function<void(const Outcome&)> done;
};

class Committer {
 public:
  // `storage`, `clock`, `feed` and `projections` must outlive it. Starts its thread.
  Committer(storage::Storage& storage, const Clock& clock, std::vector<Projection*> projections, Feed& feed);

  // Finishes what has been submitted, then stops.
  ~Committer();

  // Queues a write. RESOURCE_EXHAUSTED (OVERLOADED) where too much waits already: then `done` is never called.
  absl::Status Submit(Submission submission);

  // The same, for those who may block: returns once it is done.
  Outcome Run(Submission submission);

  // Runs a task on the committer's thread between groups, for what must not run beside a commit.
  absl::Status RunExclusive(std::function<absl::Status(storage::Storage&)> task);

 private:
  using ExclusiveTasks = std::deque<std::function<void()>>;
  struct Group;
  void Loop();
  bool TakeWork(bool wait, ExclusiveTasks* exclusive, std::vector<Submission>* batch);
  void TakeBatch(std::vector<Submission>* batch);
  bool HasWaiting();

  std::shared_ptr<Group> EvaluateGroup(std::vector<Submission> batch, const Group* before);
  Outcome Evaluate(const Submission& submission, Group* group);
  bool Replay(const Submission& submission, const Group& group, Outcome* outcome) const;
  void Accept(const Submission& submission, Transaction& transaction, Group* group);
  static void CollectWrites(Group* group);

  void StartWriting(std::shared_ptr<Group> group, std::shared_ptr<Group> landed);
  void Write(Group* group);
  absl::Status Land(Group* group);
  absl::Status Publish(Group* group);
  void ApplyCommitted(Group& group);
  void TidyUp(std::optional<int64_t> forget_before_s);
  std::optional<int64_t> TakeForgetTime();

  storage::Storage& storage_;
  const Clock& clock_;
  const std::vector<Projection*> projections_;
  Feed& feed_;
  std::vector<storage::Key> last_keys_;  // by kind
  Instant last_time_ = 0;
  Instant last_forget_ = 0;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Submission> queue_;  // guarded by mutex_
  int64_t queued_bytes_ = 0;      // guarded by mutex_
  ExclusiveTasks exclusive_;      // guarded by mutex_
  bool stopping_ = false;         // guarded by mutex_
  StoreThread store_thread_;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace folio::engine
