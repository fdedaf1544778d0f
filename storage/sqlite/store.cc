#include "storage/sqlite/store.h"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "storage/sqlite/coding.h"

namespace folio::storage {
namespace {

// Positions of the writes by kind and key. INVALID_ARGUMENT where they are not writes of distinct records.
absl::StatusOr<std::vector<size_t>> OrderOf(const std::vector<Write>& writes) {
  std::vector<std::pair<RowId, size_t>> rows;
  rows.reserve(writes.size());
  for (size_t i = 0; i < writes.size(); ++i) {
    const Write& write = writes[i];
    if (write.kind == 0) return absl::InvalidArgumentError("a kind is a number from 1");
    if (write.key < 1 || write.key > kKeyMax) return absl::InvalidArgumentError("a key is a number from 1 to kKeyMax");
    rows.emplace_back(RowIdOf(write.kind, write.key), i);
  }
  std::sort(rows.begin(), rows.end());
  std::vector<size_t> order;
  order.reserve(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i > 0 && rows[i].first == rows[i - 1].first) {
      return absl::InvalidArgumentError("a group writes a record at most once");
    }
    order.push_back(rows[i].second);
  }
  return order;
}

std::string EncodeReply(const Reply& reply) {
  std::string bytes;
  AppendFixed64(reply.fingerprint, &bytes);
  AppendFixed64(static_cast<uint64_t>(reply.time_s), &bytes);
  return bytes += reply.data;
}

absl::StatusOr<Reply> DecodeReply(std::string_view request_id, Revision revision, std::string_view bytes) {
  Reply reply{.request_id = std::string(request_id), .revision = revision};
  uint64_t time_s = 0;
  if (!TakeFixed64(&bytes, &reply.fingerprint) || !TakeFixed64(&bytes, &time_s)) {
    return absl::DataLossError("a reply cannot be read");
  }
  reply.time_s = static_cast<int64_t>(time_s);
  reply.data = bytes;
  return reply;
}

// What becomes of a segment; nothing where it stays as it is.
std::optional<EncodedSegment> Rewritten(const Segment& segment, const Storage::EntryRewriter& rewrite) {
  std::vector<std::string_view> entries = segment.entries;
  std::vector<std::optional<std::string>> replaced(entries.size());
  bool changed = false;
  for (size_t i = 0; i < entries.size(); ++i) {
    replaced[i] = rewrite(segment.first + static_cast<Revision>(i), entries[i]);
    if (!replaced[i]) continue;
    entries[i] = *replaced[i];
    changed = true;
  }
  if (!changed) return std::nullopt;
  return EncodeSegment(segment.first, entries);
}

absl::Status Missing(int kind, std::string_view what) {
  return absl::DataLossError("record " + std::string(what) + " of kind " + std::to_string(kind) +
                             " is missing or cannot be told from one that is");
}

}  // namespace

absl::StatusOr<std::unique_ptr<Storage>> OpenSqlite(const SqliteOptions& options) {
  // Counting its memory costs SQLite a lock that all connections share, at each allocation. Nothing happens where
  // SQLite runs already: then it counts.
  static const int counts_no_memory = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(counts_no_memory);
  return SqliteStorage::Open(options);
}

std::string SqliteVersion() { return sqlite3_libversion(); }

absl::StatusOr<std::unique_ptr<Storage>> SqliteStorage::Open(const SqliteOptions& options) {
  if (!options.create && ::access(options.path.c_str(), F_OK) != 0) {
    return absl::NotFoundError("there is no store at " + options.path);
  }
  absl::StatusOr<FileLock> lock = FileLock::Acquire(options.path + ".lock");
  if (!lock.ok()) return lock.status();
  const FileLocation file = {.path = options.path, .vfs = options.vfs};
  absl::StatusOr<std::unique_ptr<Writer>> writer = Writer::Open(file);
  if (!writer.ok()) return writer.status();
  absl::StatusOr<std::string> store_id = (*writer)->ReadStoreId();
  if (!store_id.ok()) return store_id.status();
  std::unique_ptr<SqliteStorage> store(
      new SqliteStorage(*std::move(lock), *std::move(writer), *std::move(store_id), file));
  if (absl::Status status = store->Load(); !status.ok()) return status;
  return store;
}

absl::Status SqliteStorage::Load() {
  auto reader = readers_.Acquire();
  if (!reader.ok()) return reader.status();
  const auto survey = (*reader)->SurveyRecords(
      [this](const Row& row) {
        Directory& directory = directories_[KindOf(row.row_id)];
        directory.Add(Directory::HashOf(row.id), KeyOf(row.row_id));
        directory.SetLive(KeyOf(row.row_id), true);
        return true;
      },
      [] { return true; });
  if (!survey.ok()) return survey.status();
  state_ = survey->state;
  for (int kind = 0; kind < kKindCount; ++kind) directories_[kind].set_last_key(state_.kinds[kind].last_key);
  for (const int kind : survey->damaged) {
    directories_[kind].set_damaged();
    writer_->Break(absl::DataLossError("records of kind " + std::to_string(kind) + " do not fit their checksums"));
  }
  head_ = state_.head;
  first_log_revision_ = state_.first_log_revision;
  return absl::OkStatus();
}

absl::Status SqliteStorage::Transact(absl::FunctionRef<absl::Status(State& state, RowBatch& rows)> change) {
  if (!writer_->usable().ok()) return writer_->usable();
  State next = state_;
  RowBatch rows(*writer_, directories_, cache_, next);
  absl::Status status = writer_->Begin();
  if (status.ok()) status = change(next, rows);
  if (status.ok()) status = writer_->SaveState(next);
  if (status.ok()) {
    rows.BeforeCommit();
    status = writer_->Commit();
  }
  if (!status.ok()) {
    writer_->Rollback();
    rows.Abandon();
    if (absl::IsDataLoss(status)) writer_->Break(status);
    return status;
  }
  rows.AfterCommit();
  state_ = next;
  first_log_revision_.store(next.first_log_revision, std::memory_order_release);
  head_.store(next.head, std::memory_order_release);
  return absl::OkStatus();
}

absl::Status SqliteStorage::Commit(const Group& group) {
  if (group.entries.empty()) return absl::InvalidArgumentError("a group needs an entry");
  const absl::StatusOr<std::vector<size_t>> order = OrderOf(group.writes);
  if (!order.ok()) return order.status();
  return Transact([&](State& state, RowBatch& rows) {
    // By kind and key: removals then come before the new record that may take over an id, and rows are appended.
    for (const size_t i : *order) {
      const Write& write = group.writes[i];
      const absl::Status status = write.data ? rows.Put(write.kind, write.key, write.id, write.revision, *write.data)
                                             : rows.Remove(write.kind, write.key, write.id);
      if (!status.ok()) return status;
    }
    for (const Reply& reply : group.replies) {
      const absl::Status status = rows.PutById(kReplyKind, reply.request_id, reply.revision, EncodeReply(reply));
      if (!status.ok()) return status;
    }
    for (const Cursor& cursor : group.cursors) {
      const absl::Status status = rows.PutById(kCursorKind, cursor.name, 0, cursor.value);
      if (!status.ok()) return status;
    }
    const std::vector<std::string_view> entries(group.entries.begin(), group.entries.end());
    const Revision first = state.head + 1;
    state.head += static_cast<Revision>(entries.size());
    return writer_->PutSegment(EncodeSegment(first, entries));
  });
}

absl::StatusOr<std::optional<Record>> SqliteStorage::ReadByKey(int kind, Key key) const {
  if (kind < 1 || key < 1 || key > kKeyMax) return std::optional<Record>();
  const RowId row_id = RowIdOf(kind, key);
  if (std::optional<Record> known = cache_.Find(row_id)) return known;
  const uint32_t ticket = cache_.Ticket(row_id);
  absl::StatusOr<std::optional<Record>> record = ReadFromFile(kind, key);
  if (record.ok() && record->has_value()) cache_.Keep(row_id, **record, ticket);
  return record;
}

absl::StatusOr<std::optional<Record>> SqliteStorage::ReadFromFile(int kind, Key key) const {
  auto reader = readers_.Acquire();
  if (!reader.ok()) return reader.status();
  absl::StatusOr<std::optional<Record>> record = (*reader)->Get(kind, key);
  if (!record.ok() || record->has_value()) return record;
  if (directories_[kind].damaged()) return Missing(kind, std::to_string(key));

  // Nothing is there. A key that is live before and after looking again was live in between: then it is the file that
  // has lost it. (A key lives once, so it cannot have gone and come back.)
  if (!directories_[kind].IsLive(key)) return record;
  record = (*reader)->Get(kind, key);
  if (!record.ok() || record->has_value() || !directories_[kind].IsLive(key)) return record;
  return Missing(kind, std::to_string(key));
}

absl::StatusOr<std::optional<Record>> SqliteStorage::ReadById(int kind, std::string_view id) const {
  const Directory& directory = directories_[kind];
  for (;;) {
    // Where an id moves to a new record, the new key is above the old: in ascending order one of the two is met.
    const Directory::Candidates candidates = directory.Find(Directory::HashOf(id));
    for (const Key key : candidates.keys) {
      absl::StatusOr<std::optional<Record>> record = ReadByKey(kind, key);
      if (!record.ok() || (record->has_value() && (*record)->id == id)) return record;
    }
    if (candidates.keys.empty() || candidates.version == directory.version()) break;
  }
  if (directory.damaged()) return Missing(kind, id);
  return std::optional<Record>();
}

std::vector<Key> SqliteStorage::FindCandidates(Kind kind, std::string_view id) const {
  const Directory::Candidates candidates = directories_[kind].Find(Directory::HashOf(id));
  return {candidates.keys.begin(), candidates.keys.end()};
}

absl::Status SqliteStorage::Scan(Kind kind, Key first, const RecordVisitor& visit) const {
  auto reader = readers_.Acquire();
  if (!reader.ok()) return reader.status();
  // Keys given from now on may be of records that the scan does not see.
  const Key last = directories_[kind].last_key();
  Key next = std::max<Key>(first, 1);
  bool stopped = false;
  absl::Status missing;
  const absl::Status status = (*reader)->Scan(kind, next, [&](const RecordView& record) {
    missing = ExpectNone(kind, next, std::min(record.key - 1, last));
    if (!missing.ok()) return false;
    next = record.key + 1;
    stopped = !visit(record);
    return !stopped;
  });
  if (!status.ok()) return status;
  if (missing.ok() && !stopped) missing = ExpectNone(kind, next, last);
  if (missing.ok() && directories_[kind].damaged()) missing = Missing(kind, "of the scan");
  return missing;
}

// DATA_LOSS where the file has lost a record of these keys.
absl::Status SqliteStorage::ExpectNone(Kind kind, Key first, Key last) const {
  const Directory& directory = directories_[kind];
  while (first <= last) {
    const Key key = directory.NextLive(first);
    if (key == 0 || key > last) break;
    if (const auto record = ReadFromFile(kind, key); !record.ok()) return record.status();
    first = key + 1;
  }
  return absl::OkStatus();
}

absl::Status SqliteStorage::ReadLog(Revision after, const EntryVisitor& visit) const {
  auto reader = readers_.Acquire();
  if (!reader.ok()) return reader.status();
  return (*reader)->ReadLog(after, visit);
}

absl::StatusOr<std::optional<Reply>> SqliteStorage::FindReply(std::string_view request_id) const {
  const absl::StatusOr<std::optional<Record>> record = ReadById(kReplyKind, request_id);
  if (!record.ok()) return record.status();
  if (!record->has_value()) return std::optional<Reply>();
  absl::StatusOr<Reply> reply = DecodeReply(request_id, (*record)->revision, (*record)->data);
  if (!reply.ok()) return reply.status();
  return std::optional<Reply>(*std::move(reply));
}

absl::StatusOr<std::optional<std::string>> SqliteStorage::GetCursor(std::string_view name) const {
  absl::StatusOr<std::optional<Record>> record = ReadById(kCursorKind, name);
  if (!record.ok()) return record.status();
  if (!record->has_value()) return std::optional<std::string>();
  return std::optional<std::string>(std::move((*record)->data));
}

absl::Status SqliteStorage::Compact(Revision first) {
  if (!writer_->usable().ok()) return writer_->usable();
  if (first > state_.head + 1) return absl::InvalidArgumentError("the log cannot begin after its end");
  if (first <= state_.first_log_revision) return absl::OkStatus();
  const absl::Status status = Transact([&](State& state, RowBatch&) { return DropLogBefore(first, state); });
  if (status.ok()) writer_->EmptyWalSoon();
  return status;
}

absl::Status SqliteStorage::DropLogBefore(Revision first, State& state) {
  // The segment in which the new beginning lies is cut in two.
  std::optional<EncodedSegment> kept;
  absl::Status status = writer_->ReadSegmentAt(first, [&](const Segment* segment) {
    if (segment != nullptr && segment->first < first && first < segment->end()) {
      kept = EncodeSegment(first, std::span(segment->entries).subspan(first - segment->first));
    }
    return absl::OkStatus();
  });
  if (status.ok()) status = writer_->DeleteSegmentsBefore(first);
  if (status.ok() && kept) status = writer_->PutSegment(*kept);
  state.first_log_revision = first;
  return status;
}

absl::Status SqliteStorage::RewriteLog(const EntryRewriter& rewrite) {
  const absl::Status status = Transact([&](State& state, RowBatch&) {
    for (Revision next = state.first_log_revision; next <= state.head;) {
      std::optional<EncodedSegment> changed;
      absl::Status read = writer_->ReadSegmentAt(next, [&](const Segment* segment) {
        if (segment == nullptr || segment->first != next) return absl::DataLossError("the log has a gap");
        changed = Rewritten(*segment, rewrite);
        next = segment->end();
        return absl::OkStatus();
      });
      if (read.ok() && changed) read = writer_->PutSegment(*changed);
      if (!read.ok()) return read;
    }
    return absl::OkStatus();
  });
  if (status.ok()) writer_->EmptyWalSoon();
  return status;
}

absl::Status SqliteStorage::ForgetRepliesBefore(int64_t time_s) {
  return Transact([&](State&, RowBatch& rows) {
    std::vector<std::pair<Key, std::string>> old;
    absl::Status status = writer_->VisitKind(kReplyKind, [&](const Row& row) {
      const absl::StatusOr<Reply> reply = DecodeReply(row.id, row.revision, row.data);
      if (!reply.ok()) return reply.status();
      if (reply->time_s < time_s) old.emplace_back(KeyOf(row.row_id), row.id);
      return absl::OkStatus();
    });
    for (size_t i = 0; i < old.size() && status.ok(); ++i)
      status = rows.Remove(kReplyKind, old[i].first, old[i].second);
    return status;
  });
}

absl::StatusOr<CheckReport> SqliteStorage::Check(const Progress& progress) const {
  auto reader = readers_.Acquire();
  if (!reader.ok()) return reader.status();
  return (*reader)->Check(progress);
}

}  // namespace folio::storage
