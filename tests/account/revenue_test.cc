#include "server/account/revenue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/account/account_builder.h"

namespace folio::account {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr Micros kUnit = kMicrosPerUnit;

Term Paid(Day start, Day end, int64_t units) { return {.start = start, .end = end, .annual = units * kUnit}; }

TEST(Revenue, SumsSubscriptionsActiveOnTheDayWithoutTrials) {
  // Three rows of one RavenStack account: one ended, one open, one on trial whose amount must not count.
  const AccountBuilder account = AccountBuilder(On(2024, 12, 31))
                                     .AddTerm(Paid(On(2023, 12, 23), On(2024, 4, 12), 14'364))
                                     .AddTerm(Paid(On(2024, 6, 11), kNoDay, 26'268))
                                     .AddTerm({.start = On(2024, 11, 25), .annual = 9'999 * kUnit, .trial = true});
  const View view = account.view();
  EXPECT_EQ(ArrOn(view, On(2023, 12, 22)), 0);
  EXPECT_EQ(ArrOn(view, On(2023, 12, 23)), 14'364 * kUnit) << "the first day counts";
  EXPECT_EQ(ArrOn(view, On(2024, 4, 11)), 14'364 * kUnit);
  EXPECT_EQ(ArrOn(view, On(2024, 4, 12)), 0) << "the day of the end does not count";
  EXPECT_EQ(ArrOn(view, view.today), 26'268 * kUnit);
}

TEST(Revenue, ASubscriptionThatEndsOnItsFirstDayNeverCounts) {
  const AccountBuilder account = AccountBuilder(On(2024, 5, 1)).AddTerm(Paid(On(2024, 3, 1), On(2024, 3, 1), 100));
  const View view = account.view();
  EXPECT_EQ(ArrOn(view, On(2024, 3, 1)), 0);
  EXPECT_FALSE(IsActiveOn(view, On(2024, 3, 1)));
}

TEST(Revenue, TheOwnAmountCountsFromTheContractAndOnlyWithoutSubscriptions) {
  AccountBuilder builder(On(2024, 12, 31));
  builder.account().direct_arr = 1'200 * kUnit;
  builder.account().created = On(2024, 12, 1);
  EXPECT_EQ(ArrOn(builder.view(), On(2024, 11, 30)), 0) << "not known before its creation";
  EXPECT_EQ(ArrOn(builder.view(), On(2024, 12, 1)), 1'200 * kUnit);

  builder.account().contract_start = On(2022, 1, 1);
  EXPECT_EQ(ArrOn(builder.view(), On(2021, 12, 31)), 0);
  EXPECT_EQ(ArrOn(builder.view(), On(2022, 1, 1)), 1'200 * kUnit);
  EXPECT_TRUE(IsActiveOn(builder.view(), On(2022, 1, 1)));

  builder.AddTerm(Paid(On(2024, 1, 1), On(2024, 2, 1), 10));
  EXPECT_EQ(ArrOn(builder.view(), On(2024, 12, 31)), 0) << "a subscription, even an ended one, takes over";
}

TEST(Revenue, ATrialIsActiveThoughItBringsNothing) {
  const AccountBuilder account = AccountBuilder(On(2024, 5, 1)).AddTerm({.start = On(2024, 4, 1), .trial = true});
  const View view = account.view();
  EXPECT_TRUE(IsActiveOn(view, view.today));
  EXPECT_EQ(ArrOn(view, view.today), 0);
}

TEST(Revenue, SeatsAreThoseOfActiveSubscriptionsElseTheAccountsOwn) {
  AccountBuilder builder(On(2024, 5, 1));
  EXPECT_EQ(SeatsOn(builder.view(), On(2024, 5, 1)), -1);
  builder.account().seats = 7;
  EXPECT_EQ(SeatsOn(builder.view(), On(2024, 5, 1)), 7);
  builder.AddTerm({.start = On(2024, 1, 1), .end = On(2024, 4, 1), .seats = 100});
  builder.AddTerm({.start = On(2024, 1, 1), .seats = 10});
  builder.AddTerm({.start = On(2024, 1, 1), .seats = 5});
  builder.AddTerm({.start = On(2024, 1, 1), .seats = 50, .trial = true});
  EXPECT_EQ(SeatsOn(builder.view(), On(2024, 5, 1)), 15);
  EXPECT_EQ(SeatsOn(builder.view(), On(2024, 3, 31)), 115);
  builder.AddTerm({.start = On(2024, 1, 1)});
  EXPECT_EQ(SeatsOn(builder.view(), On(2024, 5, 1)), 7) << "a sum with a gap would tell too few";
}

TEST(Revenue, TheNextRenewalIsTheNearestOfActiveSubscriptions) {
  AccountBuilder builder(On(2024, 5, 1));
  builder.account().renewal = On(2024, 5, 20);
  builder.account().auto_renew = 0;
  int8_t auto_renew = -1;
  EXPECT_EQ(NextRenewal(builder.view(), &auto_renew), On(2024, 5, 20));
  EXPECT_EQ(auto_renew, 0);

  builder.AddTerm({.start = On(2024, 1, 1), .renewal = On(2024, 9, 1), .auto_renew = 0});
  builder.AddTerm({.start = On(2024, 1, 1), .renewal = On(2024, 8, 1), .auto_renew = 1});
  builder.AddTerm({.start = On(2024, 1, 1), .renewal = On(2024, 4, 30)});
  builder.AddTerm({.start = On(2024, 1, 1), .end = On(2024, 4, 1), .renewal = On(2024, 6, 1)});
  EXPECT_EQ(NextRenewal(builder.view(), &auto_renew), On(2024, 8, 1)) << "past and ended ones do not count";
  EXPECT_EQ(auto_renew, 1);

  builder.AddTerm({.start = On(2024, 1, 1), .renewal = On(2024, 8, 1), .auto_renew = 0});
  NextRenewal(builder.view(), &auto_renew);
  EXPECT_EQ(auto_renew, 0) << "of two on one day, the one to look after";
}

TEST(Revenue, ARenewalTodayIsStillAhead) {
  AccountBuilder builder(On(2024, 5, 1));
  builder.account().renewal = On(2024, 5, 1);
  int8_t auto_renew = -1;
  EXPECT_EQ(NextRenewal(builder.view(), &auto_renew), On(2024, 5, 1));
  builder.account().today = On(2024, 5, 2);
  EXPECT_EQ(NextRenewal(builder.view(), &auto_renew), kNoDay);
}

TEST(Revenue, FirstRevenueIsTheEarliestPaidSubscription) {
  AccountBuilder builder(On(2024, 5, 1));
  builder.account().created = On(2024, 4, 1);
  EXPECT_EQ(FirstRevenueDay(builder.view()), On(2024, 4, 1));
  builder.account().contract_start = On(2024, 2, 1);
  EXPECT_EQ(FirstRevenueDay(builder.view()), On(2024, 2, 1));
  builder.AddTerm({.start = On(2023, 1, 1), .trial = true});
  EXPECT_EQ(FirstRevenueDay(builder.view()), On(2024, 2, 1));
  builder.AddTerm(Paid(On(2024, 3, 1), kNoDay, 1)).AddTerm(Paid(On(2024, 2, 20), kNoDay, 1));
  EXPECT_EQ(FirstRevenueDay(builder.view()), On(2024, 2, 20));
}

TEST(Growth, ComparesWithTheSameDayTwelveMonthsAgo) {
  const AccountBuilder account = AccountBuilder(On(2024, 12, 31))
                                     .AddTerm(Paid(On(2023, 1, 1), kNoDay, 800))
                                     .AddTerm(Paid(On(2024, 6, 1), kNoDay, 200));
  const View view = account.view();
  const Growth growth = GrowthOn(view, view.today);
  EXPECT_EQ(growth.absence, GrowthAbsence::kNone);
  EXPECT_DOUBLE_EQ(growth.value, 0.25);
  EXPECT_EQ(growth.arr_then, 800 * kUnit);
}

TEST(Growth, TwelveMonthsBeforeTheTwentyNinthOfFebruaryIsTheTwentyEighth) {
  const AccountBuilder account = AccountBuilder(On(2024, 2, 29))
                                     .AddTerm(Paid(On(2023, 2, 28), kNoDay, 100))
                                     .AddTerm(Paid(On(2023, 3, 1), kNoDay, 50));
  const View view = account.view();
  const Growth growth = GrowthOn(view, view.today);
  EXPECT_EQ(growth.absence, GrowthAbsence::kNone);
  EXPECT_DOUBLE_EQ(growth.value, 0.5);
}

TEST(Growth, IsAbsentForAYoungAccountAndWithoutABase) {
  const AccountBuilder young_account = AccountBuilder(On(2024, 12, 31)).AddTerm(Paid(On(2024, 1, 1), kNoDay, 100));
  const View young = young_account.view();
  EXPECT_EQ(GrowthOn(young, young.today).absence, GrowthAbsence::kTooYoung);

  AccountBuilder returned(On(2024, 12, 31));
  returned.AddTerm(Paid(On(2022, 1, 1), On(2023, 1, 1), 100)).AddTerm(Paid(On(2024, 6, 1), kNoDay, 100));
  EXPECT_EQ(GrowthOn(returned.view(), On(2024, 12, 31)).absence, GrowthAbsence::kNoDenominator);
  EXPECT_EQ(GrowthOn(returned.view(), On(2024, 12, 31)).arr_then, 0);
}

TEST(MonthlyArr, HasThirteenPointsAtMonthEndsAndToday) {
  const AccountBuilder account = AccountBuilder(On(2024, 2, 15))
                                     .AddTerm(Paid(On(2023, 2, 28), kNoDay, 1))
                                     .AddTerm(Paid(On(2024, 1, 31), kNoDay, 10))
                                     .AddTerm(Paid(On(2024, 2, 15), kNoDay, 100))
                                     .AddTerm(Paid(On(2024, 2, 16), kNoDay, 1000));
  const View view = account.view();
  const std::vector<Micros> amounts = MonthlyArr(view, view.today, 13);
  ASSERT_THAT(amounts, SizeIs(13));
  EXPECT_EQ(amounts[0], 1 * kUnit) << "28 February 2023, the last day of its month";
  EXPECT_EQ(amounts[10], 1 * kUnit);
  EXPECT_EQ(amounts[11], 11 * kUnit) << "31 January 2024";
  EXPECT_EQ(amounts[12], 111 * kUnit) << "the last month is read on the day itself";
  EXPECT_THAT(MonthlyArr(view, view.today, 1), ElementsAre(111 * kUnit));
  EXPECT_THAT(MonthlyArr(view, view.today, 0), SizeIs(0));
  EXPECT_THAT(std::vector<Micros>(amounts.begin(), amounts.begin() + 11), Each(1 * kUnit));
}

}  // namespace
}  // namespace folio::account
