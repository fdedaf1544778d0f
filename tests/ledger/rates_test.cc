// What amounts were worth on a day.
#include "server/ledger/rates.h"

#include <gtest/gtest.h>

#include "google/protobuf/text_format.h"
#include "server/base/error.h"

namespace folio::ledger {
namespace {

const Currency kEuro = CurrencyOf("EUR");
const Currency kDollar = CurrencyOf("USD");
constexpr Micros kHundred = 100 * kMicrosPerUnit;

v1::ExchangeRate RateOf(const std::string& base, const std::string& quote, const std::string& day,
                        const std::string& decimal) {
  v1::ExchangeRate rate;
  rate.set_base_currency_code(base);
  rate.set_quote_currency_code(quote);
  *rate.mutable_date() = ToProtoDate(ParseDay(day).value());
  rate.set_rate(decimal);
  return rate;
}

Day On(const std::string& day) { return ParseDay(day).value(); }

TEST(Currency, IsItsCode) {
  EXPECT_EQ(CodeOf(kEuro), "EUR");
  EXPECT_EQ(CodeOf(CurrencyOf("")), "");
  EXPECT_NE(kEuro, kDollar);
}

TEST(Rates, HoldFromTheirDayOverAWeekend) {
  Rates rates(1);
  rates.Put(RateOf("USD", "EUR", "2024-03-01", "0.9"));
  rates.Put(RateOf("USD", "EUR", "2024-03-05", "0.8"));
  EXPECT_EQ(rates.Worth(kHundred, kDollar, kEuro, On("2024-03-01")).value(), 90 * kMicrosPerUnit);
  EXPECT_EQ(rates.Worth(kHundred, kDollar, kEuro, On("2024-03-04")).value(), 90 * kMicrosPerUnit);
  EXPECT_EQ(rates.Worth(kHundred, kDollar, kEuro, On("2024-03-05")).value(), 80 * kMicrosPerUnit);
  EXPECT_EQ(rates.Worth(kHundred, kDollar, kEuro, On("2024-03-12")).value(), 80 * kMicrosPerUnit);
  EXPECT_EQ(rates.Worth(kHundred, kEuro, kEuro, On("1999-01-01")).value(), kHundred);
}

TEST(Rates, AreReadBackwardsWhereThatIsNewer) {
  Rates rates(1);
  rates.Put(RateOf("USD", "EUR", "2024-03-01", "0.9"));
  rates.Put(RateOf("EUR", "USD", "2024-03-02", "1.25"));
  EXPECT_EQ(rates.Worth(kHundred, kDollar, kEuro, On("2024-03-01")).value(), 90 * kMicrosPerUnit);
  EXPECT_EQ(rates.Worth(kHundred, kDollar, kEuro, On("2024-03-02")).value(), 80 * kMicrosPerUnit);
}

TEST(Rates, ThatAreMissingAreNamed) {
  Rates rates(1);
  rates.Put(RateOf("USD", "EUR", "2024-03-05", "0.8"));
  for (const char* day : {"2024-03-04", "2024-03-13"}) {
    const absl::Status status = rates.Worth(kHundred, kDollar, kEuro, On(day)).status();
    EXPECT_EQ(error::ReasonOf(status), "RATE_MISSING");
    EXPECT_NE(error::Localize(status, error::Locale::kEnglish).find(std::string("from USD to EUR on ") + day),
              std::string::npos);
  }
}

TEST(Rates, ThatWerePublishedStayAsTheyAre) {
  Rates rates(1);
  rates.Put(RateOf("USD", "EUR", "2024-03-05", "0.8"));
  const Rates published(rates, 1);
  Rates next(rates, 2);
  next.Put(RateOf("USD", "EUR", "2024-03-05", "0.7"));
  EXPECT_EQ(next.Worth(kHundred, kDollar, kEuro, On("2024-03-05")).value(), 70 * kMicrosPerUnit);
  next.Drop(RateOf("USD", "EUR", "2024-03-05", "0.7"));
  EXPECT_FALSE(next.Worth(kHundred, kDollar, kEuro, On("2024-03-05")).ok());
  EXPECT_EQ(published.Worth(kHundred, kDollar, kEuro, On("2024-03-05")).value(), 80 * kMicrosPerUnit);
}

}  // namespace
}  // namespace folio::ledger
