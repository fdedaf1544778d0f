// What a snapshot consists of: blocks of rows, and what the numbers in them stand for.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "server/engine/block_sums.h"
#include "server/engine/chunk.h"
#include "server/engine/dictionary.h"
#include "server/engine/table.h"

namespace folio::engine {

// kBlockRows rows, side by side in keys.
struct Block {
  int64_t index = 0;
  int rows = 0;  // the rows after them have never been live
  int live_rows = 0;
  std::array<uint64_t, kBlockRows / 64> live{};      // row r is bit r % 64 of word r / 64
  std::vector<std::shared_ptr<const Chunk>> chunks;  // by column; shorter where columns came later
  RememberedSums sums;                               // once it is published: of all its rows

  bool IsLive(int row) const { return (live[static_cast<size_t>(row) / 64] >> (row % 64) & 1) != 0; }
  RowKey KeyOf(int row) const { return index * kBlockRows + row; }

  // nullptr where every row is missing.
  const CodeChunk* Codes(model::ColumnIndex column) const { return static_cast<const CodeChunk*>(ChunkOf(column)); }
  const RealChunk* Reals(model::ColumnIndex column) const { return static_cast<const RealChunk*>(ChunkOf(column)); }
  const TextChunk* Texts(model::ColumnIndex column) const { return static_cast<const TextChunk*>(ChunkOf(column)); }

 private:
  const Chunk* ChunkOf(model::ColumnIndex column) const {
    const auto at = static_cast<size_t>(column);
    return at < chunks.size() ? chunks[at].get() : nullptr;
  }
};

// The dictionaries of a column, as far as a snapshot may look at them.
struct ColumnDictionary {
  std::shared_ptr<SymbolDictionary> symbols;  // kSymbol
  std::shared_ptr<SetDictionary> sets;        // kSymbolSet
  int32_t symbol_count = 0;                   // of the symbols, or of the symbols in the sets
  int32_t set_count = 0;
};

struct Snapshot::Impl {
  int64_t revision = 0;
  int64_t row_count = 0;
  std::shared_ptr<const model::ColumnSet> columns;
  std::vector<ColumnDictionary> dictionaries;        // by column
  std::vector<std::shared_ptr<const Block>> blocks;  // by index; nullptr where no row has ever been live

  const Block* BlockOfKey(RowKey key) const {
    const auto at = static_cast<size_t>(BlockOf(key));
    return key >= 0 && at < blocks.size() ? blocks[at].get() : nullptr;
  }
  model::ColumnType TypeOf(model::ColumnIndex column) const { return columns->at(column).type; }
  const ColumnDictionary& DictionaryOf(model::ColumnIndex column) const {
    return dictionaries[static_cast<size_t>(column)];
  }
  // The symbols of a kSymbol or kSymbolSet column.
  const SymbolDictionary& SymbolsOf(model::ColumnIndex column) const {
    const ColumnDictionary& dictionary = DictionaryOf(column);
    return dictionary.symbols != nullptr ? *dictionary.symbols : std::as_const(*dictionary.sets).symbols();
  }
};

// Types whose cells are kept as doubles, as text, or (all others) as whole numbers.
inline bool IsReal(model::ColumnType type) { return type == model::ColumnType::kReal; }
inline bool IsText(model::ColumnType type) { return type == model::ColumnType::kText; }

}  // namespace folio::engine
