#include "server/engine/committer.h"

#include <algorithm>
#include <future>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/engine/feed.h"
#include "server/engine/log_entry.h"

namespace folio::engine {

namespace {

constexpr int kKinds = 256;
constexpr Instant kForgetEvery = 600LL * 1'000'000;

std::string ReplyId(const Submission& submission) { return submission.actor + '\n' + submission.request_id; }

}  // namespace

// The transactions that are made durable together.
struct Committer::Group {
  storage::Revision first = 0;  // revision of the first transaction
  Instant time = 0;
  Staged staged;
  storage::Group write;
  absl::flat_hash_map<std::string, size_t> replies;  // position in write.replies

  storage::Revision next() const { return first + static_cast<storage::Revision>(write.entries.size()); }
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
  while (true) {
    std::deque<std::function<void()>> exclusive;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty() || !exclusive_.empty(); });
      if (stopping_ && queue_.empty() && exclusive_.empty()) return;
      exclusive.swap(exclusive_);
    }
    for (const auto& task : exclusive) task();
    std::vector<Submission> batch = TakeBatch();
    if (batch.empty()) continue;
    RunBatch(std::move(batch));
    ForgetOldReplies();
    // A failed checkpoint loses nothing: the log file merely stays longer, and the next attempt follows the next group.
    storage_.Maintain().IgnoreError();
  }
}

std::vector<Submission> Committer::TakeBatch() {
  std::vector<Submission> batch;
  int64_t bytes = 0;
  std::lock_guard lock(mutex_);
  while (!queue_.empty() && batch.size() < limits::kGroupTransactionsMax && bytes < limits::kGroupBytesMax) {
    bytes += queue_.front().bytes;
    batch.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  queued_bytes_ -= bytes;
  return batch;
}

void Committer::RunBatch(std::vector<Submission> batch) {
  Group group;
  group.first = storage_.head() + 1;
  group.time = last_time_ = std::max(last_time_ + 1, clock_.Now());
  std::vector<Outcome> outcomes;
  outcomes.reserve(batch.size());
  for (const Submission& submission : batch) outcomes.push_back(Evaluate(submission, &group));

  if (!group.write.entries.empty()) {
    CollectWrites(&group);
    const absl::Status committed = storage_.Commit(group.write);
    if (committed.ok()) {
      ApplyCommitted(group);
    } else {
      // What reads saw of the group is gone with it, so nobody in it may be told otherwise.
      for (Outcome& outcome : outcomes) {
        if (outcome.status.ok()) outcome = {.status = error::FromStorage(committed)};
      }
    }
  }
  for (size_t i = 0; i < batch.size(); ++i) batch[i].done(outcomes[i]);
}

Outcome Committer::Evaluate(const Submission& submission, Group* group) {
  Outcome outcome;
  if (!submission.request_id.empty() && Replay(submission, *group, &outcome)) return outcome;
  Transaction transaction(storage_, group->staged, group->next(), group->time, submission.actor, last_keys_.data());
  outcome.status = submission.apply(transaction);
  if (!outcome.status.ok()) return outcome;
  if (transaction.own_.changes.empty() && transaction.cursors_.empty()) {
    outcome.revision = group->next() - 1;
    return outcome;
  }
  outcome.revision = group->next();
  Accept(submission, transaction, group);
  return outcome;
}

bool Committer::Replay(const Submission& submission, const Group& group, Outcome* outcome) const {
  const std::string id = ReplyId(submission);
  std::optional<storage::Reply> known;
  if (const auto staged = group.replies.find(id); staged != group.replies.end()) {
    known = group.write.replies[staged->second];
  } else {
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
      EncodeLogEntry(group->time, submission.actor, submission.request_id, transaction.own_.changes));
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
  Staged& staged = group->staged;
  for (auto& [id, key] : transaction.own_.new_ids) staged.new_ids[id] = key;
  for (auto& [value, key] : transaction.own_.claims) staged.claims[value] = key;
  for (Change& change : transaction.own_.changes) {
    if (change.key != 0) staged.by_key[std::pair(change.kind, change.key)] = staged.changes.size();
    staged.revisions.push_back(revision);
    staged.changes.push_back(std::move(change));
  }
}

// Several transactions of a group may write one record: only its last state is stored. In the order of the changes, so
// that new records are appended.
void Committer::CollectWrites(Group* group) {
  Staged& staged = group->staged;
  absl::flat_hash_set<std::pair<storage::Kind, storage::Key>> born;
  for (size_t i = 0; i < staged.changes.size(); ++i) {
    Change& change = staged.changes[i];
    if (change.key == 0) continue;
    const std::pair slot(change.kind, change.key);
    if (change.type == log::CHANGE_KIND_CREATED) born.insert(slot);
    if (staged.by_key.at(slot) != i) continue;
    const bool gone = change.type == log::CHANGE_KIND_DELETED;
    if (gone && born.contains(slot)) continue;
    group->write.writes.push_back({.kind = change.kind,
                                   .key = change.key,
                                   .id = change.id,
                                   .revision = staged.revisions[i],
                                   .data = gone ? std::nullopt : std::optional(std::move(change.data))});
  }
}

void Committer::ApplyCommitted(Group& group) {
  for (const Change& change : group.staged.changes) {
    for (Projection* projection : projections_) projection->Apply(change);
  }
  const storage::Revision head = group.next() - 1;
  for (Projection* projection : projections_) projection->Publish(head);
  feed_.Append(group.first, std::move(group.write.entries));
}

void Committer::ForgetOldReplies() {
  if (last_time_ - last_forget_ < kForgetEvery) return;
  last_forget_ = last_time_;
  // Keeping an answer longer than promised harms nobody, so a failure waits for the next round.
  storage_.ForgetRepliesBefore(last_time_ / 1'000'000 - limits::kReplyKeptSeconds).IgnoreError();
}

}  // namespace folio::engine
