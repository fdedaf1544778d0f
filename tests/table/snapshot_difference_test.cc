// What differs between two snapshots is what differs between their cells.
#include "server/engine/snapshot_difference.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/table/naive.h"

namespace folio::engine::testing {
namespace {

TEST(SnapshotDifferenceTest, FindsEveryRowThatShowsSomethingElse) {
  Random random(11);
  Pair pair;
  constexpr RowKey kGreatest = 2 * kBlockRows + 50;
  for (RowKey key = 1; key < kGreatest; key += 3) pair.Insert(key, random.RowOf());
  std::shared_ptr<const Snapshot> before = pair.Publish();
  std::vector<model::ColumnIndex> columns;
  for (model::ColumnIndex column = 0; column < kColumnCount; column += 2) columns.push_back(column);
  for (int round = 0; round < 40; ++round) {
    for (int64_t changes = random.Below(30); changes > 0; --changes) pair.Change(&random, kGreatest);
    const std::shared_ptr<const Snapshot> after = pair.Publish();
    for (int64_t block = 0; block < BlockCount(*after); ++block) {
      const std::vector<uint8_t> differs = RowsThatDiffer(*before, *after, block, columns);
      const std::vector<RowKey> rows = RowsOfBlock(before.get(), after.get(), block);
      for (RowKey key = block * kBlockRows; key < (block + 1) * kBlockRows; ++key) {
        const bool lives = before->IsLive(key) || after->IsLive(key);
        ASSERT_EQ(std::binary_search(rows.begin(), rows.end(), key), lives) << key;
        const bool same = std::all_of(columns.begin(), columns.end(), [&](model::ColumnIndex column) {
          return before->Get(key, column) == after->Get(key, column);
        });
        if (before->IsLive(key) && after->IsLive(key)) {
          ASSERT_EQ(differs[static_cast<size_t>(key % kBlockRows)] == 0, same) << "row " << key << " round " << round;
        }
        if (IsSameBlock(before.get(), after.get(), block)) {
          ASSERT_TRUE(same) << key;
        }
      }
    }
    before = after;
  }
}

TEST(SnapshotDifferenceTest, ATableThatIsNotThereIsEmpty) {
  Pair pair;
  Random random(3);
  pair.Insert(5, random.RowOf());
  const auto after = pair.Publish();
  EXPECT_EQ(RowsOfBlock(nullptr, after.get(), 0), std::vector<RowKey>{5});
  EXPECT_FALSE(IsSameBlock(nullptr, after.get(), 0));
  EXPECT_TRUE(IsSameBlock(nullptr, after.get(), 7));
}

}  // namespace
}  // namespace folio::engine::testing
