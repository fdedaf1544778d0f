// Kernels, combinations and policies beyond the mean of ramps: the published models of others, and ours.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/account/account_builder.h"
#include "tests/scoring/models.h"

namespace folio::scoring {
namespace {

using account::AccountBuilder;
using account::CustomKind;
using account::CustomValue;
using account::PointKind;
using account::View;

constexpr Day kToday = 20'000;

AccountBuilder UsedTimes(double count) { return AccountBuilder(kToday).Add(PointKind::kUsage, kToday, count); }

// A measure of `usage_level` over its own window, so that several stand side by side.
std::string Used(int window, const std::string& rest) {
  return " measures { measure: 'usage_level' window_days: " + std::to_string(window) + " " + rest + " }";
}

std::string Dimension(const std::string& combination, const std::string& measures) {
  return "dimensions { id: 'all' weight: 2 combination: HEALTH_COMBINATION_" + combination + " " + measures + " }";
}

double SumOf(const std::vector<Contribution>& parts) {
  double sum = 0;
  for (const Contribution& part : parts) sum += part.points;
  return sum;
}

TEST(ThreeState, IsGoodMiddlingOrBad) {
  const Model up = Compiled(Dimension("MEAN", Used(1, "weight: 1 three_state { good_from: 10 bad_from: 3 }")));
  EXPECT_EQ(up.Run(UsedTimes(10).view(), nullptr).score, 100);
  EXPECT_EQ(up.Run(UsedTimes(9.9).view(), nullptr).score, 50);
  EXPECT_EQ(up.Run(UsedTimes(3).view(), nullptr).score, 0);
  const Model down = Compiled(Dimension("MEAN", Used(1, "weight: 1 three_state { good_from: 3 bad_from: 10 }")));
  EXPECT_EQ(down.Run(UsedTimes(3).view(), nullptr).score, 100);
  EXPECT_EQ(down.Run(UsedTimes(4).view(), nullptr).score, 50);
  EXPECT_EQ(down.Run(UsedTimes(10).view(), nullptr).score, 0);
}

TEST(ThreeState, MeansOfStatesAreThoseThatOthersPublish) {
  // Good, good, bad: 10, 10, 0 give 6.67 of 10.
  const std::string good = "weight: 1 three_state { good_from: 5 bad_from: 0 }";
  const std::string middling = "weight: 1 three_state { good_from: 9 bad_from: 1 }";
  const std::string bad = "weight: 1 three_state { good_from: 20 bad_from: 10 }";
  const Model first = Compiled(Dimension("MEAN", Used(1, good) + Used(2, good) + Used(3, bad)));
  EXPECT_NEAR(first.Run(UsedTimes(5).view(), nullptr).raw / 10, 6.67, 0.005);
  // Good and three times middling: (10 + 5 + 5 + 5) / 4 = 6.25 of 10, which is shown as 6.
  const Model second =
      Compiled(Dimension("MEAN", Used(1, good) + Used(2, middling) + Used(3, middling) + Used(4, middling)));
  const double mean = second.Run(UsedTimes(5).view(), nullptr).raw / 10;
  EXPECT_DOUBLE_EQ(mean, 6.25);
  EXPECT_EQ(std::lround(mean), 6);
}

TEST(Additive, BeginsWithItsBaseAndTakesAway) {
  const Model model =
      Compiled(Dimension("ADDITIVE", "base: 0.5" + Used(1, "weight: 0.3 ramp { zero_at: 0 full_at: 10 }") +
                                         Used(2, "weight: -0.2 ramp { zero_at: 0 full_at: 5 }")));
  std::vector<Contribution> parts;
  const Score score = model.Run(UsedTimes(5).view(), &parts);
  EXPECT_NEAR(score.raw, 100 * (0.5 + 0.3 * 0.5 - 0.2), 1e-9);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[0].share, Share::kBase);
  EXPECT_DOUBLE_EQ(parts[0].points, 50);
  EXPECT_DOUBLE_EQ(parts[1].points, 15);
  EXPECT_DOUBLE_EQ(parts[2].points, -20);
  EXPECT_DOUBLE_EQ(parts[2].weight, -0.2);
}

TEST(Additive, WhatTheLimitsTakeIsAContributionOfItsOwn) {
  const std::string up = Used(1, "weight: 0.9 ramp { zero_at: 0 full_at: 1 }");
  std::vector<Contribution> parts;
  Score score = Compiled(Dimension("ADDITIVE", "base: 0.5" + up)).Run(UsedTimes(5).view(), &parts);
  EXPECT_NEAR(score.raw, 100, 1e-9);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[2].share, Share::kClamp);
  EXPECT_NEAR(parts[2].points, -40, 1e-9);
  EXPECT_NEAR(SumOf(parts), score.raw, 1e-9);

  const std::string down = Used(1, "weight: -0.9 ramp { zero_at: 0 full_at: 1 }");
  score = Compiled(Dimension("ADDITIVE", "base: 0.5" + down)).Run(UsedTimes(5).view(), &parts);
  EXPECT_NEAR(score.raw, 0, 1e-9);
  EXPECT_NEAR(parts[2].points, 40, 1e-9);
  EXPECT_EQ(score.band, v1::HEALTH_BAND_RED) << "a score of 0 is a score";
}

TEST(Additive, WhatIsMissingAddsNothingAndKeepsTheDimensionsWeight) {
  const std::string nps = " measures { measure: 'nps_last' weight: 0.4 ramp { zero_at: 0 full_at: 10 } }";
  const Model model =
      Compiled(Dimension("ADDITIVE", "base: 0.2" + Used(1, "weight: 0.6 ramp { zero_at: 0 full_at: 10 }") + nps));
  const Score score = model.Run(UsedTimes(5).view(), nullptr);
  EXPECT_NEAR(score.raw, 50, 1e-9);
  EXPECT_NEAR(score.coverage, 0.6, 1e-9);
  EXPECT_TRUE(model.Run(AccountBuilder(kToday).view(), nullptr).absent) << "a base alone is no data";
}

TEST(WorstOf, IsAsBadAsItsWorstMeasure) {
  const Model model = Compiled(Dimension("WORST_OF", Used(1, "weight: 1 ramp { zero_at: 0 full_at: 10 }") +
                                                         Used(2, "weight: 5 ramp { zero_at: 0 full_at: 20 }") +
                                                         Used(3, "weight: 1 ramp { zero_at: 0 full_at: 5 }")));
  std::vector<Contribution> parts;
  const Score score = model.Run(UsedTimes(5).view(), &parts);
  EXPECT_DOUBLE_EQ(score.raw, 25);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_DOUBLE_EQ(parts[0].credit, 0.5);
  EXPECT_EQ(parts[0].points, 0);
  EXPECT_EQ(parts[0].weight, 0);
  EXPECT_DOUBLE_EQ(parts[1].weight, 1);
  EXPECT_DOUBLE_EQ(parts[1].points, 25);
}

std::string Carried(const std::string& days) {
  return "dimensions { id: 'all' weight: 1"
         " measures { measure: 'usage_level' weight: 1 ramp { zero_at: 0 full_at: 10 } }"
         " measures { measure: 'csat_mean' window_days: 10 weight: 1 ramp { zero_at: 0 full_at: 100 }"
         " missing: MISSING_POLICY_CARRY carry_days: " +
         days + " } }";
}

TEST(Carry, TheLastFigureStandsInForItsDays) {
  // The answer of 30 days ago was last in the window of 10 days on the day 21 days ago.
  AccountBuilder account = UsedTimes(10).Add(PointKind::kCsat, kToday - 30, 0.5);
  std::vector<Contribution> parts;
  Score score = Compiled(Carried("21")).Run(account.view(), &parts);
  EXPECT_DOUBLE_EQ(score.raw, 75);
  EXPECT_DOUBLE_EQ(score.coverage, 1) << "it is data, if old";
  EXPECT_EQ(parts[1].carried_days, 21);
  EXPECT_EQ(parts[1].value, 50);
  EXPECT_EQ(parts[1].fact_count, 1);
  score = Compiled(Carried("20")).Run(account.view(), &parts);
  EXPECT_DOUBLE_EQ(score.raw, 100) << "too old: as if ignored";
  EXPECT_DOUBLE_EQ(score.coverage, 0.5);
  EXPECT_TRUE(parts[1].missing);
}

class Custom : public ::testing::Test {
 protected:
  Custom() {
    Define("visits", v1::CUSTOM_FIELD_TYPE_NUMBER);
    Define("since", v1::CUSTOM_FIELD_TYPE_DATE);
    Define("pilot", v1::CUSTOM_FIELD_TYPE_FLAG);
    Define("plan", v1::CUSTOM_FIELD_TYPE_CHOICE);
  }

  void Define(const std::string& id, v1::CustomFieldType type) {
    v1::CustomField field;
    field.set_collection("accounts");
    field.set_type(type);
    if (type == v1::CUSTOM_FIELD_TYPE_CHOICE) {
      for (const char* choice : {"basic", "pro", "gold"}) field.add_choices(choice);
    }
    fields_.Define(id, field);
  }

  // The raw score of an account with these values, by one measure.
  Score ScoreOf(const std::string& measure, const std::string& account_text) {
    v1::Account account;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(account_text, &account));
    const std::vector<CustomValue> values = account::CustomValuesOf(account, fields_);
    View view{.today = kToday};
    view.custom = values;
    const auto model = Model::Compile(
        ParseModel("dimensions { id: 'own' weight: 1 measures { weight: 1 " + measure + " } }"), &fields_);
    EXPECT_TRUE(model.ok()) << model.status();
    return model->Run(view, nullptr);
  }

  account::CustomFields fields_;
};

TEST_F(Custom, NumbersAndFlagsAreReadAsTheyAre) {
  const char kRamp[] = "measure: 'custom.visits' ramp { zero_at: 0 full_at: 8 }";
  EXPECT_DOUBLE_EQ(ScoreOf(kRamp, "custom_fields { key: 'visits' value { number: 2 } }").raw, 25);
  EXPECT_TRUE(ScoreOf(kRamp, "custom_fields { key: 'pilot' value { flag: true } }").absent);
  const char kFlag[] = "measure: 'custom.pilot' ramp { zero_at: 1 full_at: 0 }";
  EXPECT_EQ(ScoreOf(kFlag, "custom_fields { key: 'pilot' value { flag: true } }").score, 0);
  EXPECT_EQ(ScoreOf(kFlag, "custom_fields { key: 'pilot' value { flag: false } }").score, 100);
}

TEST_F(Custom, DatesAreDaysSinceThen) {
  // Day 20000 is 2024-10-04.
  const char kRamp[] = "measure: 'custom.since' ramp { zero_at: -10 full_at: 10 }";
  EXPECT_DOUBLE_EQ(ScoreOf(kRamp, "custom_fields { key: 'since' value { date { year: 2024 month: 9 day: 29 } } }").raw,
                   75);
  EXPECT_DOUBLE_EQ(ScoreOf(kRamp, "custom_fields { key: 'since' value { date { year: 2024 month: 10 day: 9 } } }").raw,
                   25);
}

TEST_F(Custom, ChoicesHaveTheirCredits) {
  const char kPlan[] =
      "measure: 'custom.plan' choices { choices { choice: 'pro' credit: 1 } choices { choice: 'gold' credit: 0.8 } "
      "other: 0.3 }";
  EXPECT_DOUBLE_EQ(ScoreOf(kPlan, "custom_fields { key: 'plan' value { choice: 'pro' } }").raw, 100);
  EXPECT_DOUBLE_EQ(ScoreOf(kPlan, "custom_fields { key: 'plan' value { choice: 'gold' } }").raw, 80);
  EXPECT_DOUBLE_EQ(ScoreOf(kPlan, "custom_fields { key: 'plan' value { choice: 'basic' } }").raw, 30);
}

TEST_F(Custom, AFieldThatIsGoneIsMissing) {
  const v1::HealthModel proto = ParseModel(
      "dimensions { id: 'own' weight: 1 measures { weight: 1 measure: 'custom.gone' ramp { zero_at: 0 full_at: 1 } } "
      "}");
  const View view{.today = kToday};
  EXPECT_TRUE(Model::Restore(proto, &fields_).Run(view, nullptr).absent);
}

}  // namespace
}  // namespace folio::scoring
