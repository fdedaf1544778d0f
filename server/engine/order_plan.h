// An order made ready for one snapshot: what rows sort by, as numbers where that is possible.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/engine/block.h"
#include "server/model/filter.h"
#include "server/model/page_token.h"

namespace folio::engine {

// What a row sorts by in one term. Smaller ordinals come first, whatever the direction; equal ordinals of texts are
// decided by the texts.
struct SortValue {
  uint64_t ordinal = 0;
  std::string folded;  // of kText columns
  std::string text;
};

class OrderPlan {
 public:
  // Rows without a value come last.
  static constexpr uint64_t kMissingOrdinal = std::numeric_limits<uint64_t>::max();

  // Borrows the snapshot's state.
  OrderPlan(const Snapshot::Impl& snapshot, std::span<const model::OrderTerm> order);

  size_t size() const { return terms_.size(); }

  // Values of a row: one for each term.
  void ValuesOf(const Block& block, int row, SortValue* values) const;

  // Values of a position.
  void ValuesOf(const model::PagePosition& position, SortValue* values) const;

  // Below, at or above 0 as one comes before, at or after the other.
  int Compare(const SortValue* a, RowKey key_a, const SortValue* b, RowKey key_b) const;
  int Compare(const Block& block, int row, const SortValue* b, RowKey key_b) const;

  // Clears rows that certainly come after, or certainly before, a row of these values. May clear none.
  void DropAfter(const Block& block, const SortValue* values, uint8_t* mask) const {
    DropAfter(block, 0, values, mask);
  }
  void DropBefore(const Block& block, const SortValue* values, uint8_t* mask) const;

  // The same of selected rows, by the first term only; returns how many are left.
  int DropAfter(const Block& block, const SortValue* values, uint16_t* selected, int count) const;

  // No first ordinal of the block is below this.
  uint64_t LeastOrdinal(const Block& block) const;

 private:
  struct Term {
    model::ColumnIndex column = 0;
    model::ColumnType type = model::ColumnType::kInt;
    bool descending = false;
    RankCache::Ranks ranks;  // by symbol or set; nullptr for other types
  };

  static Term Compile(const Snapshot::Impl& snapshot, const model::OrderTerm& from);
  static uint64_t OrdinalOf(const Term& term, const Block& block, int row);
  SortValue ValueOfCell(const Term& term, const model::Cell& cell) const;
  // True where ordinals are those of the column's numbers, so that chunks can be compared with them.
  static bool HasNumbers(const Term& term) { return term.type != model::ColumnType::kText && term.ranks == nullptr; }
  void DropAfter(const Block& block, size_t index, const SortValue* values, uint8_t* mask) const;

  const Snapshot::Impl& snapshot_;
  std::vector<Term> terms_;
};

}  // namespace folio::engine
