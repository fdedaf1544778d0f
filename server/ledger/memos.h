// Memos: results that are kept as long as what they were computed from stays as it is. They are the roll-ups: a late
// fact gives its segment a new version, and only what reads that segment is computed again.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace folio::ledger {

// What a result is of.
struct MemoKey {
  uint64_t component = 0;  // digest of what is computed, its settings included
  uint64_t scope = 0;      // digest of the accounts and groups
  int64_t part = 0;        // the segment or unit of accounts
  int64_t start = 0;       // the part's stretch of time
  int64_t end = 0;

  bool operator==(const MemoKey&) const = default;
};

// May be used from any thread.
class Memos {
 public:
  // Keeps about so many bytes, those that were asked for last.
  explicit Memos(int64_t bytes_max) : generation_bytes_max_(bytes_max / 2) {}

  // The result computed from that version; nullptr where it is not known.
  std::shared_ptr<const void> Find(const MemoKey& key, uint64_t version);
  void Put(const MemoKey& key, uint64_t version, std::shared_ptr<const void> result, int64_t bytes);

  // How often Find had the answer, and how often not: what tests count.
  int64_t hits() const;
  int64_t misses() const;

 private:
  struct Held {
    uint64_t version = 0;
    std::shared_ptr<const void> result;
    int64_t bytes = 0;
  };
  struct Hash {
    size_t operator()(const MemoKey& key) const;
  };
  using Generation = std::unordered_map<MemoKey, Held, Hash>;

  void PutNewest(const MemoKey& key, Held held);  // under mutex_

  const int64_t generation_bytes_max_;
  mutable std::mutex mutex_;
  // What was asked for since the last change of generations, and before it. Guarded by mutex_.
  Generation newest_;
  Generation older_;
  int64_t newest_bytes_ = 0;
  int64_t hits_ = 0;
  int64_t misses_ = 0;
};

}  // namespace folio::ledger
