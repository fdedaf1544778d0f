#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
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

// A value of a row, and about where it lies between the least and the greatest: never before a lesser one.
struct Cell {
  double value;
  uint32_t place;
  uint16_t row;
};

constexpr int kPlaceBits = 22;

// By place, eleven bits at a time. The result is in `cells`.
void SortByPlace(std::span<Cell> cells, std::span<Cell> scratch) {
  constexpr int kBits = kPlaceBits / 2;
  constexpr uint32_t kDigits = uint32_t{1} << kBits;
  for (const int shift : {0, kBits}) {
    std::array<uint16_t, kDigits> starts{};
    const auto digit = [shift](const Cell& cell) { return cell.place >> shift & (kDigits - 1); };
    for (const Cell& cell : cells) ++starts[digit(cell)];
    uint16_t start = 0;
    for (uint16_t& count : starts) start = static_cast<uint16_t>(start + std::exchange(count, start));
    for (const Cell& cell : cells) scratch[starts[digit(cell)]++] = cell;
    std::swap(cells, scratch);
  }
}

// Sorts what is nearly sorted; false where it is not, and would take long.
bool Finish(std::span<Cell> cells) {
  size_t moves_left = 4 * cells.size();
  for (size_t i = 1; i < cells.size(); ++i) {
    const Cell cell = cells[i];
    size_t at = i;
    for (; at > 0 && cells[at - 1].value > cell.value; --at, --moves_left) {
      if (moves_left == 0) {
        cells[at] = cell;
        return false;
      }
      cells[at] = cells[at - 1];
    }
    cells[at] = cell;
  }
  return true;
}

// By value. Values are spread between their bounds, mostly, so that their places all but sort them.
void SortCells(std::span<Cell> cells, std::span<Cell> scratch) {
  const auto less = [](const Cell& a, const Cell& b) { return a.value < b.value; };
  const auto [least, greatest] = std::minmax_element(cells.begin(), cells.end(), less);
  const double first = least->value;
  const double range = greatest->value - first;
  if (range == 0) return;
  const double scale = ((1 << kPlaceBits) - 1) / range;
  if (std::isfinite(range) && std::isfinite(scale)) {
    for (Cell& cell : cells) cell.place = static_cast<uint32_t>((cell.value - first) * scale);
    SortByPlace(cells, scratch);
    if (Finish(cells)) return;
  }
  std::sort(cells.begin(), cells.end(), less);
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

std::shared_ptr<const RealChunk> RealChunk::Of(std::span<const double> values) {
  const auto rows = static_cast<int>(values.size());
  uint16_t codes[kBlockRows];
  static thread_local std::array<std::array<Cell, kBlockRows>, 2> room;  // kept: large for the stack of a thread
  size_t count = 0;
  for (int row = 0; row < rows; ++row) {
    codes[row] = 0;
    const double value = values[static_cast<size_t>(row)] + 0.0;  // -0 is 0
    if (!std::isnan(value)) room[0][count++] = {.value = value, .place = 0, .row = static_cast<uint16_t>(row)};
  }
  if (count == 0) return nullptr;
  const std::span<Cell> cells = std::span(room[0]).first(count);
  SortCells(cells, std::span(room[1]).first(count));
  Values table = {0.0};
  table.reserve(count + 1);
  for (const Cell& cell : cells) {
    if (table.size() == kFirstCode || cell.value != table.back()) table.push_back(cell.value);
    codes[cell.row] = static_cast<uint16_t>(table.size() - 1);
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
