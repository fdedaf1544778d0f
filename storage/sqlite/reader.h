// Reading the file: a read-only connection with its statements, and the pool that hands them out.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/sqlite/connection.h"
#include "storage/sqlite/row.h"
#include "storage/sqlite/segment.h"
#include "storage/sqlite/state.h"
#include "storage/storage.h"

namespace folio::storage {

// Used by one thread at a time.
class Reader {
 public:
  static absl::StatusOr<std::unique_ptr<Reader>> Open(const FileLocation& file);

  // The record with this key; nothing where the file shows none.
  absl::StatusOr<std::optional<Record>> Get(int kind, Key key);

  // As Storage has them; `first` is from 1 on. A scan of the whole kind also compares what it has seen with the state
  // of the store.
  absl::Status Scan(int kind, Key first, const Storage::RecordVisitor& visit);
  absl::Status ReadLog(Revision after, const Storage::EntryVisitor& visit);
  absl::StatusOr<CheckReport> Check(const Storage::Progress& progress);

  // What a reading of all records finds.
  struct Survey {
    State state;
    std::vector<int> damaged;  // kinds whose records are not those that the state counts
  };

  // Visits every record that fits its checksum, and tells `corrupt` of each that does not. Return false to stop.
  absl::StatusOr<Survey> SurveyRecords(absl::FunctionRef<bool(const Row&)> visit, absl::FunctionRef<bool()> corrupt);

 private:
  class Snapshot;
  struct Meter;

  explicit Reader(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
  absl::Status Prepare();
  absl::StatusOr<State> ReadState();
  absl::Status VisitRows(RowId first, RowId last, absl::FunctionRef<bool(const absl::StatusOr<Row>&)> visit);
  absl::Status VisitSegments(Revision from, absl::FunctionRef<bool(const absl::StatusOr<Segment>&)> visit);
  absl::Status CheckRecords(Meter* meter, CheckReport* report);
  absl::Status CheckLog(Meter* meter, CheckReport* report);

  std::unique_ptr<Connection> connection_;
  Statement begin_;
  Statement end_;
  Statement get_;
  Statement scan_;
  Statement log_;
  Statement state_;
};

// Readers that wait for work. Any thread.
class ReaderPool {
 public:
  explicit ReaderPool(FileLocation file) : file_(std::move(file)) {}

  // A reader on loan: goes back when the lease ends. The pool must outlive it.
  class Lease {
   public:
    Lease(ReaderPool* pool, std::unique_ptr<Reader> reader) : pool_(pool), reader_(std::move(reader)) {}
    Lease(Lease&&) = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (reader_ != nullptr) pool_->Return(std::move(reader_));
    }
    Reader* operator->() const { return reader_.get(); }

   private:
    ReaderPool* pool_;
    std::unique_ptr<Reader> reader_;
  };

  // The reader used last, whose cache is warmest, or a new one. As many can be out as there are threads.
  absl::StatusOr<Lease> Acquire();

 private:
  void Return(std::unique_ptr<Reader> reader);

  const FileLocation file_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Reader>> idle_;  // guarded by mutex_
};

}  // namespace folio::storage
