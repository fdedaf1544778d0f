// docs/indicators.md lists the indicators as they are.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>

#include "folio/v1/fact.pb.h"
#include "server/engine/resources.h"
#include "server/indicators/compute.h"
#include "server/indicators/indicator.h"
#include "server/indicators/period.h"
#include "server/indicators/question.h"
#include "tests/base/project_file.h"

namespace folio::indicators {
namespace {

// "money per day" of INDICATOR_UNIT_MONEY_PER_DAY.
std::string Words(const std::string& name, std::string_view prefix) {
  std::string words = name.substr(prefix.size());
  for (char& c : words) c = c == '_' ? ' ' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return words;
}

std::string PartsOf(const Indicator& indicator) {
  std::string parts;
  for (const Part& part : indicator.parts) parts += fmt::format("{}`{}`", parts.empty() ? "" : ", ", part.id);
  return parts.empty() ? "" : " Beside it: " + parts + ".";
}

std::string IntervalOf(const Indicator& indicator) {
  if (indicator.interval == v1::INTERVAL_METHOD_UNSPECIFIED) return "";
  return " Interval: " + Words(v1::IntervalMethod_Name(indicator.interval), "INTERVAL_METHOD_") + ".";
}

std::string Table() {
  std::string table =
      "| id | version | English / French | family | unit, better | definition |\n|---|---|---|---|---|---|\n";
  for (const Indicator& indicator : AllIndicators()) {
    table += fmt::format("| `{}`{} | {} | {} / {} | {} | {} {} | {} `{}`.{}{} |\n", indicator.id,
                         indicator.north_star ? " ★" : "", indicator.version, indicator.name, indicator.name_fr,
                         Words(v1::IndicatorCategory_Name(indicator.category), "INDICATOR_CATEGORY_"),
                         Words(v1::IndicatorUnit_Name(indicator.unit), "INDICATOR_UNIT_"),
                         indicator.higher_is_better ? "↑" : "↓", indicator.description, indicator.formula,
                         PartsOf(indicator), IntervalOf(indicator));
  }
  return table;
}

TEST(IndicatorsDocument, ListsTheIndicators) {
  EXPECT_THAT(ReadProjectFile("docs/indicators.md"), ::testing::HasSubstr(Table())) << "the table should be:\n"
                                                                                    << Table();
}

TEST(IndicatorsDocument, TellsTheLimits) {
  const std::string document = ReadProjectFile("docs/indicators.md");
  EXPECT_THAT(document,
              ::testing::HasSubstr(fmt::format("at most {} million accounts", kAccountPeriodsMax / 1'000'000)));
  EXPECT_THAT(document, ::testing::HasSubstr(fmt::format("at most {} values", kValuesMax)));
  EXPECT_THAT(document, ::testing::HasSubstr(fmt::format("at most {} periods", kPeriodsMax)));
}

bool IsInput(std::string_view input) {
  constexpr std::string_view kFacts = "facts.";
  if (!input.starts_with(kFacts)) return input == "healthHistory" || engine::FindResource(input) != nullptr;
  const auto* kinds = v1::Fact::descriptor()->FindOneofByName("detail");
  for (int i = 0; i < kinds->field_count(); ++i) {
    if (kinds->field(i)->name() == input.substr(kFacts.size())) return true;
  }
  return false;
}

TEST(Indicators, NameWhatTheyReadAsTheContractDoes) {
  for (const Indicator& indicator : AllIndicators()) {
    EXPECT_FALSE(indicator.inputs.empty()) << indicator.id;
    for (const std::string_view input : indicator.inputs) EXPECT_TRUE(IsInput(input)) << indicator.id << ": " << input;
  }
  EXPECT_FALSE(IsInput("business_calendars"));
  EXPECT_FALSE(IsInput("facts.surveyAnswer"));
}

}  // namespace
}  // namespace folio::indicators
