// Sums by group against sums row by row.
#include "server/engine/group.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/table/naive.h"

namespace folio::engine::testing {
namespace {

using model::ColumnIndex;

void ExpectSame(const GroupTotals& actual, const GroupTotals& expected, const GroupPlan& plan) {
  EXPECT_EQ(actual.rows, expected.rows);
  if (expected.rows == 0) return;
  // gtest cannot print 128 bits.
  EXPECT_TRUE(actual.int_sums == expected.int_sums);
  EXPECT_EQ(actual.int_counts, expected.int_counts);
  EXPECT_EQ(actual.real_counts, expected.real_counts);
  for (size_t i = 0; i < plan.real_sums.size(); ++i) {
    EXPECT_NEAR(actual.real_sums[i], expected.real_sums[i], 1e-9 * (1 + expected.real_sums[i]));
  }
  for (int band = 0; band < 8; ++band) {
    EXPECT_EQ(actual.band_rows[band], expected.band_rows[band]);
    EXPECT_TRUE(actual.band_sums[band] == expected.band_sums[band]);
  }
  EXPECT_EQ(actual.nonempty_rows, expected.nonempty_rows);
  EXPECT_TRUE(actual.nonempty_sums == expected.nonempty_sums);
}

void ExpectSameGroups(const Snapshot& snapshot, const Rows& rows, const GroupPlan& plan) {
  const GroupResult actual = engine::Summarise(snapshot, plan);
  const GroupResult expected = testing::Summarise(rows, plan);
  ExpectSame(actual.whole, expected.whole, plan);
  std::map<std::string, const GroupTotals*> groups;
  for (const GroupTotals& group : actual.groups) EXPECT_TRUE(groups.emplace(group.value, &group).second);
  ASSERT_EQ(groups.size(), expected.groups.size());
  for (const GroupTotals& group : expected.groups) {
    SCOPED_TRACE(group.value);
    ASSERT_TRUE(groups.contains(group.value));
    ExpectSame(*groups[group.value], group, plan);
  }
}

class GroupTest : public ::testing::TestWithParam<uint64_t> {};

TEST_P(GroupTest, SumsMatchRowByRow) {
  Random random(GetParam());
  Pair pair;
  const RowKey greatest = 2 * kBlockRows + 100;
  for (RowKey key = 1; key < greatest; ++key) {
    if (!random.OneIn(20)) pair.Insert(key, random.RowOf());
  }
  for (int i = 0; i < 500; ++i) pair.Change(&random, greatest);
  const auto snapshot = pair.Publish();
  for (const ColumnIndex column : {-1, int{kSector}, int{kCity}, int{kTags}, int{kSize}, int{kAutoRenew}}) {
    SCOPED_TRACE(column);
    const model::Filter filter = random.FilterOf();
    GroupPlan plan;
    plan.group_by = column;
    plan.int_sums = {kArr, kSeats, kWide};
    plan.real_sums = {kHealth};
    plan.band = kSize;
    plan.nonempty = {kTags};
    ExpectSameGroups(*snapshot, pair.rows, plan);
    plan.filter = &filter;
    ExpectSameGroups(*snapshot, pair.rows, plan);
    GroupPlan bare;
    bare.group_by = column;
    ExpectSameGroups(*snapshot, pair.rows, bare);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, GroupTest, ::testing::Values(1, 2));

// A whole block without a gap, in columns without a missing value, takes the shortest way.
TEST(Group, FullBlocks) {
  Random random(5);
  Pair pair;
  for (RowKey key = 0; key < 2 * kBlockRows; ++key) {
    Row row(kColumnCount);
    row[kSector] = "s" + std::to_string(random.Below(12));
    row[kArr] = random.Below(1000) * 1'000'000;
    row[kSize] = 1 + random.Below(3);
    row[kHealth] = static_cast<double>(random.Below(100));
    pair.Insert(key, row);
  }
  const auto snapshot = pair.Publish();
  GroupPlan plan;
  plan.group_by = kSector;
  plan.int_sums = {kArr};
  plan.real_sums = {kHealth};
  plan.band = kSize;
  plan.nonempty = {kTags};
  ExpectSameGroups(*snapshot, pair.rows, plan);
}

// Sums of whole blocks are remembered: they must not outlive a change, and one plan's must not be taken for another's.
TEST(Group, ChangesAreSummedAtOnce) {
  Random random(11);
  Pair pair;
  const RowKey greatest = 3 * kBlockRows - 1;
  for (RowKey key = 0; key <= greatest; ++key) pair.Insert(key, random.RowOf());
  GroupPlan plan;
  plan.int_sums = {kArr, kSeats};
  plan.real_sums = {kHealth};
  plan.band = kSize;
  plan.nonempty = {kTags};
  GroupPlan other;
  other.int_sums = {kSeats};
  for (int round = 0; round < 20; ++round) {
    const auto snapshot = pair.Publish();
    for (const ColumnIndex column : {-1, int{kSector}, int{kSize}, int{kAutoRenew}, int{kTags}, int{kSector}}) {
      plan.group_by = other.group_by = column;
      ExpectSameGroups(*snapshot, pair.rows, plan);
      ExpectSameGroups(*snapshot, pair.rows, other);
    }
    const RowKey key = random.Below(greatest);
    if (round % 5 == 4) pair.Remove(key);
    if (round % 5 == 3) pair.Set(key, kSector, "new " + std::to_string(round));
    pair.Set(key + 1, kArr, int64_t{random.Below(1000) * 1'000'000});
    pair.Set(key, kHealth, static_cast<double>(random.Below(100)));
  }
}

TEST(Group, SumsBeyond64BitsAreExact) {
  Pair pair;
  for (RowKey key = 1; key < 3000; ++key) {
    Row row(kColumnCount);
    row[kArr] = int64_t{9'000'000'000'000'000} - (key % 7) * 1'000'000;
    row[kWide] = key % 3 == 0 ? INT64_MAX - key : INT64_MAX;
    pair.Insert(key, row);
  }
  const auto snapshot = pair.Publish();
  GroupPlan plan;
  plan.int_sums = {kArr, kWide};
  ExpectSameGroups(*snapshot, pair.rows, plan);
}

// More groups than one pass has cells for.
TEST(Group, VeryManyGroupsTakeSeveralPasses) {
  Pair pair;
  for (RowKey key = 1; key <= 12'000; ++key) {
    Row row(kColumnCount);
    if (key % 10 != 0) row[kCity] = "city " + std::to_string(key % 11'000);
    row[kArr] = key * 1'000'000;
    row[kSize] = 1 + key % 4;
    pair.Insert(key, row);
  }
  const auto snapshot = pair.Publish();
  GroupPlan plan;
  plan.group_by = kCity;
  plan.int_sums = {kArr};
  plan.band = kSize;
  plan.nonempty = {kTags};
  ExpectSameGroups(*snapshot, pair.rows, plan);
}

}  // namespace
}  // namespace folio::engine::testing
