// Chunks: what one column holds of one block, immutable and as narrow as its values allow.
//
// A chunk covers the first rows() rows of its block; the rows after them are missing, and a block without a chunk is
// missing in every row. Rows that are not live hold whatever they held: who reads looks at the block's live rows first.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/engine/table.h"

namespace folio::engine {

inline int RowOf(RowKey key) { return static_cast<int>(key & (kBlockRows - 1)); }
inline int64_t BlockOf(RowKey key) { return key / kBlockRows; }

// Cells to be written, in the order in which they were set: a later one of the same row wins.
struct IntWrite {
  RowKey key = 0;
  int64_t value = 0;  // Snapshot::kMissingInt: missing
};
struct RealWrite {
  RowKey key = 0;
  double value = 0;  // NaN: missing
};
struct TextWrite {
  RowKey key = 0;
  uint32_t offset = 0;  // into the bytes that go with the writes
  uint32_t size = 0;    // 0: missing
};

class Chunk {
 public:
  virtual ~Chunk() = default;
  int rows() const { return rows_; }
  virtual int64_t MemoryBytes() const = 0;

 protected:
  int rows_ = 0;
};

// Whole numbers: symbols, sets, enums, days, amounts. A row's value is origin + step * code, in wrapping arithmetic.
class CodeChunk final : public Chunk {
 public:
  // `before` with the writes done (nullptr: nothing yet). nullptr where every row is missing. `may_step` looks for a
  // common divisor, as amounts and instants tend to have one.
  static std::shared_ptr<const CodeChunk> Write(const CodeChunk* before, std::span<const IntWrite> writes,
                                                bool may_step);

  // The values of the first rows of a block, Snapshot::kMissingInt where missing. nullptr where all are.
  static std::shared_ptr<const CodeChunk> Of(std::span<const int64_t> values, bool may_step);

  // Snapshot::kMissingInt where the row is missing.
  int64_t ValueAt(int row) const;

  // Bounds of the values present (they may be wider than the values).
  int64_t least() const { return least_; }
  int64_t greatest() const { return greatest_; }

  int width() const { return width_; }  // bytes of a code; 0 where every row has the value least()
  // Smallest code of a present value: 0, or 1 where code 0 says that the row is missing.
  unsigned first_code() const { return first_code_; }
  int64_t origin() const { return origin_; }
  uint64_t step() const { return step_; }
  template <typename Code>
  const Code* codes() const {
    return reinterpret_cast<const Code*>(codes_.get());
  }

  int64_t MemoryBytes() const override;

 private:
  int64_t first_value() const { return static_cast<int64_t>(static_cast<uint64_t>(origin_) + first_code_ * step_); }
  uint64_t greatest_code() const;
  void DecodeTo(int64_t* values) const;
  static std::shared_ptr<const CodeChunk> Encode(const int64_t* values, int rows, bool may_step);
  static std::shared_ptr<const CodeChunk> Patch(const CodeChunk& before, std::span<const IntWrite> writes, int rows);

  uint8_t width_ = 0;
  uint8_t first_code_ = 0;
  int64_t origin_ = 0;
  uint64_t step_ = 1;
  int64_t least_ = 0;
  int64_t greatest_ = 0;
  std::unique_ptr<uint8_t[]> codes_;
};

// Numbers. A row's value is the entry of a sorted table that its code says; the table's first entry is 0 and stands for
// missing, so that sums need not ask. Codes are compared in place of values: they are narrow and in the same order.
class RealChunk final : public Chunk {
 public:
  static constexpr unsigned kFirstCode = 1;

  // As CodeChunk::Write.
  static std::shared_ptr<const RealChunk> Write(const RealChunk* before, std::span<const RealWrite> writes);

  // The values of the first rows of a block, NaN where missing. nullptr where all are.
  static std::shared_ptr<const RealChunk> Of(std::span<const double> values);

  // NaN where the row is missing.
  double ValueAt(int row) const;

  // Bounds of the values present (they may be wider than the values).
  double least() const { return table_[kFirstCode]; }
  double greatest() const { return table_.back(); }
  bool any_missing() const { return any_missing_; }

  int width() const { return width_; }
  unsigned first_code() const { return kFirstCode; }
  const std::vector<double>& table() const { return table_; }
  template <typename Code>
  const Code* codes() const {
    return reinterpret_cast<const Code*>(codes_.get());
  }

  int64_t MemoryBytes() const override;

 private:
  static std::shared_ptr<const RealChunk> Make(const uint16_t* codes, int rows, std::vector<double> table);

  uint8_t width_ = 1;  // bytes of a code: 1 or 2
  bool any_missing_ = false;
  std::vector<double> table_;
  std::unique_ptr<uint8_t[]> codes_;
};

// Calls visit(codes, first code as a Code) with the codes of a CodeChunk or RealChunk in their type. Its width is not
// 0.
template <typename AnyChunk, typename Visit>
decltype(auto) WithCodes(const AnyChunk& chunk, Visit visit) {
  switch (chunk.width()) {
    case 1:
      return visit(chunk.template codes<uint8_t>(), static_cast<uint8_t>(chunk.first_code()));
    case 2:
      return visit(chunk.template codes<uint16_t>(), static_cast<uint16_t>(chunk.first_code()));
    case 4:
      return visit(chunk.template codes<uint32_t>(), static_cast<uint32_t>(chunk.first_code()));
    default:
      return visit(chunk.template codes<uint64_t>(), static_cast<uint64_t>(chunk.first_code()));
  }
}

// Bytes of each row, one after the other, each followed by kEnd.
class TextArena {
 public:
  static constexpr char kEnd = '\n';

  class Builder;

  std::string_view At(int row) const {
    const uint32_t begin = OffsetOf(row);
    return {bytes_.get() + begin, OffsetOf(row + 1) - begin - 1};
  }
  // All of them with their ends.
  std::string_view All() const { return {bytes_.get(), size_}; }
  // The row in whose bytes, or at whose end, a position of All() lies. `from` is a row at or before it.
  int RowAt(size_t position, int from) const;
  uint32_t OffsetOf(int row) const {
    return wide_ ? reinterpret_cast<const uint32_t*>(offsets_.get())[row]
                 : reinterpret_cast<const uint16_t*>(offsets_.get())[row];
  }
  int rows() const { return rows_; }
  int64_t MemoryBytes() const;

 private:
  int rows_ = 0;
  bool wide_ = false;  // offsets of 32 bits, not 16
  uint32_t size_ = 0;
  std::unique_ptr<uint8_t[]> offsets_;
  std::unique_ptr<char[]> bytes_;
};

// Texts: folded, and how they differ from that (text_difference.h).
class TextChunk final : public Chunk {
 public:
  static std::shared_ptr<const TextChunk> Write(const TextChunk* before, std::span<const TextWrite> writes,
                                                std::string_view bytes);

  bool IsMissing(int row) const { return row >= rows_ || NumberAt(row) == 0; }
  // Empty where the row is missing.
  std::string TextAt(int row) const;
  std::string_view FoldedAt(int row) const { return row < rows_ ? folded_.At(row) : std::string_view(); }
  const TextArena& folded() const { return folded_; }

  int64_t MemoryBytes() const override;

 private:
  class Differences;

  int NumberAt(int row) const {
    return wide_ ? reinterpret_cast<const uint16_t*>(numbers_.get())[row] : numbers_[static_cast<size_t>(row)];
  }

  TextArena folded_;
  // Many rows differ from their folded text in the same way, so each way is kept once: a row has a number among them.
  // Number 0 is the empty difference, of a missing text.
  TextArena differences_;
  bool wide_ = false;  // numbers of 16 bits, not 8
  std::unique_ptr<uint8_t[]> numbers_;
};

}  // namespace folio::engine
