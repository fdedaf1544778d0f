// What deals come to: win_rate, pipeline_value, sales_velocity, pipeline_velocity, sales_cycle.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/indicators/sales_fixture.h"

namespace folio::indicators {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Deals : public SalesTest {};

TEST_F(Deals, AreWonOfAllAndOfTheClosedByTheDayOfTheirClose) {
  for (int i = 0; i < 5; ++i) AddDeal("w" + std::to_string(i), Of("a") + Opened("2023-11-01") + Won("2024-02-10"));
  for (int i = 0; i < 3; ++i) AddDeal("l" + std::to_string(i), Of("b") + Opened("2023-11-01") + Lost("2024-05-10"));
  AddDeal("o1", Of("a") + Opened("2024-01-01"));
  AddDeal("o2", Of("b") + Opened("2024-06-01"));
  const v1::IndicatorValue rate = ValueOf("win_rate");
  EXPECT_DOUBLE_EQ(rate.number(), 0.5);
  EXPECT_EQ(rate.sample_size(), 10);
  EXPECT_EQ(NumberOf(rate, "won"), 5);
  EXPECT_EQ(NumberOf(rate, "lost"), 3);
  EXPECT_EQ(NumberOf(rate, "open"), 2);
  EXPECT_LT(rate.interval().low(), 0.5);
  EXPECT_GT(rate.interval().high(), 0.5);
  EXPECT_DOUBLE_EQ(ValueOf("win_rate_closed").number(), 5.0 / 8);
  const std::string first_quarter = Between("2024-01-01", "2024-04-01");
  EXPECT_DOUBLE_EQ(ValueOf("win_rate_closed", first_quarter).number(), 1) << "those lost were lost in May";
  EXPECT_DOUBLE_EQ(ValueOf("win_rate", first_quarter).number(), 5.0 / 9) << "of four that were open in March";
  EXPECT_DOUBLE_EQ(ValueOf("win_rate_closed", std::string(kYear) + "filter: 'sector = FinTech'").number(), 1);
}

TEST_F(Deals, WithoutAnyHaveNoRate) {
  for (const char* id : {"win_rate", "win_rate_closed", "win_rate_value"}) {
    EXPECT_EQ(ValueOf(id).absence(), v1::ABSENCE_NO_DENOMINATOR) << id;
  }
  for (const char* id : {"sales_cycle", "sales_cycle_all_closed", "sales_cycle_median", "sales_velocity",
                         "pipeline_velocity", "pipeline_velocity_censored", "pipeline_velocity_to_close"}) {
    EXPECT_EQ(ValueOf(id).absence(), v1::ABSENCE_NO_DATA) << id;
  }
  EXPECT_EQ(MicrosOf(ValueOf("pipeline_value")), 0);
  AddDeal("open", Opened("2024-01-01"));
  EXPECT_EQ(ValueOf("win_rate_closed").absence(), v1::ABSENCE_NO_DENOMINATOR);
  EXPECT_EQ(ValueOf("sales_velocity").absence(), v1::ABSENCE_NO_DENOMINATOR);
  EXPECT_EQ(ValueOf("win_rate").number(), 0) << "of one deal none is won";
}

TEST_F(Deals, AreWonByValueEachAtTheRateOfItsClose) {
  AddRate("USD", "EUR", "2024-02-09", "0.9");
  AddDeal("w", Opened("2024-01-01") + Won("2024-02-10") + AmountText(100, "USD"));
  AddDeal("l", Opened("2024-01-01") + Lost("2024-02-12") + AmountText(210));
  AddDeal("n", Opened("2024-01-01") + Lost("2024-02-12"));
  const v1::IndicatorValue rate = ValueOf("win_rate_value");
  EXPECT_DOUBLE_EQ(rate.number(), 0.3);
  EXPECT_EQ(AmountOf(rate, "won_value"), 90 * kMicrosPerUnit);
  EXPECT_EQ(NumberOf(rate, "without_amount"), 1);
}

// Golden: 40 deals × 25 000 × 25 % ÷ 90 days.
TEST_F(Deals, PromiseMoneyADay) {
  for (int i = 0; i < 40; ++i) AddDeal("o" + std::to_string(i), Of("a") + Opened("2024-11-01"));
  AddDeal("w", Of("a") + At("first_contact_time", "2024-01-01") + Won("2024-03-31") + AmountText(25'000));
  for (int i = 0; i < 3; ++i) AddDeal("l" + std::to_string(i), Of("a") + Opened("2024-03-01") + Lost("2024-05-10"));
  const v1::IndicatorValue velocity = ValueOf("sales_velocity");
  EXPECT_EQ(MicrosOf(velocity), 2'777'777'778);
  EXPECT_EQ(velocity.unit(), v1::INDICATOR_UNIT_MONEY_PER_DAY);
  EXPECT_EQ(NumberOf(velocity, "open"), 40);
  EXPECT_DOUBLE_EQ(NumberOf(velocity, "win_rate"), 0.25);
  EXPECT_EQ(AmountOf(velocity, "mean_value"), 25'000 * kMicrosPerUnit);
  EXPECT_DOUBLE_EQ(NumberOf(velocity, "cycle"), 90);
  EXPECT_EQ(Contributions("sales_velocity").contributions_size(), 1) << "what was won, in so many days";
}

TEST_F(Deals, ThatAreOpenAreThePipelineOfTheirTime) {
  AddDeal("1", Of("a") + Opened("2024-01-10") + AmountText(100));
  AddDeal("2", Of("b") + Opened("2024-02-10") + Won("2024-06-01") + AmountText(50));
  AddDeal("3", Of("b") + Opened("2024-02-10"));
  AddDeal("4", Opened("2024-03-01") + AmountText(7));
  const v1::IndicatorValue now = ValueOf("pipeline_value");
  EXPECT_EQ(MicrosOf(now), 107 * kMicrosPerUnit);
  EXPECT_EQ(NumberOf(now, "open"), 3);
  EXPECT_EQ(NumberOf(now, "without_amount"), 1);
  EXPECT_EQ(MicrosOf(ValueOf("pipeline_value", Between("2024-05-01", "2024-06-01"))), 157 * kMicrosPerUnit);
  EXPECT_EQ(MicrosOf(ValueOf("pipeline_value", Between("2024-01-01", "2024-02-01"))), 100 * kMicrosPerUnit);

  std::vector<Micros> sums;
  for (const auto& value : Values(Asking({"pipeline_value"}, std::string(kYear) + "group_by: 'sector'"))) {
    sums.push_back(MicrosOf(value));
  }
  EXPECT_THAT(sums, ElementsAre(107'000'000, 7'000'000, 0, 100'000'000)) << "the whole, nobody's, EdTech, FinTech";

  // A deal that is told late, and one that goes, restate what was.
  AddDeal("5", Of("a") + Opened("2024-01-20") + AmountText(1));
  EXPECT_EQ(MicrosOf(ValueOf("pipeline_value", Between("2024-01-01", "2024-02-01"))), 101 * kMicrosPerUnit);
  DeleteDeal("1");
  EXPECT_EQ(MicrosOf(ValueOf("pipeline_value", Between("2024-01-01", "2024-02-01"))), 1 * kMicrosPerUnit);
}

TEST_F(Deals, InAnotherCurrencyCountAtTheRateOfTheirDay) {
  AddDeal("1", Of("a") + Opened("2024-01-10") + AmountText(100, "USD"));
  const v1::IndicatorValue missing = ValueOf("pipeline_value");
  EXPECT_EQ(missing.fault().reason(), "RATE_MISSING");
  EXPECT_EQ(missing.fault().details().at("base"), "USD");
  EXPECT_EQ(missing.fault().details().at("quote"), "EUR");
  EXPECT_EQ(missing.fault().details().at("date"), "2024-01-10");
  EXPECT_FALSE(missing.has_money());
  EXPECT_EQ(Contributions("pipeline_value").contributions_size(), 0);
  AddRate("EUR", "USD", "2024-01-09", "1.25");
  EXPECT_EQ(MicrosOf(ValueOf("pipeline_value")), 80 * kMicrosPerUnit);
  AddRate("EUR", "USD", "2024-01-11", "2");
  EXPECT_EQ(MicrosOf(ValueOf("pipeline_value")), 80 * kMicrosPerUnit) << "a rate of a later day says nothing";
  AddDeal("2", Of("b") + Opened("2024-01-12") + AmountText(100, "USD"));
  EXPECT_EQ(MicrosOf(ValueOf("pipeline_value")), 130 * kMicrosPerUnit);
}

TEST_F(Deals, AreWeightedByWhatWasSaidOrByTheirStage) {
  for (int i = 0; i < 4; ++i) {
    AddDeal("c" + std::to_string(i),
            Opened("2024-01-01") + Stage("Offer", "2024-01-02") + (i == 0 ? Won("2024-02-01") : Lost("2024-02-01")));
  }
  AddDeal("said", Of("a") + Opened("2024-03-01") + AmountText(1'000) + " probability: 0.3");
  AddDeal("stage", Of("a") + Opened("2024-03-01") + AmountText(100) + Stage("Offer", "2024-03-01"));
  AddDeal("neither", Of("b") + Opened("2024-03-01") + AmountText(70) + Stage("New", "2024-03-01"));
  const v1::IndicatorValue value = ValueOf("pipeline_value_weighted");
  EXPECT_EQ(MicrosOf(value), 325 * kMicrosPerUnit) << "1 000 × 0.3, and 100 × one in four";
  EXPECT_EQ(NumberOf(value, "without_probability"), 1);
  EXPECT_EQ(AmountOf(value, "unweighted"), 1'170 * kMicrosPerUnit);
  // Stages are read from all deals, whatever the scope: groups sum to the whole.
  EXPECT_EQ(MicrosOf(ValueOf("pipeline_value_weighted", std::string(kYear) + "filter: 'sector = FinTech'")),
            325 * kMicrosPerUnit);
}

TEST_F(Deals, StayInAStageAsLongAsAllTheirTimesInIt) {
  AddDeal("1", Of("a") + Opened("2024-01-01") + Stage("A", "2024-01-01") + Stage("B", "2024-01-11") +
                   Stage("A", "2024-01-16") + Won("2024-01-19"));
  AddDeal("2", Of("b") + Opened("2024-12-12") + Stage("A", "2024-12-12"));
  const v1::IndicatorValue velocity = ValueOf("pipeline_velocity");
  EXPECT_DOUBLE_EQ(StageOf(velocity, "A"), 13) << "10 days, and 3 when it came back";
  EXPECT_DOUBLE_EQ(StageOf(velocity, "B"), 5);
  EXPECT_DOUBLE_EQ(velocity.number(), 9);
  EXPECT_EQ(NumberOf(velocity, "going_on"), 1);
  EXPECT_DOUBLE_EQ(NumberOf(velocity, "going_on_age"), 20) << "12 December to the end of the 31st";
  // The open deal's days count, its end does not.
  const v1::IndicatorValue censored = ValueOf("pipeline_velocity_censored");
  EXPECT_DOUBLE_EQ(StageOf(censored, "A"), 33);
  EXPECT_DOUBLE_EQ(censored.number(), 19);
  const v1::IndicatorValue life = ValueOf("pipeline_velocity_to_close");
  EXPECT_DOUBLE_EQ(life.number(), 18);
  EXPECT_EQ(NumberOf(life, "open"), 1);
  EXPECT_DOUBLE_EQ(NumberOf(life, "open_age"), 20);
  // In the middle of January it was in B, and had left A for a while.
  const v1::IndicatorValue then = ValueOf("pipeline_velocity", Between("2024-01-01", "2024-01-14"));
  EXPECT_DOUBLE_EQ(StageOf(then, "A"), 10);
  EXPECT_TRUE(std::isnan(StageOf(then, "B")));
}

TEST_F(Deals, TakeTheirCycleFromTheFirstContactElseFromWhenTheyCameUp) {
  AddDeal("1", At("first_contact_time", "2024-01-01") + Opened("2024-01-05") + Won("2024-01-11"));
  AddDeal("2", Opened("2024-01-05") + Won("2024-01-25"));
  AddDeal("3", Opened("2024-01-05") + Won("2024-01-06"));
  AddDeal("4", Opened("2024-01-05") + Lost("2024-02-04"));
  const v1::IndicatorValue cycle = ValueOf("sales_cycle");
  EXPECT_DOUBLE_EQ(cycle.number(), 31.0 / 3);
  EXPECT_EQ(NumberOf(cycle, "without_first_contact"), 2);
  EXPECT_TRUE(cycle.has_interval());
  EXPECT_DOUBLE_EQ(ValueOf("sales_cycle_median").number(), 10);
  EXPECT_DOUBLE_EQ(ValueOf("sales_cycle_all_closed").number(), 61.0 / 4);
}

TEST_F(Deals, AreGroupedAndFilteredByTheirOwnColumns) {
  AddDeal("1", Of("a") + Opened("2024-01-01") + Won("2024-02-01") + " owner: 'ann' product: 'x'");
  AddDeal("2", Of("a") + Opened("2024-01-01") + Lost("2024-02-01") + " owner: 'ann' product: 'y'");
  AddDeal("3", Of("b") + Opened("2024-01-01") + Won("2024-02-01") + " owner: 'bob' product: 'x'");
  AddDeal("4", Opened("2024-01-01") + Lost("2024-02-01"));
  const auto rates = [&](const std::string& query) {
    std::string told;
    for (const auto& value : Values(Asking({"win_rate_closed"}, kYear + query))) {
      for (const std::string& group : value.groups()) told += group + " ";
      told += std::to_string(static_cast<int>(value.numerator())) + "/" +
              std::to_string(static_cast<int>(value.denominator())) + "; ";
    }
    return told;
  };
  EXPECT_EQ(rates("group_by: 'deals.owner'"), "2/4;  0/1; ann 1/2; bob 1/1; ");
  EXPECT_EQ(rates("group_by: ['deals.owner', 'deals.product']"), "2/4;   0/1; ann x 1/1; ann y 0/1; bob x 1/1; ");
  EXPECT_EQ(rates("deal_filter: 'product = x'"), "2/2; ");
  EXPECT_EQ(rates("deal_filter: 'product = x' group_by: 'sector'"), "2/2;  0/0; EdTech 1/1; FinTech 1/1; ");
  EXPECT_EQ(rates("filter: 'sector = FinTech' group_by: 'deals.owner'"), "1/2;  0/0; ann 1/2; bob 0/0; ");

  v1::ListContributionsRequest request;
  request.set_indicator("win_rate_closed");
  *request.mutable_query() = Parse<v1::IndicatorQuery>(std::string(kYear) + "group_by: 'deals.owner'");
  request.add_groups("ann");
  v1::ListContributionsResponse page;
  ASSERT_TRUE(ListContributions(*workspace_, request, error::Locale::kEnglish, &page).ok());
  ASSERT_EQ(page.contributions_size(), 2);
  EXPECT_EQ(page.contributions(0).record(), "deals/1");
  EXPECT_EQ(page.contributions(0).account(), "accounts/a");
  EXPECT_EQ(page.contributions(0).event_time().seconds(), ParseInstant("2024-02-01T00:00:00Z").value() / 1'000'000);
}

TEST_F(Deals, AreToldApartOnlyByIndicatorsThatReadThem) {
  AddDeal("1", Of("a") + Opened("2024-01-01") + " owner: 'ann'");
  const auto values = Values(Asking({"mrr", "upsell_rate", "lead_conversion_rate", "win_rate"},
                                    std::string(kYear) + "group_by: 'deals.owner'"));
  ASSERT_EQ(values.size(), 8);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(values[static_cast<size_t>(i)].fault().reason(), "RECORDS_NOT_READ") << i;
  EXPECT_THAT(values[0].fault().message(), HasSubstr("deals"));
  EXPECT_TRUE(values[6].has_number());
  EXPECT_EQ(Contributions("mrr", std::string(kYear) + "deal_filter: 'owner = ann'").contributions_size(), 0);

  const auto fault = [&](const std::string& query) { return FaultOf(Asking({"win_rate"}, kYear + query)); };
  EXPECT_EQ(fault("group_by: ['deals.owner', 'sector']"), "query.group_by GROUPS_MIXED");
  EXPECT_EQ(fault("group_by: ['deals.owner', 'leads.source']"), "query.group_by GROUPS_MIXED");
  EXPECT_EQ(fault("group_by: 'deals.owner' lead_filter: 'source = x'"), "query.group_by GROUPS_MIXED");
  EXPECT_EQ(fault("group_by: 'deals.nothing'"), "query.group_by GROUP_COLUMN_UNKNOWN");
  EXPECT_EQ(fault("deal_filter: 'owner = x' lead_filter: 'source = x'"), "query.lead_filter FIELD_EXCLUSIVE");
  EXPECT_EQ(fault("deal_filter: 'nothing = 1'").substr(0, 17), "query.deal_filter");
}

TEST_F(Deals, AreComparedForAsManyDays) {
  AddDeal("before", Opened("2024-01-01") + Won("2024-12-10"));
  AddDeal("later", Opened("2024-01-01") + Lost("2024-12-25"));
  AddDeal("now", Opened("2024-01-01") + Lost("2025-01-10"));
  MoveTo("2025-01-15T12:00:00Z");
  const v1::IndicatorValue rate = ValueOf("win_rate_closed", Between("2025-01-01", "2025-02-01") +
                                                                 "grain: PERIOD_GRAIN_MONTH comparison: "
                                                                 "COMPARISON_BASE_PREVIOUS_PERIOD");
  EXPECT_TRUE(rate.period().partial());
  EXPECT_EQ(rate.number(), 0);
  EXPECT_EQ(rate.comparison().number(), 1) << "the deal lost on 25 December was not lost by the 15th";
  EXPECT_TRUE(rate.comparison().has_significant());
}

TEST_F(Deals, AndLeadsAddUpToTheirFigures) {
  AddSubscription("a", "a", "2023-01-01", "", 100);
  AddRate("USD", "EUR", "2024-02-01", "0.333333333");
  for (int i = 0; i < 9; ++i) {
    const std::string text = Of(i % 2 == 0 ? "a" : "b") + Opened("2024-02-0" + std::to_string(i % 5 + 1)) +
                             AmountText(100 + i, i % 3 == 0 ? "USD" : "EUR") + Stage("A", "2024-02-06") +
                             (i % 4 == 0 ? " kind: DEAL_KIND_UPSELL probability: 0.7" : "");
    AddDeal(std::to_string(i), text + (i > 5 ? Won("2024-02-07") : i > 3 ? Lost("2024-02-08") : ""));
    AddLead(std::to_string(i), "2024-03-01",
            (i > 2 ? At("convert_time", "2024-03-05") : "") + (i > 3 ? At("first_contact_time", "2024-03-04") : ""));
  }
  for (const Indicator& indicator : AllIndicators()) {
    const v1::ListContributionsResponse all = Contributions(std::string(indicator.id));
    double numerator = 0;
    double denominator = 0;
    Micros money = 0;
    for (const v1::IndicatorContribution& each : all.contributions()) {
      numerator += each.numerator();
      denominator += each.denominator();
      if (each.has_money()) money += FromProto(each.money()).value();
    }
    EXPECT_NEAR(numerator, all.value().numerator(), 1e-5) << indicator.id;
    EXPECT_NEAR(denominator, all.value().denominator(), 1e-5) << indicator.id;
    if (indicator.additive && IsMoney(indicator.unit)) {
      EXPECT_EQ(money, MicrosOf(all.value())) << indicator.id;
    }
  }
}

TEST_F(Deals, AreExplainedInNumbers) {
  AddDeal("1", Of("a") + Opened("2024-01-01") + Stage("A", "2024-01-01") + Won("2024-02-01"));
  AddDeal("2", Of("a") + Opened("2024-01-01") + Lost("2024-02-01"));
  v1::ExplainIndicatorRequest request;
  *request.mutable_query() = Parse<v1::IndicatorQuery>(kYear);
  request.set_indicator("win_rate_closed");
  v1::ExplainIndicatorResponse response;
  ASSERT_TRUE(Explain(*workspace_, request, error::Locale::kEnglish, &response).ok());
  EXPECT_EQ(response.formula(), "1 ÷ (1 + 1) = 50 %");
  request.set_indicator("pipeline_velocity");
  ASSERT_TRUE(Explain(*workspace_, request, error::Locale::kEnglish, &response).ok());
  EXPECT_THAT(std::vector<std::string>(response.notes().begin(), response.notes().end()),
              ::testing::Contains("Stage A: 31 days, from 1."));
}

}  // namespace
}  // namespace folio::indicators
