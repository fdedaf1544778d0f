#include "server/formula/formula.h"

#include <gtest/gtest.h>

#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/base/text.h"
#include "tests/formula/names.h"

namespace folio::formula {
namespace {

const Names kNames;

std::string UnitOf(std::string_view text) {
  const auto formula = ParseFormula(text, kNames);
  return formula.ok() ? NameOf(formula->unit()) : std::string(MessageOf(formula.status()));
}

struct Refused {
  std::string reason;
  std::string text;
};
Refused Refusal(std::string_view text) {
  const absl::Status status = ParseFormula(text, kNames).status();
  EXPECT_FALSE(status.ok()) << text;
  return {error::ReasonOf(status), error::Localize(status, error::Locale::kEnglish)};
}

void ExpectRefused(std::string_view text, std::string_view reason, std::string_view part) {
  const Refused refused = Refusal(text);
  EXPECT_EQ(refused.reason, reason) << text;
  EXPECT_NE(refused.text.find(part), std::string::npos) << text << ": " << refused.text;
}

TEST(FormulaTest, UnitsFollowTheArithmetic) {
  EXPECT_EQ(UnitOf("arr"), "money");
  EXPECT_EQ(UnitOf("arr - cac"), "money");
  EXPECT_EQ(UnitOf("arr / cac"), "ratio");
  EXPECT_EQ(UnitOf("arr / customers"), "money");
  EXPECT_EQ(UnitOf("arpa * gross_margin / churn_rate"), "money");
  EXPECT_EQ(UnitOf("deals * win_rate"), "count");
  EXPECT_EQ(UnitOf("deals / customers"), "ratio");
  EXPECT_EQ(UnitOf("deals * mean_deal * win_rate / sales_cycle"), "money / duration");
  EXPECT_EQ(UnitOf("response_time / sales_cycle"), "ratio");
  EXPECT_EQ(UnitOf("1 - churn_rate"), "ratio");
  EXPECT_EQ(UnitOf("1 / churn_rate"), "ratio");
  EXPECT_EQ(UnitOf("nps + 100"), "points");
  EXPECT_EQ(UnitOf("health * 0.5 + nps / 2"), "points");
  EXPECT_EQ(UnitOf("customers - 3"), "count");
  EXPECT_EQ(UnitOf("arr * arr / cac"), "money");
  EXPECT_EQ(UnitOf("2 * 3"), "number");
  EXPECT_EQ(UnitOf("-arr"), "money");
  EXPECT_EQ(UnitOf("win_rate + 5%"), "ratio");
  EXPECT_EQ(UnitOf("arr + money(100)"), "money");
  EXPECT_EQ(UnitOf("sales_cycle - days(30) + hours(12)"), "duration");
  EXPECT_EQ(UnitOf("count(3) + customers"), "count");
  EXPECT_EQ(UnitOf("max(arr, cac, money(0))"), "money");
  EXPECT_EQ(UnitOf("abs(nps)"), "points");
  EXPECT_EQ(UnitOf("if_absent(churn_rate, 0)"), "ratio");
  EXPECT_EQ(UnitOf("deals / sales_cycle * days(30)"), "count");
}

TEST(FormulaTest, UnitsThatDoNotGoTogether) {
  ExpectRefused("arr + customers", "FORMULA_UNITS", "'arr' is a money and 'customers' a count");
  ExpectRefused("2 * (arr - 100)", "FORMULA_UNITS", "character 6: 'arr' is a money and '100' a number");
  ExpectRefused("churn_rate + customers", "FORMULA_UNITS", "ratio");
  ExpectRefused("nps - win_rate", "FORMULA_UNITS", "points");
  ExpectRefused("sales_cycle + 3", "FORMULA_UNITS", "days(30)");
  ExpectRefused("min(arr, sales_cycle)", "FORMULA_UNITS", "'sales_cycle' a duration");
  ExpectRefused("if_absent(arr, 0)", "FORMULA_UNITS", "number");
  ExpectRefused("win_rate - 5% + arr / sales_cycle", "FORMULA_UNITS", "money / duration");
}

TEST(FormulaTest, UnitsThatNoIndicatorHas) {
  ExpectRefused("arr * arr", "FORMULA_UNIT_OF_RESULT", "money * money");
  ExpectRefused("1 / arr", "FORMULA_UNIT_OF_RESULT", "1 / money");
  ExpectRefused("nps * sales_cycle", "FORMULA_UNIT_OF_RESULT", "duration * points");
  ExpectRefused("customers / sales_cycle", "FORMULA_UNIT_OF_RESULT", "1 / duration");
}

TEST(FormulaTest, NamesThatAreNotKnown) {
  ExpectRefused("1 - churn_rat", "FORMULA_NAME_UNKNOWN",
                "character 5: there is nothing called 'churn_rat'; did you mean");
  ExpectRefused("mean(usage_trent)", "FORMULA_NAME_UNKNOWN", "did you mean 'usage_trend'?");
  ExpectRefused("seats", "FORMULA_NAME_UNKNOWN", "'seats'");    // a measure is no indicator
  ExpectRefused("mean(arr)", "FORMULA_NAME_UNKNOWN", "'arr'");  // nor the other way round
  ExpectRefused("maxx(arr, cac)", "FORMULA_FUNCTION_UNKNOWN", "no function 'maxx'; did you mean 'max'?");
}

TEST(FormulaTest, Syntax) {
  ExpectRefused("", "FORMULA_SYNTAX", "expected an indicator, a number or a function");
  ExpectRefused("arr +", "FORMULA_SYNTAX", "character 6");
  ExpectRefused("arr cac", "FORMULA_SYNTAX", "character 5: not understood at 'cac'; expected +, -, *, / or the end");
  ExpectRefused("(arr", "FORMULA_SYNTAX", "a closing parenthesis");
  ExpectRefused("within(arr, \"x)", "FORMULA_SYNTAX", "a closing quote");
  ExpectRefused("arr * * cac", "FORMULA_SYNTAX", "character 7");
  ExpectRefused("--arr", "FORMULA_SYNTAX", "character 2");
  ExpectRefused("min(arr > cac, arr)", "FORMULA_SYNTAX", "arr > cac");
  ExpectRefused("\"arr\"", "FORMULA_SYNTAX", "");
  ExpectRefused("`half-open", "FORMULA_SYNTAX", "a closing quote");
  ExpectRefused("arr\x01", "FORMULA_SYNTAX", "UTF-8");
  ExpectRefused("max(\"é\", 1) + arr", "FORMULA_SYNTAX", "character 6");
  EXPECT_EQ(UnitOf("`half-open` + customers"), "count");
  EXPECT_EQ(UnitOf(" (\n arr\t) "), "money");
  EXPECT_EQ(UnitOf("1.5e3 * arr"), "money");
}

TEST(FormulaTest, Arguments) {
  ExpectRefused("abs(arr, arr)", "FORMULA_ARGUMENTS", "write abs(figure)");
  ExpectRefused("min(arr)", "FORMULA_ARGUMENTS", "min(figure, figure, ...)");
  ExpectRefused("money(arr)", "FORMULA_ARGUMENTS", "money(1000)");
  ExpectRefused("share(seats)", "FORMULA_ARGUMENTS", "share(measure > number)");
  ExpectRefused("mean(seats > 3)", "FORMULA_ARGUMENTS", "mean(measure)");
  ExpectRefused("count(seats > arr)", "FORMULA_ARGUMENTS", "count");
  ExpectRefused("mean(seats, 30)", "FORMULA_ARGUMENTS", "mean");  // does not look back over a window
  ExpectRefused("mean(usage_trend, 0)", "FORMULA_ARGUMENTS", "mean");
  ExpectRefused("mean(usage_trend, 2.5)", "FORMULA_ARGUMENTS", "mean");
  ExpectRefused("previous(arr + cac)", "FORMULA_SYNTAX", "the name of an indicator");
  ExpectRefused("previous(previous(arr))", "FORMULA_ARGUMENTS", "previous(indicator)");
  ExpectRefused("previous(mean(seats))", "FORMULA_ARGUMENTS", "previous(indicator)");
  ExpectRefused("within(arr)", "FORMULA_ARGUMENTS", "filter of accounts");
  ExpectRefused("within(arr, \"\")", "FORMULA_ARGUMENTS", "filter of accounts");
  ExpectRefused("within(within(arr, \"a\"), \"b\")", "FORMULA_ARGUMENTS", "filter of accounts");
  ExpectRefused("within(arr, \"nonsense\")", "FILTER_SYNTAX", "");
}

TEST(FormulaTest, ReferencesAreAskedForOnce) {
  const auto formula = ParseFormula(
      "(arr - year_before(arr)) / year_before( arr ) + within(previous(arr), \"health < 50\") / arr + "
      "share(days_since_contact >= 30) + mean(usage_trend, 90)",
      kNames);
  ASSERT_TRUE(formula.ok()) << formula.status();
  ASSERT_EQ(formula->references.size(), 5u);
  const auto& references = formula->references;
  EXPECT_EQ(references[0].text, "arr");
  EXPECT_EQ(references[1].shift, Shift::kYearBefore);
  EXPECT_EQ(references[2].shift, Shift::kPrevious);
  EXPECT_EQ(references[2].filter, "health < 50");
  EXPECT_EQ(references[2].text, "within(previous(arr), \"health < 50\")");
  EXPECT_TRUE(references[3].is_measure);
  EXPECT_EQ(references[3].aggregate, Aggregate::kShare);
  EXPECT_EQ(references[3].condition->comparator, Comparator::kGreaterEqual);
  EXPECT_EQ(references[3].condition->threshold, 30);
  EXPECT_EQ(references[4].window_days, 90);
  EXPECT_EQ(NameOf(references[4].unit), "ratio");
}

TEST(FormulaTest, Limits) {
  const auto repeat = [](std::string_view part, int times) {
    std::string text;
    for (int i = 0; i < times; ++i) text += part;
    return text;
  };
  const std::string longest = "arr" + std::string(limits::kFormulaBytesMax - 3, ' ');
  EXPECT_EQ(UnitOf(longest), "money");
  ExpectRefused(longest + " ", "FORMULA_TOO_LARGE", "4096 bytes");
  // A sum of n figures has n - 1 operators.
  const std::string most = "arr" + repeat("+arr", limits::kFormulaNodesMax / 2 - 1);
  EXPECT_EQ(UnitOf(most), "money");
  ExpectRefused(most + "+arr", "FORMULA_TOO_LARGE", "64 figures and operators");
  const int deepest = limits::kFormulaDepthMax;
  EXPECT_EQ(UnitOf(repeat("(", deepest) + "arr" + repeat(")", deepest)), "money");
  ExpectRefused(repeat("(", deepest + 1) + "arr" + repeat(")", deepest + 1), "FORMULA_TOO_LARGE", "16 levels");
  ExpectRefused(repeat("abs(", limits::kFormulaBytesMax / 4), "FORMULA_TOO_LARGE", "16 levels");
  ExpectRefused(repeat("-(", limits::kFormulaBytesMax / 2), "FORMULA_TOO_LARGE", "16 levels");
}

}  // namespace
}  // namespace folio::formula
