#include "server/lifetime/pareto_nbd.h"

#include <gtest/gtest.h>

#include <cmath>

#include "server/base/error.h"
#include "tests/lifetime/cdnow.h"
#include "tests/lifetime/shop.h"

namespace folio::lifetime {
namespace {

// As the R package BTYD has them of CDNOW, with what it and `lifetimes` publish at these.
constexpr ParetoNbd kPublished{.r = 0.5533971, .alpha = 10.5801985, .s = 0.6060625, .beta = 11.6562237};

TEST(ParetoNbdTest, ReproducesThePaper) {
  const Cdnow cdnow;
  FOLIO_NEEDS_CDNOW(cdnow);
  const auto fitted = FitParetoNbd(cdnow.histories());
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  const auto& [model, fit] = *fitted;
  EXPECT_NEAR(fit.log_likelihood, -9594.976, 0.001);
  const double published[] = {0.55315, 10.57633, 0.60625, 11.67150};
  const double errors[] = {0.0476264, 0.8427222, 0.1872594, 6.2105448};
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(fit.parameters[i].value, published[i], 1e-3 * published[i]);
    EXPECT_NEAR(fit.parameters[i].standard_error, errors[i], 2e-3 * errors[i]);
  }
  double sum = 0;
  for (const History& history : cdnow.histories()) sum += model.LogLikelihoodOf(history);
  EXPECT_NEAR(sum, fit.log_likelihood, 1e-7);
}

TEST(ParetoNbdTest, PublishedFiguresOfOneCustomer) {
  EXPECT_NEAR(kPublished.ProbabilityAlive({26, 30.86, 31}), 0.9979, 0.0001);
  EXPECT_NEAR(kPublished.ExpectedPurchases({26, 30.86, 31}, 52), 25.46, 0.01);
  EXPECT_NEAR(kPublished.ProbabilityAlive({0, 0, 39}), 0.2941633, 1e-6);
}

// They are published of a fit that is a little off the optimum.
TEST(ParetoNbdTest, PublishedExpectationsOfNewcomers) {
  const double published[] = {0,         .05077821, .09916088, .14542507, .18979930,
                              .23247466, .27361274, .31335159, .35181024, .38909211};
  for (int week = 0; week < 10; ++week) {
    EXPECT_NEAR(kPublished.ExpectedPurchases({}, week), published[week], 0.005) << week;
  }
}

// The same integral in many small steps.
double ByMidpoints(const ParetoNbd& model, const History& history) {
  const double shape = model.r + static_cast<double>(history.repeats);
  constexpr int kSteps = 400'000;
  const double step = (history.age - history.last) / kSteps;
  double integral = 0;
  for (int i = 0; i < kSteps; ++i) {
    const double time = history.last + (i + 0.5) * step;
    integral += step *
                std::exp(shape * std::log((model.alpha + history.age) / (model.alpha + time)) +
                         model.s * std::log((model.beta + history.age) / (model.beta + time))) /
                (model.beta + time);
  }
  return 1 / (1 + model.s * integral);
}

TEST(ParetoNbdTest, TheIntegralKeepsItsDigits) {
  const ParetoNbd models[] = {kPublished, {0.5, 0.5, 0.6, 40}, {0.5, 40, 0.6, 0.5}, {3, 100, 2, 100}, {2, 7, 1, 7}};
  const History histories[] = {{0, 0, 39}, {2, 30.43, 38.86}, {26, 30.86, 31}, {12, 3, 39}};
  for (const ParetoNbd& model : models) {
    for (const History& history : histories) {
      const double expected = ByMidpoints(model, history);
      EXPECT_NEAR(model.ProbabilityAlive(history), expected, 1e-7 * expected + 1e-15)
          << model.alpha << " " << model.beta << " " << history.repeats;
    }
  }
  const double long_gone = kPublished.LogLikelihoodOf({2'000, 100, 800});
  EXPECT_TRUE(std::isfinite(long_gone));
  EXPECT_NEAR(kPublished.ProbabilityAlive({2'000, 100, 800}), 0, 1e-100);
}

TEST(ParetoNbdTest, NoHoleWhereTheShapeOfLeavingIsOne) {
  const auto with_s = [](double s) { return ParetoNbd{0.5, 10, s, 12}.ExpectedPurchases({2, 30, 39}, 52); };
  EXPECT_NEAR(with_s(1), (with_s(1 - 1e-6) + with_s(1 + 1e-6)) / 2, 1e-9);
}

TEST(ParetoNbdTest, RefusesWhatIsTooThin) {
  EXPECT_EQ(error::ReasonOf(FitParetoNbd(DrawCustomers({0.5, 60, 0.8, 2}, 60, 365, 3)).status()), "PURCHASES_TOO_FEW");
}

}  // namespace
}  // namespace folio::lifetime
