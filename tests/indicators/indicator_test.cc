// Each indicator as a fold over accounts.
#include "server/indicators/indicator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/account/account_builder.h"
#include "tests/account/ravenstack.h"

namespace folio::indicators {
namespace {

using account::AccountBuilder;
using account::On;
using account::PointKind;

const Day kToday = On(2024, 12, 31);
constexpr Micros kUnit = kMicrosPerUnit;

const scoring::Model& Model() {
  static const auto* const model = new scoring::Model(scoring::Model::Compile(scoring::DefaultModel()).value());
  return *model;
}

Figure Fold(std::string_view id, const std::vector<AccountBuilder>& accounts) {
  const Indicator* indicator = FindIndicator(id);
  if (indicator == nullptr) {
    ADD_FAILURE() << "no indicator " << id;
    return {};
  }
  const std::unique_ptr<indicators::Fold> fold = indicator->begin();
  for (const AccountBuilder& account : accounts) {
    const account::View view = account.view();
    fold->Add({.view = view, .model = Model()});
  }
  return fold->Finish();
}

AccountBuilder Paying(Day since, int64_t units) {
  AccountBuilder account(kToday);
  return account.AddTerm({.start = since, .annual = units * kUnit});
}

TEST(Registry, HoldsEveryIndicatorOnceAndSorted) {
  std::vector<std::string_view> ids;
  for (const Indicator& indicator : AllIndicators()) {
    ids.push_back(indicator.id);
    EXPECT_EQ(FindIndicator(indicator.id), &indicator);
    EXPECT_NE(indicator.description, indicator.description_fr);
    EXPECT_FALSE(indicator.inputs.empty());
    EXPECT_NE(indicator.begin, nullptr);
  }
  EXPECT_THAT(ids,
              ::testing::ElementsAre("account_count", "arr", "arr_growth", "health", "mrr", "paying_account_count"));
  EXPECT_EQ(FindIndicator("ar"), nullptr);
}

TEST(Money, IsExact) {
  // A third of a cent, three times.
  AccountBuilder third(kToday);
  third.AddTerm({.start = kToday, .annual = 3'333});
  const Figure arr = Fold("arr", {third, third, third});
  EXPECT_EQ(arr.micros, 9'999);
  EXPECT_EQ(arr.account_count, 3);
  EXPECT_EQ(Fold("arr", {}).micros, 0);
  EXPECT_EQ(Fold("arr", {}).absence, v1::ABSENCE_UNSPECIFIED) << "a sum over nothing is 0";
}

TEST(Money, MrrIsTheTwelfthOfTheSum) {
  // 2,000 a year is 166.666667 a month, but six of them are 1,000 exactly.
  EXPECT_EQ(Fold("mrr", {Paying(kToday, 2'000)}).micros, 166'666'667);
  EXPECT_EQ(Fold("mrr", std::vector<AccountBuilder>(6, Paying(kToday, 2'000))).micros, 1'000 * kUnit);
}

TEST(Money, StaysAtTheLimitRatherThanTurningNegative) {
  EXPECT_EQ(Saturated(Int128{INT64_MAX} + 1), INT64_MAX);
  EXPECT_EQ(Saturated(-(Int128{INT64_MAX} + 1)), -INT64_MAX);
  EXPECT_EQ(Saturated(5), 5);
  EXPECT_EQ(Fold("arr", std::vector<AccountBuilder>(2000, Paying(kToday, 9'000'000'000))).micros, INT64_MAX);
}

TEST(Growth, ComparesSumsAndIsAbsentWithoutABase) {
  const Figure growth = Fold("arr_growth", {Paying(On(2022, 1, 1), 400), Paying(On(2024, 6, 1), 100)});
  EXPECT_EQ(growth.absence, v1::ABSENCE_UNSPECIFIED);
  EXPECT_DOUBLE_EQ(growth.number, 0.25);
  EXPECT_DOUBLE_EQ(growth.numerator, 100);
  EXPECT_DOUBLE_EQ(growth.denominator, 400);
  EXPECT_EQ(growth.account_count, 2);

  EXPECT_EQ(Fold("arr_growth", {}).absence, v1::ABSENCE_NO_DATA);
  EXPECT_EQ(Fold("arr_growth", {Paying(On(2024, 6, 1), 100)}).absence, v1::ABSENCE_TOO_YOUNG);
  AccountBuilder back(kToday);
  back.AddTerm({.start = On(2022, 1, 1), .end = On(2022, 2, 1), .annual = kUnit})
      .AddTerm({.start = kToday, .annual = 1});
  EXPECT_EQ(Fold("arr_growth", {back, Paying(On(2024, 6, 1), 100)}).absence, v1::ABSENCE_NO_DENOMINATOR);
}

TEST(Health, IsTheMeanOfAccountsThatHaveAScore) {
  AccountBuilder well(kToday);
  well.Add(PointKind::kCsat, kToday, 1);
  AccountBuilder ill(kToday);
  ill.Add(PointKind::kCsat, kToday, 0);
  const Figure health = Fold("health", {well, AccountBuilder(kToday), ill});
  EXPECT_DOUBLE_EQ(health.number, 50);
  EXPECT_EQ(health.account_count, 2);
  EXPECT_DOUBLE_EQ(health.numerator, 100);
  EXPECT_DOUBLE_EQ(health.denominator, 2);
  EXPECT_EQ(Fold("health", {AccountBuilder(kToday)}).absence, v1::ABSENCE_NO_DATA);
}

TEST(Counts, AccountsExistFromTheirFirstTrace) {
  AccountBuilder entered(kToday);
  entered.account().created = kToday;
  AccountBuilder later(kToday);
  later.account().created = kToday + 1;
  AccountBuilder known(kToday);
  known.account().created = kToday + 1;
  known.account().contract_start = On(2020, 1, 1);
  EXPECT_EQ(Fold("account_count", {entered, later, known, Paying(kToday, 0), Paying(kToday + 1, 1)}).number, 3);
  EXPECT_EQ(Fold("paying_account_count", {entered, Paying(kToday, 0), Paying(kToday, 1), Paying(kToday + 1, 1)}).number,
            1);
}

// From FACTS.md of the data set, at month ends.
struct PublishedMonth {
  Day day;
  int64_t paying;
  int64_t mrr;
};

TEST(RavenStackData, FiguresAreThePublishedOnes) {
  const account::RavenStack data;
  FOLIO_NEEDS_RAVENSTACK(data);
  for (const PublishedMonth& month :
       {PublishedMonth{On(2023, 1, 31), 2, 4'684}, PublishedMonth{On(2023, 12, 31), 185, 1'262'113},
        PublishedMonth{On(2024, 2, 29), 225, 1'873'778}, PublishedMonth{On(2024, 12, 31), 500, 10'159'608}}) {
    std::vector<std::unique_ptr<indicators::Fold>> folds;
    for (const char* id : {"mrr", "arr", "paying_account_count"}) folds.push_back(FindIndicator(id)->begin());
    for (const auto& [id, account] : data.accounts()) {
      const account::View view = account.ViewOn(month.day);
      for (const auto& fold : folds) fold->Add({.view = view, .model = Model()});
    }
    EXPECT_EQ(folds[0]->Finish().micros, month.mrr * kUnit);
    EXPECT_EQ(folds[1]->Finish().micros, month.mrr * 12 * kUnit);
    EXPECT_EQ(folds[2]->Finish().number, static_cast<double>(month.paying));
  }
}

}  // namespace
}  // namespace folio::indicators
