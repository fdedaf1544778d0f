#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "server/engine/chunk.h"

namespace folio::engine {
namespace {

using Values = std::vector<double>;

uint16_t CodeOf(const Values& table, double value) {
  return static_cast<uint16_t>(std::lower_bound(table.begin() + RealChunk::kFirstCode, table.end(), value) -
                               table.begin());
}

bool Has(const Values& table, double value) {
  return std::binary_search(table.begin() + RealChunk::kFirstCode, table.end(), value);
}

// The values that the table lacks, sorted.
Values NewValues(const Values& table, std::span<const RealWrite> writes) {
  Values values;
  for (const RealWrite& write : writes) {
    if (!std::isnan(write.value) && !Has(table, write.value)) values.push_back(write.value + 0.0);  // -0 is 0
  }
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

// Adds sorted values to a table, and gives every code its new number.
void Extend(const Values& values, Values* table, uint16_t* codes, int rows) {
  Values merged = {0.0};
  merged.reserve(table->size() + values.size());
  std::merge(table->begin() + RealChunk::kFirstCode, table->end(), values.begin(), values.end(),
             std::back_inserter(merged));
  std::vector<uint16_t> renumbered(table->size());
  for (size_t from = RealChunk::kFirstCode, to = from; from < table->size(); ++from, ++to) {
    while (merged[to] != (*table)[from]) ++to;
    renumbered[from] = static_cast<uint16_t>(to);
  }
  for (int row = 0; row < rows; ++row) codes[row] = renumbered[codes[row]];
  *table = std::move(merged);
}

// Takes the values that no row has out of the table.
void Compact(Values* table, uint16_t* codes, int rows) {
  std::vector<uint16_t> renumbered(table->size());
  for (int row = 0; row < rows; ++row) renumbered[codes[row]] = 1;
  Values used = {0.0};
  renumbered[0] = 0;
  for (size_t code = RealChunk::kFirstCode; code < table->size(); ++code) {
    if (renumbered[code] == 0) continue;
    renumbered[code] = static_cast<uint16_t>(used.size());
    used.push_back((*table)[code]);
  }
  for (int row = 0; row < rows; ++row) codes[row] = renumbered[codes[row]];
  *table = std::move(used);
}

// A value of a row, as a number in the same order.
struct Cell {
  uint64_t order;
  uint16_t row;
};

uint64_t OrderOf(double value) {
  constexpr uint64_t kSign = uint64_t{1} << 63;
  const auto bits = std::bit_cast<uint64_t>(value);
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

// Sorts by order, eleven bits at a time; returns where the result lies, in one of the two.
const Cell* SortCells(Cell* from, Cell* to, int count) {
  constexpr int kBits = 11;
  constexpr uint64_t kDigits = uint64_t{1} << kBits;
  for (int shift = 0; shift < 64; shift += kBits) {
    std::array<uint16_t, kDigits> starts{};
    for (int i = 0; i < count; ++i) ++starts[from[i].order >> shift & (kDigits - 1)];
    if (count > 0 && starts[from[0].order >> shift & (kDigits - 1)] == count) continue;  // all the same
    uint16_t start = 0;
    for (uint16_t& digit : starts) start = static_cast<uint16_t>(start + std::exchange(digit, start));
    for (int i = 0; i < count; ++i) to[starts[from[i].order >> shift & (kDigits - 1)]++] = from[i];
    std::swap(from, to);
  }
  return from;
}

// Values that no row has any more are left in the table until there are this many more of them than rows.
constexpr size_t kUnusedMax = 128;

}  // namespace

std::shared_ptr<const RealChunk> RealChunk::Write(const RealChunk* before, std::span<const RealWrite> writes) {
  const int old_rows = before == nullptr ? 0 : before->rows_;
  int rows = old_rows;
  for (const RealWrite& write : writes) rows = std::max(rows, RowOf(write.key) + 1);

  Values table = before == nullptr ? Values{0.0} : before->table_;
  uint16_t codes[kBlockRows];
  if (before != nullptr) {
    WithCodes(*before, [&](auto* old, auto) { std::copy(old, old + old_rows, codes); });
  }
  std::fill(codes + old_rows, codes + rows, uint16_t{0});
  const Values fresh = NewValues(table, writes);
  if (!fresh.empty()) Extend(fresh, &table, codes, old_rows);
  for (const RealWrite& write : writes) {
    codes[RowOf(write.key)] = std::isnan(write.value) ? uint16_t{0} : CodeOf(table, write.value);
  }
  if (table.size() > static_cast<size_t>(rows) + kUnusedMax) Compact(&table, codes, rows);
  return Make(codes, rows, std::move(table));
}

// By radix: a block of scores takes a fifth of the time that comparing takes.
std::shared_ptr<const RealChunk> RealChunk::Of(std::span<const double> values) {
  const auto rows = static_cast<int>(values.size());
  uint16_t codes[kBlockRows];
  Cell cells[2][kBlockRows];
  int count = 0;
  for (int row = 0; row < rows; ++row) {
    codes[row] = 0;
    const double value = values[static_cast<size_t>(row)];
    if (!std::isnan(value)) cells[0][count++] = {OrderOf(value + 0.0), static_cast<uint16_t>(row)};  // -0 is 0
  }
  const Cell* sorted = SortCells(cells[0], cells[1], count);
  Values table = {0.0};
  for (int i = 0; i < count; ++i) {
    if (i == 0 || sorted[i].order != sorted[i - 1].order) {
      table.push_back(values[sorted[i].row] + 0.0);
    }
    codes[sorted[i].row] = static_cast<uint16_t>(table.size() - 1);
  }
  return Make(codes, rows, std::move(table));
}

std::shared_ptr<const RealChunk> RealChunk::Make(const uint16_t* codes, int rows, Values table) {
  if (std::all_of(codes, codes + rows, [](uint16_t code) { return code == 0; })) return nullptr;

  auto chunk = std::make_shared<RealChunk>();
  chunk->rows_ = rows;
  chunk->any_missing_ = std::find(codes, codes + rows, 0) != codes + rows;
  table.shrink_to_fit();
  chunk->table_ = std::move(table);
  chunk->width_ = chunk->table_.size() <= 256 ? 1 : 2;
  chunk->codes_ = std::make_unique_for_overwrite<uint8_t[]>(static_cast<size_t>(rows) * chunk->width_);
  if (chunk->width_ == 1) {
    std::transform(codes, codes + rows, chunk->codes_.get(), [](uint16_t code) { return static_cast<uint8_t>(code); });
  } else {
    std::memcpy(chunk->codes_.get(), codes, static_cast<size_t>(rows) * sizeof(uint16_t));
  }
  return chunk;
}

double RealChunk::ValueAt(int row) const {
  constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
  if (row >= rows_) return kMissing;
  return WithCodes(*this, [&](auto* codes, auto first) { return codes[row] < first ? kMissing : table_[codes[row]]; });
}

int64_t RealChunk::MemoryBytes() const {
  return static_cast<int64_t>(sizeof(RealChunk) + table_.capacity() * sizeof(double)) +
         static_cast<int64_t>(rows_) * width_;
}

}  // namespace folio::engine
