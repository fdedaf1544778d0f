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

TEST_F(Renewal, OfADateThatIsMovedOnCountsWhenItWasDue) {
  AddSubscription("1", "a", "2023-03-01", "", 100, RenewsOn("2024-03-01"));
  AddSubscription("2", "b", "2023-03-01", "", 100, RenewsOn("2024-03-15"));
  const std::string march = Between("2024-03-01", "2024-04-01");
  EXPECT_EQ(NumberOf(ValueOf("renewal_rate", march), "pending"), 2);
  const int64_t then = workspace_->ledger().state()->revision;
  AddSubscription("1", "a", "2023-03-01", "", 80, RenewsOn("2025-03-01"));  // late, and for less
  const v1::IndicatorValue rate = ValueOf("renewal_rate", march);
  EXPECT_EQ(rate.numerator(), 1);
  EXPECT_EQ(rate.denominator(), 1);
  EXPECT_EQ(NumberOf(rate, "pending"), 1);
  EXPECT_DOUBLE_EQ(ValueOf("renewal_rate_value", march).number(), 0.8);
  AddSubscription("2", "b", "2023-03-01", "2024-03-15", 100, RenewsOn("2024-03-15"));  // lost
  EXPECT_DOUBLE_EQ(Reconciled("renewal_rate", march).number(), 0.5);
  Open();
  EXPECT_DOUBLE_EQ(Reconciled("renewal_rate", march).number(), 0.5);
  const v1::IndicatorValue past = ValueOf("renewal_rate", march + "as_of_revision: " + std::to_string(then));
  EXPECT_EQ(past.denominator(), 0);
  EXPECT_EQ(NumberOf(past, "pending"), 2) << "nobody knew then";
}

TEST_F(Renewal, ThatComesEarlyCountsWhenItWasDue) {
  AddSubscription("1", "a", "2023-03-01", "", 100, RenewsOn("2025-03-01"));
  AddSubscription("1", "a", "2023-03-01", "", 120, RenewsOn("2026-03-01"));
  const std::string quarter = Between("2025-01-01", "2025-04-01");
  MoveTo("2025-02-10T12:00:00Z");
  EXPECT_EQ(ValueOf("renewal_rate", quarter).denominator(), 0) << "the day has not come";
  MoveTo("2025-03-01T12:00:00Z");
  EXPECT_DOUBLE_EQ(ValueOf("renewal_rate", quarter).number(), 1);
  EXPECT_DOUBLE_EQ(ValueOf("renewal_rate_value", quarter).number(), 1) << "at most what was due";
  EXPECT_EQ(ValueOf("renewal_rate", Between("2025-02-01", "2025-03-01")).denominator(), 0);
}

TEST_F(Renewal, YearAfterYearKeepsEachDueDate) {
  MoveTo("2026-06-01T12:00:00Z");
  for (const char* year : {"2023", "2024", "2025", "2026"}) {
    AddSubscription("1", "a", "2022-03-01", "", 100, RenewsOn(std::string(year) + "-03-01"));
  }
  EXPECT_EQ(ValueOf("renewal_rate", Between("2023-01-01", "2026-01-01")).numerator(), 3);
  // Taken back as a mistake: due in 2024 again.
  AddSubscription("1", "a", "2022-03-01", "", 100, RenewsOn("2024-03-01"));
  const v1::IndicatorValue rate = ValueOf("renewal_rate", Between("2023-01-01", "2026-01-01"));
  EXPECT_EQ(rate.numerator(), 1);
  EXPECT_EQ(NumberOf(rate, "pending"), 1);
}

TEST_F(Renewal, OfADateThatIsPutOffIsStillToCome) {
  AddSubscription("1", "a", "2023-03-01", "", 100, RenewsOn("2024-03-01"));
  AddSubscription("1", "a", "2023-03-01", "", 100, RenewsOn("2024-03-28"));  // 27 days
  EXPECT_EQ(ValueOf("renewal_rate").denominator(), 0);
  EXPECT_EQ(NumberOf(ValueOf("renewal_rate"), "pending"), 1);
  AddSubscription("1", "a", "2023-03-01", "", 100, RenewsOn("2024-04-25"));  // 28 days
  EXPECT_EQ(ValueOf("renewal_rate").numerator(), 1);
  EXPECT_EQ(NumberOf(ValueOf("renewal_rate"), "pending"), 1) << "that of April";
}

TEST_F(Renewal, OfAnEndThatIsTakenAwayCounts) {
  AddSubscription("1", "a", "2023-03-01", "2024-03-01", 100);
  AddSubscription("1", "a", "2023-03-01", "", 100);
  EXPECT_DOUBLE_EQ(ValueOf("renewal_rate").number(), 1);
  AddSubscription("2", "b", "2023-03-01", "2024-03-01", 100, "trial: true");
  AddSubscription("2", "b", "2023-03-01", "", 100);
  EXPECT_EQ(ValueOf("renewal_rate").denominator(), 1) << "a trial is no contract";
}

}  // namespace
}  // namespace folio::indicators
