#include "server/engine/committer.h"

#include <algorithm>
#include <future>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/engine/feed.h"
#include "server/engine/log_entry.h"

namespace folio::engine {

namespace {

constexpr int kKinds = 256;
// Fewer answers than that are given sooner than a thread beside wakes up for them.
constexpr size_t kAnswersAsideMin = 4;
constexpr Instant kForgetEvery = 600LL * 1'000'000;

std::string ReplyId(const Submission& submission) { return submission.actor + '\n' + submission.request_id; }

}  // namespace

// The transactions that are made durable together, and those who wait for it.
struct Committer::Group {
  std::vector<Submission> batch;
  std::vector<Outcome> outcomes;  // of each submission
  storage::Revision first = 0;    // revision of the first transaction
  Instant time = 0;
  const Group* before = nullptr;  // the group that is being written meanwhile
  bool failed = false;            // to become durable
  Staged staged;
  storage::Group write;
  absl::flat_hash_map<std::string, size_t> replies;  // position in write.replies
  std::promise<absl::Status> written;

  storage::Revision next() const { return first + static_cast<storage::Revision>(write.entries.size()); }
  bool writes() const { return !write.entries.empty(); }
  bool is_large() const {
    int64_t bytes = 0;
    for (const Submission& submission : batch) bytes += submission.bytes;
    return batch.size() >= limits::kGroupTransactionsMax || bytes >= limits::kLargeGroupBytesMin;
  }

  // Told what became of the group before. Where that is not durable, what was seen of it is gone: nobody may be told
  // otherwise, and nothing that was built on it may be written.
  void Follow(const absl::Status& written_before) {
    before = nullptr;
    staged.before = nullptr;
    if (written_before.ok()) return;
    Fail(written_before);
    write = storage::Group();
  }

  void Answer() {
    for (size_t i = 0; i < batch.size(); ++i) batch[i].done(outcomes[i]);
    batch.clear();  // what the callers have left in it must not stay until all is tidied up
  }

  // No success is told where it is not durable.
  void Fail(const absl::Status& failure) {
    failed = true;
    for (Outcome& outcome : outcomes) {
      if (outcome.status.ok()) outcome = {.status = error::FromStorage(failure)};
    }
  }
};

Committer::Committer(storage::Storage& storage, const Clock& clock, std::vector<Projection*> projections, Feed& feed)
    : storage_(storage), clock_(clock), projections_(std::move(projections)), feed_(feed), last_keys_(kKinds, 0) {
  for (int kind = 1; kind < kKinds; ++kind) {
    last_keys_[static_cast<size_t>(kind)] = storage_.last_key(static_cast<storage::Kind>(kind));
  }
  thread_ = std::thread([this] { Loop(); });
}

Committer::~Committer() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

absl::Status Committer::Submit(Submission submission) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_) return error::ShuttingDown();
    if (queued_bytes_ + submission.bytes > limits::kCommitQueueBytesMax && !queue_.empty()) {
      return error::Overloaded("commit_queue_bytes", limits::kCommitQueueBytesMax, 50);
    }
    queued_bytes_ += submission.bytes;
    queue_.push_back(std::move(submission));
  }
  wake_.notify_one();
  return absl::OkStatus();
}

Outcome Committer::Run(Submission submission) {
  std::promise<Outcome> promise;
  submission.done = [&promise](const Outcome& outcome) { promise.set_value(outcome); };
  if (absl::Status status = Submit(std::move(submission)); !status.ok()) return {.status = status};
  return promise.get_future().get();
}

absl::Status Committer::RunExclusive(std::function<absl::Status(storage::Storage&)> task) {
  std::promise<absl::Status> promise;
  {
    std::lock_guard lock(mutex_);
    if (stopping_) return error::ShuttingDown();
    exclusive_.push_back([this, &promise, &task] { promise.set_value(task(storage_)); });
  }
  wake_.notify_one();
  return promise.get_future().get();
}

void Committer::Loop() {
  std::shared_ptr<Group> writing;  // what the store's thread is writing
  ExclusiveTasks exclusive;
  std::vector<Submission> batch;
  while (TakeWork(/*wait=*/writing == nullptr, &exclusive, &batch)) {
    if (writing != nullptr && (batch.empty() || !exclusive.empty())) {
      Land(writing.get()).IgnoreError();
      writing = nullptr;
    }
    if (!exclusive.empty()) store_thread_.WaitUntilIdle();
    for (const auto& task : std::exchange(exclusive, {})) task();
    if (batch.empty()) continue;

    std::shared_ptr<Group> group = EvaluateGroup(std::exchange(batch, {}), writing.get());
    const std::shared_ptr<Group> landed = std::exchange(writing, nullptr);
    if (landed != nullptr) group->Follow(Land(landed.get()));
    if (group->writes() && group->is_large() && HasWaiting()) {
      StartWriting(group, landed);
      writing = std::move(group);
      continue;
    }
    store_thread_.WaitUntilIdle();
    if (group->writes()) Write(group.get());
    Publish(group.get()).IgnoreError();
    if (!group->failed && group->batch.size() >= kAnswersAsideMin) {
      store_thread_.Start([group = std::move(group)] { group->Answer(); });
    } else {
      group->Answer();
    }
    TidyUp(TakeForgetTime());
  }
}

// Takes what is to be done next; waits until there is something, if it may. False once everything is done.
bool Committer::TakeWork(bool wait, ExclusiveTasks* exclusive, std::vector<Submission>* batch) {
  std::unique_lock lock(mutex_);
  if (wait) {
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty() || !exclusive_.empty(); });
    if (queue_.empty() && exclusive_.empty()) return false;
  }
  exclusive->swap(exclusive_);
  TakeBatch(batch);
  return true;
}

// With mutex_ held.
void Committer::TakeBatch(std::vector<Submission>* batch) {
  int64_t bytes = 0;
  while (!queue_.empty() && batch->size() < limits::kGroupTransactionsMax && bytes < limits::kGroupBytesMax) {
    bytes += queue_.front().bytes;
    batch->push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  queued_bytes_ -= bytes;
}

bool Committer::HasWaiting() {
  std::lock_guard lock(mutex_);
  return !queue_.empty();
}

std::shared_ptr<Committer::Group> Committer::EvaluateGroup(std::vector<Submission> batch, const Group* before) {
  auto group = std::make_shared<Group>();
  group->batch = std::move(batch);
  group->first = before == nullptr ? storage_.head() + 1 : before->next();
  group->time = last_time_ = std::max(last_time_ + 1, clock_.Now());
  group->before = before;
  group->staged.before = before == nullptr ? nullptr : &before->staged;
  group->outcomes.reserve(group->batch.size());
  for (const Submission& submission : group->batch) group->outcomes.push_back(Evaluate(submission, group.get()));
  return group;
}

// Writes a group on the store's thread, which then frees what is left of the group before: many messages.
void Committer::StartWriting(std::shared_ptr<Group> group, std::shared_ptr<Group> landed) {
  CollectWrites(group.get());
  const auto forget_before_s = TakeForgetTime();
  store_thread_.Start([this, group = std::move(group), landed = std::move(landed), forget_before_s]() mutable {
    group->written.set_value(storage_.Commit(group->write));
    group = nullptr;
    landed = nullptr;
    TidyUp(forget_before_s);
  });
}

void Committer::Write(Group* group) {
  CollectWrites(group);
  group->written.set_value(storage_.Commit(group->write));
}

// Publishes and answers.
absl::Status Committer::Land(Group* group) {
  const absl::Status durable = Publish(group);
  group->Answer();
  return durable;
}

// Waits until a group is written, and brings everything up to date. Returns whether it is durable.
absl::Status Committer::Publish(Group* group) {
  absl::Status written;
  if (group->writes()) {
    written = group->written.get_future().get();
    if (written.ok()) ApplyCommitted(*group);
  }
  if (!written.ok()) group->Fail(written);
  return written;
}

Outcome Committer::Evaluate(const Submission& submission, Group* group) {
  Outcome outcome;
  if (!submission.request_id.empty() && Replay(submission, *group, &outcome)) return outcome;
  Transaction transaction(storage_, group->staged, group->next(), group->time, submission.actor, last_keys_.data());
  outcome.status = submission.apply(transaction);
  if (!outcome.status.ok()) {
    transaction.TakeBack();
    return outcome;
  }
  outcome.revision = transaction.writes() ? group->next() : group->next() - 1;
  if (transaction.writes()) Accept(submission, transaction, group);
  return outcome;
}

bool Committer::Replay(const Submission& submission, const Group& group, Outcome* outcome) const {
  const std::string id = ReplyId(submission);
  std::optional<storage::Reply> known;
  for (const Group* staged = &group; staged != nullptr && !known; staged = staged->before) {
    const auto found = staged->replies.find(id);
    if (found != staged->replies.end()) known = staged->write.replies[found->second];
  }
  if (!known) {
    auto stored = storage_.FindReply(id);
    if (!stored.ok()) {
      outcome->status = error::FromStorage(stored.status());
      return true;
    }
    known = std::move(*stored);
  }
  if (!known.has_value()) return false;
  if (known->fingerprint != submission.fingerprint) {
    outcome->status = error::RequestIdReused(submission.request_id);
    return true;
  }
  outcome->revision = known->revision;
  outcome->replayed = true;
  outcome->reply = std::move(known->data);
  return true;
}

void Committer::Accept(const Submission& submission, Transaction& transaction, Group* group) {
  const storage::Revision revision = transaction.revision();
  group->write.entries.push_back(
      EncodeLogEntry(group->time, submission.actor, submission.request_id, transaction.changes()));
  if (!submission.request_id.empty()) {
    storage::Reply reply{.request_id = ReplyId(submission),
                         .fingerprint = submission.fingerprint,
                         .revision = revision,
                         .time_s = group->time / 1'000'000,
                         .data = std::move(transaction.reply_)};
    group->replies[reply.request_id] = group->write.replies.size();
    group->write.replies.push_back(std::move(reply));
  }
  for (storage::Cursor& cursor : transaction.cursors_) {
    std::erase_if(group->write.cursors, [&](const storage::Cursor& other) { return other.name == cursor.name; });
    group->write.cursors.push_back(std::move(cursor));
  }
  group->staged.revisions.resize(group->staged.changes.size(), revision);
}

// Several transactions of a group may write one record: only its last state is stored. In the order of the changes, so
// that new records are appended.
void Committer::CollectWrites(Group* group) {
  Staged& staged = group->staged;
  std::vector<bool> is_last(staged.changes.size(), true);
  for (const size_t replaced : staged.replaced) {
    if (replaced != Staged::kNone) is_last[replaced] = false;
  }
  group->write.writes.reserve(staged.changes.size());
  for (size_t i = 0; i < staged.changes.size(); ++i) {
    Change& change = staged.changes[i];
    if (change.key == 0 || !is_last[i]) continue;
    const bool gone = change.type == log::CHANGE_KIND_DELETED;
    if (gone && staged.HasCreated(change)) continue;
    group->write.writes.push_back({.kind = change.kind,
                                   .key = change.key,
                                   .id = change.id,
                                   .revision = staged.revisions[i],
                                   .data = gone ? std::nullopt : std::optional(std::move(change.data))});
  }
}

void Committer::ApplyCommitted(Group& group) {
  for (Projection* projection : projections_) projection->Apply(group.staged.changes);
  const storage::Revision head = group.next() - 1;
  for (Projection* projection : projections_) projection->Publish(head);
  feed_.Append(group.first, std::move(group.write.entries));
}

// When answers are due to be forgotten: those given before when.
std::optional<int64_t> Committer::TakeForgetTime() {
  if (last_time_ - last_forget_ < kForgetEvery) return std::nullopt;
  last_forget_ = last_time_;
  return last_time_ / 1'000'000 - limits::kReplyKeptSeconds;
}

// After each group, where nobody waits for it. What fails loses nothing and is tried again later: an answer is kept for
// longer, the log's file stays longer.
void Committer::TidyUp(std::optional<int64_t> forget_before_s) {
  if (forget_before_s) storage_.ForgetRepliesBefore(*forget_before_s).IgnoreError();
  storage_.Maintain().IgnoreError();
}

}  // namespace folio::engine
