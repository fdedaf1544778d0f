// A column put for a whole block reads as one set row by row.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/table/naive.h"

namespace folio::engine::testing {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr int kRealKinds = 8;

std::vector<double> RealsOf(Random* random, int rows, int kind) {
  std::vector<double> values;
  for (int i = 0; i < rows; ++i) {
    const auto whole = static_cast<double>(random->Below(2000) - 1000);
    const double few = random->OneIn(4) ? 0.5 : 2;
    const double far = random->OneIn(9) ? 1e300 : whole / 7;
    const double endless = random->OneIn(9) ? kInfinity : whole;
    const double values_by_kind[] = {whole / 7,
                                     few,
                                     random->OneIn(3) ? kNan : whole,
                                     kNan,
                                     -0.0,
                                     far,
                                     endless,
                                     whole * std::numeric_limits<double>::denorm_min()};
    values.push_back(values_by_kind[kind]);
  }
  return values;
}

TEST(BlockTest, RealsPutReadAsRealsSet) {
  Random random(3);
  for (int round = 0; round < 96; ++round) {
    const auto rows = static_cast<int>(1 + random.Below(round < 2 * kRealKinds ? kBlockRows : 70));
    Table put(AllColumns());
    Table set(AllColumns());
    const std::vector<double> values = RealsOf(&random, rows, round % kRealKinds);
    for (RowKey key = kBlockRows; key < kBlockRows + rows; ++key) {
      put.Insert(key);
      put.SetReal(key, kCoverage, 5);
      set.Insert(key);
      set.SetReal(key, kCoverage, values[static_cast<size_t>(key - kBlockRows)]);
    }
    put.Settle();
    put.PutReals(1, kCoverage, values);
    put.Publish(1);
    set.Publish(1);
    for (RowKey key = kBlockRows; key < kBlockRows + rows; ++key) {
      const double is = put.snapshot()->RealAt(key, kCoverage);
      const double expected = set.snapshot()->RealAt(key, kCoverage);
      ASSERT_TRUE(is == expected || (std::isnan(is) && std::isnan(expected))) << "round " << round << ", key " << key;
    }
    const model::OrderTerm order{kCoverage, false};
    const Query query{.order = {&order, 1}, .limit = 2000};
    ASSERT_EQ(put.snapshot()->Run(query).keys, set.snapshot()->Run(query).keys) << "round " << round;
  }
}

TEST(BlockTest, IntsPutReadAsIntsSet) {
  Random random(4);
  for (int round = 0; round < 60; ++round) {
    const auto rows = static_cast<int>(1 + random.Below(70));
    Table table(AllColumns());
    std::vector<int64_t> values;
    for (int i = 0; i < rows; ++i) {
      values.push_back(random.Below(4) == 0 ? Snapshot::kMissingInt : random.Below(1 << (round % 20)));
      table.Insert(i);
    }
    table.Settle();
    table.PutInts(0, kSeats, values);
    table.PutInts(0, kSector, std::vector<int64_t>(values.size(), table.SymbolOf(kSector, "Bank")));
    table.Publish(1);
    for (int i = 0; i < rows; ++i) {
      ASSERT_EQ(table.snapshot()->IntAt(i, kSeats), values[static_cast<size_t>(i)])
          << "round " << round << ", row " << i;
      ASSERT_EQ(table.snapshot()->TextAt(i, kSector), "Bank");
    }
  }
}

TEST(BlockTest, LiveRowsAreThoseInserted) {
  Table table(AllColumns());
  table.Insert(1);
  table.Insert(kBlockRows + 70);
  table.Insert(kBlockRows + 71);
  table.Remove(kBlockRows + 71);
  EXPECT_EQ(table.block_count(), 2);
  EXPECT_EQ(table.LiveRows(0)[0], 2u);
  EXPECT_EQ(table.LiveRows(1)[1], uint64_t{1} << 6);
}

}  // namespace
}  // namespace folio::engine::testing
