#include "client/cli/value/decimal.h"

#include "client/cli/value/fault.h"
#include "gtest/gtest.h"

namespace folio::cli {
namespace {

std::string Parsed(const std::string& text, const DecimalStyle& style = {}) {
  const absl::StatusOr<Decimal> number = ParseDecimal(text, style);
  return number.ok() ? number->ToString(0) : FaultOf(number.status()).reason;
}

constexpr DecimalStyle kComma = {.mark = ',', .fallback = ','};
constexpr DecimalStyle kPoint = {.mark = '.', .fallback = '.'};
constexpr DecimalStyle kFrenchFile = {.mark = 0, .fallback = ','};

struct Case {
  const char* text;
  DecimalStyle style;
  const char* expected;
};

class DecimalTest : public ::testing::TestWithParam<Case> {};

TEST_P(DecimalTest, ReadsWhatPeopleWrite) {
  EXPECT_EQ(Parsed(GetParam().text, GetParam().style), GetParam().expected) << GetParam().text;
}

INSTANTIATE_TEST_SUITE_P(
    Numbers, DecimalTest,
    ::testing::Values(Case{"0", {}, "0"}, Case{"1234", {}, "1234"}, Case{"-7", {}, "-7"}, Case{"+7", {}, "7"},
                      Case{" 42 ", {}, "42"}, Case{"1234.5", {}, "1234.5"}, Case{".5", {}, "0.5"}, Case{"5.", {}, "5"},
                      Case{"1,5", {}, "1.5"}, Case{"12 000,50", {}, "12000.5"}, Case{"12\u00a0000,50", {}, "12000.5"},
                      Case{"12\u202f000", {}, "12000"}, Case{"1'000'000", {}, "1000000"},
                      Case{"1\u2019000", {}, "1000"}, Case{"1,234.56", {}, "1234.56"}, Case{"1.234,56", {}, "1234.56"},
                      Case{"1.234.567", {}, "1234567"}, Case{"1,234,567", {}, "1234567"}, Case{"\u22127,5", {}, "-7.5"},
                      Case{"007", {}, "7"},
                      // Both readings are possible: the file's own mark decides.
                      Case{"1,234", {}, "1234"}, Case{"1.234", {}, "1.234"}, Case{"1,234", kFrenchFile, "1.234"},
                      Case{"1.234", kFrenchFile, "1234"}, Case{"0,123", {}, "0.123"}, Case{"1234,567", {}, "1234.567"},
                      // A mark that is declared leaves no choice.
                      Case{"1,234", kComma, "1.234"}, Case{"1.234", kComma, "1234"},
                      Case{"1.23", kComma, "NUMBER_MALFORMED"}, Case{"1,234", kPoint, "1234"},
                      Case{"1,23", kPoint, "NUMBER_MALFORMED"}));

INSTANTIATE_TEST_SUITE_P(Faults, DecimalTest,
                         ::testing::Values(Case{"", {}, "NUMBER_MALFORMED"}, Case{"abc", {}, "NUMBER_MALFORMED"},
                                           Case{"12a", {}, "NUMBER_MALFORMED"}, Case{"1 2", {}, "NUMBER_MALFORMED"},
                                           Case{"1 23 456", {}, "NUMBER_MALFORMED"},
                                           Case{"1,23,456", {}, "NUMBER_MALFORMED"},
                                           Case{"--1", {}, "NUMBER_MALFORMED"}, Case{"1e3", {}, "NUMBER_MALFORMED"},
                                           Case{",", {}, "NUMBER_MALFORMED"},
                                           Case{"1 000.000,5", {}, "NUMBER_MALFORMED"},
                                           Case{"1234567890123456789", {}, "NUMBER_TOO_LARGE"},
                                           Case{"0.1234567891", {}, "NUMBER_TOO_FINE"}));

TEST(DecimalTest, RoundsToCents) {
  EXPECT_EQ(Decimal::FromNanos(12'333'333'333'333).RoundedToCents().ToString(2), "12333.33");
  EXPECT_EQ(Decimal::FromNanos(1'005'000'000).RoundedToCents().ToString(2), "1.01");
  EXPECT_EQ(Decimal::FromNanos(-1'005'000'000).RoundedToCents().ToString(2), "-1.01");
  EXPECT_EQ(Decimal::FromUnits(7).RoundedToCents(), Decimal::FromUnits(7));
}

TEST(DecimalTextTest, IsExact) {
  EXPECT_EQ(ParseDecimal("121915296")->ToString(2), "121915296.00");
  EXPECT_EQ(ParseDecimal("0.1")->ToString(2), "0.10");
  EXPECT_EQ(ParseDecimal("-0.000000001")->ToString(2), "-0.000000001");
  EXPECT_EQ(ParseDecimal("999999999999999999.999999999")->ToString(0), "999999999999999999.999999999");
}

TEST(DecimalMoneyTest, GoesThereAndBack) {
  for (const char* text : {"0", "12.5", "-12.5", "-0.25", "33432", "0.000001"}) {
    const Decimal number = *ParseDecimal(text);
    const google::type::Money money = number.ToMoney("EUR");
    EXPECT_EQ(Decimal::FromMoney(money), number) << text;
    EXPECT_LE(money.units() * static_cast<int64_t>(money.nanos()) < 0, 0) << "signs differ: " << text;
  }
}

TEST(MultiplyTest, IsExactOrRefuses) {
  const auto product = [](const char* a, const char* b) {
    const absl::StatusOr<Decimal> result = Multiply(*ParseDecimal(a), *ParseDecimal(b));
    return result.ok() ? result->ToString(0) : FaultOf(result.status()).reason;
  };
  EXPECT_EQ(product("74", "60"), "4440");
  EXPECT_EQ(product("1.5", "0.01"), "0.015");
  EXPECT_EQ(product("-3", "12"), "-36");
  EXPECT_EQ(product("-0.5", "-0.5"), "0.25");
  EXPECT_EQ(product("999999999999999999", "1"), "999999999999999999");
  EXPECT_EQ(product("999999999999999999", "10"), "NUMBER_TOO_LARGE");
  EXPECT_EQ(product("0.000000001", "0.5"), "NUMBER_TOO_FINE");
  EXPECT_EQ(product("0", "999999999999999999"), "0");
}

std::string Amount(const std::string& text, const std::string& currency, const DecimalStyle& style = {}) {
  const auto money = ParseMoney(text, currency, style);
  if (!money.ok()) return FaultOf(money.status()).reason;
  return Decimal::FromMoney(*money).ToString(2) + " " + money->currency_code();
}

TEST(MoneyTest, ReadsAmountsWithAndWithoutCurrency) {
  EXPECT_EQ(Amount("1200 EUR", "USD"), "1200.00 EUR");
  EXPECT_EQ(Amount("EUR 1200", "USD"), "1200.00 EUR");
  EXPECT_EQ(Amount("eur 1200", "USD"), "1200.00 EUR");
  EXPECT_EQ(Amount("1200", "USD"), "1200.00 USD");
  EXPECT_EQ(Amount("1\u202f200,50\u00a0€", "USD"), "1200.50 EUR");
  EXPECT_EQ(Amount("$1,200.50", "EUR"), "1200.50 USD");
  EXPECT_EQ(Amount("$1,200.50", "CAD"), "1200.50 CAD");
  EXPECT_EQ(Amount("£5", ""), "5.00 GBP");
  EXPECT_EQ(Amount("12 000,50", "EUR", kFrenchFile), "12000.50 EUR");
  EXPECT_EQ(Amount("1200", ""), "CURRENCY_MISSING");
  EXPECT_EQ(Amount("EUR", "USD"), "NUMBER_MALFORMED");
  EXPECT_EQ(Amount("12 euros", "EUR"), "NUMBER_MALFORMED");
}

}  // namespace
}  // namespace folio::cli
