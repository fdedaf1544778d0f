#include <algorithm>
#include <cstring>
#include <deque>
#include <limits>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
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

// Gives numbers to the differences of a chunk's rows.
class TextChunk::Differences {
 public:
  // Those of `before` keep their numbers; nullptr: there are none yet.
  Differences(const TextChunk* before, int rows) : numbers_(static_cast<size_t>(rows)) {
    NumberOf({});
    if (before == nullptr) return;
    for (int number = 0; number < before->differences_.rows(); ++number) NumberOf(before->differences_.At(number));
    for (int row = 0; row < before->rows_; ++row) Set(row, static_cast<uint16_t>(before->NumberAt(row)));
  }

  void Set(int row, std::string difference) {
    const auto known = by_text_.find(ToAbsl(difference));
    Set(row, known != by_text_.end() ? known->second : NumberOf(own_.emplace_back(std::move(difference))));
  }

  // Leaves out those that no row has any more.
  void Build(TextChunk* chunk) const {
    std::vector<uint16_t> renumbered(texts_.size());
    for (const uint16_t number : numbers_) renumbered[number] = 1;
    TextArena::Builder used(static_cast<int>(texts_.size()), 0);
    used.Add({});
    uint16_t count = 1;
    for (size_t number = 1; number < texts_.size(); ++number) {
      if (renumbered[number] == 0) continue;
      used.Add(texts_[number]);
      renumbered[number] = count++;
    }
    renumbered[0] = 0;
    chunk->differences_ = used.Build();
    chunk->wide_ = count > 256;
    chunk->numbers_ = std::make_unique_for_overwrite<uint8_t[]>(numbers_.size() * (chunk->wide_ ? 2 : 1));
    auto* wide = reinterpret_cast<uint16_t*>(chunk->numbers_.get());
    for (size_t row = 0; row < numbers_.size(); ++row) {
      const uint16_t number = renumbered[numbers_[row]];
      if (chunk->wide_) {
        wide[row] = number;
      } else {
        chunk->numbers_[row] = static_cast<uint8_t>(number);
      }
    }
  }

 private:
  void Set(int row, uint16_t number) { numbers_[static_cast<size_t>(row)] = number; }
  // `text` must live as long as this.
  uint16_t NumberOf(std::string_view text) {
    const auto [known, fresh] = by_text_.try_emplace(ToAbsl(text), static_cast<uint16_t>(texts_.size()));
    if (fresh) texts_.push_back(text);
    return known->second;
  }

  std::vector<uint16_t> numbers_;  // by row
  std::vector<std::string_view> texts_;
  absl::flat_hash_map<absl::string_view, uint16_t> by_text_;
  std::deque<std::string> own_;  // of texts_, those that are new
};

std::string TextChunk::TextAt(int row) const {
  return IsMissing(row) ? std::string() : Restore(folded_.At(row), differences_.At(NumberAt(row)));
}

std::shared_ptr<const TextChunk> TextChunk::Write(const TextChunk* before, std::span<const TextWrite> writes,
                                                  std::string_view bytes) {
  std::vector<TextWrite> sorted(writes.begin(), writes.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](auto& a, auto& b) { return a.key < b.key; });
  const int old_rows = before == nullptr ? 0 : before->rows_;
  const int rows = std::max(old_rows, RowOf(sorted.back().key) + 1);
  size_t new_bytes = static_cast<size_t>(rows - old_rows);
  for (const TextWrite& write : sorted) new_bytes += write.size + 1;
  Differences differences(before, rows);
  TextArena::Builder folded(rows, new_bytes + (before == nullptr ? 0 : before->folded_.All().size()));

  int done = 0;
  const auto keep_until = [&](int row) {
    const int kept = std::clamp(row, done, std::max(done, old_rows));
    if (before != nullptr) folded.AddRows(before->folded_, done, kept);
    for (done = kept; done < row; ++done) folded.Add({});
  };
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (i + 1 < sorted.size() && sorted[i + 1].key == sorted[i].key) continue;
    keep_until(RowOf(sorted[i].key));
    const std::string_view text = bytes.substr(sorted[i].offset, sorted[i].size);
    const std::string folded_text = Fold(text);
    std::string difference;
    if (!text.empty()) AppendDifference(text, folded_text, &difference);
    folded.Add(folded_text);
    differences.Set(done++, std::move(difference));
  }
  keep_until(rows);

  auto chunk = std::make_shared<TextChunk>();
  chunk->rows_ = rows;
  differences.Build(chunk.get());
  if (chunk->differences_.rows() == 1) return nullptr;  // every row is missing
  chunk->folded_ = folded.Build();
  return chunk;
}

int64_t TextChunk::MemoryBytes() const {
  return static_cast<int64_t>(sizeof(TextChunk)) + differences_.MemoryBytes() + folded_.MemoryBytes() +
         static_cast<int64_t>(rows_) * (wide_ ? 2 : 1);
}

}  // namespace folio::engine
