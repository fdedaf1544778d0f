// Writing the file: the one read-write connection, its statements, and its checkpoints.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/row.h"
#include "storage/sqlite/segment.h"
#include "storage/sqlite/state.h"

namespace folio::storage {

// Used by one thread at a time. Everything between Begin and Commit or Rollback is one transaction.
class Writer {
 public:
  // Brings the file's schema up to date, making the file where there is none.
  static absl::StatusOr<std::unique_ptr<Writer>> Open(const FileLocation& file);
  ~Writer();

  absl::StatusOr<std::string> ReadStoreId();

  // OK, or why nothing can be written any more.
  const absl::Status& usable() const { return usable_; }

  // Ends all writing for a DATA_LOSS, which every later write is answered with: what the disk holds is no longer known.
  // The WAL is then left as it is, for who looks into it.
  void Break(const absl::Status& why);

  absl::Status Begin();
  // DATA_LOSS where it is not known whether the transaction is durable; UNAVAILABLE where it is not.
  absl::Status Commit();
  void Rollback();

  // Calls `visit` with the row of this number, or with nullptr. Returns what it returns.
  absl::Status ReadRecord(RowId row_id, absl::FunctionRef<absl::Status(const Row*)> visit);
  absl::Status InsertRow(const Row& row);
  absl::Status UpdateRow(const Row& row);  // all but its id
  absl::Status DeleteRow(RowId row_id);
  // Calls `visit` with each record of a kind, by ascending key, until it fails.
  absl::Status VisitKind(int kind, absl::FunctionRef<absl::Status(const Row&)> visit);

  // Calls `visit` with the last segment that begins at or before a revision, or with nullptr.
  absl::Status ReadSegmentAt(Revision revision, absl::FunctionRef<absl::Status(const Segment*)> visit);
  absl::Status PutSegment(const EncodedSegment& segment);  // takes the place of one that begins at the same revision
  absl::Status DeleteSegmentsBefore(Revision first);

  absl::Status SaveState(const State& state);

  // Moves pages from the WAL to their place, when enough have gathered or there is time. See docs/storage.md.
  absl::Status Maintain();

  // Has the next Maintain leave nothing of the past in the WAL.
  void EmptyWalSoon() { empty_wal_soon_ = true; }

 private:
  explicit Writer(std::unique_ptr<Connection> connection);
  absl::Status Prepare();
  absl::Status Run(Statement& statement, std::string_view doing);
  absl::Status Checkpoint(int mode);

  std::unique_ptr<Connection> connection_;
  Statement begin_;
  Statement commit_;
  Statement rollback_;
  Statement get_;
  Statement scan_;
  Statement insert_;
  Statement update_;
  Statement delete_;
  Statement segment_at_;
  Statement put_segment_;
  Statement delete_segments_;
  Statement save_state_;
  absl::Status usable_;

  int wal_pages_ = 0;           // in the WAL after the last commit
  int checkpointed_pages_ = 0;  // of them, at the last checkpoint
  int maintained_pages_ = 0;    // wal_pages_ when Maintain was last called
  bool empty_wal_soon_ = false;
};

}  // namespace folio::storage
