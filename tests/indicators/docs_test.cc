// docs/indicators.md lists the indicators as they are.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/indicators/compute.h"
#include "server/indicators/indicator.h"
#include "tests/base/project_file.h"

namespace folio::indicators {
namespace {

std::string_view NameOf(v1::IndicatorUnit unit) {
  switch (unit) {
    case v1::INDICATOR_UNIT_MONEY:
      return "money";
    case v1::INDICATOR_UNIT_RATIO:
      return "ratio";
    case v1::INDICATOR_UNIT_COUNT:
      return "count";
    case v1::INDICATOR_UNIT_POINTS:
      return "points";
    default:
      return "?";
  }
}

std::string_view NameOf(v1::IndicatorCategory category) {
  switch (category) {
    case v1::INDICATOR_CATEGORY_BUSINESS:
      return "business";
    case v1::INDICATOR_CATEGORY_ADOPTION:
      return "adoption";
    case v1::INDICATOR_CATEGORY_PERCEPTION:
      return "perception";
    default:
      return "?";
  }
}

std::string Table() {
  std::string table =
      "| id | version | English / French | family | unit, better | definition |\n|---|---|---|---|---|---|\n";
  for (const Indicator& indicator : AllIndicators()) {
    table += fmt::format("| `{}` | {} | {} / {} | {} | {} {} | {} |\n", indicator.id, indicator.version, indicator.name,
                         indicator.name_fr, NameOf(indicator.category), NameOf(indicator.unit),
                         indicator.higher_is_better ? "↑" : "↓", indicator.description);
  }
  return table;
}

TEST(IndicatorsDocument, ListsTheIndicators) {
  EXPECT_THAT(ReadProjectFile("docs/indicators.md"), ::testing::HasSubstr(Table())) << "the table should be:\n"
                                                                                    << Table();
}

TEST(IndicatorsDocument, TellsTheLimits) {
  const std::string document = ReadProjectFile("docs/indicators.md");
  EXPECT_THAT(document, ::testing::HasSubstr(fmt::format("at most {} million accounts", kAccountDaysMax / 1'000'000)));
  EXPECT_THAT(document, ::testing::HasSubstr(fmt::format("at most {} values", kValuesMax)));
}

}  // namespace
}  // namespace folio::indicators
