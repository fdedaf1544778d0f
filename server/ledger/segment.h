// Segments: the entries of one kind in one month, in the order of their records.
//
// One writer changes a segment until it is published; from then on it stays as it is, and the next change is made to a
// copy that shares all chunks but those that change. `Draft` numbers tell the two apart: whatever was made since the
// last publication has the current one.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "server/ledger/entry.h"

namespace folio::ledger {

using Draft = uint64_t;

class Segment {
 public:
  explicit Segment(Draft draft) : draft_(draft) {}
  // A copy to be changed.
  Segment(const Segment& other, Draft draft) : draft_(draft), chunks_(other.chunks_), size_(other.size_) {}

  // When it was last changed: two segments of one version hold the same.
  Draft draft() const { return draft_; }
  int64_t size() const { return size_; }

  template <typename Visit>
  void ForEach(Visit visit) const {
    for (const std::shared_ptr<Chunk>& chunk : chunks_) {
      for (const Entry& entry : chunk->entries) visit(entry);
    }
  }

  // Highest record that it has entries of; 0 where it is empty.
  int64_t last_record() const { return chunks_.empty() ? 0 : chunks_.back()->entries.back().record; }

  // Whether it has entries of a record.
  bool Has(int64_t record) const;

  // --- The writer, on a segment of its draft ---

  void Add(const Entry& entry);
  void Remove(int64_t record);
  // Removes the entries of all records above one.
  void RemoveAbove(int64_t record);

 private:
  static constexpr size_t kChunkEntries = 512;
  struct Chunk {
    Draft draft = 0;
    std::vector<Entry> entries;
  };

  // Position of the chunk that holds a record, or where it belongs; not beyond the last.
  size_t ChunkOf(int64_t record) const;
  // That chunk, as one that can be changed.
  Chunk& Own(size_t position);

  Draft draft_;
  std::vector<std::shared_ptr<Chunk>> chunks_;  // none is empty
  int64_t size_ = 0;
};

}  // namespace folio::ledger
