#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "server/base/text.h"
#include "server/engine/chunk.h"
#include "server/engine/text_difference.h"

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

// Texts are of about the same length, so the row is nearly as far on as the position is.
int TextArena::RowAt(size_t position, int from) const {
  const size_t beyond = position - OffsetOf(from);
  int row = std::min(rows_ - 1, from + static_cast<int>(beyond * static_cast<size_t>(rows_) / size_));
  while (OffsetOf(row) > position) --row;
  while (OffsetOf(row + 1) <= position) ++row;
  return row;
}

int64_t TextArena::MemoryBytes() const {
  return static_cast<int64_t>(size_) + static_cast<int64_t>(rows_ + 1) * (wide_ ? 4 : 2);
}

namespace {

void AddText(std::string_view text, TextArena::Builder* folded, TextArena::Builder* differences) {
  std::string folded_text;
  std::string difference;
  if (!text.empty()) {
    folded_text = Fold(text);
    AppendDifference(text, folded_text, &difference);
  }
  folded->Add(folded_text);
  differences->Add(difference);
}

}  // namespace

std::string TextChunk::TextAt(int row) const {
  return IsMissing(row) ? std::string() : Restore(folded_.At(row), differences_.At(row));
}

std::shared_ptr<const TextChunk> TextChunk::Write(const TextChunk* before, std::span<const TextWrite> writes,
                                                  std::string_view bytes) {
  std::vector<TextWrite> sorted(writes.begin(), writes.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](auto& a, auto& b) { return a.key < b.key; });
  const int old_rows = before == nullptr ? 0 : before->rows_;
  const int rows = std::max(old_rows, RowOf(sorted.back().key) + 1);
  size_t new_bytes = static_cast<size_t>(rows - old_rows);
  for (const TextWrite& write : sorted) new_bytes += write.size + 1;
  TextArena::Builder differences(rows, new_bytes + (before == nullptr ? 0 : before->differences_.All().size()));
  TextArena::Builder folded(rows, new_bytes + (before == nullptr ? 0 : before->folded_.All().size()));

  int done = 0;
  const auto keep_until = [&](int row) {
    const int kept = std::clamp(row, done, std::max(done, old_rows));
    if (before != nullptr) {
      differences.AddRows(before->differences_, done, kept);
      folded.AddRows(before->folded_, done, kept);
    }
    for (done = kept; done < row; ++done) {
      differences.Add({});
      folded.Add({});
    }
  };
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (i + 1 < sorted.size() && sorted[i + 1].key == sorted[i].key) continue;
    keep_until(RowOf(sorted[i].key));
    AddText(bytes.substr(sorted[i].offset, sorted[i].size), &folded, &differences);
    ++done;
  }
  keep_until(rows);

  auto chunk = std::make_shared<TextChunk>();
  chunk->rows_ = rows;
  chunk->differences_ = differences.Build();
  chunk->folded_ = folded.Build();
  const bool all_missing = chunk->differences_.All().size() == static_cast<size_t>(rows);
  return all_missing ? nullptr : chunk;
}

int64_t TextChunk::MemoryBytes() const {
  return static_cast<int64_t>(sizeof(TextChunk)) + differences_.MemoryBytes() + folded_.MemoryBytes();
}

}  // namespace folio::engine
