#include "storage/sqlite/writer.h"

#include <sqlite3.h>

#include <utility>

#include "storage/broken.h"
#include "storage/sqlite/schema.h"

namespace folio::storage {
namespace {

// Pages that a checkpoint moves at a time: 4 MiB, some milliseconds of a disk's work.
constexpr int kCheckpointPages = 1'000;
// A WAL of 64 MiB is cut off rather than used again: readers search it.
constexpr int kWalPagesMax = 16'384;

}  // namespace

Writer::Writer(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {
  const auto remember = [](void* pages, sqlite3*, const char*, int count) {
    *static_cast<int*>(pages) = count;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(connection_->handle(), remember, &wal_pages_);
}

Writer::~Writer() = default;

absl::StatusOr<std::unique_ptr<Writer>> Writer::Open(const FileLocation& file) {
  auto connection = Connection::OpenWriter(file);
  if (!connection.ok()) return connection.status();
  absl::Status status = CheckIsOurs(**connection, file.path);
  if (status.ok()) status = (*connection)->UseDurableWal();
  if (status.ok()) status = BringToCurrentSchema(**connection);
  if (!status.ok()) return status;
  std::unique_ptr<Writer> writer(new Writer(*std::move(connection)));
  if (status = writer->Prepare(); !status.ok()) return status;
  return writer;
}

absl::Status Writer::Prepare() {
  const std::pair<const char*, Statement*> statements[] = {
      {"BEGIN IMMEDIATE", &begin_},
      {"COMMIT", &commit_},
      {"ROLLBACK", &rollback_},
      {"SELECT key, revision, sum, id, data FROM records WHERE key = ?1", &get_},
      {"SELECT key, revision, sum, id, data FROM records WHERE key BETWEEN ?1 AND ?2 ORDER BY key", &scan_},
      {"INSERT INTO records (key, revision, sum, id, data) VALUES (?1, ?2, ?3, ?4, ?5)", &insert_},
      {"UPDATE records SET revision = ?2, sum = ?3, data = ?4 WHERE key = ?1", &update_},
      {"DELETE FROM records WHERE key = ?1", &delete_},
      {"SELECT first, count, flags, sum, data FROM log WHERE first <= ?1 ORDER BY first DESC LIMIT 1", &segment_at_},
      {"INSERT OR REPLACE INTO log (first, count, flags, sum, data) VALUES (?1, ?2, ?3, ?4, ?5)", &put_segment_},
      {"DELETE FROM log WHERE first < ?1", &delete_segments_},
      {"UPDATE meta SET value = ?1, sum = ?2 WHERE name = 'state'", &save_state_}};
  for (const auto& [sql, statement] : statements) {
    if (absl::Status status = connection_->Prepare(sql, statement); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Writer::ReadStoreId() {
  Statement select;
  absl::Status status = connection_->Prepare("SELECT value, sum FROM meta WHERE name = 'store_id'", &select);
  if (!status.ok()) return status;
  const int code = select.Step();
  if (code != SQLITE_ROW && code != SQLITE_DONE) return connection_->ErrorOf(code, "read the store's id");
  if (code == SQLITE_ROW && static_cast<uint64_t>(select.Int(1)) == MetaSum("store_id", select.Bytes(0))) {
    return std::string(select.Bytes(0));
  }
  return absl::DataLossError("the store's id is missing or does not fit its checksum");
}

void Writer::Break(const absl::Status& why) {
  if (!usable_.ok()) return;
  const std::string message = "the store takes no more writes: " + std::string(why.message());
  usable_ = IsBroken(why) ? BrokenError(message) : absl::DataLossError(message);
  // A checkpoint could destroy what a failed one has left readable in the WAL.
  sqlite3_db_config(connection_->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

absl::Status Writer::Run(Statement& statement, std::string_view doing) {
  StatementUse use(statement);
  const int code = statement.Step();
  return code == SQLITE_DONE ? absl::OkStatus() : connection_->ErrorOf(code, doing);
}

absl::Status Writer::Begin() { return Run(begin_, "begin to write"); }

absl::Status Writer::Commit() {
  StatementUse use(commit_);
  const int code = commit_.Step();
  if (code == SQLITE_DONE) return absl::OkStatus();
  absl::Status status = connection_->ErrorOf(code, "commit");
  // These two are found before the end of the transaction is written. After any other the disk may or may not hold it.
  if ((code & 0xff) == SQLITE_FULL || (code & 0xff) == SQLITE_BUSY) return status;
  return BrokenError(status.message());
}

void Writer::Rollback() {
  if (sqlite3_get_autocommit(connection_->handle()) != 0) return;  // SQLite has done it already
  if (absl::Status status = Run(rollback_, "roll back"); !status.ok()) Break(status);
}

absl::Status Writer::ReadRecord(RowId row_id, absl::FunctionRef<absl::Status(const Row*)> visit) {
  StatementUse use(get_);
  get_.Bind(1, row_id);
  const int code = get_.Step();
  if (code == SQLITE_DONE) return visit(nullptr);
  if (code != SQLITE_ROW) return connection_->ErrorOf(code, "read a record");
  const absl::StatusOr<Row> row = ReadRow(get_);
  return row.ok() ? visit(&*row) : row.status();
}

absl::Status Writer::InsertRow(const Row& row) {
  insert_.Bind(1, row.row_id);
  insert_.Bind(2, row.revision);
  insert_.Bind(3, static_cast<int64_t>(row.sum));
  insert_.BindText(4, row.id);
  insert_.BindBlob(5, row.data);
  return Run(insert_, "insert a record");
}

absl::Status Writer::UpdateRow(const Row& row) {
  update_.Bind(1, row.row_id);
  update_.Bind(2, row.revision);
  update_.Bind(3, static_cast<int64_t>(row.sum));
  update_.BindBlob(4, row.data);
  return Run(update_, "update a record");
}

absl::Status Writer::DeleteRow(RowId row_id) {
  delete_.Bind(1, row_id);
  return Run(delete_, "remove a record");
}

absl::Status Writer::VisitKind(int kind, absl::FunctionRef<absl::Status(const Row&)> visit) {
  StatementUse use(scan_);
  scan_.Bind(1, RowIdOf(kind, 1));
  scan_.Bind(2, RowIdOf(kind, kKeyMax));
  for (;;) {
    const int code = scan_.Step();
    if (code == SQLITE_DONE) return absl::OkStatus();
    if (code != SQLITE_ROW) return connection_->ErrorOf(code, "read records");
    const absl::StatusOr<Row> row = ReadRow(scan_);
    if (!row.ok()) return row.status();
    if (absl::Status status = visit(*row); !status.ok()) return status;
  }
}

absl::Status Writer::ReadSegmentAt(Revision revision, absl::FunctionRef<absl::Status(const Segment*)> visit) {
  StatementUse use(segment_at_);
  segment_at_.Bind(1, revision);
  const int code = segment_at_.Step();
  if (code == SQLITE_DONE) return visit(nullptr);
  if (code != SQLITE_ROW) return connection_->ErrorOf(code, "read the log");
  const absl::StatusOr<Segment> segment = ReadSegment(segment_at_);
  return segment.ok() ? visit(&*segment) : segment.status();
}

absl::Status Writer::PutSegment(const EncodedSegment& segment) {
  put_segment_.Bind(1, segment.first);
  put_segment_.Bind(2, segment.count);
  put_segment_.Bind(3, segment.flags);
  put_segment_.Bind(4, static_cast<int64_t>(segment.sum));
  put_segment_.BindBlob(5, segment.data);
  return Run(put_segment_, "write the log");
}

absl::Status Writer::DeleteSegmentsBefore(Revision first) {
  delete_segments_.Bind(1, first);
  return Run(delete_segments_, "drop the log's beginning");
}

absl::Status Writer::SaveState(const State& state) {
  const std::string value = EncodeState(state);
  save_state_.BindBlob(1, value);
  save_state_.Bind(2, static_cast<int64_t>(MetaSum("state", value)));
  return Run(save_state_, "write the state of the store");
}

absl::Status Writer::Maintain() {
  if (!usable_.ok()) return usable_;
  if (wal_pages_ < checkpointed_pages_) checkpointed_pages_ = 0;  // SQLite has begun the WAL anew
  const bool idle = wal_pages_ == maintained_pages_;
  maintained_pages_ = wal_pages_;
  if (wal_pages_ == 0) return absl::OkStatus();
  if (idle || empty_wal_soon_ || wal_pages_ >= kWalPagesMax) return Checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
  if (wal_pages_ - checkpointed_pages_ >= kCheckpointPages) return Checkpoint(SQLITE_CHECKPOINT_PASSIVE);
  return absl::OkStatus();
}

absl::Status Writer::Checkpoint(int mode) {
  int pages = 0;
  int moved = 0;
  sqlite3_busy_timeout(connection_->handle(),
                       0);  // readers may take as long as they like; commits must not wait for them
  const int code = sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, mode, &pages, &moved);
  sqlite3_busy_timeout(connection_->handle(), kBusyTimeoutMs);
  if ((code & 0xff) == SQLITE_BUSY) return absl::OkStatus();  // a reader still needs the WAL: another time
  if (code != SQLITE_OK) {
    absl::Status status = connection_->ErrorOf(code, "checkpoint");
    if (absl::IsDataLoss(status)) Break(status);
    return status;
  }
  checkpointed_pages_ = moved;
  if (mode == SQLITE_CHECKPOINT_TRUNCATE) {
    wal_pages_ = maintained_pages_ = checkpointed_pages_ = 0;
    empty_wal_soon_ = false;
  }
  return absl::OkStatus();
}

}  // namespace folio::storage
