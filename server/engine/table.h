// The columnar index of one kind of resource: filters, orders, pages and sums without reading a message.
//
// One writer changes rows and publishes; readers take the published snapshot, which never changes, and never lock. Rows
// lie at their key, in blocks of kBlockRows; a block's column is written anew when a publication changes it. Memory is
// the point: every column of a block is as narrow as its values allow, symbols and sets are numbers into dictionaries
// (which only grow), and an absent column of a block takes no room. An empty text or set is a missing value, and so is
// NaN.
//
// Symbols, and members of sets, are equal where their bytes are; they are ordered folded first, then by their bytes.
// Sets are ordered as the sorted lists of their members.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "server/model/column.h"
#include "server/model/filter.h"
#include "server/model/page_token.h"

namespace folio::engine {

using RowKey = int64_t;  // storage::Key of the row, from 1

inline constexpr int kBlockRows = 2048;

// What to return of the rows that match.
struct Query {
  const model::Filter* filter = nullptr;       // nullptr: all rows
  std::span<const model::OrderTerm> order;     // empty: by key
  const model::PagePosition* after = nullptr;  // begin after this position
  int limit = 50;
  bool with_total = false;
};

struct QueryResult {
  std::vector<RowKey> keys;  // in order, at most `limit`
  bool more = false;         // there are rows after them
  int64_t total = 0;         // all that match, where asked for
};

class Snapshot {
 public:
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  ~Snapshot();

  int64_t revision() const;  // as given to Publish
  int64_t row_count() const;
  RowKey highest_key() const;  // that a row has ever had; 0 where there was none
  const model::ColumnSet& columns() const;

  QueryResult Run(const Query& query) const;

  // The rows that match, as a call of `visit` for each block: rows are those keys. For sums over columns.
  using BlockVisitor = void (*)(void* context, const RowKey* keys, int count);
  void VisitMatches(const model::Filter* filter, BlockVisitor visit, void* context) const;

  // Which of some rows match: a byte for each of the keys, which ascend.
  std::vector<uint8_t> Matches(const model::Filter& filter, std::span<const RowKey> keys) const;

  // Sort position of a row, for the next page's token.
  model::PagePosition PositionOf(RowKey key, std::span<const model::OrderTerm> order) const;

  // Values of one row. A row that is not live, and a value that is missing, give nothing / monostate.
  bool IsLive(RowKey key) const;
  model::Cell Get(RowKey key, model::ColumnIndex column) const;
  // Text columns and symbols; empty where missing.
  std::string TextAt(RowKey key, model::ColumnIndex column) const;
  // Numbers of kEnum, kInt, kMoney, kBool, kDate, kTime columns; kMissingInt where missing.
  static constexpr int64_t kMissingInt = INT64_MIN;
  int64_t IntAt(RowKey key, model::ColumnIndex column) const;
  // kReal columns; NaN where missing.
  double RealAt(RowKey key, model::ColumnIndex column) const;
  // Symbols of a kSymbolSet column.
  std::vector<std::string_view> SetAt(RowKey key, model::ColumnIndex column) const;

  // Number of a row's symbol (kSymbol) or set (kSymbolSet), for grouping; -1 where missing. Dense from 0.
  int32_t SymbolAt(RowKey key, model::ColumnIndex column) const;
  // All symbols of a kSymbol column, or members of the sets of a kSymbolSet column, in the order in which they came.
  // Some may be held by no row any more.
  int32_t symbol_count(model::ColumnIndex column) const;
  std::string_view SymbolText(model::ColumnIndex column, int32_t symbol) const;

  // Sums by group over the rows that match, in one pass over the columns (see group.h for what is summed).
  struct Impl;
  const Impl& impl() const { return *impl_; }

 private:
  friend class Table;
  explicit Snapshot(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class Table {
 public:
  explicit Table(model::ColumnSet columns);
  ~Table();

  // --- Writer's thread only ---

  // Adds a column, missing in every row so far.
  model::ColumnIndex AddColumn(model::Column column);
  // Makes a row live. Its cells are missing until they are set. A row that is live already keeps them.
  void Insert(RowKey key);
  void Remove(RowKey key);
  // Values have the type of their column (see Cell). Does nothing where the row is not live.
  void Set(RowKey key, model::ColumnIndex column, const model::Cell& value);
  // Without building a Cell, for hot columns.
  void SetInt(RowKey key, model::ColumnIndex column, int64_t value);
  void SetReal(RowKey key, model::ColumnIndex column, double value);
  void SetText(RowKey key, model::ColumnIndex column, std::string_view value);
  void SetMissing(RowKey key, model::ColumnIndex column);
  // Makes everything set so far visible to NewestInt, and lets whole blocks be put.
  void Settle();

  // For changes of all rows. Blocks of rows, by index; some may be without rows.
  int64_t block_count() const;
  // The live rows of a block: row r is bit r % 64 of word r / 64.
  std::array<uint64_t, kBlockRows / 64> LiveRows(int64_t block) const;
  // Puts the values of a column, one for each of the first rows of a block, in place of what it has held. Values of
  // rows that are not live do not matter. Only where nothing has been set in the column since it was settled.
  void PutInts(int64_t block, model::ColumnIndex column, std::span<const int64_t> values);
  void PutReals(int64_t block, model::ColumnIndex column, std::span<const double> values);
  // The number of a text in a kSymbol column, as PutInts takes it.
  int64_t SymbolOf(model::ColumnIndex column, std::string_view text);

  // As Snapshot::IntAt, of what was set before the last Settle or Publish.
  int64_t NewestInt(RowKey key, model::ColumnIndex column) const;
  bool IsLive(RowKey key) const;
  // Everything set so far, for the writer's own questions: gone before the next change.
  std::shared_ptr<const Snapshot> Draft();
  // Makes everything set so far visible to readers who ask from now on.
  void Publish(int64_t revision);
  const model::ColumnSet& columns() const;

  // --- Any thread ---

  std::shared_ptr<const Snapshot> snapshot() const;
  // Bytes that the table takes, as of the last publication.
  int64_t MemoryBytes() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace folio::engine
