// What a snapshot shows never changes, whatever is written after it, and by whomever it is read.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <thread>

#include "tests/table/naive.h"

namespace folio::engine::testing {
namespace {

using model::Cell;
using model::ColumnIndex;
using model::Operator;

std::vector<Row> EverythingIn(const Snapshot& snapshot, RowKey greatest) {
  std::vector<Row> rows;
  for (RowKey key = 0; key <= greatest; ++key) {
    Row row;
    for (ColumnIndex column = 0; column < snapshot.columns().size(); ++column) row.push_back(snapshot.Get(key, column));
    rows.push_back(std::move(row));
  }
  return rows;
}

TEST(SnapshotTest, StaysAsItWasWhileTheTableChanges) {
  Random random(7);
  Pair pair;
  const RowKey greatest = kBlockRows + 300;
  for (RowKey key = 1; key < greatest; ++key) pair.Insert(key, random.RowOf());
  const auto before = pair.Publish();
  const std::vector<Row> rows = EverythingIn(*before, greatest);
  const int64_t count = before->row_count();
  for (int i = 0; i < 1500; ++i) {
    pair.Change(&random, greatest);
    if (i % 100 == 0) pair.Publish();
  }
  pair.table.AddColumn({"custom.region", model::ColumnType::kSymbol, false, {}});
  pair.Publish();
  EXPECT_EQ(EverythingIn(*before, greatest), rows);
  EXPECT_EQ(before->row_count(), count);
  EXPECT_EQ(before->columns().size(), kColumnCount);
}

TEST(SnapshotTest, ShowsNothingBeforePublish) {
  Table table(AllColumns());
  table.Insert(1);
  table.SetInt(1, kSeats, 5);
  EXPECT_FALSE(table.snapshot()->IsLive(1));
  table.Publish(3);
  EXPECT_TRUE(table.snapshot()->IsLive(1));
  EXPECT_EQ(table.snapshot()->IntAt(1, kSeats), 5);
  EXPECT_EQ(table.snapshot()->revision(), 3);
}

TEST(SnapshotTest, ARowThatComesBackHasLostItsCells) {
  Table table(AllColumns());
  table.Insert(1);
  table.SetInt(1, kSeats, 5);
  table.SetText(1, kName, "Acme");
  table.Publish(1);
  table.Remove(1);
  table.Insert(1);
  table.SetText(1, kSector, "Retail");
  table.Publish(2);
  const auto snapshot = table.snapshot();
  EXPECT_EQ(snapshot->Get(1, kSeats), Cell());
  EXPECT_EQ(snapshot->TextAt(1, kName), "");
  EXPECT_EQ(snapshot->TextAt(1, kSector), "Retail");
}

TEST(SnapshotTest, InsertOfALiveRowKeepsItsCells) {
  Table table(AllColumns());
  table.Insert(1);
  table.SetInt(1, kSeats, 5);
  table.Insert(1);
  table.Publish(1);
  EXPECT_EQ(table.snapshot()->IntAt(1, kSeats), 5);
  EXPECT_EQ(table.snapshot()->row_count(), 1);
}

TEST(SnapshotTest, CellsOfRowsThatAreNotLiveAreNotSet) {
  Table table(AllColumns());
  table.SetInt(1, kSeats, 5);
  table.Insert(1);
  table.Publish(1);
  EXPECT_EQ(table.snapshot()->Get(1, kSeats), Cell());
}

TEST(SnapshotTest, EmptyTextsAndSetsAreMissing) {
  Table table(AllColumns());
  table.Insert(1);
  for (const ColumnIndex column : {kName, kSector}) {
    table.SetText(1, column, "x");
    table.SetText(1, column, "");
  }
  table.Set(1, kTags, std::vector<std::string>{"x"});
  table.Set(1, kTags, std::vector<std::string>());
  table.SetReal(1, kHealth, std::nan(""));
  table.Publish(1);
  const auto snapshot = table.snapshot();
  for (const ColumnIndex column : {kName, kSector, kTags, kHealth}) {
    EXPECT_EQ(snapshot->Get(1, column), Cell());
    const model::Filter present = Compare(column, Operator::kPresent);
    EXPECT_TRUE(snapshot->Run({&present}).keys.empty());
  }
}

TEST(SnapshotTest, AnAddedColumnIsMissingUntilItIsSet) {
  Table table(AllColumns());
  table.Insert(1);
  table.Insert(2);
  table.Publish(1);
  const ColumnIndex region = table.AddColumn({"custom.region", model::ColumnType::kSymbol, false, {}});
  table.SetText(2, region, "Nord");
  table.Publish(2);
  const auto snapshot = table.snapshot();
  EXPECT_EQ(snapshot->columns().Find("custom.region"), region);
  EXPECT_EQ(snapshot->TextAt(1, region), "");
  EXPECT_EQ(snapshot->TextAt(2, region), "Nord");
  EXPECT_EQ(snapshot->symbol_count(region), 1);
}

TEST(SnapshotTest, AWholeLoadMayBePublishedOnce) {
  Table table(AllColumns());
  constexpr RowKey kRows = 60'000;
  for (RowKey key = 1; key <= kRows; ++key) {
    table.Insert(key);
    for (ColumnIndex column = kSeats; column <= kArr; ++column) table.SetInt(key, column, key * column);
    for (int again = 0; again < 8; ++again) table.SetInt(key, kRenewal, again);
  }
  table.Publish(1);
  const auto snapshot = table.snapshot();
  for (const RowKey key : {RowKey{1}, RowKey{2047}, RowKey{2048}, kRows / 2, kRows}) {
    EXPECT_EQ(snapshot->IntAt(key, kArr), key * kArr);
    EXPECT_EQ(snapshot->IntAt(key, kRenewal), 7);
  }
}

TEST(SnapshotTest, MemoryIsBoundedAndTold) {
  Table table(AllColumns());
  const int64_t empty = table.MemoryBytes();
  constexpr RowKey kRows = 10 * kBlockRows;
  for (RowKey key = 1; key <= kRows; ++key) {
    table.Insert(key);
    table.SetInt(key, kSize, 1 + key % 5);
    table.SetInt(key, kRenewal, 20'000 + key % 300);
    table.SetInt(key, kArr, key % 30'000 * 1'000'000);
    table.SetReal(key, kCoverage, 0.5);
  }
  table.Publish(1);
  // One, two, two and one byte, an eighth for being live, and a little for each chunk.
  const int64_t for_each = (table.MemoryBytes() - empty) / kRows;
  EXPECT_GE(for_each, 6);
  EXPECT_LE(for_each, 8);
}

// Run under the thread sanitizer as well. Every publication keeps seats = arr / 1'000'000 in all rows, and as many rows
// as its revision says.
TEST(SnapshotTest, ReadersSeeWholePublicationsBesideAWriter) {
  Table table(AllColumns());
  constexpr int64_t kRowsEach = 40;
  constexpr int64_t kPublications = 80;
  std::atomic<bool> done = false;
  const auto read = [&] {
    const model::OrderTerm order[] = {{kArr, true}, {kName, false}};
    const model::Filter has_tag = Compare(kTags, Operator::kHas, std::string("t1"));
    int64_t seen = 0;
    while (!done) {
      const auto snapshot = table.snapshot();
      ASSERT_GE(snapshot->revision(), seen);
      seen = snapshot->revision();
      ASSERT_EQ(snapshot->row_count(), seen * kRowsEach);
      GroupPlan plan;
      plan.group_by = kSector;
      plan.int_sums = {kSeats, kArr};
      const GroupResult sums = Summarise(*snapshot, plan);
      ASSERT_TRUE(sums.whole.int_sums[0] * 1'000'000 == sums.whole.int_sums[1]);
      ASSERT_EQ(sums.whole.rows, seen * kRowsEach);
      const QueryResult page = snapshot->Run({&has_tag, order, nullptr, 20, true});
      for (const RowKey key : page.keys) {
        ASSERT_EQ(snapshot->IntAt(key, kArr), snapshot->IntAt(key, kSeats) * 1'000'000);
        ASSERT_FALSE(snapshot->TextAt(key, kName).empty());
        ASSERT_FALSE(snapshot->TextAt(key, kSector).empty());
      }
      ASSERT_GT(table.MemoryBytes(), 0);
    }
  };
  std::thread reader(read);
  std::thread another(read);
  Random random(11);
  for (int64_t publication = 1; publication <= kPublications; ++publication) {
    for (int64_t i = 0; i < kRowsEach; ++i) {
      const RowKey added = (publication - 1) * kRowsEach + i + 1;
      table.Insert(added);
      for (const RowKey key : {added, 1 + random.Below(added)}) {
        const int64_t seats = random.Below(100'000);
        table.SetInt(key, kSeats, seats);
        table.SetInt(key, kArr, seats * 1'000'000);
        table.SetText(key, kName, "Account " + std::to_string(random.Below(1000)));
        table.SetText(key, kSector, "Sector " + std::to_string(random.Below(publication)));
        table.Set(key, kTags, std::vector<std::string>{"t" + std::to_string(random.Below(4))});
      }
    }
    table.Publish(publication);
  }
  done = true;
  reader.join();
  another.join();
}

}  // namespace
}  // namespace folio::engine::testing
