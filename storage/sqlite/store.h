// The store over one SQLite file: what sqlite.h opens.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "storage/sqlite/file_lock.h"
#include "storage/sqlite/reader.h"
#include "storage/sqlite/record_cache.h"
#include "storage/sqlite/row_batch.h"
#include "storage/sqlite/sqlite.h"
#include "storage/sqlite/writer.h"
#include "storage/storage.h"

namespace folio::storage {

class SqliteStorage final : public Storage {
 public:
  static absl::StatusOr<std::unique_ptr<Storage>> Open(const SqliteOptions& options);

  const std::string& store_id() const override { return store_id_; }
  Revision head() const override { return head_.load(std::memory_order_acquire); }
  Revision first_log_revision() const override { return first_log_revision_.load(std::memory_order_acquire); }
  Key last_key(Kind kind) const override { return directories_[kind].last_key(); }

  absl::Status Commit(const Group& group) override;
  absl::StatusOr<std::optional<Record>> Get(Kind kind, Key key) const override { return ReadByKey(kind, key); }
  absl::StatusOr<std::optional<Record>> FindRecord(Kind kind, std::string_view id) const override {
    return ReadById(kind, id);
  }
  std::vector<Key> FindCandidates(Kind kind, std::string_view id) const override;
  using Storage::Scan;
  absl::Status Scan(Kind kind, Key first, const RecordVisitor& visit) const override;
  absl::Status ReadLog(Revision after, const EntryVisitor& visit) const override;
  absl::StatusOr<std::optional<Reply>> FindReply(std::string_view request_id) const override;
  absl::StatusOr<std::optional<std::string>> GetCursor(std::string_view name) const override;
  absl::Status Compact(Revision first) override;
  absl::Status RewriteLog(const EntryRewriter& rewrite) override;
  absl::Status ForgetRepliesBefore(int64_t time_s) override;
  absl::Status Maintain() override { return writer_->Maintain(); }
  absl::StatusOr<CheckReport> Check(const Progress& progress) const override;

 private:
  SqliteStorage(FileLock lock, std::unique_ptr<Writer> writer, std::string store_id, FileLocation file)
      : lock_(std::move(lock)), writer_(std::move(writer)), store_id_(std::move(store_id)), readers_(std::move(file)) {}

  // Reads all records into the directories.
  absl::Status Load();

  // Runs a change within a transaction, and makes it durable with the state it leaves.
  absl::Status Transact(absl::FunctionRef<absl::Status(State& state, RowBatch& rows)> change);
  absl::Status DropLogBefore(Revision first, State& state);

  // A record of any kind, also of those that the seam does not show.
  absl::StatusOr<std::optional<Record>> ReadByKey(int kind, Key key) const;
  absl::StatusOr<std::optional<Record>> ReadFromFile(int kind, Key key) const;
  absl::StatusOr<std::optional<Record>> ReadById(int kind, std::string_view id) const;
  absl::Status ExpectNone(Kind kind, Key first, Key last) const;

  const FileLock lock_;  // first: goes last
  const std::unique_ptr<Writer> writer_;
  const std::string store_id_;
  mutable ReaderPool readers_;
  mutable Directories directories_;
  mutable RecordCache cache_{kRecordCacheBytes};
  State state_;  // as committed; of the writer's thread
  std::atomic<Revision> head_ = 0;
  std::atomic<Revision> first_log_revision_ = 1;
};

}  // namespace folio::storage
