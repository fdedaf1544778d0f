#include "server/statistics/quantile.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace folio::statistics {
namespace {

TEST(QuantileTest, LinearBetweenNeighbours) {
  const std::vector<double> four = {1, 2, 4, 8};
  EXPECT_EQ(Quantile(four, 0), 1);
  EXPECT_EQ(Quantile(four, 0.5), 3);
  EXPECT_NEAR(*Quantile(four, 0.9), 6.8, 1e-12);
  EXPECT_EQ(Quantile(four, 1), 8);
  EXPECT_EQ(Quantile(std::vector<double>{5}, 0.5), 5);
  EXPECT_FALSE(Quantile({}, 0.5));
}

// The ranks of tables of the sign test, counted from 1 there (W. J. Conover, Practical Nonparametric Statistics, 1999).
TEST(QuantileTest, RanksOfMediansAgreeWithTables) {
  const auto expect = [](int64_t count, int64_t low, int64_t high) {
    const auto ranks = QuantileRanks(count, 0.5);
    ASSERT_TRUE(ranks) << count;
    EXPECT_EQ(ranks->low + 1, low) << count;
    EXPECT_EQ(ranks->high + 1, high) << count;
  };
  expect(6, 1, 6);
  expect(9, 2, 8);
  expect(10, 2, 9);
  expect(15, 4, 12);
  expect(20, 6, 15);
  expect(25, 8, 18);
}

TEST(QuantileTest, TooFewToTell) {
  EXPECT_FALSE(QuantileRanks(0, 0.5));
  EXPECT_FALSE(QuantileRanks(5, 0.5));
  EXPECT_FALSE(QuantileRanks(20, 0.9));
  EXPECT_FALSE(QuantileInterval(std::vector<double>{1, 2, 3}, 0.5));
  EXPECT_TRUE(QuantileRanks(1'000'000, 0.999));
}

TEST(QuantileTest, CoversAsOftenAsItSays) {
  constexpr int kTrials = 2'000;
  constexpr uint64_t kSeed = 20'240'601;
  std::mt19937_64 random(kSeed);
  const double ninetieth = -std::log(0.1);  // of an exponential distribution
  int covered = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    std::vector<double> values(80);
    for (double& value : values) value = -std::log1p(-static_cast<double>(random() >> 11) * 0x1p-53);
    std::ranges::sort(values);
    const auto interval = QuantileInterval(values, 0.9);
    ASSERT_TRUE(interval);
    covered += interval->Contains(ninetieth) ? 1 : 0;
  }
  // Never less than the level, but for chance, and not much more.
  EXPECT_GE(covered, 0.94 * kTrials) << "seed " << kSeed;
  EXPECT_LE(covered, 0.985 * kTrials) << "seed " << kSeed;
}

}  // namespace
}  // namespace folio::statistics
