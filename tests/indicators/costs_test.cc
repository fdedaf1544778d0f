// What it costs to win and to keep clients, and what they are worth: cac, retention_cost, clv.
#include <gtest/gtest.h>

#include "tests/indicators/indicator_fixture.h"

namespace folio::indicators {
namespace {

constexpr char kMarch[] = "start_date { year: 2024 month: 3 day: 1 } end_date { year: 2024 month: 4 day: 1 } ";

class Costs : public IndicatorTest {
 protected:
  Costs() {
    AddAccount("a", "FinTech");
    AddAccount("b", "EdTech");
    AddAccount("c", "EdTech");
  }

  void AddCost(const std::string& id, const std::string& category, const std::string& day, int64_t units,
               const std::string& more = "", const std::string& currency = "EUR") {
    AddFactOfNobody(id, day + "T10:00:00Z",
                    "cost { category: COST_CATEGORY_" + category + " " + AmountText(units, currency) + more + " }");
  }
};

TEST_F(Costs, CacIsCostsByNewCustomers) {
  AddSubscription("old", "a", "2023-01-01", "2023-06-01", 1'000);
  AddSubscription("back", "a", "2024-03-05", "", 1'000);  // comes back: no new customer
  AddSubscription("trial", "b", "2023-05-01", "2024-03-01", 0, "trial: true");
  AddSubscription("b", "b", "2024-03-01", "", 1'200);
  AddFact("order", "c", "2024-03-31T12:00:00Z", "order { " + AmountText(10) + " }");
  AddCost("ads", "ACQUISITION", "2024-03-10", 3'000);
  AddCost("other", "OTHER", "2024-03-10", 999);
  const v1::IndicatorValue cac = Reconciled("cac", kMarch);
  EXPECT_EQ(MicrosOf(cac), 1'500 * kMicrosPerUnit);
  EXPECT_EQ(cac.numerator(), 3'000);
  EXPECT_EQ(cac.denominator(), 2);
  EXPECT_FALSE(cac.higher_is_better());
  EXPECT_EQ(Reconciled("new_customer_count", kMarch).number(), 2);
  EXPECT_EQ(MicrosOf(Reconciled("acquisition_cost", kMarch)), 3'000 * kMicrosPerUnit);
}

TEST_F(Costs, CacWithoutCustomersOrCostsIsAbsent) {
  EXPECT_EQ(ValueOf("cac", kMarch).absence(), v1::ABSENCE_NO_DATA);
  AddCost("ads", "ACQUISITION", "2024-03-10", 3'000);
  EXPECT_EQ(ValueOf("cac", kMarch).absence(), v1::ABSENCE_NO_DENOMINATOR);
  EXPECT_EQ(ValueOf("cac_attributed", kMarch).absence(), v1::ABSENCE_NO_DENOMINATOR);
  // Money spent today wins nobody yet; a month after it has.
  AddSubscription("b", "b", "2024-04-08", "", 1'200);
  EXPECT_EQ(MicrosOf(Reconciled("cac_lagged",
                                "start_date { year: 2024 month: 4 day: 8 } "
                                "end_date { year: 2024 month: 4 day: 10 }")),
            3'000 * kMicrosPerUnit);
}

TEST_F(Costs, CacPaybackIsInMonths) {
  AddSubscription("b", "b", "2024-03-01", "", 1'200);
  AddSubscription("c", "c", "2024-03-01", "", 1'200);
  AddCost("ads", "ACQUISITION", "2024-03-10", 1'600);
  EXPECT_EQ(ValueOf("cac_payback", kMarch).fault().reason(), "MARGIN_UNKNOWN");
  const v1::IndicatorValue payback = ValueOf("cac_payback", std::string(kMarch) + "settings { gross_margin: 0.8 }");
  EXPECT_DOUBLE_EQ(payback.number(), 10);
  EXPECT_EQ(AmountOf(payback, "cac"), 800 * kMicrosPerUnit);
  EXPECT_EQ(AmountOf(payback, "new_mrr"), 100 * kMicrosPerUnit);
  EXPECT_EQ(ValueOf("cac_payback", std::string(kMarch) + "settings { gross_margin: 0 }").absence(),
            v1::ABSENCE_NO_DENOMINATOR);
}

TEST_F(Costs, AttributedCacIsTakenByCampaign) {
  AddCost("1", "ACQUISITION", "2024-03-10", 1'000, "campaign: 'spring' attributed_client_count: 4");
  AddCost("2", "ACQUISITION", "2024-03-11", 500, "campaign: 'spring' attributed_client_count: 2");
  AddCost("3", "ACQUISITION", "2024-03-11", 900, "campaign: 'radio' attributed_client_count: 1");
  const auto values = Values(Asking({"cac_attributed"}, std::string(kMarch) + "group_by: 'cost.campaign'"));
  ASSERT_EQ(values.size(), 4);
  EXPECT_EQ(values[2].groups(0), "radio");
  EXPECT_EQ(MicrosOf(values[2]), 900 * kMicrosPerUnit);
  EXPECT_EQ(MicrosOf(values[3]), 250 * kMicrosPerUnit);
  EXPECT_EQ(values[0].denominator(), 7);
  Reconciled("cac_attributed", kMarch);
}

TEST_F(Costs, OfSeveralPeriodsCountByTheirDays) {
  AddSubscription("a", "a", "2023-01-01", "", 36'500);
  AddCost("year", "RETENTION", "2024-01-01", 366,
          "start_date " + DateText("2024-01-01") + " end_date " + DateText("2025-01-01"));
  EXPECT_EQ(MicrosOf(Reconciled("retention_cost", kMarch)), 31 * kMicrosPerUnit);
  EXPECT_EQ(MicrosOf(Reconciled("retention_cost")), 366 * kMicrosPerUnit);
  EXPECT_EQ(MicrosOf(Reconciled("retention_cost_per_customer", kMarch)), 31 * kMicrosPerUnit);
  const v1::IndicatorValue ratio = Reconciled("retention_cost_ratio", kMarch);
  EXPECT_NEAR(ratio.number(), 31.0 / 3'100, 1e-12);
  // It is of that day only after all: what was spread is gone.
  AddCost("year", "RETENTION", "2024-01-01", 366);
  EXPECT_EQ(MicrosOf(ValueOf("retention_cost", kMarch)), 0);
}

TEST_F(Costs, OfNobodyAreDividedAsTheySay) {
  AddSubscription("a", "a", "2023-01-01", "", 3'000);
  AddSubscription("b", "b", "2023-01-01", "", 1'000);
  AddCost("even", "RETENTION", "2024-03-01", 101, "allocation: COST_ALLOCATION_EVEN");
  AddCost("revenue", "RETENTION", "2024-03-02", 100, "allocation: COST_ALLOCATION_BY_REVENUE");
  AddCost("whole", "RETENTION", "2024-03-03", 7);
  const auto values = Values(Asking({"retention_cost"}, std::string(kMarch) + "group_by: 'sector'"));
  ASSERT_EQ(values.size(), 4);
  EXPECT_EQ(MicrosOf(values[0]), 208 * kMicrosPerUnit);
  EXPECT_EQ(MicrosOf(values[1]), 7 * kMicrosPerUnit) << "of nobody";
  EXPECT_EQ(MicrosOf(values[2]), 75'500'000) << "EdTech: a half and a quarter";
  EXPECT_EQ(MicrosOf(values[3]), 125'500'000);
  EXPECT_EQ(MicrosOf(Reconciled("retention_cost", std::string(kMarch) + "filter: 'sector = FinTech'")), 125'500'000);
  Reconciled("retention_cost", kMarch);
}

TEST_F(Costs, WithoutARateAreRefused) {
  AddCost("ads", "ACQUISITION", "2024-03-10", 3'000, "", "USD");
  AddSubscription("b", "b", "2024-03-01", "", 1'200);
  const v1::IndicatorValue cac = ValueOf("cac", kMarch);
  EXPECT_EQ(cac.fault().reason(), "RATE_MISSING");
  EXPECT_EQ(cac.fault().details().at("date"), "2024-03-10");
}

TEST_F(Costs, LifetimeValueIsRevenueTimesMarginByChurn) {
  for (int i = 0; i < 25; ++i) {
    const std::string id = "client" + std::to_string(i);
    AddAccount(id, i < 5 ? "Retail" : "Energy");
    AddSubscription(id, id, "2023-01-01", i == 0 ? "2024-03-15" : "", 480);
  }
  const std::string query = std::string(kMarch) + "settings { gross_margin: 0.75 } ";
  const v1::IndicatorValue clv = Reconciled("clv", query);
  EXPECT_EQ(MicrosOf(clv), 750 * kMicrosPerUnit);
  EXPECT_EQ(AmountOf(clv, "arpa"), 40 * kMicrosPerUnit);
  EXPECT_DOUBLE_EQ(NumberOf(clv, "churn"), 0.04);
  EXPECT_LT(clv.interval().low(), 750);
  EXPECT_GT(clv.interval().high(), 750);
  v1::ExplainIndicatorRequest request;
  request.set_indicator("clv");
  *request.mutable_query() = Parse<v1::IndicatorQuery>(query);
  v1::ExplainIndicatorResponse told;
  ASSERT_TRUE(Explain(*workspace_, request, error::Locale::kEnglish, &told).ok());
  EXPECT_EQ(told.formula(), "40.00 EUR × 75 % ÷ 4 % = 750.00 EUR");
  // Nobody left in April: a churn of 0 makes no value, and says so.
  const v1::IndicatorValue none =
      ValueOf("clv",
              "start_date { year: 2024 month: 4 day: 1 } end_date { year: 2024 month: 5 day: 1 } "
              "settings { gross_margin: 0.75 }");
  EXPECT_EQ(none.absence(), v1::ABSENCE_NO_DENOMINATOR);
  EXPECT_EQ(none.value_case(), v1::IndicatorValue::VALUE_NOT_SET);
}

TEST_F(Costs, MarginIsToldFromCostsOfService) {
  AddSubscription("a", "a", "2023-01-01", "2024-03-15", 36'500);
  AddSubscription("b", "b", "2023-01-01", "", 36'500);
  EXPECT_EQ(ValueOf("clv", kMarch).fault().reason(), "MARGIN_UNKNOWN");
  AddCost("hosting", "SERVICE", "2024-03-10", 930);
  // Revenue of March: the mean of 73 000 and 36 500 a year, for 31 days.
  EXPECT_NEAR(NumberOf(ValueOf("clv", kMarch), "gross_margin"), 1 - 930 / 4'650.0, 1e-9);
}

}  // namespace
}  // namespace folio::indicators
