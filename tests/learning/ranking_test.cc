#include "server/learning/ranking.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "tests/learning/random_data.h"

namespace folio::learning {
namespace {

const std::vector<double> kScores = {9, 8, 7, 7, 7, 7, 2, 1, 1, 0};
const std::vector<uint8_t> kOutcomes = {1, 0, 1, 0, 0, 1, 0, 0, 1, 0};

TEST(RankingTest, TopWithoutACutTie) {
  const auto top = ComputeTopByCount(kScores, kOutcomes, 2);
  ASSERT_TRUE(top);
  EXPECT_EQ(top->count, 2);
  EXPECT_DOUBLE_EQ(top->events, 1);
  EXPECT_DOUBLE_EQ(top->precision, 0.5);
  EXPECT_DOUBLE_EQ(top->recall, 0.25);
  EXPECT_DOUBLE_EQ(top->lift, 1.25);
}

TEST(RankingTest, CutTieCountsByExpectation) {
  // One of the four sevens, of which two have the event.
  const auto top = ComputeTopByCount(kScores, kOutcomes, 3);
  ASSERT_TRUE(top);
  EXPECT_DOUBLE_EQ(top->events, 1.5);
  EXPECT_DOUBLE_EQ(top->precision, 0.5);
  EXPECT_DOUBLE_EQ(top->recall, 0.375);
}

TEST(RankingTest, IsTheMeanOverRandomOrdersOfTies) {
  Random random(3);
  double sum = 0;
  constexpr int kOrders = 4'000;
  for (int order = 0; order < kOrders; ++order) {
    std::vector<std::pair<double, double>> keys;  // score, then chance
    keys.reserve(kScores.size());
    std::vector<size_t> rows(kScores.size());
    std::iota(rows.begin(), rows.end(), size_t{0});
    for (const double score : kScores) keys.emplace_back(-score, random.Uniform());
    std::sort(rows.begin(), rows.end(), [&](size_t a, size_t b) { return keys[a] < keys[b]; });
    for (int i = 0; i < 5; ++i) sum += kOutcomes[rows[i]];
  }
  EXPECT_NEAR(ComputeTopByCount(kScores, kOutcomes, 5)->events, sum / kOrders, 0.04) << "seed 3";
}

TEST(RankingTest, ShareIsRoundedAndNotEmpty) {
  EXPECT_EQ(ComputeTopByShare(kScores, kOutcomes, 0.3)->count, 3);
  EXPECT_EQ(ComputeTopByShare(kScores, kOutcomes, 0.01)->count, 1);
  EXPECT_EQ(ComputeTopByShare(kScores, kOutcomes, 1)->count, 10);
  // 0.07 * 100 is above 7 in binary.
  EXPECT_EQ(ComputeTopByShare(std::vector<double>(100, 0.0), std::vector<uint8_t>(100, 1), 0.07)->count, 7);
}

TEST(RankingTest, AllRowsAreTheBaseRate) {
  const auto top = ComputeTopByCount(kScores, kOutcomes, 1'000);
  ASSERT_TRUE(top);
  EXPECT_EQ(top->count, 10);
  EXPECT_DOUBLE_EQ(top->precision, 0.4);
  EXPECT_DOUBLE_EQ(top->recall, 1);
  EXPECT_DOUBLE_EQ(top->lift, 1);
}

TEST(RankingTest, AbsentWhereThereIsNothingToFind) {
  EXPECT_FALSE(ComputeTopByCount({}, {}, 1));
  EXPECT_FALSE(ComputeTopByCount(kScores, std::vector<uint8_t>(10, 0), 3));
  EXPECT_FALSE(ComputeTopByCount(kScores, kOutcomes, 0));
  EXPECT_FALSE(ComputeTopByShare(kScores, kOutcomes, 0));
  EXPECT_FALSE(ComputeTopByShare(kScores, kOutcomes, 1.1));
}

}  // namespace
}  // namespace folio::learning
