#include "server/lifetime/sbg.h"

#include <gtest/gtest.h>

#include <vector>

#include "server/base/error.h"
#include "server/lifetime/hold_out.h"

namespace folio::lifetime {
namespace {

// Clients left of 1000 after each year (Fader and Hardie, 2007). The papers fit seven years and foretell five.
const std::vector<int64_t> kRegular = {1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173};
const std::vector<int64_t> kHighEnd = {1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394};

void AddCohort(const std::vector<int64_t>& left, size_t years, std::vector<Renewals>* renewals) {
  renewals->resize(std::max(renewals->size(), years));
  for (size_t year = 0; year < years; ++year) {
    (*renewals)[year].kept += left[year + 1];
    (*renewals)[year].lost += left[year] - left[year + 1];
  }
}

std::vector<Renewals> RenewalsOf(const std::vector<int64_t>& left, size_t years) {
  std::vector<Renewals> renewals;
  AddCohort(left, years, &renewals);
  return renewals;
}

struct Published {
  std::vector<int64_t> left;
  double alpha, beta, log_likelihood, survival_after_12, residual_after_7;
};

TEST(SbgTest, ReproducesThePaper) {
  const Published segments[] = {
      {kRegular, 0.704077, 1.182043, -1680.265188, 0.170037, 6.842315},
      {kHighEnd, 0.668088, 3.806096, -1611.158147, 0.377999, 7.529628},
  };
  for (const Published& segment : segments) {
    const auto fitted = FitSbg(RenewalsOf(segment.left, 7));
    ASSERT_TRUE(fitted.ok()) << fitted.status();
    const auto& [model, fit] = *fitted;
    EXPECT_NEAR(model.alpha, segment.alpha, 5e-6);
    EXPECT_NEAR(model.beta, segment.beta, 5e-6);
    EXPECT_NEAR(fit.log_likelihood, segment.log_likelihood, 1e-6);
    EXPECT_NEAR(model.SurvivalAfter(12), segment.survival_after_12, 1e-6);
    EXPECT_NEAR(model.DiscountedRenewals(7, 0.1), segment.residual_after_7, 1e-6);
    EXPECT_LE(fit.slope, kSlopeMax);
  }
}

TEST(SbgTest, ForetellsTheYearsItHasNotSeen) {
  const auto fitted = FitSbg(RenewalsOf(kHighEnd, 7));
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  std::vector<double> expected;
  std::vector<double> actual;
  for (int64_t year = 8; year <= 12; ++year) {
    expected.push_back(1000 * fitted->model.SurvivalAfter(year));
    actual.push_back(static_cast<double>(kHighEnd[static_cast<size_t>(year)]));
  }
  const HoldOut judged = JudgeHoldOut(expected, actual);
  EXPECT_NEAR(expected.front(), 460.440, 0.001);
  EXPECT_NEAR(expected.back(), 377.999, 0.001);
  EXPECT_LT(judged.mean_absolute_error, 12);  // clients of 1000
  EXPECT_LT(std::abs(*judged.error), 0.03);
}

TEST(SbgTest, CohortsOfSeveralYears) {
  std::vector<Renewals> renewals;
  AddCohort({10000, 8000, 6480, 5307, 4391}, 4, &renewals);
  AddCohort({10000, 8000, 6480, 5307}, 3, &renewals);
  AddCohort({10000, 8000, 6480}, 2, &renewals);
  AddCohort({10000, 8000}, 1, &renewals);
  const auto fitted = FitSbg(renewals);
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  EXPECT_NEAR(fitted->model.alpha, 3.798126, 1e-4);
  EXPECT_NEAR(fitted->model.beta, 15.191910, 5e-4);
  EXPECT_NEAR(fitted->fit.log_likelihood, -40255.837281, 1e-5);
}

TEST(SbgTest, SurvivalIsTheProductOfRetention) {
  const Sbg model{.alpha = 0.668, .beta = 3.806};
  EXPECT_EQ(model.SurvivalAfter(0), 1);
  double survival = 1;
  for (int64_t year = 1; year <= 12; ++year) {
    survival *= model.RetentionAt(year);
    EXPECT_NEAR(model.SurvivalAfter(year), survival, 1e-12);
    EXPECT_GT(model.RetentionAt(year + 1), model.RetentionAt(year));
  }
  EXPECT_NEAR(model.RetentionAt(1), 0.8507, 0.0001);
}

TEST(SbgTest, DiscountedRenewals) {
  const Sbg model{.alpha = 0.668, .beta = 3.806};
  EXPECT_NEAR(model.DiscountedRenewals(7, 0.1), 7.529950, 1e-6);  // by the closed form
  EXPECT_EQ(model.DiscountedRenewals(3, 0.1, 0), 0);
  EXPECT_NEAR(model.DiscountedRenewals(3, 0.1, 1), model.RetentionAt(4), 1e-15);
  EXPECT_NEAR(model.DiscountedRenewals(3, 0, 2), model.RetentionAt(4) * (1 + model.RetentionAt(5)), 1e-15);
  EXPECT_GT(model.DiscountedRenewals(3, 0.05), model.DiscountedRenewals(3, 0.1));
  // Each renewal makes the next one likelier.
  EXPECT_GT(model.DiscountedRenewals(8, 0.1), model.DiscountedRenewals(7, 0.1));
}

TEST(SbgTest, RefusesWhatIsTooThin) {
  const auto reason = [](const std::vector<Renewals>& renewals) { return error::ReasonOf(FitSbg(renewals).status()); };
  EXPECT_EQ(reason({}), "RENEWALS_TOO_FEW");
  EXPECT_EQ(reason({{100, 20}, {80, 5}}), "RENEWALS_TOO_FEW");
  EXPECT_EQ(reason({{800, 200}}), "RENEWALS_TOO_FEW");  // one renewal fixes one number, not two
  EXPECT_EQ(FitSbg(std::vector<Renewals>{{-1, 5}}).status().code(), absl::StatusCode::kInvalidArgument);
}

// The same share renews each year: clients do not differ, and the best model is not of this kind.
TEST(SbgTest, RefusesWhatDoesNotDetermineIt) {
  const absl::Status status = FitSbg(std::vector<Renewals>{{800, 200}, {640, 160}, {512, 128}, {410, 102}}).status();
  EXPECT_EQ(error::ReasonOf(status), "LIFETIME_NOT_DETERMINED") << status;
  EXPECT_NE(error::Localize(status, error::Locale::kFrench).find("du modèle sBG"), std::string::npos);
}

}  // namespace
}  // namespace folio::lifetime
