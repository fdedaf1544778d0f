#include "server/base/exchange.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "server/base/currency.h"

namespace folio {
namespace {

TEST(ExchangeTest, ReadsRatesExactly) {
  EXPECT_EQ(ParseRate("1").value(), kRateOne);
  EXPECT_EQ(ParseRate("1.0837").value(), 1'083'700'000);
  EXPECT_EQ(ParseRate("0.000000001").value(), 1);
  EXPECT_EQ(ParseRate("999999999.999999999").value(), 999'999'999'999'999'999);
  for (const char* wrong :
       {"", "0", "0.0", "-1", "+1", "1e3", ".5", "1.", "1.2.3", "1,5", "1.0000000001", "1234567890"}) {
    EXPECT_FALSE(ParseRate(wrong).ok()) << wrong;
  }
}

TEST(ExchangeTest, RoundsHalfToEven) {
  const Rate half = kRateOne / 2;
  EXPECT_EQ(Exchange(5, half).value(), 2);
  EXPECT_EQ(Exchange(7, half).value(), 4);
  EXPECT_EQ(Exchange(-5, half).value(), -2);
  EXPECT_EQ(ExchangeBack(3, 2 * kRateOne).value(), 2);
  EXPECT_EQ(ExchangeBack(1, 2 * kRateOne).value(), 0);
  // 1 000 000 GBP at 1.1653 is 1 165 300.
  EXPECT_EQ(Exchange(1'000'000 * kMicrosPerUnit, ParseRate("1.1653").value()).value(), 1'165'300 * kMicrosPerUnit);
}

TEST(ExchangeTest, RefusesWhatIsTooLarge) {
  EXPECT_TRUE(Exchange(kMaxMicros, kRateOne).ok());
  EXPECT_TRUE(absl::IsOutOfRange(Exchange(kMaxMicros, kRateOne + 1).status()));
  EXPECT_TRUE(absl::IsOutOfRange(ExchangeBack(-kMaxMicros, kRateOne - 1).status()));
}

RC_GTEST_PROP(ExchangeTest, ThereAndBackIsOffByLessThanTheRateSays, ()) {
  const Micros amount = *rc::gen::inRange<Micros>(-1'000'000'000'000, 1'000'000'000'000);
  const Rate rate = *rc::gen::inRange<Rate>(kRateOne, 2'000 * kRateOne);
  RC_ASSERT(ExchangeBack(Exchange(amount, rate).value(), rate).value() == amount);
}

TEST(CurrencyTest, KnowsTheCodesOfIso4217) {
  for (const char* code : {"EUR", "USD", "GBP", "JPY", "AED", "ZWL", "XOF", "CHF"})
    EXPECT_TRUE(IsCurrency(code)) << code;
  for (const char* code : {"", "eur", "EU", "EURO", "XTS", "XAU", "ABC", "€"}) EXPECT_FALSE(IsCurrency(code)) << code;
}

}  // namespace
}  // namespace folio
