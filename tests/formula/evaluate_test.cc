#include "server/formula/evaluate.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/formula/names.h"

namespace folio::formula {
namespace {

Evaluation Compute(std::string_view text, const std::map<std::string, double>& figures) {
  const auto formula = ParseFormula(text, Names());
  EXPECT_TRUE(formula.ok()) << text << ": " << formula.status();
  return Evaluate(*formula, [&](const Reference& reference) {
    const auto found = figures.find(reference.text);
    if (found == figures.end()) return Value{.absence = v1::ABSENCE_TOO_YOUNG};
    return Value{.number = found->second};
  });
}

double NumberOf(std::string_view text, const std::map<std::string, double>& figures = {}) {
  const Evaluation evaluation = Compute(text, figures);
  EXPECT_FALSE(evaluation.value.missing()) << text;
  return evaluation.value.number;
}

TEST(EvaluateTest, Arithmetic) {
  EXPECT_EQ(NumberOf("1 - 2 - 3"), -4);
  EXPECT_EQ(NumberOf("1 + 2 * 3"), 7);
  EXPECT_EQ(NumberOf("8 / 4 / 2"), 1);
  EXPECT_EQ(NumberOf("(1 + 2) * -3"), -9);
  EXPECT_EQ(NumberOf("50% * 4"), 2);
  EXPECT_EQ(NumberOf("min(3, 1, 2) + max(3, 1, 2) + abs(-4)"), 8);
  EXPECT_EQ(NumberOf("hours(36) + days(1)"), 2.5);
  EXPECT_EQ(NumberOf("1.25e2"), 125);
}

// The golden figures of the catalogue, as formulas.
TEST(EvaluateTest, FormulasOfTheTrade) {
  EXPECT_NEAR(
      NumberOf("arpa * gross_margin / churn_rate", {{"arpa", 40}, {"gross_margin", 0.75}, {"churn_rate", 0.04}}), 750,
      1e-9);
  EXPECT_NEAR(NumberOf("deals * mean_deal * win_rate / sales_cycle",
                       {{"deals", 40}, {"mean_deal", 25'000}, {"win_rate", 0.25}, {"sales_cycle", 90}}),
              2'777.78, 0.005);
  EXPECT_NEAR(NumberOf("arr / year_before(arr) - 1", {{"arr", 120}, {"year_before(arr)", 100}}), 0.2, 1e-12);
}

TEST(EvaluateTest, AbsenceIsHandedOn) {
  const Evaluation evaluation = Compute("arr / year_before(arr) - 1", {{"arr", 120}});
  EXPECT_EQ(evaluation.value.absence, v1::ABSENCE_TOO_YOUNG);
  EXPECT_EQ(evaluation.value.culprit, "year_before(arr)");
  ASSERT_EQ(evaluation.references.size(), 2u);
  EXPECT_EQ(evaluation.references[0].number, 120);
  EXPECT_TRUE(evaluation.references[1].missing());
  EXPECT_EQ(NumberOf("if_absent(arr, cac) + cac", {{"cac", 5}}), 10);
  EXPECT_EQ(NumberOf("if_absent(arr, cac) + cac", {{"arr", 3}, {"cac", 5}}), 8);
  EXPECT_EQ(Compute("if_absent(arr, cac)", {}).value.culprit, "cac");
}

TEST(EvaluateTest, NoDivisionByZeroAndNoInfinity) {
  const Evaluation evaluation = Compute("arr / (cac - cac)", {{"arr", 1}, {"cac", 5}});
  EXPECT_EQ(evaluation.value.absence, v1::ABSENCE_NO_DENOMINATOR);
  EXPECT_EQ(evaluation.value.culprit, "cac - cac");
  EXPECT_EQ(Compute("1e300 * 1e300 * arr", {{"arr", 1}}).value.absence, v1::ABSENCE_NO_DATA);
  EXPECT_EQ(NumberOf("if_absent(arr / cac, 7)", {{"arr", 1}, {"cac", 0}}), 7);
}

TEST(EvaluateTest, NumeratorAndDenominator) {
  const Evaluation division = Compute("(arr - cac) / arr", {{"arr", 100}, {"cac", 25}});
  EXPECT_EQ(division.numerator, 75);
  EXPECT_EQ(division.denominator, 100);
  EXPECT_FALSE(Compute("arr - cac", {{"arr", 100}, {"cac", 25}}).numerator);
  EXPECT_FALSE(Compute("arr / cac", {{"arr", 100}}).numerator);
}

}  // namespace
}  // namespace folio::formula
