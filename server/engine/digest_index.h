// Keys by the digest of something that they have: eight bytes an entry, of which few stay empty. What it finds are
// candidates, to be compared with the thing itself.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "server/engine/table.h"

namespace folio::engine {

// One thread at a time, or any number that only look.
class DigestIndex {
 public:
  // Adds a key below 2^32, where it is not there yet under this digest.
  void Add(uint64_t digest, RowKey key);

  // Keys that were added with this digest; others may be among them, where the upper half of their digest is the same.
  // Ascending.
  std::vector<RowKey> Find(uint64_t digest) const;

  int64_t MemoryBytes() const { return static_cast<int64_t>(places_ * sizeof(uint64_t)); }

 private:
  // The upper half of the digest, then the key, which is never 0. They lie in ascending order of the digests' halves
  // from where those point to on, so that a larger table is filled from front to back.
  using Entry = uint64_t;

  size_t PlaceOf(uint32_t half) const { return static_cast<size_t>((uint64_t{half} * homes_) >> 32); }
  void Put(Entry entry);
  void Rebuild(size_t homes);

  std::unique_ptr<Entry[]> entries_;
  size_t homes_ = 0;   // places that a digest can point to
  size_t places_ = 0;  // those, and some behind them for what the last ones cannot take; the last is empty
  size_t count_ = 0;
};

}  // namespace folio::engine
