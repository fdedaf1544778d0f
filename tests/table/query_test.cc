// Filters, orders, pages and totals against rows evaluated one by one.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "server/base/text.h"
#include "tests/table/naive.h"

namespace folio::engine::testing {
namespace {

using model::Cell;
using model::ColumnIndex;
using model::FilterNode;
using model::Operator;

// Three blocks, the last one begun, with gaps, removed rows and rows written over.
void Fill(Pair* filled, Random* random) {
  Pair& pair = *filled;
  const RowKey greatest = 2 * kBlockRows + 600;
  for (RowKey key = 1; key < greatest; ++key) {
    if (random->OneIn(10)) continue;
    pair.Insert(key, random->RowOf());
    if (random->OneIn(500)) pair.Publish();
  }
  for (int i = 0; i < 2000; ++i) {
    pair.Change(random, greatest);
    if (random->OneIn(100)) pair.Publish();
  }
}

std::vector<RowKey> AllPages(const Snapshot& snapshot, const model::Filter* filter,
                             std::span<const model::OrderTerm> order, int limit) {
  std::vector<RowKey> keys;
  Query query{filter, order, nullptr, limit, false};
  model::PagePosition position;
  for (;;) {
    const QueryResult page = snapshot.Run(query);
    EXPECT_LE(page.keys.size(), static_cast<size_t>(limit));
    keys.insert(keys.end(), page.keys.begin(), page.keys.end());
    if (!page.more) return keys;
    EXPECT_EQ(page.keys.size(), static_cast<size_t>(limit));
    if (page.keys.empty()) return keys;
    position = snapshot.PositionOf(page.keys.back(), order);
    query.after = &position;
  }
}

std::string Described(std::span<const model::OrderTerm> order) {
  std::string text;
  for (const model::OrderTerm& term : order) {
    text += AllColumns().at(term.column).name + (term.descending ? " desc, " : ", ");
  }
  return text;
}

class QueryTest : public ::testing::TestWithParam<uint64_t> {};

TEST_P(QueryTest, CellsReadBack) {
  Random random(GetParam());
  Pair pair;
  Fill(&pair, &random);
  const auto snapshot = pair.Publish();
  EXPECT_EQ(snapshot->row_count(), static_cast<int64_t>(pair.rows.size()));
  EXPECT_EQ(snapshot->revision(), pair.revision);
  for (RowKey key = 0; key < 3 * kBlockRows; ++key) {
    const auto row = pair.rows.find(key);
    ASSERT_EQ(snapshot->IsLive(key), row != pair.rows.end()) << key;
    for (ColumnIndex column = 0; column < kColumnCount; ++column) {
      Cell expected = row == pair.rows.end() ? Cell() : row->second[static_cast<size_t>(column)];
      Cell actual = snapshot->Get(key, column);
      if (auto* set = std::get_if<std::vector<std::string>>(&expected)) {
        std::sort(set->begin(), set->end());
        set->erase(std::unique(set->begin(), set->end()), set->end());
        auto* members = std::get_if<std::vector<std::string>>(&actual);
        ASSERT_NE(members, nullptr);
        std::sort(members->begin(), members->end());
      }
      ASSERT_EQ(actual, expected) << "row " << key << " column " << column;
    }
  }
}

TEST_P(QueryTest, FiltersAndOrdersMatchRowByRow) {
  Random random(GetParam());
  Pair pair;
  Fill(&pair, &random);
  const auto snapshot = pair.Publish();
  for (int i = 0; i < 40; ++i) {
    SCOPED_TRACE(i);
    const model::Filter filter = random.FilterOf();
    const std::vector<model::OrderTerm> order = random.OneIn(4) ? std::vector<model::OrderTerm>() : random.OrderOf();
    const std::vector<RowKey> expected = List(pair.rows, &filter, order);
    const int limit = static_cast<int>(random.Below(120));
    for (const bool with_total : {false, true}) {
      const QueryResult page = snapshot->Run({&filter, order, nullptr, limit, with_total});
      const size_t shown = std::min(expected.size(), static_cast<size_t>(limit));
      ASSERT_EQ(page.keys, std::vector<RowKey>(expected.begin(), expected.begin() + static_cast<int64_t>(shown)));
      ASSERT_EQ(page.more, expected.size() > shown);
      ASSERT_EQ(page.total, with_total ? static_cast<int64_t>(expected.size()) : 0);
    }
  }
}

TEST_P(QueryTest, VisitedRowsAreThoseThatMatch) {
  Random random(GetParam());
  Pair pair;
  Fill(&pair, &random);
  const auto snapshot = pair.Publish();
  for (int i = 0; i < 20; ++i) {
    const model::Filter filter = random.FilterOf();
    std::vector<RowKey> visited;
    snapshot->VisitMatches(
        &filter,
        [](void* context, const RowKey* keys, int count) {
          auto& all = *static_cast<std::vector<RowKey>*>(context);
          all.insert(all.end(), keys, keys + count);
        },
        &visited);
    ASSERT_EQ(visited, List(pair.rows, &filter, {}));
  }
}

TEST_P(QueryTest, EveryRowIsMatchedByAFilterOrByItsNegation) {
  Random random(GetParam());
  Pair pair;
  Fill(&pair, &random);
  const auto snapshot = pair.Publish();
  for (int i = 0; i < 40; ++i) {
    const model::Filter filter = random.FilterOf();
    model::Filter negation;
    negation.root.kind = FilterNode::Kind::kNot;
    negation.root.children = {filter.root};
    const int64_t with = snapshot->Run({&filter, {}, nullptr, 1, true}).total;
    const int64_t without = snapshot->Run({&negation, {}, nullptr, 1, true}).total;
    ASSERT_EQ(with + without, snapshot->row_count());
  }
}

TEST_P(QueryTest, PagesAddUpToTheWholeList) {
  Random random(GetParam());
  Pair pair;
  Fill(&pair, &random);
  const auto snapshot = pair.Publish();
  for (int i = 0; i < 8; ++i) {
    SCOPED_TRACE(i);
    const model::Filter filter = random.FilterOf();
    const std::vector<model::OrderTerm> order = i == 0 ? std::vector<model::OrderTerm>() : random.OrderOf();
    SCOPED_TRACE(Described(order));
    const int limit = 40 + static_cast<int>(random.Below(300));
    ASSERT_EQ(AllPages(*snapshot, &filter, order, limit), List(pair.rows, &filter, order));
  }
}

// Between two pages rows come, go and move; the next page is what follows the position among the rows as they are then.
TEST_P(QueryTest, APageBeginsAfterItsPositionWhateverHasChanged) {
  Random random(GetParam());
  Pair pair;
  Fill(&pair, &random);
  auto snapshot = pair.Publish();
  for (int i = 0; i < 15; ++i) {
    SCOPED_TRACE(i);
    const std::vector<model::OrderTerm> order = random.OrderOf();
    SCOPED_TRACE(Described(order));
    const std::vector<RowKey> listed = List(pair.rows, nullptr, order);
    const RowKey last = listed[static_cast<size_t>(random.Below(static_cast<int64_t>(listed.size())))];
    const Row last_row = pair.rows.at(last);
    const model::PagePosition position = snapshot->PositionOf(last, order);
    for (int change = 0; change < 30; ++change) pair.Change(&random, 3 * kBlockRows);
    if (random.OneIn(2)) pair.Remove(last);
    snapshot = pair.Publish();

    std::vector<RowKey> expected;
    for (const RowKey key : List(pair.rows, nullptr, order)) {
      if (CompareRows(pair.rows.at(key), key, last_row, last, order) > 0) expected.push_back(key);
    }
    expected.resize(std::min<size_t>(expected.size(), 50));
    ASSERT_EQ(snapshot->Run({nullptr, order, &position, 50, false}).keys, expected);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, QueryTest, ::testing::Values(1, 2, 3));

TEST(Query, SymbolOfAnUnknownTextIsNowhereAndNotEqualToAll) {
  Pair pair;
  for (RowKey key = 1; key <= 3; ++key) {
    Row row(kColumnCount);
    if (key < 3) row[kSector] = std::string("Retail");
    pair.Insert(key, row);
  }
  const auto snapshot = pair.Publish();
  const model::Filter equal = Compare(kSector, Operator::kEqual, std::string("Bank"));
  const model::Filter unequal = Compare(kSector, Operator::kNotEqual, std::string("Bank"));
  EXPECT_TRUE(snapshot->Run({&equal}).keys.empty());
  EXPECT_EQ(snapshot->Run({&unequal}).keys, (std::vector<RowKey>{1, 2}));
}

TEST(Query, APartOfASymbolIsFoundAsPeopleReadIt) {
  Pair pair;
  const char* sectors[] = {"FinTech", "Énergie", "Oil & Gas", "R-D"};
  for (RowKey key = 1; key <= 4; ++key) {
    Row row(kColumnCount);
    row[kSector] = std::string(sectors[key - 1]);
    pair.Insert(key, row);
  }
  const auto snapshot = pair.Publish();
  const auto keys = [&](const char* part) {
    const model::Filter filter = Compare(kSector, Operator::kHas, std::string(part));
    return snapshot->Run({&filter}).keys;
  };
  EXPECT_EQ(keys("fin"), (std::vector<RowKey>{1}));
  EXPECT_EQ(keys("TECH"), (std::vector<RowKey>{1}));
  EXPECT_EQ(keys("energie"), (std::vector<RowKey>{2}));
  EXPECT_EQ(keys("nÉr"), (std::vector<RowKey>{2}));
  EXPECT_EQ(keys("oil gas"), (std::vector<RowKey>{3}));
  EXPECT_EQ(keys("&"), (std::vector<RowKey>{3})) << "as it is written, where there is nothing to fold";
  EXPECT_EQ(keys("bank"), (std::vector<RowKey>{}));
}

TEST(Query, APositionMayNameASymbolThatNoRowHasAnyMore) {
  Pair pair;
  const char* sectors[] = {"a", "c", "e"};
  for (RowKey key = 1; key <= 3; ++key) {
    Row row(kColumnCount);
    row[kSector] = std::string(sectors[key - 1]);
    pair.Insert(key, row);
  }
  const auto snapshot = pair.Publish();
  const model::OrderTerm up[] = {{kSector, false}};
  const model::OrderTerm down[] = {{kSector, true}};
  const model::PagePosition position{{Cell(std::string("d"))}, 9};
  EXPECT_EQ(snapshot->Run({nullptr, up, &position}).keys, (std::vector<RowKey>{3}));
  EXPECT_EQ(snapshot->Run({nullptr, down, &position}).keys, (std::vector<RowKey>{2, 1}));
}

TEST(Query, RowsWithoutAValueComeLastEitherWay) {
  Pair pair;
  for (RowKey key = 1; key <= 4; ++key) {
    Row row(kColumnCount);
    if (key % 2 == 0) row[kHealth] = static_cast<double>(key);
    pair.Insert(key, row);
  }
  const auto snapshot = pair.Publish();
  const model::OrderTerm up[] = {{kHealth, false}};
  const model::OrderTerm down[] = {{kHealth, true}};
  EXPECT_EQ(snapshot->Run({nullptr, up}).keys, (std::vector<RowKey>{2, 4, 1, 3}));
  EXPECT_EQ(snapshot->Run({nullptr, down}).keys, (std::vector<RowKey>{4, 2, 1, 3}));
}

TEST(Query, AnEmptyTableAnswersWithNothing) {
  const Table table(AllColumns());
  const auto snapshot = table.snapshot();
  const model::OrderTerm order[] = {{kArr, true}};
  EXPECT_TRUE(snapshot->Run({nullptr, order, nullptr, 50, true}).keys.empty());
  EXPECT_EQ(snapshot->row_count(), 0);
  EXPECT_FALSE(snapshot->IsLive(1));
  EXPECT_EQ(snapshot->Get(1, kArr), Cell());
}

}  // namespace
}  // namespace folio::engine::testing
