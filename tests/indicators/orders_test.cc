// What clients buy: aov and its variants, in one currency and in several.
#include <gtest/gtest.h>

#include <cmath>

#include "folio/v1/exchange_rate.pb.h"
#include "tests/indicators/indicator_fixture.h"

namespace folio::indicators {
namespace {

class Orders : public IndicatorTest {
 protected:
  Orders() {
    AddAccount("a", "FinTech");
    AddAccount("b", "EdTech");
  }

  static std::string Money(const std::string& kind, const std::string& units, const std::string& currency,
                           const std::string& more = "") {
    return kind + " { amount { currency_code: '" + currency + "' units: " + units + " } " + more + " }";
  }
  void AddOrder(const std::string& id, const std::string& account, const std::string& time, int units,
                const std::string& currency = "EUR", const std::string& more = "") {
    AddFact(id, account, time, Money("order", std::to_string(units), currency, more));
  }
  void AddRefund(const std::string& id, const std::string& time, int units) {
    AddFact(id, "a", time, Money("refund", std::to_string(units), "EUR"));
  }
};

TEST_F(Orders, AverageIsAHundredOfTenThousand) {
  for (int i = 0; i < 100; ++i) AddOrder(std::to_string(i), "a", "2024-05-01T10:00:00Z", i % 2 == 0 ? 80 : 120);
  const v1::IndicatorValue aov = ValueOf("aov");
  EXPECT_EQ(MicrosOf(aov), 100 * kMicrosPerUnit);
  EXPECT_EQ(aov.currency_code(), "EUR");
  EXPECT_EQ(aov.numerator(), 10'000);
  EXPECT_EQ(aov.denominator(), 100);
  EXPECT_EQ(aov.interval().method(), v1::INTERVAL_METHOD_STUDENT);
  EXPECT_NEAR(aov.interval().low(), 100 - 1.984 * 20 / std::sqrt(99), 0.01);
}

TEST_F(Orders, RefundsLowerTheRevenueAndNotTheCount) {
  AddOrder("1", "a", "2024-05-01T10:00:00Z", 100);
  AddOrder("2", "b", "2024-05-01T10:00:00Z", 300);
  AddRefund("3", "2024-06-01T10:00:00Z", 100);
  const v1::IndicatorValue aov = ValueOf("aov");
  EXPECT_EQ(MicrosOf(aov), 150 * kMicrosPerUnit);
  EXPECT_EQ(aov.denominator(), 2);
  EXPECT_EQ(AmountOf(aov, "refunds"), 100 * kMicrosPerUnit);
  EXPECT_EQ(MicrosOf(ValueOf("aov_gross")), 200 * kMicrosPerUnit);
  EXPECT_EQ(MicrosOf(ValueOf("order_revenue")), 300 * kMicrosPerUnit);
  EXPECT_EQ(MicrosOf(ValueOf("aov_median")), 200 * kMicrosPerUnit);
  // A month with nothing but the refund has nothing to divide by; one without anything has no data.
  const std::vector<v1::IndicatorValue> months =
      Values(Asking({"aov"}, std::string(kYear) + " grain: PERIOD_GRAIN_MONTH"));
  EXPECT_EQ(MicrosOf(months[4]), 200 * kMicrosPerUnit);
  EXPECT_EQ(months[5].absence(), v1::ABSENCE_NO_DENOMINATOR);
  EXPECT_EQ(months[6].absence(), v1::ABSENCE_NO_DATA);
}

TEST_F(Orders, ALateRefundRestatesItsMonthOnly) {
  AddOrder("1", "a", "2024-05-01T10:00:00Z", 100);
  AddOrder("2", "a", "2024-06-01T10:00:00Z", 100);
  const std::string months = std::string(kYear) + " grain: PERIOD_GRAIN_MONTH";
  Values(Asking({"aov"}, months));
  const int64_t misses = workspace_->ledger().memos().misses();
  AddRefund("3", "2024-06-02T10:00:00Z", 40);
  EXPECT_EQ(MicrosOf(Values(Asking({"aov"}, months))[5]), 60 * kMicrosPerUnit);
  EXPECT_EQ(workspace_->ledger().memos().misses() - misses, 3)
      << "the refunds of June, the figure made of them, and the scope";
}

TEST_F(Orders, ContributionsReconcile) {
  AddOrder("1", "a", "2024-05-01T10:00:00Z", 100);
  AddOrder("2", "b", "2024-05-01T10:00:00Z", 301);
  AddRefund("3", "2024-06-01T10:00:00Z", 40);
  for (const std::string id : {"aov", "aov_gross", "aov_forecast", "order_revenue", "order_count", "purchase_frequency",
                               "repeat_purchase_rate", "net_new_revenue", "clv_historic"}) {
    EXPECT_TRUE(Reconciled(id).has_money() || Reconciled(id).has_number()) << id;
  }
}

TEST_F(Orders, TellWhoBuysAgain) {
  AddOrder("1", "a", "2024-05-01T10:00:00Z", 100);
  AddOrder("2", "a", "2024-06-01T10:00:00Z", 100);
  AddOrder("3", "b", "2024-05-01T10:00:00Z", 300);
  EXPECT_DOUBLE_EQ(ValueOf("purchase_frequency").number(), 1.5);
  EXPECT_DOUBLE_EQ(ValueOf("repeat_purchase_rate").number(), 0.5);
  EXPECT_EQ(ValueOf("order_count").number(), 3);
  EXPECT_EQ(ValueOf("repeat_purchase_rate", "filter: 'country = FR'").absence(), v1::ABSENCE_NO_DATA);
}

TEST_F(Orders, ForecastIsThePaceOfAPartialPeriod) {
  MoveTo("2025-01-10T12:00:00Z");
  for (int i = 0; i < 10; ++i) AddOrder(std::to_string(i), "a", "2025-01-05T10:00:00Z", 100);
  const v1::IndicatorValue forecast = ValueOf("aov_forecast", "grain: PERIOD_GRAIN_MONTH");
  EXPECT_TRUE(forecast.period().partial());
  EXPECT_EQ(MicrosOf(forecast), 3'100 * kMicrosPerUnit);
  EXPECT_EQ(NumberOf(forecast, "expected_orders"), 31);
}

class Rates : public Orders {
 protected:
  absl::Status SetRate(const std::string& base, const std::string& quote, const std::string& day,
                       const std::string& rate) {
    v1::ExchangeRate stored;
    return Run(engine::kExchangeRate, &engine::Collection::Update,
               Parse<v1::UpdateExchangeRateRequest>("allow_missing: true update_mask { paths: '*' } exchange_rate { "
                                                    "name: 'exchangeRates/" +
                                                    base + "-" + quote + "-" + day + "' base_currency_code: '" + base +
                                                    "' quote_currency_code: '" + quote + "' date " + DateText(day) +
                                                    " rate: '" + rate + "' }"),
               &stored)
        .status;
  }
};

TEST_F(Rates, AreThoseOfTheDayOfTheFact) {
  AddOrder("1", "a", "2024-05-01T10:00:00Z", 100, "USD");
  AddOrder("2", "a", "2024-06-01T10:00:00Z", 100, "USD");
  AddOrder("3", "a", "2024-06-01T10:00:00Z", 50, "EUR");
  ASSERT_TRUE(SetRate("USD", "EUR", "2024-05-01", "0.9").ok());
  ASSERT_TRUE(SetRate("EUR", "USD", "2024-05-31", "1.25").ok());  // read backwards, and of the day before
  EXPECT_EQ(MicrosOf(ValueOf("order_revenue")), (90 + 80 + 50) * kMicrosPerUnit);
  EXPECT_EQ(MicrosOf(ValueOf("aov_median")), 80 * kMicrosPerUnit);
}

TEST_F(Rates, ThatAreMissingAreNamed) {
  AddOrder("1", "a", "2024-05-01T10:00:00Z", 100, "USD");
  AddOrder("2", "b", "2024-05-09T10:00:00Z", 100, "USD");
  ASSERT_TRUE(SetRate("USD", "EUR", "2024-05-01", "0.9").ok());
  const v1::IndicatorValue aov = ValueOf("aov");
  EXPECT_EQ(aov.value_case(), v1::IndicatorValue::VALUE_NOT_SET);
  EXPECT_EQ(aov.fault().reason(), "RATE_MISSING");
  EXPECT_EQ(aov.fault().details().at("base"), "USD");
  EXPECT_EQ(aov.fault().details().at("quote"), "EUR");
  EXPECT_EQ(aov.fault().details().at("date"), "2024-05-09");
  // Who has rates is told all the same.
  EXPECT_EQ(MicrosOf(ValueOf("aov", std::string(kYear) + " filter: 'sector = FinTech'")), 90 * kMicrosPerUnit);
}

TEST_F(Rates, ThatComeLateRestateWhatReadsThem) {
  AddOrder("1", "a", "2024-05-01T10:00:00Z", 100, "USD");
  AddOrder("2", "a", "2024-07-01T10:00:00Z", 100, "USD");
  ASSERT_TRUE(SetRate("USD", "EUR", "2024-05-01", "0.9").ok());
  ASSERT_TRUE(SetRate("USD", "EUR", "2024-07-01", "0.8").ok());
  EXPECT_EQ(MicrosOf(ValueOf("order_revenue")), 170 * kMicrosPerUnit);
  ASSERT_TRUE(SetRate("USD", "EUR", "2024-05-01", "0.7").ok());
  EXPECT_EQ(MicrosOf(ValueOf("order_revenue")), 150 * kMicrosPerUnit);
  Open();
  EXPECT_EQ(MicrosOf(ValueOf("order_revenue")), 150 * kMicrosPerUnit);
}

TEST_F(Orders, AreGroupedByTheirChannel) {
  AddOrder("1", "a", "2024-05-01T10:00:00Z", 100, "EUR", "channel: 'web'");
  AddOrder("2", "a", "2024-05-01T10:00:00Z", 300, "EUR", "channel: 'shop'");
  AddOrder("3", "b", "2024-05-01T10:00:00Z", 500, "EUR", "channel: 'shop'");
  const auto by_channel = Values(Asking({"order_revenue"}, std::string(kYear) + " group_by: 'order.channel'"));
  ASSERT_EQ(by_channel.size(), 4);
  EXPECT_EQ(MicrosOf(by_channel[0]), 900 * kMicrosPerUnit);
  EXPECT_EQ(by_channel[1].groups(0), "");
  EXPECT_EQ(by_channel[2].groups(0), "shop");
  EXPECT_EQ(MicrosOf(by_channel[2]), 800 * kMicrosPerUnit);
  EXPECT_EQ(MicrosOf(by_channel[3]), 100 * kMicrosPerUnit);
  const auto both =
      Values(Asking({"order_revenue"}, std::string(kYear) + " group_by: 'sector' group_by: 'order.channel'"));
  ASSERT_EQ(both.size(), 1 + 2 * 3);
  EXPECT_EQ(both[2].groups(0) + both[2].groups(1), "EdTechshop");
  EXPECT_EQ(MicrosOf(both[2]), 500 * kMicrosPerUnit);
  EXPECT_EQ(FaultOf(Asking({"mrr"}, "group_by: 'order.channel'")), "query.group_by DIMENSION_NOT_READ");
  EXPECT_EQ(FaultOf(Asking({"aov"}, "group_by: 'order.channel' group_by: 'ticket.topic'")),
            "query.group_by DIMENSIONS_SEVERAL");
}

TEST_F(Orders, NewRevenueIsGrowthLessThatOfExistingAccounts) {
  AddAccount("c");
  AddOrder("old", "a", "2023-05-01T10:00:00Z", 10'000);
  AddOrder("again", "a", "2024-05-01T10:00:00Z", 40'000);
  AddOrder("first", "b", "2024-02-01T10:00:00Z", 20'000);
  AddOrder("second", "b", "2024-08-01T10:00:00Z", 45'000);
  AddFact("back", "b", "2024-09-01T10:00:00Z", Money("refund", "5000", "EUR"));
  // Paid in March, and ordered before: it counts once, when it was paid.
  AddOrder("invoiced", "c", "2023-12-30T10:00:00Z", 700);
  const v1::IndicatorValue fresh = Reconciled("net_new_revenue");
  EXPECT_EQ(MicrosOf(fresh), 60'000 * kMicrosPerUnit);
  EXPECT_EQ(AmountOf(fresh, "revenue"), 100'000 * kMicrosPerUnit);
  EXPECT_EQ(AmountOf(fresh, "existing"), 40'000 * kMicrosPerUnit);
  AddFact("invoice", "c", "2024-01-02T10:00:00Z",
          "payment { " + AmountText(700) + " due_date " + DateText("2024-02-01") + " paid_date " +
              DateText("2024-03-01") + " }");
  AddFact("unpaid", "c", "2024-01-02T10:00:00Z",
          "payment { " + AmountText(900) + " due_date " + DateText("2024-02-01") + " }");
  EXPECT_EQ(MicrosOf(Reconciled("net_new_revenue")), 60'700 * kMicrosPerUnit);
  EXPECT_EQ(MicrosOf(ValueOf("clv_historic")), 110'700 * kMicrosPerUnit / 3);
  EXPECT_EQ(MicrosOf(ValueOf("net_new_revenue", "filter: 'country = FR'")), 0);
}

}  // namespace
}  // namespace folio::indicators
