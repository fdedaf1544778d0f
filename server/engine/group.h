// Sums by group over a snapshot.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "server/base/int128.h"
#include "server/engine/table.h"

namespace folio::engine {

// What is summed over each group. Columns that are -1 are left out.
struct GroupPlan {
  const model::Filter* filter = nullptr;
  model::ColumnIndex group_by = -1;  // kSymbol, kSymbolSet (a row counts in each), kEnum or kBool; -1: one group
  std::vector<model::ColumnIndex> int_sums;   // kMoney or kInt: sum and count of present values
  std::vector<model::ColumnIndex> real_sums;  // kReal: sum and count of present values
  model::ColumnIndex band = -1;               // kEnum with at most 8 values: rows and sum of int_sums[0] for each
  std::vector<model::ColumnIndex> nonempty;   // kSymbolSet: rows with a non-empty set, and sum of int_sums[0] over them
};

// Whether two plans sum the same over the rows that they select.
bool SumTheSame(const GroupPlan& a, const GroupPlan& b);

struct GroupTotals {
  std::string value;  // of the group_by column, as text; "" where missing
  int64_t rows = 0;
  std::vector<Int128> int_sums;
  std::vector<int64_t> int_counts;
  std::vector<double> real_sums;
  std::vector<int64_t> real_counts;
  int64_t band_rows[8] = {};
  Int128 band_sums[8] = {};
  std::vector<int64_t> nonempty_rows;
  std::vector<Int128> nonempty_sums;
};

struct GroupResult {
  GroupTotals whole;                // every row once
  std::vector<GroupTotals> groups;  // empty without group_by; unordered
};

GroupResult Summarise(const Snapshot& snapshot, const GroupPlan& plan);

// The groups that one row counts in, as Summarise names them: several for a set, "" where it has no value.
std::vector<std::string> GroupsOf(const Snapshot& snapshot, RowKey key, model::ColumnIndex group_by);

}  // namespace folio::engine
