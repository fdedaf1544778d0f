// Records that were read before, in memory: reading one from the file costs ten times as much as everything else that a
// request for it does.
//
// A record is kept when it is read for the second time within a while, so that one pass over many records keeps none of
// them. It is kept as it was read and verified, until it is written or others need its room. It never outlives its row:
// the writer calls BeginWrite before the commit that changes the row, and EndWrite when the commit is over, whatever
// became of it. In between, and for a reading that began before, nothing of the row is kept; so whoever reads the row
// then reads the file, as if there were no cache.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "storage/sqlite/row.h"
#include "storage/storage.h"

namespace folio::storage {

// What the records of a store may take in memory.
inline constexpr size_t kRecordCacheBytes = size_t{64} << 20;

class RecordCache {
 public:
  explicit RecordCache(size_t bytes_max);

  // --- Any thread ---

  // The record, if it is kept.
  std::optional<Record> Find(RowId row_id);

  // What to take before a row is read from the file, for Keep to know whether it was written meanwhile.
  uint32_t Ticket(RowId row_id) const { return VersionOf(row_id).load(std::memory_order_acquire); }

  // Keeps what was read, unless the row was being written since the ticket was taken, or has not been here lately.
  // Large records are not kept.
  void Keep(RowId row_id, const Record& record, uint32_t ticket);

  // --- The writer's thread ---

  void BeginWrite(RowId row_id);
  void EndWrite(RowId row_id);

 private:
  struct Entry {
    RowId row_id = 0;
    Revision revision = 0;
    uint32_t id_bytes = 0;
    uint32_t data_bytes = 0;
    std::unique_ptr<char[]> bytes;  // the id, then the data; null where the entry is free
    bool used = false;              // since room was last sought here
  };

  // A part of the rows, so that threads seldom meet.
  struct Shard {
    std::mutex mutex;
    absl::flat_hash_map<RowId, uint32_t> places;  // of entries that are not free
    std::vector<Entry> entries;
    std::vector<uint32_t> free;
    size_t bytes = 0;
    size_t hand = 0;  // where room is sought next
  };

  static constexpr size_t kShards = 16;
  static constexpr size_t kVersions = 4096;
  static constexpr size_t kVisits = 1 << 17;

  static uint64_t Mix(RowId row_id) { return static_cast<uint64_t>(row_id) * 0x9E3779B97F4A7C15; }
  Shard& ShardOf(RowId row_id) { return shards_[Mix(row_id) >> 60]; }
  std::atomic<uint32_t>& VersionOf(RowId row_id) const { return versions_[Mix(row_id) >> 48 & (kVersions - 1)]; }

  // Notes that the row was here; true where it was noted before and not many others since.
  bool WasHereLately(RowId row_id);

  static size_t BytesOf(const Entry& entry) { return entry.id_bytes + entry.data_bytes + kEntryBytes; }
  static void Drop(Shard& shard, uint32_t place);
  void MakeRoom(Shard& shard, size_t bytes) const;

  // Of an entry beyond its bytes: itself, its place in the map, what the allocator adds.
  static constexpr size_t kEntryBytes = sizeof(Entry) + 48;

  const size_t shard_bytes_max_;
  std::array<Shard, kShards> shards_;
  // Of rows that share one, odd while one of them is written.
  mutable std::array<std::atomic<uint32_t>, kVersions> versions_ = {};
  // A few bits of the rows that were here last, of those that share a place.
  std::vector<std::atomic<uint16_t>> visits_ = std::vector<std::atomic<uint16_t>>(kVisits);
};

}  // namespace folio::storage
