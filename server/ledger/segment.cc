#include "server/ledger/segment.h"

#include <algorithm>

namespace folio::ledger {
namespace {

bool IsOfEarlier(const Entry& entry, int64_t record) { return entry.record < record; }
bool IsOfLater(int64_t record, const Entry& entry) { return record < entry.record; }

}  // namespace

size_t Segment::ChunkOf(int64_t record) const {
  const auto found = std::lower_bound(
      chunks_.begin(), chunks_.end(), record,
      [](const std::shared_ptr<Chunk>& chunk, int64_t wanted) { return chunk->entries.back().record < wanted; });
  const auto position = static_cast<size_t>(found - chunks_.begin());
  return std::min(position, chunks_.empty() ? 0 : chunks_.size() - 1);
}

Segment::Chunk& Segment::Own(size_t position) {
  std::shared_ptr<Chunk>& chunk = chunks_[position];
  if (chunk->draft != draft_) {
    chunk = std::make_shared<Chunk>(*chunk);
    chunk->draft = draft_;
  }
  return *chunk;
}

bool Segment::Has(int64_t record) const {
  // Facts come in the order of their months, nearly: most segments are ruled out at once.
  if (chunks_.empty() || record < chunks_.front()->entries.front().record || record > last_record()) return false;
  const std::vector<Entry>& entries = chunks_[ChunkOf(record)]->entries;
  const auto found = std::lower_bound(entries.begin(), entries.end(), record, IsOfEarlier);
  return found != entries.end() && found->record == record;
}

void Segment::Add(const Entry& entry) {
  ++size_;
  if (chunks_.empty()) {
    chunks_.push_back(std::make_shared<Chunk>(Chunk{.draft = draft_, .entries = {entry}}));
    return;
  }
  size_t position = ChunkOf(entry.record);
  if (chunks_[position]->entries.size() >= kChunkEntries) {
    // New records come last: a full last chunk is left full. Any other is halved.
    const bool appends = position + 1 == chunks_.size() && chunks_[position]->entries.back().record <= entry.record;
    auto next = std::make_shared<Chunk>(Chunk{.draft = draft_, .entries = {}});
    if (!appends) {
      std::vector<Entry>& full = Own(position).entries;
      const auto middle = full.begin() + kChunkEntries / 2;
      next->entries.assign(middle, full.end());
      full.erase(middle, full.end());
    }
    chunks_.insert(chunks_.begin() + static_cast<ptrdiff_t>(position) + 1, std::move(next));
    if (appends || chunks_[position]->entries.back().record < entry.record) ++position;
  }
  std::vector<Entry>& entries = Own(position).entries;
  entries.insert(std::upper_bound(entries.begin(), entries.end(), entry.record, IsOfLater), entry);
}

void Segment::RemoveAbove(int64_t record) {
  while (last_record() > record) {
    // A chunk goes as a whole, but the first one of them.
    if (chunks_.back()->entries.front().record > record) {
      size_ -= std::ssize(chunks_.back()->entries);
      chunks_.pop_back();
    } else {
      std::vector<Entry>& entries = Own(chunks_.size() - 1).entries;
      const auto first = std::upper_bound(entries.begin(), entries.end(), record, IsOfLater);
      size_ -= entries.end() - first;
      entries.erase(first, entries.end());
    }
  }
}

void Segment::Remove(int64_t record) {
  // Entries of one record may lie on both sides of a chunk's end.
  while (Has(record)) {
    const size_t position = ChunkOf(record);
    std::vector<Entry>& entries = Own(position).entries;
    size_ -= static_cast<int64_t>(std::erase_if(entries, [record](const Entry& e) { return e.record == record; }));
    if (entries.empty()) chunks_.erase(chunks_.begin() + static_cast<ptrdiff_t>(position));
  }
}

}  // namespace folio::ledger
