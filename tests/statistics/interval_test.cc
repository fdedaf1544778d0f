#include "server/statistics/interval.h"

#include <gtest/gtest.h>

namespace folio::statistics {
namespace {

// R. G. Newcombe, Stat. Med. 17 (1998) 857-872, table I, method 3.
TEST(WilsonTest, AgreesWithPublishedIntervals) {
  const auto expect = [](int64_t events, int64_t count, double low, double high) {
    const Interval interval = WilsonInterval(events, count);
    EXPECT_NEAR(interval.low, low, 0.00005) << events << "/" << count;
    EXPECT_NEAR(interval.high, high, 0.00005) << events << "/" << count;
  };
  expect(81, 263, 0.2553, 0.3662);
  expect(15, 148, 0.0624, 0.1605);
  expect(0, 20, 0, 0.1611);
  expect(1, 29, 0.0061, 0.1718);
}

TEST(WilsonTest, NeverAPointAndNeverBeyondTheScale) {
  const Interval most = WilsonInterval(45, 50);
  EXPECT_NEAR(most.low, 0.786, 0.0005);
  EXPECT_NEAR(most.high, 0.957, 0.0005);
  EXPECT_EQ(WilsonInterval(20, 20).high, 1);
  EXPECT_LT(WilsonInterval(20, 20).low, 0.9);
}

TEST(NpsTest, AgreesWithTheContract) {
  const Interval usual = NpsInterval(50, 20, 100);
  EXPECT_NEAR(usual.low, 14.1, 0.05);
  EXPECT_NEAR(usual.high, 44.2, 0.05);
}

TEST(NpsTest, StaysOnTheScaleAndHoldsTheScore) {
  const Interval praise = NpsInterval(10, 0, 10);
  EXPECT_EQ(praise.high, 100);
  EXPECT_NEAR(praise.low, 47.5, 0.05);
  const Interval blame = NpsInterval(0, 10, 10);
  EXPECT_EQ(blame.low, -100);
  EXPECT_EQ(blame.high, -praise.low);
  for (int64_t count = 1; count <= 4; ++count) {
    EXPECT_TRUE(NpsInterval(count, 0, count).Contains(100)) << count;
    EXPECT_TRUE(NpsInterval(0, count, count).Contains(-100)) << count;
    EXPECT_TRUE(NpsInterval(0, 0, count).Contains(0)) << count;
  }
}

// Tables of Student's t: 0.975 quantiles.
TEST(StudentTest, AgreesWithTables) {
  EXPECT_NEAR(StudentQuantile(0.95, 1), 12.706, 0.0005);
  EXPECT_NEAR(StudentQuantile(0.95, 9), 2.262, 0.0005);
  EXPECT_NEAR(StudentQuantile(0.95, 1e9), NormalQuantile(0.95), 1e-6);
}

}  // namespace
}  // namespace folio::statistics
