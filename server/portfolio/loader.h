// Reading a store's records at start, on two threads: one scans, parses and fills some projections, the other fills the
// one that takes longest.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "server/engine/projection.h"

namespace folio::portfolio {

class Loader {
 public:
  // Borrows all of them. `beside` is loaded on a thread of its own, each of `here` on the caller's: they must not touch
  // each other while they load.
  Loader(const storage::Storage& storage, std::vector<engine::Projection*> here, engine::Projection& beside);

  // Loads all records of a kind and returns once every projection has them. Errors: those of the scan; INTERNAL where a
  // record cannot be parsed.
  absl::Status Load(storage::Kind kind);

 private:
  // Records on their way to the other thread. Messages are used again: that spares most of their allocations.
  struct Batch {
    struct Entry {
      storage::Key key = 0;
      storage::Revision revision = 0;
      std::string id;
      std::unique_ptr<google::protobuf::Message> message;
    };
    std::vector<Entry> entries;
    size_t used = 0;
  };
  static constexpr size_t kBatchRecords = 256;

  absl::Status Scan(storage::Kind kind);
  // Hands over the batch that is being filled, once the other thread has taken the one before.
  void HandOver();
  // Until there is a batch without a record.
  void LoadBatches(storage::Kind kind);

  const storage::Storage& storage_;
  const std::vector<engine::Projection*> here_;
  engine::Projection& beside_;
  Batch filling_;

  std::mutex mutex_;
  std::condition_variable changed_;
  Batch waiting_;            // guarded by mutex_
  bool is_waiting_ = false;  // guarded by mutex_
};

}  // namespace folio::portfolio
