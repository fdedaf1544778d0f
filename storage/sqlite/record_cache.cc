#include "storage/sqlite/record_cache.h"

#include <cstring>
#include <string>

namespace folio::storage {
namespace {

// Larger ones are rare, and one would push many others out.
constexpr size_t kRecordBytesMax = 16 << 10;

}  // namespace

RecordCache::RecordCache(size_t bytes_max) : shard_bytes_max_(bytes_max / kShards) {
  static_assert(kShards == 16, "the upper four bits choose a shard");
}

std::optional<Record> RecordCache::Find(RowId row_id) {
  Shard& shard = ShardOf(row_id);
  const std::lock_guard lock(shard.mutex);
  const auto place = shard.places.find(row_id);
  if (place == shard.places.end()) return std::nullopt;
  Entry& entry = shard.entries[place->second];
  entry.used = true;
  const char* bytes = entry.bytes.get();
  return Record{.key = KeyOf(row_id),
                .id = std::string(bytes, entry.id_bytes),
                .revision = entry.revision,
                .data = std::string(bytes + entry.id_bytes, entry.data_bytes)};
}

void RecordCache::Keep(RowId row_id, const Record& record, uint32_t ticket) {
  const size_t size = record.id.size() + record.data.size();
  if (size > kRecordBytesMax || ticket % 2 != 0 || !WasHereLately(row_id)) return;
  Entry entry = {.row_id = row_id,
                 .revision = record.revision,
                 .id_bytes = static_cast<uint32_t>(record.id.size()),
                 .data_bytes = static_cast<uint32_t>(record.data.size()),
                 .bytes = std::make_unique_for_overwrite<char[]>(size)};
  std::memcpy(entry.bytes.get(), record.id.data(), record.id.size());
  std::memcpy(entry.bytes.get() + record.id.size(), record.data.data(), record.data.size());

  Shard& shard = ShardOf(row_id);
  const std::lock_guard lock(shard.mutex);
  // Under the lock that BeginWrite takes after it has changed the version: either it is seen here, or BeginWrite finds
  // and drops what is kept now.
  if (VersionOf(row_id).load(std::memory_order_acquire) != ticket || shard.places.contains(row_id)) return;
  MakeRoom(shard, BytesOf(entry));
  shard.bytes += BytesOf(entry);
  if (shard.free.empty()) {
    shard.free.push_back(static_cast<uint32_t>(shard.entries.size()));
    shard.entries.emplace_back();
  }
  shard.places.emplace(row_id, shard.free.back());
  shard.entries[shard.free.back()] = std::move(entry);
  shard.free.pop_back();
}

bool RecordCache::WasHereLately(RowId row_id) {
  const uint64_t mixed = Mix(row_id);
  const auto mark = static_cast<uint16_t>(mixed >> 8 | 1);  // 0 is nobody
  return visits_[mixed >> 40 & (kVisits - 1)].exchange(mark, std::memory_order_relaxed) == mark;
}

// What was used since the hand came by last stays for another round.
void RecordCache::MakeRoom(Shard& shard, size_t bytes) const {
  while (!shard.places.empty() && shard.bytes + bytes > shard_bytes_max_) {
    if (shard.hand >= shard.entries.size()) shard.hand = 0;
    Entry& entry = shard.entries[shard.hand];
    if (entry.bytes != nullptr && !entry.used) Drop(shard, static_cast<uint32_t>(shard.hand));
    entry.used = false;
    ++shard.hand;
  }
}

void RecordCache::Drop(Shard& shard, uint32_t place) {
  Entry& entry = shard.entries[place];
  shard.bytes -= BytesOf(entry);
  shard.places.erase(entry.row_id);
  entry = Entry();
  shard.free.push_back(place);
}

void RecordCache::BeginWrite(RowId row_id) {
  std::atomic<uint32_t>& version = VersionOf(row_id);
  version.store(version.load(std::memory_order_relaxed) | 1, std::memory_order_release);
  Shard& shard = ShardOf(row_id);
  const std::lock_guard lock(shard.mutex);
  if (const auto place = shard.places.find(row_id); place != shard.places.end()) Drop(shard, place->second);
}

void RecordCache::EndWrite(RowId row_id) {
  std::atomic<uint32_t>& version = VersionOf(row_id);
  version.store((version.load(std::memory_order_relaxed) | 1) + 1, std::memory_order_release);
}

}  // namespace folio::storage
