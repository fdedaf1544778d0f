// The seam between Folio and the place where its bytes lie.
//
// A store holds one workspace: records (the state), a log of entries (its history), answers to requests, cursors. It
// knows bytes and numbers, no field. A commit is one transaction: state and log change together, durably, or not at
// all.
//
// Threads: Commit, Compact, RewriteLog, ForgetRequests and Maintain are for one thread at a time, the writer. Every
// other method may be called from any thread at any time, also beside the writer, and sees only what has been
// committed.
//
// Errors, for every method that can fail: UNAVAILABLE (busy, out of space: the caller may try again), DATA_LOSS (a
// checksum does not fit; nothing of the row is returned). After a failed write to the disk the store is broken: it
// answers every later write with DATA_LOSS (IsBroken of broken.h), for what the disk then holds is not known.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace folio::storage {

// Number of a transaction. Revisions are dense and in commit order; 0 is the empty store.
using Revision = int64_t;

// Kind of a record, 1 to 255: a number of the contract, never reused.
using Kind = uint8_t;

// Number of a record within its kind, from 1 to kKeyMax. Given by the caller in ascending order when the record is new,
// kept by it for life, never used again.
using Key = int64_t;
inline constexpr Key kKeyMax = (Key{1} << 48) - 1;

// One record of the state.
struct Record {
  Key key = 0;
  std::string id;
  Revision revision = 0;  // of the transaction that wrote it last
  std::string data;
};

// The same, borrowed: valid only during the call that hands it out.
struct RecordView {
  Key key = 0;
  std::string_view id;
  Revision revision = 0;
  std::string_view data;
};

// A record to be stored or, without data, removed (if it is there). `id` must be the one the key has always had, and is
// held by one record of the kind at a time.
struct Write {
  Kind kind = 0;
  Key key = 0;
  std::string id;
  Revision revision = 0;
  std::optional<std::string> data;
};

// The first answer to a request, kept so that the same request gets it again. A later one takes its place.
struct Reply {
  std::string request_id;    // unique per caller; the caller's identity is part of it
  uint64_t fingerprint = 0;  // of the request's body, to refuse another body under the same id
  Revision revision = 0;
  int64_t time_s = 0;  // when it was given, seconds since 1970
  std::string data;
};

// A named position of some reader or sender, kept with the writes that moved it.
struct Cursor {
  std::string name;
  std::string value;
};

// What one commit writes: consecutive transactions, the first of which has revision head() + 1.
struct Group {
  std::vector<std::string> entries;  // one log entry for each transaction, in order; opaque
  std::vector<Write> writes;         // at most one for each record
  std::vector<Reply> replies;
  std::vector<Cursor> cursors;
};

// What a full check has read, and how much of it did not fit its checksum.
struct CheckReport {
  int64_t records = 0;
  int64_t entries = 0;
  int64_t corrupt = 0;
};

class Storage {
 public:
  // Return false to end the visit.
  using RecordVisitor = std::function<bool(const RecordView&)>;
  using EntryVisitor = std::function<bool(Revision, std::string_view entry)>;
  // Returns the new bytes of an entry, or nothing to leave it as it is.
  using EntryRewriter = std::function<std::optional<std::string>(Revision, std::string_view entry)>;
  // Told now and then how many rows have been read; return false to stop.
  using Progress = std::function<bool(int64_t rows)>;

  virtual ~Storage() = default;

  // Identifies this store for ever: 32 hexadecimal digits, chosen when it was made.
  virtual const std::string& store_id() const = 0;

  // Revision of the last commit.
  virtual Revision head() const = 0;

  // First revision that the log still holds; head() + 1 where it holds none.
  virtual Revision first_log_revision() const = 0;

  // Highest key that a kind has ever had; 0 where it never had a record.
  virtual Key last_key(Kind kind) const = 0;

  // Writes a group, and returns once it is durable. On an error nothing of it is written. INVALID_ARGUMENT where it has
  // no entry, writes a record twice, gives a new record a key that is not above last_key() or the id of another record,
  // or changes a record's id.
  virtual absl::Status Commit(const Group& group) = 0;

  // The record with this key; nothing where there is none.
  virtual absl::StatusOr<std::optional<Record>> Get(Kind kind, Key key) const = 0;

  // The record with this id; nothing where there is none. Reads no more than Get.
  virtual absl::StatusOr<std::optional<Record>> FindRecord(Kind kind, std::string_view id) const = 0;

  // Its key alone. Reads the record all the same: who needs both asks for the record.
  absl::StatusOr<std::optional<Key>> Find(Kind kind, std::string_view id) const {
    const absl::StatusOr<std::optional<Record>> record = FindRecord(kind, id);
    if (!record.ok()) return record.status();
    return record->has_value() ? std::optional<Key>((*record)->key) : std::nullopt;
  }

  // Keys that the record with this id may have, ascending, without reading anything: if there is one, its key is among
  // them. For who can tell by a key alone whose it is.
  virtual std::vector<Key> FindCandidates(Kind kind, std::string_view id) const = 0;

  // Visits the records of a kind by ascending key, from `first` on, in one consistent state.
  virtual absl::Status Scan(Kind kind, Key first, const RecordVisitor& visit) const = 0;
  absl::Status Scan(Kind kind, const RecordVisitor& visit) const { return Scan(kind, 1, visit); }

  // Visits the log's entries with revisions above `after`, in order. OUT_OF_RANGE where `after` + 1 is below
  // first_log_revision().
  virtual absl::Status ReadLog(Revision after, const EntryVisitor& visit) const = 0;

  // The first answer to a request; nothing where it is not known.
  virtual absl::StatusOr<std::optional<Reply>> FindReply(std::string_view request_id) const = 0;

  // Value of a cursor; nothing where it was never set.
  virtual absl::StatusOr<std::optional<std::string>> GetCursor(std::string_view name) const = 0;

  // Drops log entries before `first`. INVALID_ARGUMENT where it is above head() + 1.
  virtual absl::Status Compact(Revision first) = 0;

  // Replaces what `rewrite` returns, in one transaction: how something is erased from history.
  virtual absl::Status RewriteLog(const EntryRewriter& rewrite) = 0;

  // Drops replies given before an instant.
  virtual absl::Status ForgetRepliesBefore(int64_t time_s) = 0;

  // Does a little of the housekeeping that must not run beside a commit. The writer calls it between commits.
  virtual absl::Status Maintain() = 0;

  // Reads everything and compares it with its checksums. CANCELLED where `progress` says stop.
  virtual absl::StatusOr<CheckReport> Check(const Progress& progress) const = 0;
};

}  // namespace folio::storage
