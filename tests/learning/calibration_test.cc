#include "server/learning/calibration.h"

#include <gtest/gtest.h>

#include <cmath>

#include "server/learning/roc.h"
#include "tests/learning/random_data.h"

namespace folio::learning {
namespace {

TEST(BrierTest, ByHand) {
  const std::vector<double> probabilities = {0.9, 0.4, 0.2, 0.1};
  const std::vector<uint8_t> outcomes = {1, 1, 0, 0};
  const auto brier = ComputeBrier(probabilities, outcomes);
  ASSERT_TRUE(brier);
  EXPECT_NEAR(brier->score, (0.01 + 0.36 + 0.04 + 0.01) / 4, 1e-15);
  EXPECT_NEAR(brier->reference, 0.25, 1e-15);
  EXPECT_NEAR(*brier->skill, 1 - 0.105 / 0.25, 1e-12);
  EXPECT_NEAR(*ComputeLogLoss(probabilities, outcomes),
              -(std::log(0.9) + std::log(0.4) + std::log(0.8) + std::log(0.9)) / 4, 1e-12);
}

TEST(BrierTest, Edges) {
  EXPECT_FALSE(ComputeBrier({}, {}));
  EXPECT_FALSE(ComputeLogLoss({}, {}));
  EXPECT_FALSE(ComputeBrier(std::vector<double>{0.2}, std::vector<uint8_t>{1})->skill);
  EXPECT_NEAR(*ComputeBrier(std::vector<double>{0.5, 0.5}, std::vector<uint8_t>{1, 0})->skill, 0, 1e-15);
  EXPECT_NEAR(*ComputeLogLoss(std::vector<double>{0}, std::vector<uint8_t>{1}), 34.54, 0.01);
}

TEST(CalibrationTest, BinsOfEqualCount) {
  std::vector<double> probabilities;
  std::vector<uint8_t> outcomes;
  for (int i = 99; i >= 0; --i) {
    probabilities.push_back(i / 100.0);
    outcomes.push_back(i % 10 < i / 10 ? 1 : 0);
  }
  const auto table = ComputeCalibration(probabilities, outcomes, 10);
  ASSERT_EQ(table.size(), 10u);
  for (int bin = 0; bin < 10; ++bin) {
    EXPECT_EQ(table[bin].count, 10);
    EXPECT_EQ(table[bin].events, bin);
    EXPECT_NEAR(table[bin].mean_predicted, bin / 10.0 + 0.045, 1e-12);
    EXPECT_DOUBLE_EQ(table[bin].observed_rate, bin / 10.0);
    EXPECT_TRUE(table[bin].observed_interval.Contains(table[bin].observed_rate));
  }
}

TEST(CalibrationTest, EqualProbabilitiesAreNeverParted) {
  const std::vector<double> probabilities = {0.1, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.9};
  const std::vector<uint8_t> outcomes = {0, 0, 1, 0, 0, 0, 0, 1};
  const auto table = ComputeCalibration(probabilities, outcomes, 4);
  ASSERT_EQ(table.size(), 2u);
  EXPECT_EQ(table[0].count, 7);
  EXPECT_EQ(table[1].count, 1);
  const auto one = ComputeCalibration(std::vector<double>(5, 0.3), std::vector<uint8_t>{1, 0, 0, 0, 1}, 3);
  ASSERT_EQ(one.size(), 1u);
  EXPECT_NEAR(one[0].mean_predicted, 0.3, 1e-15);
  EXPECT_TRUE(ComputeCalibration({}, {}, 10).empty());
}

TEST(CalibrationTest, MoreBinsThanRows) {
  const auto table = ComputeCalibration(std::vector<double>{0.1, 0.5, 0.7}, std::vector<uint8_t>{0, 1, 1}, 10);
  ASSERT_EQ(table.size(), 3u);
  for (const CalibrationBin& bin : table) EXPECT_EQ(bin.count, 1);
}

TEST(PlattTest, FindsTheCurve) {
  const std::vector<double> slopes = {-0.8};
  const Data data = LogisticData(11, 20'000, -1, slopes);
  const auto curve = FitPlatt(data.values, data.outcomes);
  ASSERT_TRUE(curve.ok()) << curve.status();
  EXPECT_NEAR(curve->intercept, -1, 0.06) << "seed 11";
  EXPECT_NEAR(curve->slope, -0.8, 0.06) << "seed 11";
}

TEST(PlattTest, ExistsWhereMaximumLikelihoodDoesNot) {
  const std::vector<double> scores = {1, 2, 3, 4};
  const auto separated = FitPlatt(scores, std::vector<uint8_t>{0, 0, 1, 1});
  ASSERT_TRUE(separated.ok()) << separated.status();
  EXPECT_GT(separated->Probability(4), 0.7);
  EXPECT_LT(separated->Probability(4), 1);
  const auto one_class = FitPlatt(scores, std::vector<uint8_t>{0, 0, 0, 0});
  ASSERT_TRUE(one_class.ok()) << one_class.status();
  EXPECT_NEAR(one_class->Probability(2), 1.0 / 6, 1e-5);
  const auto constant = FitPlatt(std::vector<double>(4, 7.0), std::vector<uint8_t>{0, 1, 0, 0});
  ASSERT_TRUE(constant.ok()) << constant.status();
  EXPECT_EQ(constant->slope, 0);
}

TEST(PlattTest, RefusesWhatDoesNotFit) {
  EXPECT_EQ(FitPlatt({}, {}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(FitPlatt(std::vector<double>{1}, std::vector<uint8_t>{1, 0}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(FitPlatt(std::vector<double>{1, NAN}, std::vector<uint8_t>{1, 0}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(PlattTest, NoProbabilityHasSeenItsOutcome) {
  const std::vector<double> slopes = {1.0};
  Data data = LogisticData(5, 200, 0, slopes);
  const auto folds = DealFolds(data.outcomes, {}, 5, 1);
  ASSERT_TRUE(folds.ok());
  const auto before = CrossFitProbabilities(data.values, data.outcomes, *folds);
  ASSERT_TRUE(before.ok());
  data.outcomes[17] = 1 - data.outcomes[17];
  const auto after = CrossFitProbabilities(data.values, data.outcomes, *folds);
  ASSERT_TRUE(after.ok());
  for (size_t row = 0; row < before->size(); ++row) {
    const bool same_fold = folds->of_row[row] == folds->of_row[17];
    EXPECT_EQ(same_fold, (*before)[row] == (*after)[row]) << row;
  }
}

TEST(PlattTest, TurnsScoresIntoCalibratedProbabilities) {
  // A health score of 0 to 100: high is good, so the slope comes out negative.
  const std::vector<double> slopes = {1.5};
  Data data = LogisticData(21, 4'000, -1, slopes);
  for (double& value : data.values) value = 60 - 12 * value;
  const auto folds = DealFolds(data.outcomes, {}, 10, 1);
  ASSERT_TRUE(folds.ok());
  const auto probabilities = CrossFitProbabilities(data.values, data.outcomes, *folds);
  ASSERT_TRUE(probabilities.ok());
  int outside = 0;
  for (const CalibrationBin& bin : ComputeCalibration(*probabilities, data.outcomes, 10)) {
    outside += bin.observed_interval.Contains(bin.mean_predicted) ? 0 : 1;
  }
  EXPECT_LE(outside, 2) << "seed 21";
  EXPECT_GT(*ComputeBrier(*probabilities, data.outcomes)->skill, 0.2);
}

}  // namespace
}  // namespace folio::learning
