// The table as one would write it without a thought for speed: a map of rows, evaluated row by row. What the columnar
// index answers is compared with it.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "server/engine/group.h"
#include "server/engine/table.h"

namespace folio::engine::testing {

using Row = std::vector<model::Cell>;
using Rows = std::map<RowKey, Row>;

// Columns of every type, two of some.
enum ColumnOf : model::ColumnIndex {
  kName,
  kDomain,
  kSector,
  kCity,
  kTags,
  kSize,
  kSeats,
  kWide,
  kArr,
  kHealth,
  kCoverage,
  kAutoRenew,
  kRenewal,
  kUpdated,
  kColumnCount
};
model::ColumnSet AllColumns();

bool Matches(const model::FilterNode& node, const Row& row);

// Keys of the rows that match, in order.
std::vector<RowKey> List(const Rows& rows, const model::Filter* filter, std::span<const model::OrderTerm> order);

// Below 0 where a row with these values and this key comes first.
int CompareRows(const Row& a, RowKey key_a, const Row& b, RowKey key_b, std::span<const model::OrderTerm> order);

GroupResult Summarise(const Rows& rows, const GroupPlan& plan);

// Makes values, rows and filters of a seed. Values are drawn from few, so that filters find something.
class Random {
 public:
  explicit Random(uint64_t seed) : engine_(seed) {}

  int64_t Below(int64_t bound) { return static_cast<int64_t>(engine_() % static_cast<uint64_t>(bound)); }
  bool OneIn(int64_t n) { return Below(n) == 0; }

  model::Cell CellOf(model::ColumnIndex column);
  Row RowOf();
  model::Filter FilterOf();
  std::vector<model::OrderTerm> OrderOf();

 private:
  std::string Word();
  model::FilterNode NodeOf(int depth);
  model::FilterNode CompareOf();

  std::mt19937_64 engine_;
};

// Does the same to a table and to rows.
class Pair {
 public:
  Pair() : table(AllColumns()) {}

  void Insert(RowKey key, const Row& row);
  void Set(RowKey key, model::ColumnIndex column, const model::Cell& value);
  void Remove(RowKey key);
  std::shared_ptr<const Snapshot> Publish() {
    table.Publish(++revision);
    return table.snapshot();
  }
  // One random write.
  void Change(Random* random, RowKey greatest_key);

  Table table;
  Rows rows;
  int64_t revision = 0;
};

// A filter of one comparison.
model::Filter Compare(model::ColumnIndex column, model::Operator op, model::Cell literal = {});

}  // namespace folio::engine::testing
