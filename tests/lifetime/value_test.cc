#include "server/lifetime/value.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "server/lifetime/bg_nbd.h"
#include "server/lifetime/hold_out.h"

namespace folio::lifetime {
namespace {

TEST(ValueTest, DiscountedPurchases) {
  const BgNbd model{.r = 0.243, .alpha = 4.414, .a = 0.793, .b = 2.426};
  const auto within = [&](double time) { return model.ExpectedPurchases({2, 30.43, 38.86}, time); };
  EXPECT_NEAR(DiscountedPurchases(within, {.step = 13, .steps = 3}), within(39), 1e-12);
  EXPECT_EQ(DiscountedPurchases(within, {.step = 13, .steps = 0, .rate = 0.1}), 0);
  const double discounted = DiscountedPurchases(within, {.step = 13, .steps = 2, .rate = 0.1});
  EXPECT_NEAR(discounted, within(13) / 1.1 + (within(26) - within(13)) / 1.21, 1e-12);
}

TEST(HoldOutTest, ErrorsOfTheWholeAndOfEach) {
  const HoldOut judged = JudgeHoldOut(std::vector{1.0, 2.0, 0.5}, std::vector{2.0, 2.0, 0.0});
  EXPECT_EQ(judged.count, 3);
  EXPECT_EQ(judged.expected, 3.5);
  EXPECT_EQ(judged.actual, 4);
  EXPECT_NEAR(*judged.error, -0.125, 1e-15);
  EXPECT_NEAR(judged.mean_absolute_error, 0.5, 1e-15);
  EXPECT_FALSE(JudgeHoldOut(std::vector{0.3}, std::vector{0.0}).error);
}

}  // namespace
}  // namespace folio::lifetime
