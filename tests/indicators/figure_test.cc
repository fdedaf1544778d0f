// Golden figures of the estimates that indicators are made of.
#include "server/indicators/figure.h"

#include <gtest/gtest.h>

#include "server/indicators/nps.h"

namespace folio::indicators {
namespace {

Promotion Answers(int64_t promoters, int64_t passives, int64_t detractors) {
  return {.promoters = promoters, .passives = passives, .detractors = detractors};
}

TEST(NetPromoterScore, IsThirtyOfFiftyThirtyTwenty) {
  const Figure nps = NetPromoterScore(Answers(50, 30, 20));
  EXPECT_DOUBLE_EQ(nps.number, 30);
  EXPECT_NEAR(nps.interval->low, 14.1, 0.05);
  EXPECT_NEAR(nps.interval->high, 44.2, 0.05);
  EXPECT_EQ(nps.sample_size, 100);
  EXPECT_EQ(nps.numerator, 30);
  EXPECT_EQ(nps.denominator, 100);
}

TEST(NetPromoterScore, OfPromotersAloneIsAHundredAndItsIntervalStopsThere) {
  const Figure nps = NetPromoterScore(Answers(10, 0, 0));
  EXPECT_EQ(nps.number, 100);
  EXPECT_EQ(nps.interval->high, 100);
  EXPECT_LT(nps.interval->low, 100);
  EXPECT_EQ(NetPromoterScore(Answers(0, 0, 10)).interval->low, -100);
}

TEST(NetPromoterScore, OfNobodyIsAbsent) {
  EXPECT_EQ(NetPromoterScore({}).absence, v1::ABSENCE_NO_DATA);
  EXPECT_FALSE(NetPromoterScore({}).interval.has_value());
}

TEST(NetPromoterScore, SortsAnswersIntoClasses) {
  Promotion promotion;
  for (int score = 0; score <= 10; ++score) promotion.Add(score * 1'000'000);
  EXPECT_EQ(promotion.promoters, 2);
  EXPECT_EQ(promotion.passives, 2);
  EXPECT_EQ(promotion.detractors, 7);
}

TEST(Share, HasWilsonsInterval) {
  const Figure share = ShareOf(45, 50, v1::ABSENCE_NO_DATA);
  EXPECT_DOUBLE_EQ(share.number, 0.9);
  EXPECT_NEAR(share.interval->low, 0.786, 0.0005);
  EXPECT_NEAR(share.interval->high, 0.957, 0.0005);
  EXPECT_EQ(ShareOf(0, 0, v1::ABSENCE_NO_DENOMINATOR).absence, v1::ABSENCE_NO_DENOMINATOR);
  EXPECT_GT(ShareOf(0, 5, v1::ABSENCE_NO_DATA).interval->high, 0) << "none of five is no certainty";
}

TEST(Mean, HasStudentsInterval) {
  Tally tally;
  for (const int value : {2, 4, 4, 4, 5, 5, 7, 9}) tally.Add(value * 1'000'000);
  const Figure mean = MeanOf(tally);
  EXPECT_DOUBLE_EQ(mean.number, 5);
  // Standard deviation 2.13809, t(7) at 97.5 % 2.364624: 5 ± 1.787489.
  EXPECT_NEAR(mean.interval->low, 5 - 1.787489, 1e-5);
  EXPECT_NEAR(mean.interval->high, 5 + 1.787489, 1e-5);
  EXPECT_EQ(MeanOf({}).absence, v1::ABSENCE_NO_DATA);
  Tally one;
  one.Add(3'000'000);
  EXPECT_EQ(MeanOf(one).number, 3);
  EXPECT_FALSE(MeanOf(one).interval.has_value()) << "one value tells nothing of its spread";
}

TEST(Quantile, LiesBetweenValuesWhereItFallsBetween) {
  const std::vector<int64_t> values = {1'000'000, 2'000'000, 3'000'000, 4'000'000};
  EXPECT_DOUBLE_EQ(QuantileOf(values, 0.5).number, 2.5);
  EXPECT_DOUBLE_EQ(QuantileOf(values, 0.9).number, 3.7);
  EXPECT_DOUBLE_EQ(QuantileOf(std::vector<int64_t>{5'000'000}, 0.9).number, 5);
  EXPECT_FALSE(QuantileOf(values, 0.5).interval.has_value()) << "too few to say";
  EXPECT_EQ(QuantileOf({}, 0.5).absence, v1::ABSENCE_NO_DATA);
}

TEST(Money, StaysAtTheLimitRatherThanTurningNegative) {
  EXPECT_EQ(PartMoney(Int128{INT64_MAX} + 1).micros, INT64_MAX);
  EXPECT_EQ(PartMoney(-(Int128{INT64_MAX} + 1)).micros, -INT64_MAX);
}

}  // namespace
}  // namespace folio::indicators
