#include "server/lifetime/gamma_gamma.h"

#include <gtest/gtest.h>

#include <cmath>

#include "server/base/error.h"
#include "tests/lifetime/cdnow.h"
#include "tests/lifetime/shop.h"

namespace folio::lifetime {
namespace {

constexpr GammaGamma kPublished{.p = 6.25, .q = 3.74, .gamma = 15.44};

// The optimum is flat: the likelihood is what has to agree.
TEST(GammaGammaTest, ReproducesThePaper) {
  const Cdnow cdnow;
  FOLIO_NEEDS_CDNOW(cdnow);
  const auto fitted = FitGammaGamma(cdnow.spends());
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  const auto& [model, fit, correlation] = *fitted;
  EXPECT_EQ(fit.observations, 946);
  EXPECT_NEAR(fit.log_likelihood, -4055.9177, 0.0005);
  EXPECT_NEAR(model.p, kPublished.p, 0.01 * kPublished.p);
  EXPECT_NEAR(model.q, kPublished.q, 0.01 * kPublished.q);
  EXPECT_NEAR(model.gamma, kPublished.gamma, 0.01 * kPublished.gamma);
  EXPECT_NEAR(*model.MeanSpend(), 35.17, 0.05);
  EXPECT_LT(std::abs(correlation), 0.15);
  std::printf("Gamma-Gamma: %.6f at p %.6f, q %.6f, gamma %.6f, correlation %.4f\n", fit.log_likelihood, model.p,
              model.q, model.gamma, correlation);
}

TEST(GammaGammaTest, PublishedExpectations) {
  EXPECT_NEAR(*kPublished.MeanSpend(), 35.2190, 5e-5);
  EXPECT_NEAR(*kPublished.ExpectedSpend({.purchases = 1, .mean = 35}), 35.066741, 5e-7);
  EXPECT_NEAR(*kPublished.ExpectedSpend({.purchases = 3, .mean = 35}), 35.02792, 5e-6);
  EXPECT_NEAR(*kPublished.ExpectedSpend({.purchases = 2, .mean = 22.35}), 24.66, 0.01);
}

TEST(GammaGammaTest, AbsentWhereTheMeanHasNoLimit) {
  const GammaGamma wide{.p = 0.5, .q = 0.4, .gamma = 10};
  EXPECT_FALSE(wide.MeanSpend());
  EXPECT_FALSE(wide.ExpectedSpend({.purchases = 1, .mean = 20}));
  EXPECT_TRUE(wide.ExpectedSpend({.purchases = 2, .mean = 20}));
}

std::vector<Spend> Draw(const GammaGamma& truth, int count, uint64_t seed) {
  Random random(seed);
  std::vector<Spend> spends;
  for (int customer = 0; customer < count; ++customer) {
    const auto purchases = 1 + static_cast<int64_t>(random.Exponential(0.5));
    const double rate = random.Gamma(truth.q) / truth.gamma;
    const double total = random.Gamma(truth.p * static_cast<double>(purchases)) / rate;
    spends.push_back({purchases, total / static_cast<double>(purchases)});
  }
  return spends;
}

TEST(GammaGammaTest, FindsTheTruthWithinItsErrors) {
  const GammaGamma truth{.p = 4, .q = 3, .gamma = 40};
  int covered = 0;
  for (int draw = 0; draw < 20; ++draw) {
    const auto fitted = FitGammaGamma(Draw(truth, 3'000, 200 + draw));
    ASSERT_TRUE(fitted.ok()) << draw << ": " << fitted.status();
    covered += fitted->fit.parameters[0].interval.Contains(truth.p) ? 1 : 0;
    covered += fitted->fit.parameters[1].interval.Contains(truth.q) ? 1 : 0;
    covered += fitted->fit.parameters[2].interval.Contains(truth.gamma) ? 1 : 0;
  }
  EXPECT_GE(covered, 51);  // of 60; 57 on average
}

TEST(GammaGammaTest, Refusals) {
  EXPECT_EQ(error::ReasonOf(FitGammaGamma(Draw(kPublished, 49, 1)).status()), "PURCHASES_TOO_FEW");
  EXPECT_EQ(error::ReasonOf(FitGammaGamma({}).status()), "PURCHASES_TOO_FEW");
  // All spend the same: the customers do not differ.
  EXPECT_EQ(error::ReasonOf(FitGammaGamma(std::vector<Spend>(200, {2, 30})).status()), "LIFETIME_NOT_DETERMINED");
  for (const Spend& spend : {Spend{0, 5}, Spend{1, 0}, Spend{1, -3}, Spend{1, HUGE_VAL}}) {
    EXPECT_EQ(FitGammaGamma(std::vector<Spend>(200, spend)).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace folio::lifetime
