// Row tables: plain values of records that change, by their storage keys.
//
// Rows lie in blocks. One writer changes a block until it is published; from then on it stays as it is, and the next
// change is made to a copy. A row is a struct with the member `key`, 0 where there is no such record.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "server/ledger/segment.h"

namespace folio::ledger {

template <typename Row>
class RowTable {
 public:
  static constexpr int64_t kBlockRows = 512;

  struct Block {
    Draft draft = 0;  // when it was last changed
    std::vector<Row> rows = std::vector<Row>(kBlockRows);
  };
  // By key / kBlockRows; nullptr where there is none.
  using Blocks = std::vector<std::shared_ptr<const Block>>;

  RowTable() = default;
  // One to be changed by another writer, with drafts of its own.
  explicit RowTable(const Blocks& blocks) {
    for (const auto& block : blocks) blocks_.push_back(std::const_pointer_cast<Block>(block));
  }

  // Shows the rows of a stretch of blocks, by ascending key.
  template <typename Visit>
  static void ForEach(const Blocks& blocks, int64_t first, int64_t end, Visit visit) {
    for (int64_t i = first; i < std::min(end, std::ssize(blocks)); ++i) {
      const auto& block = blocks[static_cast<size_t>(i)];
      if (block == nullptr) continue;
      for (const Row& row : block->rows) {
        if (row.key != 0) visit(row);
      }
    }
  }

  // --- The writer; `draft` is the current one ---

  void Put(Row row, Draft draft) {
    const int64_t key = row.key;
    Own(key, draft) = std::move(row);
  }
  void Drop(int64_t key, Draft draft) { Own(key, draft) = Row(); }
  // nullptr where there is no such row.
  const Row* Find(int64_t key) const {
    const auto position = static_cast<size_t>(key / kBlockRows);
    if (position >= blocks_.size() || blocks_[position] == nullptr) return nullptr;
    const Row& row = blocks_[position]->rows[static_cast<size_t>(key % kBlockRows)];
    return row.key == 0 ? nullptr : &row;
  }

  // Whether anything changed since the last call, and everything as it is now.
  bool TakeChanges() { return std::exchange(changed_, false); }
  std::shared_ptr<const Blocks> blocks() const {
    return std::make_shared<const Blocks>(blocks_.begin(), blocks_.end());
  }

 private:
  Row& Own(int64_t key, Draft draft) {
    const auto position = static_cast<size_t>(key / kBlockRows);
    if (blocks_.size() <= position) blocks_.resize(position + 1);
    std::shared_ptr<Block>& block = blocks_[position];
    if (block == nullptr) {
      block = std::make_shared<Block>();
    } else if (block->draft != draft) {
      block = std::make_shared<Block>(*block);
    }
    block->draft = draft;
    changed_ = true;
    return block->rows[static_cast<size_t>(key % kBlockRows)];
  }

  std::vector<std::shared_ptr<Block>> blocks_;
  bool changed_ = false;
};

}  // namespace folio::ledger
