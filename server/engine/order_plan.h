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
  std::string_view folded;
  std::string_view text;
};

class OrderPlan {
 public:
  // Rows without a value come last.
  static constexpr uint64_t kMissingOrdinal = std::numeric_limits<uint64_t>::max();

  // Borrows the snapshot's state.
  OrderPlan(const Snapshot::Impl& snapshot, std::span<const model::OrderTerm> order);

  size_t size() const { return terms_.size(); }

  // Values of a row: one for each term. The texts live as long as the snapshot.
  void ValuesOf(const Block& block, int row, SortValue* values) const;

  // Values of a position. The texts live as long as `position` and `storage`.
  void ValuesOf(const model::PagePosition& position, std::vector<std::string>* storage, SortValue* values) const;

  // Below, at or above 0 as one comes before, at or after the other.
  int Compare(const SortValue* a, RowKey key_a, const SortValue* b, RowKey key_b) const;
  int Compare(const Block& block, int row, const SortValue* b, RowKey key_b) const;

  // Clears rows whose first ordinal is certainly above, or certainly below, the one given. May clear none.
  void DropAbove(const Block& block, uint64_t ordinal, uint8_t* mask) const;
  void DropBelow(const Block& block, uint64_t ordinal, uint8_t* mask) const;

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
  SortValue ValueOf(const Term& term, const Block& block, int row) const;
  SortValue ValueOfCell(const Term& term, const model::Cell& cell, std::vector<std::string>* storage) const;
  int CompareValues(const Term& term, const SortValue& a, const SortValue& b) const;
  bool FirstHasNumbers() const;

  const Snapshot::Impl& snapshot_;
  std::vector<Term> terms_;
};

}  // namespace folio::engine
