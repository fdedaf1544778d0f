#include "storage/sqlite/directory.h"

#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <mutex>
#include <utility>

namespace folio::storage {
namespace {

constexpr int kHashBits = 48;
constexpr size_t kCapacityMin = 16;
// At most four slots of five are used: beyond it, probing for an id that is not there becomes long.
constexpr size_t CapacityFor(size_t count) { return std::max(kCapacityMin, count + count / 4 + 1); }

}  // namespace

uint64_t Directory::HashOf(std::string_view id) { return XXH3_64bits(id.data(), id.size()) >> (64 - kHashBits); }

Directory::Slot Directory::Slot::Of(uint64_t hash, Key key) {
  const auto bits = static_cast<uint64_t>(key);
  return Slot{static_cast<uint32_t>(hash), static_cast<uint32_t>(bits), static_cast<uint16_t>(hash >> 32),
              static_cast<uint16_t>(bits >> 32)};
}

// Scales the hash's upper 32 bits to the capacity, which therefore need not be a power of two.
size_t Directory::Home(const Slots& slots, uint64_t hash) { return ((hash >> (kHashBits - 32)) * slots.size()) >> 32; }

void Directory::Insert(Slots& slots, Slot slot) {
  size_t at = Home(slots, slot.hash());
  while (!slots[at].empty()) at = Next(slots, at);
  slots[at] = slot;
}

void Directory::Resize(size_t capacity) {
  // Only this thread changes the slots, so it may copy them without a lock; readers wait for the swap alone.
  Slots slots(capacity);
  for (const Slot& slot : slots_) {
    if (!slot.empty()) Insert(slots, slot);
  }
  std::unique_lock lock(mutex_);
  slots_.swap(slots);
}

void Directory::Reserve(int64_t count) {
  const size_t capacity = CapacityFor(static_cast<size_t>(count));
  if (capacity > slots_.size()) Resize(capacity);
}

void Directory::Add(uint64_t hash, Key key) {
  if (CapacityFor(used_ + 1) > slots_.size()) Resize(CapacityFor(used_ + used_ / 2 + 1));
  std::unique_lock lock(mutex_);
  Insert(slots_, Slot::Of(hash, key));
  ++used_;
  version_.fetch_add(1, std::memory_order_release);
}

void Directory::Remove(uint64_t hash, Key key) {
  std::unique_lock lock(mutex_);
  size_t hole = Home(slots_, hash);
  while (slots_[hole].key() != key) hole = Next(slots_, hole);
  // Entries behind the hole that probing would no longer reach move into it.
  for (size_t at = Next(slots_, hole); !slots_[at].empty(); at = Next(slots_, at)) {
    const size_t size = slots_.size();
    const size_t home = Home(slots_, slots_[at].hash());
    if ((at + size - home) % size < (at + size - hole) % size) continue;
    slots_[hole] = slots_[at];
    hole = at;
  }
  slots_[hole] = Slot();
  --used_;
}

Directory::Candidates Directory::Find(uint64_t hash) const {
  std::shared_lock lock(mutex_);
  return FindForWriter(hash);
}

Directory::Candidates Directory::FindForWriter(uint64_t hash) const {
  Candidates candidates;
  candidates.version = version_.load(std::memory_order_relaxed);
  if (slots_.empty()) return candidates;
  for (size_t at = Home(slots_, hash); !slots_[at].empty(); at = Next(slots_, at)) {
    if (slots_[at].hash() == hash) candidates.keys.push_back(slots_[at].key());
  }
  std::sort(candidates.keys.begin(), candidates.keys.end());
  return candidates;
}

void Directory::SetLive(std::span<const Key> keys, bool live) {
  std::unique_lock lock(mutex_);
  for (const Key key : keys) {
    const uint64_t bit = uint64_t{1} << (key % 64);
    if (live) {
      live_[key / 64] |= bit;
    } else if (const auto found = live_.find(key / 64); found != live_.end()) {
      found->second &= ~bit;
      if (found->second == 0) live_.erase(found);
    }
  }
}

Key Directory::NextLive(Key from) const {
  std::shared_lock lock(mutex_);
  for (auto at = live_.lower_bound(from / 64); at != live_.end(); ++at) {
    const uint64_t bits = at->first == from / 64 ? at->second >> (from % 64) << (from % 64) : at->second;
    if (bits != 0) return at->first * 64 + std::countr_zero(bits);
  }
  return 0;
}

}  // namespace folio::storage
