#include "server/model/facet.h"

#include <gtest/gtest.h>

#include "server/base/error.h"
#include "tests/model/faults.h"

namespace folio::model {
namespace {

TEST(FindFacet, TellsTheNearestOrAll) {
  ColumnSet columns;
  columns.Add({.name = "arr", .type = ColumnType::kMoney});
  const ColumnIndex sector = columns.Add({.name = "sector", .type = ColumnType::kSymbol, .facet = true});
  columns.Add({.name = "band", .type = ColumnType::kEnum, .facet = true});
  EXPECT_EQ(FindFacet(columns, "sector", "group_by").value(), sector);
  const auto details_of = [&](const std::string& name) {
    return error::FaultsOf(FindFacet(columns, name, "segment_by").status()).at(0).details;
  };
  using Details = decltype(details_of(""));
  EXPECT_EQ(details_of("sectr"), (Details{{"column", "sectr"}, {"nearest", "sector"}}));
  EXPECT_EQ(details_of("arr"), (Details{{"column", "arr"}, {"names", "sector, band"}}));
}

}  // namespace
}  // namespace folio::model
