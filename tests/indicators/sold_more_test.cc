// What customers buy beside what they have: upsell_rate, cross_sell_rate.
#include <gtest/gtest.h>

#include "tests/indicators/sales_fixture.h"

namespace folio::indicators {
namespace {

class SoldMore : public SalesTest {
 protected:
  SoldMore() {
    AddAccount("c", "EdTech");
    AddAccount("d");
    AddSubscription("a", "a", "2023-01-01", "", 100);
    AddSubscription("b", "b", "2023-01-01", "", 100);
    AddSubscription("c", "c", "2024-03-01", "", 100);  // a customer of this year
  }
  static constexpr char kUpsell[] = " kind: DEAL_KIND_UPSELL";
  static constexpr char kCross[] = " kind: DEAL_KIND_CROSS_SELL";
};

TEST_F(SoldMore, ToCustomersOfTheStart) {
  AddDeal("1", Of("a") + kUpsell + Opened("2024-01-05") + Won("2024-02-01"));
  AddDeal("2", Of("a") + kUpsell + Opened("2024-01-05") + Won("2024-03-01"));  // counts its customer once
  AddDeal("3", Of("b") + kUpsell + Opened("2024-01-05") + Lost("2024-03-01"));
  AddDeal("4", Of("c") + kUpsell + Opened("2024-04-05") + Won("2024-05-01"));  // new customers are not in the base
  AddDeal("5", Of("d") + kUpsell + Opened("2024-04-05") + Won("2024-05-01"));
  AddDeal("6", Of("b") + kCross + Opened("2024-04-05") + Won("2025-01-01"));
  // More revenue without a deal, by an indexation of its price, is no upsell.
  AddSubscription("b", "b", "2023-01-01", "", 110);
  const v1::IndicatorValue rate = ValueOf("upsell_rate");
  EXPECT_DOUBLE_EQ(rate.number(), 0.5);
  EXPECT_EQ(rate.numerator(), 1);
  EXPECT_EQ(rate.denominator(), 2);
  EXPECT_TRUE(rate.has_interval());
  EXPECT_EQ(ValueOf("cross_sell_rate").number(), 0);
  EXPECT_DOUBLE_EQ(ValueOf("upsell_rate", std::string(kYear) + "filter: 'sector = FinTech'").number(), 1);
  EXPECT_EQ(ValueOf("upsell_rate", Between("2022-01-01", "2023-01-01")).absence(), v1::ABSENCE_NO_DENOMINATOR);
  const v1::ListContributionsResponse contributions = Contributions("upsell_rate");
  ASSERT_EQ(contributions.contributions_size(), 2);
  EXPECT_EQ(contributions.contributions(0).account(), "accounts/a");
  EXPECT_EQ(contributions.contributions(0).numerator(), 1);
  EXPECT_EQ(contributions.contributions(1).numerator(), 0);
}

TEST_F(SoldMore, OfWhatWasOffered) {
  AddDeal("1", Of("a") + kUpsell + Opened("2024-01-05") + Won("2024-02-01"));
  AddDeal("2", Of("a") + kUpsell + Opened("2024-01-05") + Lost("2024-02-01"));
  AddDeal("3", Of("b") + kUpsell + Opened("2024-01-05"));
  AddDeal("4", Of("b") + kCross + Opened("2024-01-05") + Won("2024-02-01"));
  const v1::IndicatorValue rate = ValueOf("upsell_rate_accepted");
  EXPECT_DOUBLE_EQ(rate.number(), 1.0 / 3);
  EXPECT_EQ(NumberOf(rate, "refused"), 1);
  EXPECT_EQ(NumberOf(rate, "pending"), 1);
  EXPECT_EQ(ValueOf("cross_sell_rate_accepted").number(), 1);
  EXPECT_EQ(ValueOf("cross_sell_rate_accepted", Between("2023-01-01", "2024-01-01")).absence(),
            v1::ABSENCE_NO_DENOMINATOR);
}

TEST_F(SoldMore, AsAShareOfRevenue) {
  AddDeal("1", Of("a") + kUpsell + Opened("2024-01-05") + Won("2024-02-01") + AmountText(30));
  AddDeal("2", Of("a") + kCross + Opened("2024-01-05") + Won("2024-02-01") + AmountText(20, "USD"));
  AddDeal("3", Of("d") + " kind: DEAL_KIND_NEW" + Opened("2024-01-05") + Won("2024-02-01") + AmountText(60));
  EXPECT_EQ(ValueOf("cross_sell_rate_revenue").fault().reason(), "RATE_MISSING");
  AddRate("USD", "EUR", "2024-02-01", "0.5");
  EXPECT_DOUBLE_EQ(ValueOf("upsell_rate_revenue").number(), 0.3);
  EXPECT_DOUBLE_EQ(ValueOf("cross_sell_rate_revenue").number(), 0.1);
  EXPECT_EQ(AmountOf(ValueOf("cross_sell_rate_revenue"), "of_kind"), 10 * kMicrosPerUnit);
}

}  // namespace
}  // namespace folio::indicators
