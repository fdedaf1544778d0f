// Arrays of exactly what each question needs, and the plainest fast loops over them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/model/column.h"

namespace folio::bench {

struct FlatTable {
  std::vector<uint8_t> sector, band;
  std::vector<float> arr, health;  // whole units and points: nine bytes a row for the three predicates
  std::vector<int64_t> arr_micros;
  std::string names;  // folded, each behind a line's end

  void Append(const std::vector<model::Cell>& cells, uint8_t sector_number);
};

// sector = and arr > and health <: how many, and the 50 with the greatest arr.
struct FlatPage {
  int64_t total = 0;
  std::vector<int64_t> rows;
};
FlatPage FilterSortCount(const FlatTable& table, uint8_t sector, float arr, float health);

// The 50 rows with the greatest arr.
std::vector<int64_t> Greatest(const FlatTable& table);

// Rows, and sum of arr, of each band of each sector.
struct FlatGroup {
  int64_t rows[4] = {};
  int64_t sums[4] = {};
};
std::vector<FlatGroup> GroupBySector(const FlatTable& table, size_t sectors);

// How many names contain the text.
int64_t CountNames(const FlatTable& table, std::string_view text);

}  // namespace folio::bench
