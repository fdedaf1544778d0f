// The feed: changes as readers of the API see them, in commit order, from memory where they are recent and from the log
// where they are not.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/storage.h"

namespace folio::engine {

// One change, ready to be sent: field 1 of folio.v1.WatchResponse, with tag and length. Built once for all watches.
struct FeedEvent {
  storage::Kind kind = 0;
  std::string account;                // name of the account that it concerns; empty where there is none
  std::vector<std::string> accounts;  // of a batch of facts
  std::string frame;
};

// One transaction. Its events are decoded at the first use, and then shared.
class FeedItem {
 public:
  FeedItem(storage::Revision revision, std::string entry) : revision_(revision), entry_(std::move(entry)) {}

  storage::Revision revision() const { return revision_; }
  size_t bytes() const { return entry_.size(); }
  const std::vector<FeedEvent>& events() const;

 private:
  const storage::Revision revision_;
  const std::string entry_;
  mutable std::once_flag decoded_;
  mutable std::vector<FeedEvent> events_;
};

class Feed {
 public:
  // `storage` must outlive the feed.
  explicit Feed(const storage::Storage& storage);

  // Takes the entries of a committed group, the first of which has revision `first`, and wakes the listener.
  // Committer's thread.
  void Append(storage::Revision first, std::vector<std::string> entries);

  // Revision of the last item.
  storage::Revision head() const;

  // Items after a revision, oldest first, about `max_bytes` of them; empty where there is none. Reads the store where
  // they are no longer in memory (`from_memory` tells whether it would not). OUT_OF_RANGE (LOG_COMPACTED) where the log
  // no longer holds them.
  absl::StatusOr<std::vector<std::shared_ptr<const FeedItem>>> Read(storage::Revision after, int64_t max_bytes) const;
  bool InMemory(storage::Revision after) const;

  // Called after each Append, on the committer's thread: must be quick. Give nullptr to stop it; returns once no call
  // is under way.
  void SetListener(std::function<void()> listener);

 private:
  const storage::Storage& storage_;
  mutable std::mutex mutex_;
  std::deque<std::shared_ptr<const FeedItem>> items_;  // guarded by mutex_
  int64_t bytes_ = 0;                                  // guarded by mutex_
  storage::Revision head_;                             // guarded by mutex_
  std::mutex listener_mutex_;
  std::function<void()> listener_;  // guarded by listener_mutex_
};

// The frame of one resource in a watch's snapshot.
std::string SnapshotFrame(storage::Kind kind, std::string_view id, storage::Revision revision, std::string_view data);

// Name of the account that a serialised record concerns; empty where there is none.
std::string AccountOf(storage::Kind kind, std::string_view id, std::string_view data);

}  // namespace folio::engine
