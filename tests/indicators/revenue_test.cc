// Recurring revenue: amounts, movements that lead from one to the other, churn and retention, growth.
#include "server/account/revenue.h"

#include <gtest/gtest.h>

#include "server/indicators/movements.h"
#include "tests/account/ravenstack.h"
#include "tests/indicators/indicator_fixture.h"

namespace folio::indicators {
namespace {

using ::testing::ElementsAre;

constexpr Micros kUnit = kMicrosPerUnit;

class Revenue : public IndicatorTest {
 protected:
  Revenue() {
    for (const char* id : {"a", "b", "c", "d"}) AddAccount(id, id < std::string("c") ? "FinTech" : "EdTech");
  }

  // Amounts of the steps of net_new_arr.
  static std::vector<Micros> StepsOf(const v1::IndicatorValue& value) {
    std::vector<Micros> steps;
    for (const char* part : {"opening", "new", "reactivation", "expansion", "contraction", "churn", "closing"}) {
      steps.push_back(AmountOf(value, part) / kUnit);
    }
    return steps;
  }
};

TEST_F(Revenue, MovementsAreGrossTwentyAndNetTenPercent) {
  // 100 at the start: −10 churn, −10 contraction, +10 expansion.
  AddSubscription("1", "a", "2023-01-01", "2024-03-01", 10);
  AddSubscription("2", "b", "2023-01-01", "2024-04-01", 50);
  AddSubscription("3", "b", "2024-04-01", "", 40);
  AddSubscription("4", "c", "2023-01-01", "", 40);
  AddSubscription("5", "c", "2024-05-01", "", 10);
  EXPECT_DOUBLE_EQ(ValueOf("churn_rate_mrr_gross").number(), 0.2);
  EXPECT_DOUBLE_EQ(ValueOf("churn_rate_mrr_net").number(), 0.1);
  EXPECT_DOUBLE_EQ(ValueOf("grr").number(), 0.8);
  EXPECT_DOUBLE_EQ(ValueOf("nrr").number(), 0.9);
  const v1::IndicatorValue churn = ValueOf("churn_rate");
  EXPECT_DOUBLE_EQ(churn.number(), 1.0 / 3);
  EXPECT_FALSE(churn.higher_is_better());
  EXPECT_THAT(StepsOf(ValueOf("net_new_arr")), ElementsAre(100, 0, 0, 10, -10, -10, 90));
}

TEST_F(Revenue, RetentionOfTenIsAHundredAndThreeAndEightyFivePercent) {
  // 10 + 1.8 − 0.6 − 0.9, in thousands.
  AddSubscription("1", "a", "2023-01-01", "", 5'000);
  AddSubscription("2", "a", "2024-02-01", "", 1'800);
  AddSubscription("3", "b", "2023-01-01", "2024-02-01", 4'100);
  AddSubscription("4", "b", "2024-02-01", "", 3'500);
  AddSubscription("5", "c", "2023-01-01", "2024-09-01", 900);
  EXPECT_DOUBLE_EQ(ValueOf("nrr").number(), 1.03);
  EXPECT_DOUBLE_EQ(ValueOf("grr").number(), 0.85);
}

TEST_F(Revenue, AnAccountWithAnotherSubscriptionContractsAndIsNotLost) {
  AddSubscription("1", "a", "2023-01-01", "2024-03-01", 10);
  AddSubscription("2", "a", "2023-01-01", "", 10);
  const v1::IndicatorValue churn = ValueOf("churn_rate");
  EXPECT_EQ(churn.number(), 0);
  EXPECT_EQ(churn.denominator(), 1);
  EXPECT_THAT(StepsOf(ValueOf("net_new_arr")), ElementsAre(20, 0, 0, 0, -10, 0, 10));
}

TEST_F(Revenue, WhoComesBackIsReactivatedAndNotNew) {
  AddSubscription("1", "a", "2023-01-01", "2023-06-01", 10);
  AddSubscription("2", "a", "2024-03-01", "", 30);
  AddSubscription("3", "b", "2024-03-01", "", 5);
  const v1::IndicatorValue moved = ValueOf("net_new_arr");
  EXPECT_THAT(StepsOf(moved), ElementsAre(0, 5, 30, 0, 0, 0, 35));
  EXPECT_EQ(NumberOf(moved, "new_customers"), 1);
  EXPECT_EQ(NumberOf(moved, "reactivated_customers"), 1);
  EXPECT_EQ(ValueOf("churn_rate").absence(), v1::ABSENCE_NO_DENOMINATOR);
  EXPECT_EQ(ValueOf("grr").absence(), v1::ABSENCE_NO_DENOMINATOR);
}

TEST_F(Revenue, MonthlyRevenueIsTheTwelfthOfTheSum) {
  AddSubscription("1", "a", "2024-01-01", "", 2'000);
  EXPECT_EQ(MicrosOf(ValueOf("mrr")), 166'666'667);
  EXPECT_EQ(MicrosOf(ValueOf("arr")), 2'000 * kUnit);
  for (int i = 2; i <= 6; ++i) AddSubscription(std::to_string(i), "b", "2024-01-01", "", 2'000);
  EXPECT_EQ(MicrosOf(ValueOf("mrr")), 1'000 * kUnit);
}

TEST_F(Revenue, TrialsBringNothingAndASumOverNothingIsNought) {
  EXPECT_EQ(MicrosOf(ValueOf("arr")), 0);
  EXPECT_EQ(ValueOf("arr").absence(), v1::ABSENCE_UNSPECIFIED);
  AddSubscription("1", "a", "2024-01-01", "", 2'000, "trial: true");
  EXPECT_EQ(MicrosOf(ValueOf("arr")), 0);
  EXPECT_EQ(ValueOf("paying_account_count").number(), 0);
  EXPECT_EQ(ValueOf("account_count").number(), 4);
}

TEST_F(Revenue, GrowthComparesSumsAndIsAbsentWithoutABase) {
  AddSubscription("1", "a", "2024-06-01", "", 100);
  EXPECT_EQ(ValueOf("arr_growth").absence(), v1::ABSENCE_TOO_YOUNG);
  EXPECT_EQ(MicrosOf(ValueOf("arr_growth_absolute")), 100 * kUnit) << "a difference needs no base";
  AddSubscription("2", "b", "2022-01-01", "", 400);
  const v1::IndicatorValue growth = ValueOf("arr_growth");
  EXPECT_DOUBLE_EQ(growth.number(), 0.25);
  EXPECT_EQ(growth.denominator(), 400);
  EXPECT_EQ(MicrosOf(ValueOf("arr_growth_absolute")), 100 * kUnit);
  EXPECT_EQ(ValueOf("arr_growth", "filter: 'country = FR'").absence(), v1::ABSENCE_NO_DATA);
  AddSubscription("3", "c", "2022-01-01", "2022-02-01", 10);
  AddSubscription("4", "c", "2024-01-01", "", 10);
  EXPECT_EQ(ValueOf("arr_growth", "filter: 'sector = EdTech'").absence(), v1::ABSENCE_NO_DENOMINATOR);
}

TEST_F(Revenue, ALateSubscriptionRestatesThePast) {
  EXPECT_EQ(MicrosOf(ValueOf("arr")), 0);
  AddSubscription("1", "a", "2024-01-01", "", 70);
  EXPECT_EQ(MicrosOf(ValueOf("arr")), 70 * kUnit);
  AddSubscription("1", "a", "2024-01-01", "2024-12-31", 70);
  EXPECT_EQ(MicrosOf(ValueOf("arr")), 0) << "it ended before the last day did";
}

TEST_F(Revenue, APartialPeriodIsReadUpToToday) {
  MoveTo("2025-01-10T12:00:00Z");
  AddSubscription("1", "a", "2025-01-10", "", 10);
  AddSubscription("2", "b", "2025-01-11", "", 100);
  const v1::IndicatorValue arr = ValueOf("arr", "grain: PERIOD_GRAIN_MONTH");
  EXPECT_EQ(MicrosOf(arr), 10 * kUnit);
  EXPECT_TRUE(arr.period().partial());
  EXPECT_DOUBLE_EQ(arr.period().elapsed_share(), 10.0 / 31);
}

// From FACTS.md of the data set: accounts compared on consecutive month ends.
TEST(RavenStackRevenue, WalksThroughThePublishedMonths) {
  const account::RavenStack data;
  FOLIO_NEEDS_RAVENSTACK(data);
  struct Month {
    int year, month;
    int64_t customers, mrr, fresh, expansion, contraction, churn;
  };
  for (const Month& month : {Month{2023, 1, 2, 4'684, 4'684, 0, 0, 0}, Month{2023, 2, 9, 15'763, 10'148, 931, 0, 0},
                             Month{2023, 11, 159, 1'014'948, 63'423, 149'386, 6'413, 12'736},
                             Month{2024, 9, 414, 6'035'345, 164'181, 785'230, 29'176, 5'771},
                             Month{2024, 12, 500, 10'159'608, 496'667, 1'365'101, 162'984, 0}}) {
    const Day start = DayOf({month.year, month.month, 1});
    const Period period{.start_day = start, .last_day = AddMonths(start, 1) - 1};
    Movements sum;
    for (const auto& [id, account] : data.accounts()) sum.Add(Movements::Read(account.ViewOn(period.last_day), period));
    EXPECT_EQ(sum.closing_customers, month.customers);
    EXPECT_EQ(sum.closing, month.mrr * 12 * kUnit);
    // The table calls every account without revenue before it new.
    EXPECT_EQ(sum.fresh + sum.reactivation, month.fresh * 12 * kUnit);
    EXPECT_EQ(sum.expansion, month.expansion * 12 * kUnit);
    EXPECT_EQ(sum.contraction, month.contraction * 12 * kUnit);
    EXPECT_EQ(sum.churn, month.churn * 12 * kUnit);
    EXPECT_EQ(sum.opening + sum.fresh + sum.reactivation + sum.expansion - sum.contraction - sum.churn, sum.closing);
  }
}

}  // namespace
}  // namespace folio::indicators
