// A transaction under way: what a mutation reads and writes while the committer runs it.
//
// Mutations run one after the other on the committer's thread, so each sees all that came before it, also what is not
// yet durable. A mutation that returns an error leaves nothing behind. Not thread-safe: it never leaves that thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "absl/status/statusor.h"
#include "server/base/date.h"
#include "server/base/text.h"
#include "server/engine/change.h"
#include "storage/storage.h"

namespace folio::engine {

// An id within its kind, as a key of maps that are asked with views.
using IdSlot = std::pair<storage::Kind, std::string>;
using IdSlotView = std::pair<storage::Kind, std::string_view>;
struct IdSlotHash {
  using is_transparent = void;
  size_t operator()(const IdSlotView& slot) const { return absl::HashOf(slot.first, ToAbsl(slot.second)); }
};
struct IdSlotEqual {
  using is_transparent = void;
  bool operator()(const IdSlotView& a, const IdSlotView& b) const { return a == b; }
};

// What the transactions of one group have written so far, the one under way included.
struct Staged {
  static constexpr size_t kNone = SIZE_MAX;

  // The group before, while it is on its way to the disk: what it has written is seen, but not yet in the store.
  const Staged* before = nullptr;
  // Position in `changes` of the last change of a record.
  absl::flat_hash_map<std::pair<storage::Kind, storage::Key>, size_t> by_key;
  absl::flat_hash_map<IdSlot, storage::Key, IdSlotHash, IdSlotEqual> new_ids;
  // Unique values that records written here have laid claim to. May hold more: claims of what was refused later.
  absl::flat_hash_map<std::string, storage::Key> claims;
  std::vector<Change> changes;
  // Of each change: the position of the same record's change before it, kNone where there is none.
  std::vector<size_t> replaced;
  std::vector<storage::Revision> revisions;  // of each change; none yet of the transaction under way

  void Add(Change change);
  // Takes the changes from a position on out again.
  void TakeBack(size_t first);
  // Whether the record was created here.
  bool HasCreated(const Change& change) const;
};

// A record as a transaction sees it.
struct SeenRecord {
  storage::Key key = 0;
  storage::Revision revision = 0;  // of the transaction that wrote it last
  std::string data;
};

class Transaction {
 public:
  // All must outlive it. What it writes is added to the group at once.
  Transaction(const storage::Storage& storage, Staged& group, storage::Revision revision, Instant now,
              std::string_view actor, storage::Key* last_keys);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // The revision that it will have if it writes anything, and its time.
  storage::Revision revision() const { return revision_; }
  Instant now() const { return now_; }
  std::string_view actor() const { return actor_; }

  // Key of the record with this id; nothing where there is none.
  absl::StatusOr<std::optional<storage::Key>> Find(storage::Kind kind, std::string_view id) const;

  // The record with this id; nothing where there is none. Costs as much as Find.
  absl::StatusOr<std::optional<SeenRecord>> FindRecord(storage::Kind kind, std::string_view id) const;

  // Serialised record; nothing where there is none.
  absl::StatusOr<std::optional<std::string>> Get(storage::Kind kind, storage::Key key) const;

  // Writes a record. `key` is 0 for a new one, which gets the next key of its kind. Returns the key.
  storage::Key Put(storage::Kind kind, storage::Key key, std::string_view id, std::string data,
                   std::shared_ptr<const google::protobuf::Message> message, bool logged = true);

  // Removes a record that exists. `data` is its last state, which the log keeps.
  void Remove(storage::Kind kind, storage::Key key, std::string_view id, std::string data, bool logged = true);

  // Adds a change to the log that is not about a record: a batch of facts, a new day.
  void Note(log::ChangeKind type, storage::Kind kind, std::string data);

  // What the request that caused it is answered; kept with its request id.
  void SetReply(std::string reply) { reply_ = std::move(reply); }

  void SetCursor(std::string_view name, std::string value);

  // Lays claim to a unique value for the record of the next Put. Indexes of unique values learn of it only once it is
  // committed; until then, other transactions find it here.
  void Claim(std::string value) { pending_claims_.push_back(std::move(value)); }
  // The record that laid claim to a value, here or earlier in the group. It may have let go of it since.
  std::optional<storage::Key> ClaimedBy(const std::string& value) const;

 private:
  friend class Committer;

  // The last change of a record that is not in the store yet; no change where there is none.
  struct StagedChange {
    const Change* change = nullptr;
    storage::Revision revision = 0;
  };
  StagedChange FindStaged(storage::Kind kind, storage::Key key) const;
  // Key that the group has given to a new record of this id.
  std::optional<storage::Key> FindNew(storage::Kind kind, std::string_view id) const;
  bool writes() const { return group_.changes.size() > first_ || !cursors_.empty(); }
  // What it has written.
  std::span<const Change> changes() const { return std::span(group_.changes).subspan(first_); }
  // Leaves nothing of it in the group.
  void TakeBack();

  const storage::Storage& storage_;
  const storage::Revision revision_;
  const Instant now_;
  const std::string_view actor_;
  storage::Key* const last_keys_;  // by kind; shared by the group, so that keys given and not used are merely skipped
  Staged& group_;
  const size_t first_;  // position of its first change in the group
  std::string reply_;
  std::vector<storage::Cursor> cursors_;
  std::vector<std::string> pending_claims_;
  // What the group knew before this transaction laid claim to the same: rarely anything.
  std::vector<std::pair<IdSlot, storage::Key>> former_ids_;
  std::vector<std::pair<std::string, storage::Key>> former_claims_;
};

}  // namespace folio::engine
