#include "server/engine/group.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "server/engine/block.h"
#include "server/engine/filter_plan.h"
#include "server/engine/kernels.h"

namespace folio::engine {
namespace {

using model::ColumnIndex;
using model::ColumnType;

constexpr uint32_t kBands = 8;

// Cells of one pass: bounds the memory where there are very many groups, which then take several passes.
constexpr uint32_t kCellsMax = 1 << 18;

// Largest sum that is left in 64 bits; a block adds less than as much again.
constexpr double kSettleAt = 4e18;

// Rows are counted in cells: a cell for each combination of group, band and non-empty sets. So one pass over the rows
// answers for all of them, and the cells are summed up afterwards. A dimension says which number a row has in it.
struct Dimension {
  ColumnIndex column = -1;     // -1: every row has number 0
  bool only_presence = false;  // 1 where there is a value, 0 where not
  int64_t offset = 0;          // else the number of a value is value + offset, and 0 where there is none
  int64_t first = 0;           // numbers in [first, first + size) take places from 0; the others the place `size`
  uint32_t size = 1;

  uint32_t places() const { return size + 1; }
};

struct IntMeasure {
  ColumnIndex column = -1;
  std::vector<kernels::IntSum> sums;  // by cell, since the last Settle
  std::vector<Int128> totals;
  std::vector<int64_t> counts;
  double bound = 0;  // no sum is further from zero
};

struct RealMeasure {
  ColumnIndex column = -1;
  std::vector<kernels::RealSum> sums;
};

// Group numbers of a column: 0 where it is missing, else one more than the value.
uint32_t GroupNumbers(const Snapshot::Impl& snapshot, ColumnIndex column) {
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

std::vector<Dimension> DimensionsOf(const GroupPlan& plan, uint32_t first_group, uint32_t groups) {
  std::vector<Dimension> dimensions = {{plan.group_by, false, 1, first_group, groups}};
  if (plan.band >= 0) dimensions.push_back({plan.band, false, 0, 0, kBands});
  for (const ColumnIndex column : plan.nonempty) dimensions.push_back({column, true, 0, 0, 2});
  return dimensions;
}

// Cells of one group.
uint32_t InnerCells(const GroupPlan& plan) {
  uint32_t cells = 1;
  const auto dimensions = DimensionsOf(plan, 0, 1);
  for (size_t i = 1; i < dimensions.size(); ++i) cells *= dimensions[i].places();
  return cells;
}

// Puts a dimension's places into the cells.
template <typename Cell>
void AddPlaces(const Block& block, const Dimension& dimension, const uint16_t* selected, int count, Cell* cells) {
  const CodeChunk* chunk = dimension.column < 0 ? nullptr : block.Codes(dimension.column);
  const bool regular = chunk != nullptr && chunk->width() != 0 && chunk->rows() == block.rows &&
                       !dimension.only_presence && dimension.first == 0 && chunk->least() + dimension.offset >= 0 &&
                       chunk->greatest() + dimension.offset < dimension.size;
  if (regular) {
    WithCodes(*chunk, [&](auto* codes, auto first) {
      kernels::AddDimension(codes, selected, count, first, chunk->origin() + dimension.offset, dimension.places(),
                            cells);
    });
    return;
  }
  for (int i = 0; i < count; ++i) {
    const int64_t value =
        chunk == nullptr ? Snapshot::kMissingInt : chunk->ValueAt(selected == nullptr ? i : selected[i]);
    int64_t number = 0;
    if (value != Snapshot::kMissingInt) number = dimension.only_presence ? 1 : value + dimension.offset;
    const int64_t place = number - dimension.first;
    const bool inside = place >= 0 && place < dimension.size;
    cells[i] =
        static_cast<Cell>(cells[i] * dimension.places() + (inside ? static_cast<uint32_t>(place) : dimension.size));
  }
}

// Sums the groups whose numbers lie in [first, first + groups), in one pass over the rows.
class Pass {
 public:
  Pass(const Snapshot::Impl& snapshot, const GroupPlan& plan, uint32_t first, uint32_t groups)
      : snapshot_(snapshot),
        plan_(plan),
        first_(first),
        groups_(groups),
        inner_(InnerCells(plan)),
        dimensions_(DimensionsOf(plan, first, groups)),
        rows_(size_t{inner_} * (groups + 1)) {
    for (const ColumnIndex column : plan.int_sums) {
      ints_.push_back({column, std::vector<kernels::IntSum>(rows_.size()), std::vector<Int128>(rows_.size()),
                       std::vector<int64_t>(rows_.size()), 0});
    }
    for (const ColumnIndex column : plan.real_sums) {
      reals_.push_back({column, std::vector<kernels::RealSum>(rows_.size())});
    }
  }

  // `mask` may be nullptr: every row.
  void Add(const Block& block, const uint8_t* mask) {
    const int count = mask == nullptr ? block.rows : kernels::List(mask, block.rows, selected_);
    if (count == 0) return;
    const uint16_t* selected = mask == nullptr ? nullptr : selected_;
    if (rows_.size() <= (1U << 16)) {
      AddRows(block, selected, count, narrow_cells_);
    } else {
      AddRows(block, selected, count, wide_cells_);
    }
  }

  // Adds the groups to the result: to the whole, and by their texts.
  void Finish(GroupTotals* whole, std::map<std::string, GroupTotals>* groups);

 private:
  template <typename Cell>
  void AddRows(const Block& block, const uint16_t* selected, int count, Cell* cells);
  template <typename Cell>
  void AddInts(const Block& block, const uint16_t* selected, int count, const Cell* cells, IntMeasure* measure);
  template <typename Cell>
  void AddReals(const Block& block, const uint16_t* selected, int count, const Cell* cells, RealMeasure* measure);
  static void Settle(IntMeasure* measure);
  std::vector<std::string> TextsOfGroup(uint32_t number) const;
  void AddGroup(uint32_t place, GroupTotals* totals) const;
  void AddCell(uint32_t place, uint32_t inner, GroupTotals* totals) const;

  const Snapshot::Impl& snapshot_;
  const GroupPlan& plan_;
  const uint32_t first_;
  const uint32_t groups_;
  const uint32_t inner_;
  const std::vector<Dimension> dimensions_;
  std::vector<int64_t> rows_;  // by cell
  std::vector<IntMeasure> ints_;
  std::vector<RealMeasure> reals_;
  uint16_t selected_[kBlockRows];
  uint16_t narrow_cells_[kBlockRows];
  uint32_t wide_cells_[kBlockRows];
};

template <typename Cell>
void Pass::AddRows(const Block& block, const uint16_t* selected, int count, Cell* cells) {
  std::fill(cells, cells + count, Cell{0});
  for (const Dimension& dimension : dimensions_) AddPlaces(block, dimension, selected, count, cells);
  kernels::CountCells(cells, count, rows_.data());
  for (IntMeasure& measure : ints_) AddInts(block, selected, count, cells, &measure);
  for (RealMeasure& measure : reals_) AddReals(block, selected, count, cells, &measure);
}

template <typename Cell>
void Pass::AddInts(const Block& block, const uint16_t* selected, int count, const Cell* cells, IntMeasure* measure) {
  const CodeChunk* chunk = block.Codes(measure->column);
  if (chunk == nullptr) return;
  const double greatest =
      std::max(std::fabs(static_cast<double>(chunk->least())), std::fabs(static_cast<double>(chunk->greatest())));
  const bool in_64_bits = greatest * kBlockRows <= kSettleAt;
  measure->bound += greatest * count;
  if (measure->bound > kSettleAt) {
    Settle(measure);
    measure->bound = greatest * count;
  }
  if (in_64_bits && chunk->width() != 0 && chunk->rows() == block.rows) {
    WithCodes(*chunk, [&](auto* codes, auto first) {
      kernels::SumCodes(cells, codes, selected, count, first, chunk->origin(), chunk->step(), measure->sums.data());
    });
    return;
  }
  for (int i = 0; i < count; ++i) {
    const int64_t value = chunk->ValueAt(selected == nullptr ? i : selected[i]);
    if (value == Snapshot::kMissingInt) continue;
    measure->totals[cells[i]] += value;
    ++measure->sums[cells[i]].count;
  }
}

template <typename Cell>
void Pass::AddReals(const Block& block, const uint16_t* selected, int count, const Cell* cells, RealMeasure* measure) {
  const RealChunk* chunk = block.Reals(measure->column);
  if (chunk == nullptr) return;
  if (chunk->rows() == block.rows) {
    WithReals(*chunk, [&](auto* values) { kernels::SumReals(cells, values, selected, count, measure->sums.data()); });
    return;
  }
  for (int i = 0; i < count; ++i) {
    const double value = chunk->ValueAt(selected == nullptr ? i : selected[i]);
    if (std::isnan(value)) continue;
    measure->sums[cells[i]].sum += value;
    ++measure->sums[cells[i]].count;
  }
}

// Moves the sums to where they cannot overflow.
void Pass::Settle(IntMeasure* measure) {
  for (size_t cell = 0; cell < measure->sums.size(); ++cell) {
    measure->totals[cell] += measure->sums[cell].sum;
    measure->counts[cell] += measure->sums[cell].count;
    measure->sums[cell] = {};
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

// Adds the rows of one cell, and what its place in the group says of band and sets.
void Pass::AddCell(uint32_t place, uint32_t inner, GroupTotals* totals) const {
  const size_t cell = size_t{place} * inner_ + inner;
  const int64_t rows = rows_[cell];
  if (rows == 0) return;
  totals->rows += rows;
  for (size_t i = 0; i < ints_.size(); ++i) {
    totals->int_sums[i] += ints_[i].totals[cell];
    totals->int_counts[i] += ints_[i].counts[cell];
  }
  for (size_t i = 0; i < reals_.size(); ++i) {
    totals->real_sums[i] += reals_[i].sums[cell].sum;
    totals->real_counts[i] += reals_[i].sums[cell].count;
  }
  const Int128 first_sum = ints_.empty() ? 0 : ints_[0].totals[cell];
  uint32_t rest = inner;
  for (size_t i = dimensions_.size(); i-- > 1; rest /= dimensions_[i].places()) {
    const uint32_t number = rest % dimensions_[i].places();
    if (!dimensions_[i].only_presence) {
      totals->band_rows[number] += rows;
      totals->band_sums[number] += first_sum;
    } else if (number == 1) {
      const size_t set = plan_.nonempty.size() - (dimensions_.size() - i);
      totals->nonempty_rows[set] += rows;
      totals->nonempty_sums[set] += first_sum;
    }
  }
}

void Pass::AddGroup(uint32_t place, GroupTotals* totals) const {
  for (uint32_t inner = 0; inner < inner_; ++inner) AddCell(place, inner, totals);
}

// The values that a row of this group counts for: several where it has a set.
std::vector<std::string> Pass::TextsOfGroup(uint32_t number) const {
  if (number == 0) return {""};
  const auto value = static_cast<int32_t>(number - 1);
  switch (snapshot_.TypeOf(plan_.group_by)) {
    case ColumnType::kSymbol:
      return {std::string(snapshot_.SymbolsOf(plan_.group_by).Text(value))};
    case ColumnType::kBool:
      return {value == 0 ? "false" : "true"};
    case ColumnType::kSymbolSet:
      break;
    default:
      return {snapshot_.columns->at(plan_.group_by).enum_names[number - 1]};
  }
  std::vector<std::string> texts;
  const SetDictionary& sets = *snapshot_.DictionaryOf(plan_.group_by).sets;
  for (const int32_t symbol : sets.Members(value)) texts.emplace_back(sets.symbols().Text(symbol));
  return texts;
}

void Pass::Finish(GroupTotals* whole, std::map<std::string, GroupTotals>* groups) {
  for (IntMeasure& measure : ints_) Settle(&measure);
  for (uint32_t place = 0; place < groups_; ++place) {
    AddGroup(place, whole);
    const auto begin = rows_.begin() + size_t{place} * inner_;
    const bool empty = std::all_of(begin, begin + inner_, [](int64_t rows) { return rows == 0; });
    if (empty || plan_.group_by < 0) continue;
    for (const std::string& text : TextsOfGroup(first_ + place)) {
      AddGroup(place, &groups->try_emplace(text, EmptyTotals(plan_, text)).first->second);
    }
  }
}

}  // namespace

GroupResult Summarise(const Snapshot& snapshot, const GroupPlan& plan) {
  const FilterPlan filter(snapshot.impl(), plan.filter);
  const uint32_t numbers = GroupNumbers(snapshot.impl(), plan.group_by);
  const uint32_t groups_of_pass = std::max<uint32_t>(1, kCellsMax / InnerCells(plan));
  GroupResult result{EmptyTotals(plan, ""), {}};
  std::map<std::string, GroupTotals> groups;
  uint8_t mask[kBlockRows];
  for (uint32_t first = 0; first < numbers; first += groups_of_pass) {
    const auto pass = std::make_unique<Pass>(snapshot.impl(), plan, first, std::min(groups_of_pass, numbers - first));
    for (const auto& block : snapshot.impl().blocks) {
      if (block == nullptr) continue;
      if (filter.matches_all() && block->live_rows == block->rows) {
        pass->Add(*block, nullptr);
      } else if (filter.Match(*block, mask)) {
        pass->Add(*block, mask);
      }
    }
    pass->Finish(&result.whole, &groups);
  }
  for (auto& [value, totals] : groups) result.groups.push_back(std::move(totals));
  return result;
}

}  // namespace folio::engine
