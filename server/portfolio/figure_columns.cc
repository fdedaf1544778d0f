#include "server/portfolio/figure_columns.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace folio::portfolio {

using engine::kBlockRows;
using engine::RowKey;

namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();
// Columns kept at most, unless one publication wants more: those of two or three models, today and a month before.
constexpr size_t kColumnsKept = 96;

bool Has(const std::array<uint64_t, kBlockRows / 64>& rows, int row) {
  return (rows[static_cast<size_t>(row) / 64] >> (row % 64) & 1) != 0;
}

bool IsWanted(std::span<const FigureColumns::Wanted> wanted, const FigureColumns::Wanted& what) {
  return std::find(wanted.begin(), wanted.end(), what) != wanted.end();
}

}  // namespace

void FigureColumns::Forget(RowKey account) {
  if (columns_.empty()) return;
  const auto block = static_cast<size_t>(account / kBlockRows);
  if (stale_.size() <= block) stale_.resize(block + 1);
  const auto row = static_cast<size_t>(account % kBlockRows);
  stale_[block][row / 64] |= uint64_t{1} << (row % 64);
}

void FigureColumns::Clear() {
  std::vector<Column>().swap(columns_);
  std::vector<Rows>().swap(stale_);
}

FigureColumns::Column* FigureColumns::Find(const Wanted& wanted) {
  const auto found = std::find_if(columns_.begin(), columns_.end(), [&](const Column& c) { return c.what == wanted; });
  return found == columns_.end() ? nullptr : &*found;
}

void FigureColumns::MakeRoom(std::span<const Wanted> wanted) {
  if (columns_.size() + wanted.size() > kColumnsKept) {
    std::erase_if(columns_, [wanted](const Column& column) { return !IsWanted(wanted, column.what); });
  }
  for (const Wanted& what : wanted) {
    if (Find(what) == nullptr) columns_.push_back({.what = what, .blocks = {}});
  }
}

void FigureColumns::Fill(std::span<const Wanted> wanted, const engine::Table& table, const ViewOf& view_of) {
  MakeRoom(wanted);
  const auto blocks = static_cast<size_t>(table.block_count());
  stale_.resize(std::max(stale_.size(), blocks));
  for (Column& column : columns_) column.blocks.resize(std::max(column.blocks.size(), blocks));
  for (size_t block = 0; block < blocks; ++block) FillBlock(static_cast<int64_t>(block), table, view_of);
  for (Column& column : columns_) column.read = true;
}

void FigureColumns::FillBlock(int64_t block, const engine::Table& table, const ViewOf& view_of) {
  const auto at = static_cast<size_t>(block);
  const Rows stale = std::exchange(stale_[at], Rows{});
  const bool any_stale = stale != Rows{};
  const bool any_new = std::any_of(columns_.begin(), columns_.end(), [](const Column& c) { return !c.read; });
  if (!any_stale && !any_new) return;
  const Rows live = table.LiveRows(block);
  for (int row = 0; row < kBlockRows; ++row) {
    const bool is_stale = Has(stale, row);
    if (!Has(live, row) || (!is_stale && !any_new)) continue;
    account::View view = view_of(block * kBlockRows + row);
    const Day today = view.today;
    for (Column& column : columns_) {
      if (column.read && !is_stale) continue;
      view.today = today - column.what.days_before;
      const measures::Reading reading = scoring::ReadFigure(column.what.figure, view).reading;
      Put(column.blocks[at], row, reading.missing() ? kMissing : reading.value);
    }
  }
  for (Column& column : columns_) Complete(column.blocks[at], live);
}

void FigureColumns::Put(Part& part, int row, double value) {
  if (part.values == nullptr) {
    if (std::isnan(value)) return;
    part.values = std::make_unique_for_overwrite<double[]>(kBlockRows);
    std::fill(part.values.get(), part.values.get() + kBlockRows, kMissing);
  }
  part.values[static_cast<size_t>(row)] = value;
}

void FigureColumns::Complete(Part& part, const Rows& live) {
  if (part.values == nullptr) return;
  part.complete = true;
  for (int row = 0; row < kBlockRows; ++row) {
    double& value = part.values[static_cast<size_t>(row)];
    if (!Has(live, row)) value = 0;  // nobody looks at it, and it must not look like a gap
    part.complete = part.complete && !std::isnan(value);
  }
}

scoring::FigureColumn FigureColumns::At(const Wanted& wanted, int64_t block) const {
  const auto found = std::find_if(columns_.begin(), columns_.end(), [&](const Column& c) { return c.what == wanted; });
  const Part& part = found->blocks[static_cast<size_t>(block)];
  return {.values = part.values.get(), .complete = part.complete};
}

}  // namespace folio::portfolio
