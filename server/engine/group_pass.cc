#include "server/engine/group_pass.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "server/engine/kernels.h"

namespace folio::engine {

using model::ColumnIndex;
using model::ColumnType;

namespace {

constexpr uint32_t kBandsMax = 8;
constexpr uint32_t kCellsMax = 1 << 18;

// Largest sum that is left in 64 bits; a block adds less than as much again.
constexpr double kSettleAt = 4e18;

double FurthestFromZero(const CodeChunk& chunk) {
  return std::max(std::fabs(static_cast<double>(chunk.least())), std::fabs(static_cast<double>(chunk.greatest())));
}

}  // namespace

uint32_t GroupCount(const Snapshot::Impl& snapshot, ColumnIndex column) {
  if (column < 0) return 1;
  const ColumnDictionary& dictionary = snapshot.DictionaryOf(column);
  switch (snapshot.TypeOf(column)) {
    case ColumnType::kSymbol:
      return static_cast<uint32_t>(dictionary.symbol_count) + 1;
    case ColumnType::kSymbolSet:
      return static_cast<uint32_t>(dictionary.set_count) + 1;
    case ColumnType::kBool:
      return 3;
    default:
      return static_cast<uint32_t>(snapshot.columns->at(column).enum_names.size()) + 1;
  }
}

GroupTotals EmptyTotals(const GroupPlan& plan, const std::string& value) {
  GroupTotals totals;
  totals.value = value;
  totals.int_sums.resize(plan.int_sums.size());
  totals.int_counts.resize(plan.int_sums.size());
  totals.real_sums.resize(plan.real_sums.size());
  totals.real_counts.resize(plan.real_sums.size());
  totals.nonempty_rows.resize(plan.nonempty.size());
  totals.nonempty_sums.resize(plan.nonempty.size());
  return totals;
}

std::vector<GroupPass::Dimension> GroupPass::DimensionsOf(const Snapshot::Impl& snapshot, const GroupPlan& plan,
                                                          uint32_t first, uint32_t groups) {
  // The last place of the group is for all other groups.
  std::vector<Dimension> dimensions = {{plan.group_by, false, 1, first, groups + 1}};
  if (plan.band >= 0) {
    const auto names = static_cast<uint32_t>(snapshot.columns->at(plan.band).enum_names.size());
    dimensions.push_back({plan.band, false, 0, 0, names == 0 ? kBandsMax : std::min(names, kBandsMax)});
  }
  for (const ColumnIndex column : plan.nonempty) dimensions.push_back({column, true, 0, 0, 2});
  return dimensions;
}

uint32_t GroupPass::InnerCells(const std::vector<Dimension>& dimensions) {
  uint32_t cells = 1;
  for (size_t i = 1; i < dimensions.size(); ++i) cells *= dimensions[i].places;
  return cells;
}

uint32_t GroupPass::GroupsAtOnce(const Snapshot::Impl& snapshot, const GroupPlan& plan) {
  return std::max<uint32_t>(1, kCellsMax / InnerCells(DimensionsOf(snapshot, plan, 0, 1)));
}

uint64_t GroupPass::CellCount(const Snapshot::Impl& snapshot, const GroupPlan& plan, uint32_t groups) {
  return uint64_t{InnerCells(DimensionsOf(snapshot, plan, 0, groups))} * (uint64_t{groups} + 1);
}

bool GroupPass::SumsFit64Bits(const Block& block, const GroupPlan& plan) {
  return std::all_of(plan.int_sums.begin(), plan.int_sums.end(), [&block](ColumnIndex column) {
    const CodeChunk* chunk = block.Codes(column);
    return chunk == nullptr || FurthestFromZero(*chunk) * chunk->rows() <= kSettleAt;
  });
}

GroupPass::GroupPass(const Snapshot::Impl& snapshot, const GroupPlan& plan, uint32_t first, uint32_t groups)
    : snapshot_(snapshot),
      plan_(plan),
      first_(first),
      groups_(groups),
      dimensions_(DimensionsOf(snapshot, plan, first, groups)),
      inner_(InnerCells(dimensions_)),
      rows_(size_t{inner_} * (groups + 1)) {
  const size_t cells = rows_.size();
  for (const ColumnIndex column : plan.int_sums) {
    ints_.push_back({column, std::vector<int64_t>(cells), std::vector<int64_t>(cells), {}, 0});
  }
  for (const ColumnIndex column : plan.real_sums) {
    reals_.push_back({column, std::vector<double>(cells), std::vector<int64_t>(cells)});
  }
}

template <typename Cell>
int GroupPass::Selection<Cell>::CoveredBy(const Chunk& chunk) const {
  if (rows == nullptr) return std::min(count, chunk.rows());
  return static_cast<int>(std::lower_bound(rows, rows + count, chunk.rows()) - rows);
}

void GroupPass::Add(const Block& block, const uint8_t* mask) {
  const int count = mask == nullptr ? block.rows : kernels::List(mask, block.rows, selected_);
  if (count == 0) return;
  const uint16_t* selected = count == block.rows ? nullptr : selected_;
  if (rows_.size() <= (1U << 16)) {
    AddSelection<uint16_t>({block, selected, count, narrow_cells_});
  } else {
    AddSelection<uint32_t>({block, selected, count, wide_cells_});
  }
}

namespace {

// The place of a row that is missing.
template <typename Dimension>
uint32_t PlaceOfMissing(const Dimension& dimension) {
  return !dimension.only_presence && dimension.first > 0 ? dimension.places - 1 : 0;
}

// Puts a dimension's places behind the cells of rows that the chunk covers, one row at a time. For what is not regular.
template <typename Dimension, typename Selection>
void AddPlacesOneByOne(const Dimension& dimension, const CodeChunk& chunk, const Selection& selection, int covered) {
  const int64_t last = dimension.places - 1;
  for (int i = 0; i < covered; ++i) {
    const int64_t value = chunk.ValueAt(selection.RowAt(i));
    int64_t place = PlaceOfMissing(dimension);
    if (value != Snapshot::kMissingInt && dimension.only_presence) place = 1;
    if (value != Snapshot::kMissingInt && !dimension.only_presence) {
      place = value + dimension.offset - dimension.first;
      if (place < 0 || place > last) place = last;
    }
    using Cell = std::remove_reference_t<decltype(selection.cells[i])>;
    selection.cells[i] = static_cast<Cell>(selection.cells[i] * dimension.places + static_cast<uint32_t>(place));
  }
}

// True where a kernel can tell the places: they follow from the codes without a look at each.
template <typename Dimension>
bool RegularlyIn(const Dimension& dimension, const CodeChunk* chunk) {
  if (chunk == nullptr || chunk->width() == 0 || dimension.first != 0) return false;
  return dimension.only_presence ||
         (chunk->least() + dimension.offset >= 0 && chunk->greatest() + dimension.offset < dimension.places);
}

// `begin`: it is the first dimension, and the cells hold nothing yet.
template <typename Dimension, typename Selection>
void AddPlaces(const Dimension& dimension, bool begin, const Selection& selection) {
  const CodeChunk* chunk = dimension.column < 0 ? nullptr : selection.block.Codes(dimension.column);
  const int covered = chunk == nullptr ? 0 : selection.CoveredBy(*chunk);
  const bool all_begun = begin && RegularlyIn(dimension, chunk) && covered == selection.count;
  if (begin && !all_begun) std::fill(selection.cells, selection.cells + selection.count, 0);
  kernels::AddPlace(selection.count - covered, PlaceOfMissing(dimension), dimension.places, selection.cells + covered);
  if (covered == 0) return;
  if (!RegularlyIn(dimension, chunk)) {
    AddPlacesOneByOne(dimension, *chunk, selection, covered);
    return;
  }
  WithCodes(*chunk, [&](auto* codes, auto first) {
    if (all_begun) {
      kernels::BeginDimension(codes, selection.rows, covered, first, chunk->origin() + dimension.offset,
                              selection.cells);
    } else if (dimension.only_presence) {
      kernels::AddPresence(codes, selection.rows, covered, first, selection.cells);
    } else {
      kernels::AddDimension(codes, selection.rows, covered, first, chunk->origin() + dimension.offset, dimension.places,
                            selection.cells);
    }
  });
}

}  // namespace

template <typename Cell>
void GroupPass::AddSelection(const Selection<Cell>& selection) {
  const auto add_places = [this](const Selection<Cell>& of) {
    for (const Dimension& dimension : dimensions_) AddPlaces(dimension, &dimension == dimensions_.data(), of);
  };
  // Side by side, four rows take the time of one that is picked.
  if (selection.rows != nullptr && selection.count > selection.block.rows / 4) {
    add_places({selection.block, nullptr, selection.block.rows, selection.cells});
    kernels::Pick(selection.rows, selection.count, selection.cells);
  } else {
    add_places(selection);
  }
  if (ints_.empty()) kernels::CountRows(selection.cells, selection.count, rows_.data());
  for (IntMeasure& measure : ints_) AddInts(selection, &measure == ints_.data() ? rows_.data() : nullptr, &measure);
  for (RealMeasure& measure : reals_) AddReals(selection, &measure);
}

// Adds the values of one column, and the rows to `counts`, where that is not nullptr.
template <typename Cell>
void GroupPass::AddInts(const Selection<Cell>& selection, int64_t* counts, IntMeasure* measure) {
  const auto [block, rows, count, cells] = selection;
  const CodeChunk* chunk = block.Codes(measure->column);
  const int covered = chunk == nullptr ? 0 : selection.CoveredBy(*chunk);
  kernels::CountRows(cells + covered, count - covered, measure->missing.data());
  if (counts != nullptr) kernels::CountRows(cells + covered, count - covered, counts);
  if (covered == 0) return;

  const double greatest = FurthestFromZero(*chunk);
  if (measure->bound + greatest * covered > kSettleAt) Settle(measure);
  const bool in_64_bits = greatest * covered <= kSettleAt;
  if (in_64_bits && chunk->width() != 0) {
    measure->bound += greatest * covered;
    WithCodes(*chunk, [&](auto* codes, auto first) {
      kernels::SumCodes(cells, codes, rows, covered, first, chunk->origin(), chunk->step(), counts,
                        measure->sums.data());
      if (first != 0) kernels::CountMissing(cells, codes, rows, covered, first, measure->missing.data());
    });
    return;
  }
  if (counts != nullptr) kernels::CountRows(cells, covered, counts);
  measure->settled.resize(measure->sums.size());
  for (int i = 0; i < covered; ++i) {
    const int64_t value = chunk->ValueAt(selection.RowAt(i));
    if (value == Snapshot::kMissingInt) {
      ++measure->missing[cells[i]];
    } else {
      measure->settled[cells[i]] += value;
    }
  }
}

template <typename Cell>
void GroupPass::AddReals(const Selection<Cell>& selection, RealMeasure* measure) {
  const auto [block, rows, count, cells] = selection;
  const RealChunk* chunk = block.Reals(measure->column);
  const int covered = chunk == nullptr ? 0 : selection.CoveredBy(*chunk);
  kernels::CountRows(cells + covered, count - covered, measure->missing.data());
  if (covered == 0) return;
  WithCodes(*chunk, [&](auto* codes, auto first) {
    kernels::SumTable(cells, codes, rows, covered, chunk->table().data(), measure->sums.data());
    if (chunk->any_missing()) kernels::CountMissing(cells, codes, rows, covered, first, measure->missing.data());
  });
}

// Moves the sums to where they cannot overflow.
void GroupPass::Settle(IntMeasure* measure) {
  measure->settled.resize(measure->sums.size());
  for (size_t cell = 0; cell < measure->sums.size(); ++cell) {
    measure->settled[cell] += std::exchange(measure->sums[cell], 0);
  }
  measure->bound = 0;
}

Int128 GroupPass::SumOf(const IntMeasure& measure, size_t cell) {
  return measure.sums[cell] + (measure.settled.empty() ? Int128{0} : measure.settled[cell]);
}

// Adds the rows of one cell, and what its digits say of band and sets.
void GroupPass::AddCell(size_t cell, GroupTotals* totals) const {
  const int64_t rows = rows_[cell];
  if (rows == 0) return;
  totals->rows += rows;
  for (size_t i = 0; i < ints_.size(); ++i) {
    totals->int_sums[i] += SumOf(ints_[i], cell);
    totals->int_counts[i] += rows - ints_[i].missing[cell];
  }
  for (size_t i = 0; i < reals_.size(); ++i) {
    totals->real_sums[i] += reals_[i].sums[cell];
    totals->real_counts[i] += rows - reals_[i].missing[cell];
  }
  const Int128 first_sum = ints_.empty() ? Int128{0} : SumOf(ints_[0], cell);
  size_t digits = cell;
  size_t set = plan_.nonempty.size();
  for (size_t i = dimensions_.size() - 1; i > 0; --i) {
    const size_t place = digits % dimensions_[i].places;
    digits /= dimensions_[i].places;
    if (!dimensions_[i].only_presence) {
      totals->band_rows[place] += rows;
      totals->band_sums[place] += first_sum;
    } else if (--set; place == 1) {
      totals->nonempty_rows[set] += rows;
      totals->nonempty_sums[set] += first_sum;
    }
  }
}

void GroupPass::AddGroup(uint32_t place, GroupTotals* totals) const {
  for (uint32_t inner = 0; inner < inner_; ++inner) AddCell(size_t{place} * inner_ + inner, totals);
}

std::vector<std::string> TextsOfGroup(const Snapshot::Impl& snapshot, ColumnIndex group_by, uint32_t number) {
  if (number == 0) return {""};
  const auto value = static_cast<int32_t>(number - 1);
  switch (snapshot.TypeOf(group_by)) {
    case ColumnType::kSymbol:
      return {std::string(snapshot.SymbolsOf(group_by).Text(value))};
    case ColumnType::kBool:
      return {value == 0 ? "false" : "true"};
    case ColumnType::kSymbolSet:
      break;
    default:
      return {snapshot.columns->at(group_by).enum_names[number - 1]};
  }
  std::vector<std::string> texts;
  const SetDictionary& sets = *snapshot.DictionaryOf(group_by).sets;
  for (const int32_t symbol : sets.Members(value)) texts.emplace_back(sets.symbols().Text(symbol));
  return texts;
}

void GroupPass::Finish(GroupTotals* whole, std::map<std::string, GroupTotals>* groups) {
  for (uint32_t place = 0; place < groups_; ++place) {
    const auto begin = rows_.begin() + static_cast<int64_t>(size_t{place} * inner_);
    if (std::all_of(begin, begin + inner_, [](int64_t rows) { return rows == 0; })) continue;
    AddGroup(place, whole);
    if (plan_.group_by < 0) continue;
    for (const std::string& text : TextsOfGroup(snapshot_, plan_.group_by, first_ + place)) {
      AddGroup(place, &groups->try_emplace(text, EmptyTotals(plan_, text)).first->second);
    }
  }
}

}  // namespace folio::engine
