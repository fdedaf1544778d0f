#include "server/statistics/difference.h"

#include <gtest/gtest.h>

namespace folio::statistics {
namespace {

Measured Rate(int64_t events, int64_t count) {
  return {static_cast<double>(events) / static_cast<double>(count), WilsonInterval(events, count)};
}

// R. G. Newcombe, Stat. Med. 17 (1998) 873-890, table II, method 10.
TEST(DifferenceTest, OfRatesAgreesWithPublishedIntervals) {
  const auto expect = [](const Difference& difference, double low, double high) {
    EXPECT_NEAR(difference.interval.low, low, 0.00005);
    EXPECT_NEAR(difference.interval.high, high, 0.00005);
  };
  expect(Compare(Rate(56, 70), Rate(48, 80)), 0.0524, 0.3339);
  expect(Compare(Rate(9, 10), Rate(3, 10)), 0.1705, 0.8090);
  expect(Compare(Rate(10, 10), Rate(0, 20)), 0.6791, 1.0000);
}

TEST(DifferenceTest, SignificantWhereZeroIsExcluded) {
  EXPECT_TRUE(Compare(Rate(56, 70), Rate(48, 80)).significant());
  EXPECT_TRUE(Compare(Rate(48, 80), Rate(56, 70)).significant());
  EXPECT_FALSE(Compare(Rate(7, 10), Rate(6, 10)).significant());
  EXPECT_FALSE(Compare(Rate(7, 10), Rate(7, 10)).significant());
}

TEST(DifferenceTest, OfScoresOnTheirScale) {
  const Measured before{30, NpsInterval(50, 20, 100)};
  const Measured now{62, NpsInterval(70, 8, 100)};
  const Difference difference = Compare(now, before);
  EXPECT_EQ(difference.value, 32);
  EXPECT_TRUE(difference.significant());
  EXPECT_FALSE(Compare({40, NpsInterval(55, 15, 100)}, before).significant());
}

}  // namespace
}  // namespace folio::statistics
