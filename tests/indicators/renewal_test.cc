// What became of the contracts that were due.
#include <gtest/gtest.h>

#include "tests/indicators/indicator_fixture.h"

namespace folio::indicators {
namespace {

class Renewal : public IndicatorTest {
 protected:
  Renewal() {
    for (const char* id : {"a", "b", "c", "d", "e"}) AddAccount(id);
  }
  static std::string RenewsOn(const std::string& day) { return " renewal_date " + DateText(day); }
};

TEST_F(Renewal, CountsWhatWasDueAndDecided) {
  AddSubscription("kept", "a", "2023-03-01", "", 100, "auto_renew: true" + RenewsOn("2024-03-01"));
  AddSubscription("lost", "b", "2023-03-01", "2024-03-01", 40, RenewsOn("2024-03-01"));
  AddSubscription("old", "c", "2023-05-01", "2024-05-01", 50);
  AddSubscription("new", "c", "2024-04-01", "", 80);  // signed early: counts when the old one was due
  AddSubscription("undecided", "d", "2023-06-01", "", 10, RenewsOn("2024-06-01"));
  AddSubscription("later", "e", "2024-01-01", "", 10, RenewsOn("2025-01-01"));
  const v1::IndicatorValue rate = ValueOf("renewal_rate");
  EXPECT_EQ(rate.numerator(), 2);
  EXPECT_EQ(rate.denominator(), 3);
  EXPECT_EQ(NumberOf(rate, "pending"), 1);
  const v1::IndicatorValue value = ValueOf("renewal_rate_value");
  EXPECT_DOUBLE_EQ(value.number(), (100.0 + 50) / 190) << "at most what was due";
  const std::string april = "start_date { year: 2024 month: 4 day: 1 } end_date { year: 2024 month: 5 day: 1 }";
  EXPECT_EQ(ValueOf("renewal_rate", april).absence(), v1::ABSENCE_NO_DENOMINATOR);
}

TEST_F(Renewal, OneNewContractRenewsOneOldOne) {
  AddSubscription("1", "a", "2023-05-01", "2024-05-01", 50);
  AddSubscription("2", "a", "2023-05-01", "2024-05-01", 50);
  AddSubscription("3", "a", "2024-05-01", "", 70);
  EXPECT_DOUBLE_EQ(ValueOf("renewal_rate").number(), 0.5);
}

TEST_F(Renewal, OtherContractsOfTheAccountRenewNothing) {
  AddSubscription("1", "a", "2023-05-01", "2024-05-01", 50);
  AddSubscription("2", "a", "2023-11-01", "", 70);  // long before
  AddSubscription("3", "a", "2024-09-01", "", 70);  // after
  AddSubscription("4", "b", "2023-05-01", "2024-05-01", 50, "trial: true");
  const v1::IndicatorValue rate = ValueOf("renewal_rate");
  EXPECT_EQ(rate.numerator(), 0);
  EXPECT_EQ(rate.denominator(), 1);
}

}  // namespace
}  // namespace folio::indicators
