// Tables of rows, while what was published stays as it was.
#include "server/ledger/row_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace folio::ledger {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Row {
  int64_t key = 0;
  int value = 0;
};
using Table = RowTable<Row>;

std::vector<int> ValuesIn(const Table::Blocks& blocks) {
  std::vector<int> values;
  Table::ForEach(blocks, 0, std::ssize(blocks), [&](const Row& row) { values.push_back(row.value); });
  return values;
}

TEST(RowTable, KeepsRowsByKey) {
  Table table;
  EXPECT_FALSE(table.TakeChanges());
  table.Put({.key = 3 * Table::kBlockRows + 1, .value = 30}, 1);
  table.Put({.key = 7, .value = 7}, 1);
  table.Put({.key = 7, .value = 8}, 1);
  EXPECT_TRUE(table.TakeChanges());
  EXPECT_FALSE(table.TakeChanges());
  EXPECT_THAT(ValuesIn(*table.blocks()), ElementsAre(8, 30));
  EXPECT_EQ(table.Find(7)->value, 8);
  EXPECT_EQ(table.Find(8), nullptr);
  EXPECT_EQ(table.Find(2 * Table::kBlockRows), nullptr);
  EXPECT_EQ(table.Find(90 * Table::kBlockRows), nullptr);
}

TEST(RowTable, ChangesACopyOfWhatWasPublished) {
  Table table;
  table.Put({.key = 1, .value = 10}, 1);
  table.Put({.key = Table::kBlockRows, .value = 20}, 1);
  const Table::Blocks published = *table.blocks();
  table.Drop(1, 2);
  table.Put({.key = 2, .value = 11}, 2);
  EXPECT_THAT(ValuesIn(published), ElementsAre(10, 20));
  EXPECT_THAT(ValuesIn(*table.blocks()), ElementsAre(11, 20));
  EXPECT_EQ((*table.blocks())[0]->draft, 2) << "its version changed";
  EXPECT_EQ((*table.blocks())[1], published[1]) << "the other block is shared";
  table.Drop(2, 3);
  table.Drop(Table::kBlockRows, 3);
  EXPECT_THAT(ValuesIn(*table.blocks()), IsEmpty());
}

}  // namespace
}  // namespace folio::ledger
