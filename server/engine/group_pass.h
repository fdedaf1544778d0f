// One pass over the rows of a snapshot, which sums them by group. How Summarise (group.h) works inside.
//
// Rows are summed in cells: a cell for each combination of group, band and non-empty sets, so that one pass answers for
// all of them; the cells are put together afterwards. A cell's number has a digit for each dimension, the group first.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "server/base/int128.h"
#include "server/engine/block.h"
#include "server/engine/group.h"

namespace folio::engine {

// Groups of a column, by number: 0 where it is missing, else one more than its value.
uint32_t GroupCount(const Snapshot::Impl& snapshot, model::ColumnIndex column);

GroupTotals EmptyTotals(const GroupPlan& plan, const std::string& value);

// The values that a row of a group counts for: several where it has a set.
std::vector<std::string> TextsOfGroup(const Snapshot::Impl& snapshot, model::ColumnIndex group_by, uint32_t number);

class GroupPass {
 public:
  // Groups that one pass takes: bounds its memory where there are very many.
  static uint32_t GroupsAtOnce(const Snapshot::Impl& snapshot, const GroupPlan& plan);

  // Cells that so many groups take.
  static uint64_t CellCount(const Snapshot::Impl& snapshot, const GroupPlan& plan, uint32_t groups);

  // Whether the block's sums of whole numbers, whichever rows they are over, fit in 64 bits.
  static bool SumsFit64Bits(const Block& block, const GroupPlan& plan);

  // For the groups [first, first + groups). Borrows the others.
  GroupPass(const Snapshot::Impl& snapshot, const GroupPlan& plan, uint32_t first, uint32_t groups);

  // `mask` (kernels.h) tells which rows count; nullptr: all of the block.
  void Add(const Block& block, const uint8_t* mask);

  // Adds the rows of the group first + place.
  void AddGroup(uint32_t place, GroupTotals* totals) const;

  // Adds the groups to the whole, and, by their texts, to `groups`.
  void Finish(GroupTotals* whole, std::map<std::string, GroupTotals>* groups);

 private:
  struct Dimension {
    model::ColumnIndex column = -1;  // -1: every row has the place 0
    bool only_presence = false;      // place 1 where there is a value, 0 where not
    int64_t offset = 0;              // else the number of a value is value + offset, and 0 where there is none
    int64_t first = 0;               // the number that has place 0
    uint32_t places = 1;             // numbers beyond have the last place
  };
  struct IntMeasure {
    model::ColumnIndex column = -1;
    std::vector<int64_t> sums;     // by cell
    std::vector<int64_t> missing;  // by cell
    std::vector<Int128> settled;   // by cell, what was taken from `sums` before it could overflow; empty: nothing yet
    double bound = 0;              // no sum is further from zero
  };
  struct RealMeasure {
    model::ColumnIndex column = -1;
    std::vector<double> sums;
    std::vector<int64_t> missing;
  };
  // Rows of a block that count, and their cells.
  template <typename Cell>
  struct Selection {
    const Block& block;
    const uint16_t* rows;  // nullptr: 0, 1, 2 ...
    int count;
    Cell* cells;
    int RowAt(int i) const { return rows == nullptr ? i : rows[i]; }
    // How many of them a chunk covers; they come first, and in the others it is missing.
    int CoveredBy(const Chunk& chunk) const;
  };

  static std::vector<Dimension> DimensionsOf(const Snapshot::Impl& snapshot, const GroupPlan& plan, uint32_t first,
                                             uint32_t groups);
  static uint32_t InnerCells(const std::vector<Dimension>& dimensions);
  template <typename Cell>
  void AddSelection(const Selection<Cell>& selection);
  template <typename Cell>
  void AddInts(const Selection<Cell>& selection, int64_t* counts, IntMeasure* measure);
  template <typename Cell>
  static void AddReals(const Selection<Cell>& selection, RealMeasure* measure);
  static void Settle(IntMeasure* measure);
  static Int128 SumOf(const IntMeasure& measure, size_t cell);
  void AddCell(size_t cell, GroupTotals* totals) const;

  const Snapshot::Impl& snapshot_;
  const GroupPlan& plan_;
  const uint32_t first_;
  const uint32_t groups_;
  const std::vector<Dimension> dimensions_;
  const uint32_t inner_;       // cells of one group
  std::vector<int64_t> rows_;  // by cell
  std::vector<IntMeasure> ints_;
  std::vector<RealMeasure> reals_;
  uint16_t selected_[kBlockRows];
  uint16_t narrow_cells_[kBlockRows];
  uint32_t wide_cells_[kBlockRows];
};

}  // namespace folio::engine
