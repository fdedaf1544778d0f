#include "server/scoring/score.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/account/account_builder.h"
#include "tests/scoring/models.h"

namespace folio::scoring {
namespace {

using account::AccountBuilder;
using account::On;
using account::PointKind;

constexpr Day kToday = 20'000;

// An account that was used `count` times, today.
AccountBuilder UsedTimes(double count) { return AccountBuilder(kToday).Add(PointKind::kUsage, kToday, count); }

Score ScoreOf(const std::string& model, const AccountBuilder& account,
              std::vector<Contribution>* contributions = nullptr) {
  return Compiled(model).Run(account.view(), contributions);
}

// A model of one dimension with one measure.
std::string Single(const std::string& measure) {
  return "dimensions { id: 'all' weight: 1 measures { weight: 1 " + measure + " } }";
}

TEST(Rounding, HalfUpThenBand) {
  EXPECT_EQ(RoundHalfUp(79.5), 80);
  EXPECT_EQ(BandOf(RoundHalfUp(79.5)), v1::HEALTH_BAND_GREEN);
  EXPECT_EQ(RoundHalfUp(79.49), 79);
  EXPECT_EQ(BandOf(79), v1::HEALTH_BAND_YELLOW);
  EXPECT_EQ(BandOf(50), v1::HEALTH_BAND_YELLOW);
  EXPECT_EQ(BandOf(RoundHalfUp(49.5)), v1::HEALTH_BAND_YELLOW);
  EXPECT_EQ(BandOf(49), v1::HEALTH_BAND_RED);
  EXPECT_EQ(RoundHalfUp(0), 0);
  EXPECT_EQ(RoundHalfUp(100), 100);
  EXPECT_EQ(RoundHalfUp(79.5 - 1e-12), 80) << "dust must not decide a band";
  EXPECT_EQ(RoundHalfUp(100 + 1e-10), 100);
}

TEST(Ramp, IsInProportionBetweenItsEnds) {
  const std::string model = Single("measure: 'usage_level' ramp { zero_at: 7 full_at: 30 }");
  EXPECT_EQ(ScoreOf(model, UsedTimes(18)).score, 48) << "(18 - 7) / (30 - 7), as others publish it";
  EXPECT_NEAR(ScoreOf(model, UsedTimes(18)).raw, 1100.0 / 23, 1e-9);
  EXPECT_EQ(ScoreOf(model, UsedTimes(7)).score, 0);
  EXPECT_EQ(ScoreOf(model, UsedTimes(1)).score, 0);
  EXPECT_EQ(ScoreOf(model, UsedTimes(30)).score, 100);
  EXPECT_EQ(ScoreOf(model, UsedTimes(300)).score, 100);
}

TEST(Ramp, IsInvertedWhereItsEndsAre) {
  const std::string model = Single("measure: 'usage_level' ramp { zero_at: 30 full_at: 7 }");
  EXPECT_EQ(ScoreOf(model, UsedTimes(30)).score, 0);
  EXPECT_EQ(ScoreOf(model, UsedTimes(7)).score, 100);
  EXPECT_EQ(ScoreOf(model, UsedTimes(18)).score, 52);
}

TEST(Tiers, GiveTheCreditOfTheLastStepReached) {
  const std::string model = Single(
      "measure: 'usage_level' tiers { below: 0.1 tiers { from: 5 credit: 0.5 } tiers { from: 10 credit: 0.4 } "
      "tiers { from: 20 credit: 1 } }");
  EXPECT_EQ(ScoreOf(model, UsedTimes(4)).score, 10);
  EXPECT_EQ(ScoreOf(model, UsedTimes(5)).score, 50);
  EXPECT_EQ(ScoreOf(model, UsedTimes(9)).score, 50);
  EXPECT_EQ(ScoreOf(model, UsedTimes(10)).score, 40);
  EXPECT_EQ(ScoreOf(model, UsedTimes(20)).score, 100);
}

// Full credit, half credit and none for an account that was used five times.
const char kFull[] = " measures { measure: 'usage_level' window_days: %d weight: 1 ramp { zero_at: 0 full_at: 1 } }";
const char kHalf[] = " measures { measure: 'usage_level' window_days: %d weight: 1 ramp { zero_at: 0 full_at: 10 } }";
const char kNone[] = " measures { measure: 'usage_level' window_days: %d weight: 1 ramp { zero_at: 10 full_at: 20 } }";

std::string Mixed(std::vector<const char*> parts) {
  std::string model = "dimensions { id: 'all' weight: 3";
  int window = 0;
  for (std::string part : parts) model += part.replace(part.find("%d"), 2, std::to_string(++window));
  return model + " }";
}

TEST(Score, IsTheMeanOfEquallyWeightedCredits) {
  EXPECT_NEAR(ScoreOf(Mixed({kFull, kFull, kNone}), UsedTimes(5)).raw, 66.67, 0.005) << "10, 10, 0 give 6.67 of 10";
  const Score score = ScoreOf(Mixed({kFull, kHalf, kHalf, kHalf}), UsedTimes(5));
  EXPECT_DOUBLE_EQ(score.raw, 62.5) << "(10 + 5 + 5 + 5) / 4 is 6.25 of 10";
  EXPECT_EQ(score.score, 63);
}

TEST(Score, IsGreenAtSeventyNineAndAHalf) {
  const std::string model =
      "dimensions { id: 'all' weight: 1"
      "  measures { measure: 'usage_level' weight: 0.795 ramp { zero_at: 0 full_at: 1 } }"
      "  measures { measure: 'active_days' weight: 0.205 ramp { zero_at: 1 full_at: 2 } } }";
  const Score score = ScoreOf(model, UsedTimes(5));
  EXPECT_NEAR(score.raw, 79.5, 1e-9);
  EXPECT_EQ(score.score, 80);
  EXPECT_EQ(score.band, v1::HEALTH_BAND_GREEN);
}

TEST(Score, WeightsAreRelativeWithinDimensionAndModel) {
  // The first dimension weighs 3 of 4, and its full measure 1 of 4 within it.
  const std::string model =
      "dimensions { id: 'a' weight: 30"
      "  measures { measure: 'usage_level' weight: 1 ramp { zero_at: 0 full_at: 1 } }"
      "  measures { measure: 'active_days' weight: 3 ramp { zero_at: 1 full_at: 2 } } }"
      "dimensions { id: 'b' weight: 10"
      "  measures { measure: 'days_since_last_usage' weight: 100 ramp { zero_at: 10 full_at: 0 } } }";
  std::vector<Contribution> parts;
  const Score score = ScoreOf(model, UsedTimes(5), &parts);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_DOUBLE_EQ(parts[0].weight, 0.1875);
  EXPECT_DOUBLE_EQ(parts[1].weight, 0.5625);
  EXPECT_DOUBLE_EQ(parts[2].weight, 0.25);
  EXPECT_DOUBLE_EQ(score.raw, 43.75);
  EXPECT_EQ(score.band, v1::HEALTH_BAND_RED);
  EXPECT_EQ(parts[2].dimension, 1);
  EXPECT_EQ(parts[2].measure, 0);
  EXPECT_EQ(parts[1].value, 1);
  EXPECT_EQ(parts[1].window_days, 30) << "the measure's own default";
  EXPECT_EQ(parts[0].fact_count, 1);
}

std::string WithNpsMissing(const std::string& policy) {
  return "dimensions { id: 'a' weight: 1 measures { measure: 'usage_level' weight: 1 ramp { zero_at: 0 full_at: 10 } } "
         "}"
         "dimensions { id: 'b' weight: 3 measures { measure: 'nps_last' weight: 1 ramp { zero_at: 0 full_at: 10 } " +
         policy + " } }";
}

TEST(Missing, WeightGoesToTheOthersByDefault) {
  for (const char* policy : {"", "missing: MISSING_POLICY_IGNORE"}) {
    std::vector<Contribution> parts;
    const Score score = ScoreOf(WithNpsMissing(policy), UsedTimes(8), &parts);
    EXPECT_DOUBLE_EQ(score.raw, 80);
    EXPECT_DOUBLE_EQ(score.coverage, 0.25);
    EXPECT_DOUBLE_EQ(parts[0].weight, 1);
    EXPECT_TRUE(parts[1].missing);
    EXPECT_EQ(parts[1].absence, v1::ABSENCE_NO_DATA);
    EXPECT_EQ(parts[1].weight, 0);
    EXPECT_EQ(parts[1].points, 0);
  }
}

TEST(Missing, NeutralCountsHalfAndWorstNothing) {
  std::vector<Contribution> parts;
  const Score neutral = ScoreOf(WithNpsMissing("missing: MISSING_POLICY_NEUTRAL"), UsedTimes(8), &parts);
  EXPECT_DOUBLE_EQ(neutral.raw, 0.25 * 80 + 0.75 * 50);
  EXPECT_DOUBLE_EQ(neutral.coverage, 0.25) << "a stand-in is no data";
  EXPECT_DOUBLE_EQ(parts[1].credit, 0.5);
  EXPECT_TRUE(parts[1].missing);

  const Score worst = ScoreOf(WithNpsMissing("missing: MISSING_POLICY_WORST"), UsedTimes(8));
  EXPECT_DOUBLE_EQ(worst.raw, 20);
  EXPECT_DOUBLE_EQ(worst.coverage, 0.25);
}

TEST(Missing, WithoutAnyDataThereIsNoScoreWhateverThePolicy) {
  for (const char* policy : {"", "missing: MISSING_POLICY_NEUTRAL", "missing: MISSING_POLICY_WORST"}) {
    std::vector<Contribution> parts;
    const Score score = ScoreOf(WithNpsMissing(policy), AccountBuilder(kToday), &parts);
    EXPECT_TRUE(score.absent);
    EXPECT_EQ(score.raw, 0);
    EXPECT_EQ(score.coverage, 0);
    EXPECT_EQ(score.band, v1::HEALTH_BAND_UNSPECIFIED);
    ASSERT_EQ(parts.size(), 2u) << "it still says what is missing";
    EXPECT_EQ(parts[0].points, 0);
  }
}

TEST(Score, FactsAfterTodayDoNotCount) {
  AccountBuilder account = UsedTimes(8);
  const double before = ScoreOf(WithNpsMissing(""), account).raw;
  account.Add(PointKind::kNps, kToday + 1, 0).Add(PointKind::kUsage, kToday + 1, 100);
  EXPECT_EQ(ScoreOf(WithNpsMissing(""), account).raw, before);
}

TEST(DefaultModel, ParsesAndCompiles) {
  const v1::HealthModel& proto = DefaultModel();
  EXPECT_EQ(proto.name(), "healthModels/default");
  EXPECT_THAT(proto.description(), ::testing::HasSubstr("weights are ours"));
  ASSERT_EQ(proto.dimensions_size(), 4);
  EXPECT_EQ(proto.dimensions(0).id(), "usage");
  EXPECT_EQ(proto.dimensions(1).id(), "engagement");
  EXPECT_EQ(proto.dimensions(2).id(), "satisfaction");
  EXPECT_EQ(proto.dimensions(3).id(), "history");
  for (const v1::HealthDimension& dimension : proto.dimensions()) {
    for (const v1::HealthMeasure& measure : dimension.measures()) {
      EXPECT_NE(measure.reason(), "") << measure.measure();
    }
  }
  const absl::StatusOr<Model> model = Model::Compile(proto);
  ASSERT_TRUE(model.ok()) << model.status();
}

TEST(DefaultModel, TellsAThrivingAccountFromOneThatFadesAndOneThatIsGone) {
  const Model model = Model::Compile(DefaultModel()).value();
  AccountBuilder thriving(kToday);
  for (int feature = 1; feature <= 5; ++feature) {
    thriving.AddEach(PointKind::kUsage, kToday - 100, kToday, 4, feature);
  }
  thriving.Add(PointKind::kTicketOpened, kToday - 20, 1, v1::TICKET_PRIORITY_URGENT)
      .Add(PointKind::kTicketClosed, kToday - 19, 7200, v1::TICKET_PRIORITY_URGENT)
      .Add(PointKind::kFirstResponse, kToday - 20, 3600)
      .Add(PointKind::kCsat, kToday - 19, 1);
  EXPECT_EQ(model.Run(thriving.view(), nullptr).band, v1::HEALTH_BAND_GREEN);

  AccountBuilder fading(kToday);
  fading.AddEach(PointKind::kUsage, kToday - 100, kToday - 30, 4, 1).Add(PointKind::kUsage, kToday - 14, 90, 1);
  fading.Add(PointKind::kTicketOpened, kToday - 20, 1, v1::TICKET_PRIORITY_URGENT);
  EXPECT_EQ(model.Run(fading.view(), nullptr).band, v1::HEALTH_BAND_YELLOW);

  AccountBuilder gone(kToday);
  gone.AddEach(PointKind::kUsage, kToday - 200, kToday - 45, 4, 1)
      .AddEach(PointKind::kTicketOpened, kToday - 60, kToday - 58, 1, v1::TICKET_PRIORITY_URGENT)
      .Add(PointKind::kCsat, kToday - 50, 0);
  EXPECT_EQ(model.Run(gone.view(), nullptr).band, v1::HEALTH_BAND_RED);
}

}  // namespace
}  // namespace folio::scoring
