#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/limits.h"
#include "server/model/filter.h"
#include "tests/model/columns.h"
#include "tests/model/faults.h"

namespace folio::model {
namespace {

using testing::ElementsAre;

std::string Written(std::string_view text) {
  const ColumnSet columns = TestColumns();
  const auto order = ParseOrder(text, columns);
  if (!order.ok()) return order.status().ToString();
  std::string written;
  for (const OrderTerm& term : *order) written += columns.at(term.column).name + (term.descending ? "- " : "+ ");
  return written;
}

TEST(OrderTest, Accepts) {
  EXPECT_EQ(Written(""), "");
  EXPECT_EQ(Written("  "), "");
  EXPECT_EQ(Written("arr"), "arr+ ");
  EXPECT_EQ(Written("arr desc, display_name"), "arr- display_name+ ");
  EXPECT_EQ(Written(" arr  DESC,sector asc ,\tgrowth ASC"), "arr- sector+ growth+ ");
  EXPECT_EQ(Written("custom.contract-type.v2 desc"), "custom.contract-type.v2- ");
  EXPECT_EQ(Written("arr desc, seats, arr"), "arr- seats+ ");
}

TEST(OrderTest, Refuses) {
  struct Case {
    std::string text, reason, position;
  };
  for (const Case& c : std::vector<Case>{
           {"arr,", "ORDER_SYNTAX", "5"},
           {",arr", "ORDER_SYNTAX", "1"},
           {"arr,,seats", "ORDER_SYNTAX", "5"},
           {"arr down", "ORDER_SYNTAX", "1"},
           {"arr desc desc", "ORDER_SYNTAX", "1"},
           {"seats, ar desc", "ORDER_COLUMN_UNKNOWN", "8"},
           {"Arr", "ORDER_COLUMN_UNKNOWN", "1"},
           {"arr;seats", "ORDER_COLUMN_UNKNOWN", "1"},
           {"seats, tag", "ORDER_COLUMN_SET", "8"},
           {"caf\xE9", "ORDER_SYNTAX", "1"},
       }) {
    const absl::Status status = ParseOrder(c.text, TestColumns()).status();
    EXPECT_THAT(FaultsIn(status), ElementsAre("order_by " + c.reason)) << c.text;
    EXPECT_EQ(DetailIn(status, "position"), c.position) << c.text;
  }
  EXPECT_EQ(DetailIn(ParseOrder("sectr", TestColumns()).status(), "nearest"), "sector");
}

TEST(OrderTest, HasALimit) {
  ColumnSet columns;
  std::string text;
  for (int i = 0; i < limits::kOrderColumnsMax; ++i) {
    columns.Add({"c" + std::to_string(i), ColumnType::kInt, false, {}, ""});
    text += (i == 0 ? "c" : ",c") + std::to_string(i);
  }
  EXPECT_TRUE(ParseOrder(text, columns).ok());
  columns.Add({"more", ColumnType::kInt, false, {}, ""});
  EXPECT_THAT(FaultsIn(ParseOrder(text + ",more", columns).status()), ElementsAre("order_by ORDER_TOO_LONG"));
}

}  // namespace
}  // namespace folio::model
