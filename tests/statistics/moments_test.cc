#include "server/statistics/moments.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

namespace folio::statistics {
namespace {

Moments Of(const std::vector<double>& values) {
  Moments moments;
  for (const double value : values) moments.Add(value);
  return moments;
}

TEST(MomentsTest, MeanAndInterval) {
  // Student's own: hours of sleep gained by ten patients (Biometrika 6, 1908, 1-25); R's t.test gives this interval.
  const Moments sleep = Of({0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0});
  EXPECT_EQ(sleep.count(), 10);
  EXPECT_NEAR(sleep.mean(), 0.75, 1e-12);
  EXPECT_NEAR(sleep.sum(), 7.5, 1e-12);
  const auto interval = MeanInterval(sleep);
  ASSERT_TRUE(interval);
  EXPECT_NEAR(interval->low, -0.5297804, 1e-6);
  EXPECT_NEAR(interval->high, 2.0297804, 1e-6);
}

TEST(MomentsTest, TooFewToTell) {
  EXPECT_FALSE(MeanInterval(Moments()));
  EXPECT_FALSE(MeanInterval(Of({5})));
  const auto equal = MeanInterval(Of({5, 5}));
  ASSERT_TRUE(equal);
  EXPECT_EQ(equal->low, 5);
  EXPECT_EQ(equal->high, 5);
}

TEST(MomentsTest, KeepsTheSpreadOfLargeNumbers) {
  const Moments moments = Of({1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16});
  EXPECT_DOUBLE_EQ(moments.variance(), 30);
}

RC_GTEST_PROP(MomentsTest, PartsGiveWhatTheWholeGives,
              (const std::vector<int>& first, const std::vector<int>& second)) {
  std::vector<double> all(first.begin(), first.end());
  all.insert(all.end(), second.begin(), second.end());
  Moments merged = Of({first.begin(), first.end()});
  merged.Merge(Of({second.begin(), second.end()}));
  const Moments whole = Of(all);
  RC_ASSERT(merged.count() == whole.count());
  RC_ASSERT(std::abs(merged.mean() - whole.mean()) <= 1e-9 * (1 + std::abs(whole.mean())));
  if (whole.count() < 2) return;
  RC_ASSERT(std::abs(merged.variance() - whole.variance()) <= 1e-9 * (1 + whole.variance()));
}

}  // namespace
}  // namespace folio::statistics
