#include "server/indicators/custom_indicators.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "server/base/error.h"
#include "tests/indicators/indicator_fixture.h"

namespace folio::indicators {
namespace {

class CustomIndicatorsTest : public IndicatorTest {
 protected:
  absl::StatusOr<v1::CustomIndicator> Define(const std::string& id, const std::string& formula) {
    v1::CreateCustomIndicatorRequest request;
    request.set_custom_indicator_id(id);
    request.mutable_custom_indicator()->set_display_name("One of ours");
    request.mutable_custom_indicator()->set_formula(formula);
    v1::CustomIndicator indicator;
    const absl::Status status = Do(&CreateCustomIndicator, request, &indicator);
    return status.ok() ? absl::StatusOr<v1::CustomIndicator>(indicator) : status;
  }

  absl::StatusOr<v1::CustomIndicator> Change(const std::string& id, const std::string& formula) {
    v1::UpdateCustomIndicatorRequest request;
    request.mutable_custom_indicator()->set_name("customIndicators/" + id);
    request.mutable_custom_indicator()->set_formula(formula);
    v1::CustomIndicator indicator;
    const absl::Status status = Do(&UpdateCustomIndicator, request, &indicator);
    return status.ok() ? absl::StatusOr<v1::CustomIndicator>(indicator) : status;
  }

  absl::Status Delete(const std::string& id) {
    v1::DeleteCustomIndicatorRequest request;
    request.set_name("customIndicators/" + id);
    google::protobuf::Empty nothing;
    return Do(&DeleteCustomIndicator, request, &nothing);
  }

  std::string ReasonOfDefining(const std::string& id, const std::string& formula) {
    return error::ReasonOf(Define(id, formula).status());
  }
};

TEST_F(CustomIndicatorsTest, AnswersOnAScaleAreNoPoints) {
  EXPECT_EQ(ReasonOfDefining("mixed", "ces + nps"), "FORMULA_UNITS");
  const auto change = Define("ces_change", "ces - previous(ces)");
  ASSERT_TRUE(change.ok()) << change.status();
  EXPECT_EQ(change->unit(), v1::INDICATOR_UNIT_SCALE_1_TO_7);
  EXPECT_TRUE(Define("half_of_ces", "(ces - 1) / 6 * 2 + 1").ok());
}

TEST_F(CustomIndicatorsTest, UnitAndInputsFollowFromTheFormula) {
  const auto ours = Define("arr_per_account", "arr / account_count");
  ASSERT_TRUE(ours.ok()) << ours.status();
  EXPECT_EQ(ours->name(), "customIndicators/arr_per_account");
  EXPECT_EQ(ours->unit(), v1::INDICATOR_UNIT_MONEY);
  EXPECT_EQ(ours->version(), 1);
  EXPECT_THAT(ours->inputs(), testing::ElementsAre("arr", "account_count"));

  const auto of_ours = Define("share_of_ten_thousand", "arr_per_account / money(10000) + mean(usage_trend)");
  ASSERT_TRUE(of_ours.ok()) << of_ours.status();
  EXPECT_EQ(of_ours->unit(), v1::INDICATOR_UNIT_RATIO);
  EXPECT_THAT(of_ours->inputs(), testing::ElementsAre("arr_per_account", "usage_trend"));

  Open();
  const auto all = AllCustomIndicators(*workspace_);
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ(IdOfCustom((*all)[0]), "arr_per_account");
  EXPECT_EQ((*all)[1].unit(), v1::INDICATOR_UNIT_RATIO);
}

TEST_F(CustomIndicatorsTest, AnotherFormulaIsAnotherVersion) {
  ASSERT_TRUE(Define("ours", "arr").ok());
  EXPECT_EQ(Change("ours", "arr")->version(), 1);
  const auto changed = Change("ours", "mrr * 12");
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->version(), 2);
  EXPECT_THAT(changed->inputs(), testing::ElementsAre("mrr"));
  EXPECT_EQ(changed->display_name(), "One of ours");
}

TEST_F(CustomIndicatorsTest, FormulasThatAreRefused) {
  EXPECT_EQ(ReasonOfDefining("ours", "arr +"), "FORMULA_SYNTAX");
  EXPECT_EQ(ReasonOfDefining("ours", "arr + account_count"), "FORMULA_UNITS");
  EXPECT_EQ(ReasonOfDefining("ours", "arrr"), "FORMULA_NAME_UNKNOWN");
  EXPECT_EQ(ReasonOfDefining("ours", "sum(custom.missing)"), "FORMULA_NAME_UNKNOWN");
  EXPECT_EQ(ReasonOfDefining("ours", "within(arr, \"colour = 3\") / arr"), "FILTER_COLUMN_UNKNOWN");
  EXPECT_EQ(ReasonOfDefining("ours", ""), "FIELD_REQUIRED");
  EXPECT_TRUE(Define("ours", "within(arr, \"health < 50\") / arr").ok());
}

TEST_F(CustomIndicatorsTest, IdsAreWordsOfFormulas) {
  EXPECT_EQ(ReasonOfDefining("arr", "mrr"), "ALREADY_EXISTS");  // of the catalogue
  EXPECT_EQ(ReasonOfDefining("Our Own", "mrr"), "FIELD_PATTERN");
  EXPECT_EQ(ReasonOfDefining("", "mrr"), "FIELD_PATTERN");
  EXPECT_TRUE(Define("ours", "mrr").ok());
  EXPECT_EQ(ReasonOfDefining("ours", "mrr"), "ALREADY_EXISTS");
}

TEST_F(CustomIndicatorsTest, NoneNeedsItself) {
  EXPECT_EQ(ReasonOfDefining("ours", "ours + arr"), "FORMULA_NAME_UNKNOWN");
  ASSERT_TRUE(Define("a", "arr").ok());
  ASSERT_TRUE(Define("b", "a + arr").ok());
  ASSERT_TRUE(Define("c", "b + arr").ok());
  const absl::Status status = Change("a", "arr + c").status();
  EXPECT_EQ(error::ReasonOf(status), "FORMULA_CYCLE");
  EXPECT_NE(error::Localize(status, error::Locale::kEnglish).find("a -> c -> b -> a"), std::string::npos) << status;
  EXPECT_EQ(error::ReasonOf(Change("a", "a").status()), "FORMULA_CYCLE");
}

TEST_F(CustomIndicatorsTest, WhatOthersReadStaysAsItIs) {
  ASSERT_TRUE(Define("a", "arr").ok());
  ASSERT_TRUE(Define("b", "a / arr").ok());
  EXPECT_EQ(error::ReasonOf(Delete("a")), "CUSTOM_INDICATOR_USED");
  EXPECT_EQ(error::ReasonOf(Change("a", "account_count").status()), "CUSTOM_INDICATOR_USED");
  EXPECT_TRUE(Change("a", "mrr").ok());  // of the same unit
  EXPECT_TRUE(Delete("b").ok());
  EXPECT_TRUE(Delete("a").ok());
  EXPECT_EQ(error::ReasonOf(Delete("a")), "RESOURCE_NOT_FOUND");
  EXPECT_TRUE(AllCustomIndicators(*workspace_)->empty());
}

TEST_F(CustomIndicatorsTest, ACheckWritesNothing) {
  v1::CreateCustomIndicatorRequest request;
  request.set_custom_indicator_id("ours");
  request.set_validate_only(true);
  request.mutable_custom_indicator()->set_display_name("Ours");
  request.mutable_custom_indicator()->set_formula("arr / 12");
  v1::CustomIndicator indicator;
  ASSERT_TRUE(Do(&CreateCustomIndicator, request, &indicator).ok());
  EXPECT_EQ(indicator.unit(), v1::INDICATOR_UNIT_MONEY);
  EXPECT_FALSE(FindCustomIndicator(*workspace_, "ours")->has_value());
}

// Two customers: one of 1 200 a year since 2023, one of 2 400 since 2024.
class FormulaFiguresTest : public CustomIndicatorsTest {
 protected:
  FormulaFiguresTest() {
    AddAccount("old", "Retail");
    AddSubscription("old", "old", "2023-01-01", "", 1'200, "seat_count: 10");
    AddAccount("new", "FinTech");
    AddSubscription("new", "new", "2024-01-01", "", 2'400, "seat_count: 30");
  }

  v1::IndicatorValue Of(const std::string& formula, const std::string& query = kYear) {
    const std::string id = "own_" + std::to_string(++number_);
    const auto defined = Define(id, formula);
    EXPECT_TRUE(defined.ok()) << formula << ": " << defined.status();
    return ValueOf(id, query);
  }

 private:
  int number_ = 0;
};

TEST_F(FormulaFiguresTest, ArithmeticOfIndicators) {
  const v1::IndicatorValue value = Of("arr / account_count");
  EXPECT_EQ(MicrosOf(value), 1'800 * kMicrosPerUnit);
  EXPECT_EQ(value.unit(), v1::INDICATOR_UNIT_MONEY);
  EXPECT_EQ(value.currency_code(), "EUR");
  EXPECT_EQ(value.numerator(), 3'600);
  EXPECT_EQ(value.denominator(), 2);
  EXPECT_EQ(AmountOf(value, "arr"), 3'600 * kMicrosPerUnit);
  EXPECT_EQ(NumberOf(value, "account_count"), 2);
}

TEST_F(FormulaFiguresTest, OtherPeriods) {
  EXPECT_NEAR(Of("arr / year_before(arr) - 1").number(), 2, 1e-12);
  const std::string january =
      "start_date { year: 2024 month: 1 day: 1 } end_date { year: 2024 month: 2 day: 1 } grain: PERIOD_GRAIN_MONTH";
  EXPECT_EQ(MicrosOf(Of("arr - previous(arr)", january)), 2'400 * kMicrosPerUnit);
  const std::string february =
      "start_date { year: 2024 month: 2 day: 1 } end_date { year: 2024 month: 3 day: 1 } grain: PERIOD_GRAIN_MONTH";
  EXPECT_EQ(MicrosOf(Of("arr - previous(arr)", february)), 0);
  EXPECT_EQ(Of("arr / year_before(arr)",
               "start_date { year: 2023 month: 1 day: 1 } "
               "end_date { year: 2024 month: 1 day: 1 }")
                .absence(),
            v1::ABSENCE_NO_DENOMINATOR);
}

TEST_F(FormulaFiguresTest, SomeOfTheAccounts) {
  const std::string formula = "within(arr, \"sector = FinTech\") / arr";
  EXPECT_NEAR(Of(formula).number(), 2.0 / 3, 1e-12);
  ASSERT_TRUE(Define("fintech_share", formula).ok());
  const auto values = Values(Asking({"fintech_share"}, std::string(kYear) + " group_by: 'sector'"));
  ASSERT_EQ(values.size(), 3u);
  EXPECT_NEAR(values[0].number(), 2.0 / 3, 1e-12);
  EXPECT_EQ(values[1].groups(0), "FinTech");
  EXPECT_EQ(values[1].number(), 1);
  EXPECT_EQ(values[2].number(), 0);
  EXPECT_EQ(Of("within(arr, \"sector = Nothing\") / arr").number(), 0);
}

TEST_F(FormulaFiguresTest, MeasuresOfAccounts) {
  EXPECT_EQ(Of("sum(seats)").number(), 40);
  EXPECT_EQ(Of("mean(seats)").number(), 20);
  EXPECT_EQ(Of("median(seats)").number(), 20);
  EXPECT_EQ(Of("count(seats)").number(), 2);
  EXPECT_EQ(Of("count(seats > 10)").number(), 1);
  EXPECT_EQ(Of("share(seats >= 10)").number(), 1);
  EXPECT_EQ(Of("within(sum(seats), \"sector = Retail\")").number(), 10);
  EXPECT_EQ(MicrosOf(Of("arr / sum(seats)")), 90 * kMicrosPerUnit);
  const v1::IndicatorValue absent = Of("mean(nps_last)");
  EXPECT_EQ(absent.absence(), v1::ABSENCE_NO_DATA);
  EXPECT_FALSE(absent.has_number());
  EXPECT_EQ(absent.parts_size(), 0);
  EXPECT_EQ(Of("if_absent(mean(nps_last), 7)").number(), 7);
  EXPECT_NEAR(Of("mean(tenure_months) / days(365.25)").number(), 1.5, 0.05);
}

TEST_F(FormulaFiguresTest, OfOneAnother) {
  ASSERT_TRUE(Define("per_account", "arr / account_count").ok());
  EXPECT_EQ(MicrosOf(Of("2 * per_account + previous(per_account)")), (3'600 + 1'200) * kMicrosPerUnit);
  v1::ListIndicatorsResponse listed;
  ASSERT_TRUE(List(*workspace_, error::Locale::kEnglish, &listed).ok());
  const auto& last = *listed.indicators().rbegin();
  EXPECT_EQ(last.id(), "per_account");
  EXPECT_EQ(last.formula(), "{arr} / {account_count}");
  EXPECT_EQ(last.unit(), v1::INDICATOR_UNIT_MONEY);
}

// What the contributions of each input sum to is the input's numerator and denominator.
void ExpectInputsReconcile(const v1::ListContributionsResponse& response) {
  std::map<std::string, std::pair<double, double>> sums;
  for (const v1::IndicatorContribution& contribution : response.contributions()) {
    auto& [numerator, denominator] = sums[contribution.input()];
    numerator += contribution.numerator();
    denominator += contribution.denominator();
  }
  for (const v1::IndicatorInput& input : response.inputs()) {
    const auto& [numerator, denominator] = sums[input.input()];
    EXPECT_NEAR(numerator, input.value().numerator(), 1e-6) << input.input();
    EXPECT_NEAR(denominator, input.value().denominator(), 1e-6) << input.input();
    sums.erase(input.input());
  }
  EXPECT_TRUE(sums.empty()) << sums.begin()->first;
}

std::vector<std::string> InputsIn(const v1::ListContributionsResponse& response) {
  std::vector<std::string> inputs;
  for (const v1::IndicatorInput& input : response.inputs()) inputs.push_back(input.input());
  return inputs;
}

TEST_F(FormulaFiguresTest, WhatIsBehindEachInput) {
  AddNps("1", "old", "2024-03-01T10:00:00Z", 10);
  AddNps("2", "new", "2024-03-01T10:00:00Z", 3);
  ASSERT_TRUE(Define("per_account", "arr / account_count").ok());
  ASSERT_TRUE(
      Define("mixed", "per_account / within(arr, \"sector = Retail\") + previous(nps) / nps + share(seats > 10)").ok());
  const std::string year = std::string(kYear) + " grain: PERIOD_GRAIN_YEAR";
  const v1::ListContributionsResponse response = Contributions("mixed", year);
  EXPECT_THAT(InputsIn(response),
              testing::ElementsAre("per_account > arr", "per_account > account_count",
                                   "within(arr, \"sector = Retail\")", "previous(nps)", "nps", "share(seats > 10)"));
  ExpectInputsReconcile(response);
  EXPECT_EQ(response.value().ShortDebugString(), ValueOf("mixed", year).ShortDebugString());
  EXPECT_EQ(response.total_size(), 2 + 2 + 1 + 0 + 2 + 2);
  EXPECT_EQ(response.contributions_size(), response.total_size());
  EXPECT_EQ(MicrosOf(response.inputs(2).value()), 1'200 * kMicrosPerUnit);
  EXPECT_EQ(response.inputs(3).value().period().start_date().year(), 2023);
  EXPECT_EQ(response.inputs(5).value().number(), 0.5);
  EXPECT_EQ(FromProto(response.contributions(0).money()).value(), 1'200 * kMicrosPerUnit);

  v1::ListContributionsRequest request;
  request.set_indicator("mixed");
  *request.mutable_query() = Parse<v1::IndicatorQuery>(year);
  request.set_page_size(3);
  std::vector<std::string> paged;
  do {
    v1::ListContributionsResponse page;
    ASSERT_TRUE(ListContributions(*workspace_, request, error::Locale::kEnglish, &page).ok());
    for (const auto& contribution : page.contributions()) paged.push_back(contribution.ShortDebugString());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  std::vector<std::string> whole;
  for (const auto& contribution : response.contributions()) whole.push_back(contribution.ShortDebugString());
  EXPECT_EQ(paged, whole);
}

TEST_F(FormulaFiguresTest, WhatIsBehindAnInputThatIsAbsentOrFaulty) {
  AddFact("1", "old", "2024-03-01T10:00:00Z", "order {" + AmountText(10, "USD") + " }");
  ASSERT_TRUE(Define("ours", "aov / arr + mean(nps_last) / mean(nps_last)").ok());
  const v1::ListContributionsResponse response = Contributions("ours");
  EXPECT_EQ(response.value().fault().reason(), "RATE_MISSING");
  ASSERT_EQ(response.inputs_size(), 3);
  EXPECT_EQ(response.inputs(0).value().fault().reason(), "RATE_MISSING");
  EXPECT_EQ(response.inputs(2).value().absence(), v1::ABSENCE_NO_DATA);
  EXPECT_EQ(response.contributions_size(), 2) << "of arr";
}

TEST_F(FormulaFiguresTest, WhatIsBehindOneGroup) {
  ASSERT_TRUE(Define("ours", "arr / sum(seats)").ok());
  v1::ListContributionsRequest request;
  request.set_indicator("ours");
  *request.mutable_query() = Parse<v1::IndicatorQuery>(std::string(kYear) + " group_by: 'sector'");
  request.add_groups("Retail");
  v1::ListContributionsResponse response;
  ASSERT_TRUE(ListContributions(*workspace_, request, error::Locale::kEnglish, &response).ok());
  ExpectInputsReconcile(response);
  ASSERT_EQ(response.contributions_size(), 2);
  EXPECT_EQ(response.contributions(1).account(), "accounts/old");
  EXPECT_EQ(response.contributions(1).numerator(), 10);
}

TEST_F(FormulaFiguresTest, Explained) {
  ASSERT_TRUE(Define("per_account", "arr / account_count").ok());
  v1::ExplainIndicatorRequest request;
  request.set_indicator("per_account");
  *request.mutable_query() = Parse<v1::IndicatorQuery>(kYear);
  v1::ExplainIndicatorResponse response;
  const absl::Status status = Explain(*workspace_, request, error::Locale::kEnglish, &response);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_THAT(response.formula(), testing::MatchesRegex("3600.* EUR / 2 = 1800.* EUR"));
}

TEST_F(FormulaFiguresTest, WhatTooManyFiguresWouldTake) {
  std::string all = "arr";
  for (int days = 1; days < 30; ++days) all += " + money(1) * mean(usage_trend, " + std::to_string(days) + ")";
  ASSERT_EQ(error::ReasonOf(Define("wide", all).status()), "FORMULA_TOO_LARGE");  // of nodes
  std::string some = "mean(usage_trend, 1)";
  for (int days = 2; days <= 32; ++days) some += " + mean(usage_trend, " + std::to_string(days) + ")";
  const auto wide = Define("wide", some);
  ASSERT_TRUE(wide.ok()) << wide.status();
  EXPECT_EQ(wide->figure_count(), 32);
  ASSERT_TRUE(Define("four", "wide + previous(wide) + year_before(wide) + within(wide, \"seats > 1\")").ok());
  EXPECT_EQ(ReasonOfDefining("five", "four + usage_of_all"), "FORMULA_NAME_UNKNOWN");
  EXPECT_EQ(ReasonOfDefining("five", "four + wide"), "FORMULA_TOO_LARGE");
}

}  // namespace
}  // namespace folio::indicators
