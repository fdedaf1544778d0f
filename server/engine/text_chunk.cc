#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "server/base/text.h"
#include "server/engine/chunk.h"

namespace folio::engine {

// Collects texts in the order of rows.
class TextArena::Builder {
 public:
  Builder(int rows, size_t bytes_expected) {
    offsets_.reserve(static_cast<size_t>(rows) + 1);
    offsets_.push_back(0);
    bytes_.reserve(bytes_expected);
  }

  void Add(std::string_view text) {
    bytes_.append(text);
    bytes_.push_back(kEnd);
    offsets_.push_back(static_cast<uint32_t>(bytes_.size()));
  }

  // Rows [from, to) of an arena.
  void AddRows(const TextArena& arena, int from, int to) {
    if (from >= to) return;
    const uint32_t begin = arena.OffsetOf(from);
    const uint32_t shift = offsets_.back() - begin;
    bytes_.append(arena.bytes_.get() + begin, arena.OffsetOf(to) - begin);
    for (int row = from + 1; row <= to; ++row) offsets_.push_back(arena.OffsetOf(row) + shift);
  }

  TextArena Build() const {
    TextArena arena;
    arena.rows_ = static_cast<int>(offsets_.size()) - 1;
    arena.size_ = static_cast<uint32_t>(bytes_.size());
    arena.bytes_ = std::make_unique_for_overwrite<char[]>(bytes_.size());
    std::memcpy(arena.bytes_.get(), bytes_.data(), bytes_.size());
    arena.wide_ = bytes_.size() > std::numeric_limits<uint16_t>::max();
    const size_t width = arena.wide_ ? sizeof(uint32_t) : sizeof(uint16_t);
    arena.offsets_ = std::make_unique_for_overwrite<uint8_t[]>(offsets_.size() * width);
    if (arena.wide_) {
      std::memcpy(arena.offsets_.get(), offsets_.data(), offsets_.size() * width);
    } else {
      std::transform(offsets_.begin(), offsets_.end(), reinterpret_cast<uint16_t*>(arena.offsets_.get()),
                     [](uint32_t offset) { return static_cast<uint16_t>(offset); });
    }
    return arena;
  }

 private:
  std::vector<uint32_t> offsets_;
  std::string bytes_;
};

int TextArena::RowAt(size_t position, int from) const {
  int low = from;  // the row lies in [low, high]
  int high = from + 1;
  for (int stride = 1; high < rows_ && OffsetOf(high) <= position; stride *= 2) {
    low = high;
    high = std::min(rows_, high + stride);
  }
  --high;
  while (low < high) {
    const int middle = (low + high + 1) / 2;
    if (OffsetOf(middle) <= position) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

int64_t TextArena::MemoryBytes() const {
  return static_cast<int64_t>(size_) + static_cast<int64_t>(rows_ + 1) * (wide_ ? 4 : 2);
}

std::shared_ptr<const TextChunk> TextChunk::Write(const TextChunk* before, std::span<const TextWrite> writes,
                                                  std::string_view bytes) {
  std::vector<TextWrite> sorted(writes.begin(), writes.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](auto& a, auto& b) { return a.key < b.key; });
  const int old_rows = before == nullptr ? 0 : before->rows_;
  const int rows = std::max(old_rows, RowOf(sorted.back().key) + 1);
  size_t new_bytes = static_cast<size_t>(rows - old_rows);
  for (const TextWrite& write : sorted) new_bytes += write.size + 1;
  TextArena::Builder original(rows, new_bytes + (before == nullptr ? 0 : before->original_.All().size()));
  TextArena::Builder folded(rows, new_bytes + (before == nullptr ? 0 : before->folded_.All().size()));

  int done = 0;
  const auto keep_until = [&](int row) {
    const int kept = std::clamp(row, done, std::max(done, old_rows));
    if (before != nullptr) {
      original.AddRows(before->original_, done, kept);
      folded.AddRows(before->folded_, done, kept);
    }
    for (done = kept; done < row; ++done) {
      original.Add({});
      folded.Add({});
    }
  };
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (i + 1 < sorted.size() && sorted[i + 1].key == sorted[i].key) continue;
    keep_until(RowOf(sorted[i].key));
    const std::string_view text = bytes.substr(sorted[i].offset, sorted[i].size);
    original.Add(text);
    folded.Add(text.empty() ? std::string() : Fold(text));
    ++done;
  }
  keep_until(rows);

  auto chunk = std::make_shared<TextChunk>();
  chunk->rows_ = rows;
  chunk->original_ = original.Build();
  chunk->folded_ = folded.Build();
  const bool all_missing = chunk->original_.All().size() == static_cast<size_t>(rows);
  return all_missing ? nullptr : chunk;
}

int64_t TextChunk::MemoryBytes() const {
  return static_cast<int64_t>(sizeof(TextChunk)) + original_.MemoryBytes() + folded_.MemoryBytes();
}

}  // namespace folio::engine
