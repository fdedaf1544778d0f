// What is known in memory of the records of one kind: which keys live, and under which id. It takes the place of a
// secondary index in the file, which would make inserting several times as slow.
//
// The directory does not hold ids but 48 bits of their hash: who looks an id up must compare it with the record's. It
// may hold more than what is committed, never less: entries are added before the commit that makes them true and
// removed after the one that makes them untrue. So a hash that is not here is of no committed record.
//
// One thread changes it; any thread may read it meanwhile.
#pragma once

#include <atomic>
#include <cstdint>
#include <shared_mutex>
#include <span>
#include <string_view>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/inlined_vector.h"
#include "storage/storage.h"

namespace folio::storage {

class Directory {
 public:
  // 48 bits.
  static uint64_t HashOf(std::string_view id);

  // --- The writer's thread ---

  void Reserve(int64_t count);
  void Add(uint64_t hash, Key key);
  void Remove(uint64_t hash, Key key);  // an entry that is there
  void SetLive(Key key, bool live) { SetLive(std::span(&key, 1), live); }
  void SetLive(std::span<const Key> keys, bool live);
  void set_last_key(Key key) { last_key_.store(key, std::memory_order_release); }
  void set_damaged() { damaged_.store(true, std::memory_order_release); }

  // Keys whose id has this hash, ascending. `version` changes with each Add.
  struct Candidates {
    absl::InlinedVector<Key, 4> keys;
    uint64_t version = 0;
  };
  // As Find, without a lock: nobody else changes anything.
  Candidates FindForWriter(uint64_t hash) const;

  // --- Any thread ---

  Candidates Find(uint64_t hash) const;
  uint64_t version() const { return version_.load(std::memory_order_acquire); }

  bool IsLive(Key key) const { return NextLive(key) == key; }
  // The first key from `from` on that lives; 0 where there is none.
  Key NextLive(Key from) const;
  Key last_key() const { return last_key_.load(std::memory_order_acquire); }

  // True where the kind's records did not all fit their checksums when the store was opened: then what is not found
  // here may exist all the same.
  bool damaged() const { return damaged_.load(std::memory_order_acquire); }

 private:
  // 12 bytes. An empty slot has key 0.
  struct Slot {
    uint32_t hash_low = 0;
    uint32_t key_low = 0;
    uint16_t hash_high = 0;
    uint16_t key_high = 0;

    static Slot Of(uint64_t hash, Key key);
    uint64_t hash() const { return uint64_t{hash_high} << 32 | hash_low; }
    Key key() const { return static_cast<Key>(uint64_t{key_high} << 32 | key_low); }
    bool empty() const { return key_low == 0 && key_high == 0; }
  };
  using Slots = std::vector<Slot>;

  static size_t Home(const Slots& slots, uint64_t hash);
  static size_t Next(const Slots& slots, size_t at) { return at + 1 == slots.size() ? 0 : at + 1; }
  static void Insert(Slots& slots, Slot slot);
  void Resize(size_t capacity);

  mutable std::shared_mutex mutex_;
  Slots slots_;                              // guarded by mutex_; open addressing with linear probing
  size_t used_ = 0;                          // of the writer's thread
  absl::btree_map<int64_t, uint64_t> live_;  // guarded by mutex_; bits of 64 keys each
  std::atomic<uint64_t> version_ = 0;
  std::atomic<Key> last_key_ = 0;
  std::atomic<bool> damaged_ = false;
};

}  // namespace folio::storage
