#include "server/lifetime/bg_nbd.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "server/base/error.h"
#include "server/lifetime/hold_out.h"
#include "tests/lifetime/cdnow.h"
#include "tests/lifetime/shop.h"

namespace folio::lifetime {
namespace {

// Of the paper, table 2.
constexpr BgNbd kPublished{.r = 0.243, .alpha = 4.414, .a = 0.793, .b = 2.426};
constexpr History kPaperCustomer{.repeats = 2, .last = 30.43, .age = 38.86};

double SumOf(const BgNbd& model, std::span<const History> histories) {
  double sum = 0;
  for (const History& history : histories) sum += model.LogLikelihoodOf(history);
  return sum;
}

void ExpectShare(double value, double expected, double share) {
  EXPECT_NEAR(value, expected, share * std::abs(expected));
}

TEST(BgNbdTest, ReproducesThePaper) {
  const Cdnow cdnow;
  FOLIO_NEEDS_CDNOW(cdnow);
  ASSERT_EQ(cdnow.histories().size(), 2'357u);
  ASSERT_EQ(cdnow.spends().size(), 946u);
  const auto fitted = FitBgNbd(cdnow.histories());
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  const auto& [model, fit] = *fitted;
  EXPECT_NEAR(fit.log_likelihood, -9582.429207, 1e-5);
  ExpectShare(model.r, 0.242595, 1e-5);
  ExpectShare(model.alpha, 4.413602, 1e-5);
  ExpectShare(model.a, 0.792922, 1e-5);
  ExpectShare(model.b, 2.425905, 1e-5);
  EXPECT_LE(fit.slope, kSlopeMax);
  EXPECT_NEAR(model.ExpectedPurchases(kPaperCustomer, 39), 1.225910, 1e-5);
  EXPECT_NEAR(model.ProbabilityAlive(kPaperCustomer), 0.726609, 1e-5);
  EXPECT_NEAR(model.ProbabilityAlive({26, 30.86, 31}), 0.968920, 1e-5);
}

TEST(BgNbdTest, ForetellsTheWeeksItHasNotSeen) {
  const Cdnow cdnow;
  FOLIO_NEEDS_CDNOW(cdnow);
  const auto fitted = FitBgNbd(cdnow.histories());
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  std::vector<double> expected;
  for (const History& history : cdnow.histories()) {
    expected.push_back(fitted->model.ExpectedPurchases(history, 39));
  }
  const HoldOut judged = JudgeHoldOut(expected, cdnow.purchases_after());
  EXPECT_EQ(judged.count, 2'357);
  EXPECT_EQ(judged.actual, 1'882);
  EXPECT_NEAR(judged.expected, 1653.4088, 0.01);
  ASSERT_TRUE(judged.error);
  EXPECT_NEAR(*judged.error, -0.1215, 0.0001);
  EXPECT_LT(judged.mean_absolute_error, 0.8);
}

TEST(BgNbdTest, GroupedHistoriesGiveTheSameOptimum) {
  const Cdnow cdnow;
  FOLIO_NEEDS_CDNOW(cdnow);
  const auto fitted = FitBgNbd(cdnow.histories());
  ASSERT_TRUE(fitted.ok()) << fitted.status();
  ExpectShare(SumOf(fitted->model, cdnow.histories()), fitted->fit.log_likelihood, 1e-12);

  const auto one_by_one = [&](std::span<const double> at, std::span<double> slopes) {
    const auto sum = [&](std::span<const double> parameters) {
      return SumOf({parameters[0], parameters[1], parameters[2], parameters[3]}, cdnow.histories());
    };
    std::vector<double> moved(at.begin(), at.end());
    for (size_t i = 0; i < slopes.size(); ++i) {
      const double step = 1e-5 * at[i];
      moved[i] = at[i] + step;
      slopes[i] = sum(moved);
      moved[i] = at[i] - step;
      slopes[i] = (slopes[i] - sum(moved)) / (2 * step);
      moved[i] = at[i];
    }
    return sum(at);
  };
  const Start starts[] = {{"r", 0.5}, {"alpha", 10}, {"a", 1}, {"b", 1}};
  const auto ungrouped = Maximise("BG/NBD", one_by_one, starts, 2'357);
  ASSERT_TRUE(ungrouped.ok()) << ungrouped.status();
  EXPECT_NEAR(ungrouped->log_likelihood, fitted->fit.log_likelihood, 1e-6);
  for (size_t i = 0; i < 4; ++i) {
    ExpectShare(ungrouped->parameters[i].value, fitted->fit.parameters[i].value, 1e-5);
    ExpectShare(ungrouped->parameters[i].standard_error, fitted->fit.parameters[i].standard_error, 1e-2);
  }
}

TEST(BgNbdTest, TheOrderOfCustomersDoesNotMatter) {
  std::vector<History> histories = DrawCustomers({0.5, 60, 0.8, 2}, 3'000, 365, 7);
  const auto one = FitBgNbd(histories);
  std::ranges::reverse(histories);
  const auto other = FitBgNbd(histories);
  ASSERT_TRUE(one.ok() && other.ok());
  EXPECT_EQ(one->model.r, other->model.r);
  EXPECT_EQ(one->fit.log_likelihood, other->fit.log_likelihood);
}

// The unit of time is the caller's: only alpha changes with it.
TEST(BgNbdTest, AnyUnitOfTime) {
  std::vector<History> histories = DrawCustomers({0.5, 60, 0.8, 2}, 3'000, 365, 8);
  const auto days = FitBgNbd(histories);
  for (History& history : histories) history = {history.repeats, history.last / 7, history.age / 7};
  const auto weeks = FitBgNbd(histories);
  ASSERT_TRUE(days.ok() && weeks.ok());
  ExpectShare(weeks->model.r, days->model.r, 1e-6);
  ExpectShare(weeks->model.alpha * 7, days->model.alpha, 1e-6);
  ExpectShare(weeks->model.b, days->model.b, 1e-6);
}

TEST(BgNbdTest, FindsTheTruthWithinItsErrors) {
  const BgNbd truth{.r = 0.6, .alpha = 90, .a = 0.9, .b = 3};
  const double values[] = {truth.r, truth.alpha, truth.a, truth.b};
  int covered = 0;
  constexpr int kShops = 20;
  for (int shop = 0; shop < kShops; ++shop) {
    const std::vector<History> histories = DrawCustomers(truth, 4'000, 730, 100 + shop);
    const auto fitted = FitBgNbd(histories);
    ASSERT_TRUE(fitted.ok()) << shop << ": " << fitted.status();
    EXPECT_GE(fitted->fit.log_likelihood, SumOf(truth, histories)) << shop;
    for (size_t i = 0; i < 4; ++i) covered += fitted->fit.parameters[i].interval.Contains(values[i]) ? 1 : 0;
  }
  // 76 of 80 on average; whole days blur the times a little.
  EXPECT_GE(covered, 70);
}

TEST(BgNbdTest, PublishedFiguresOfOneCustomer) {
  // Of PyMC-Marketing's tests.
  const BgNbd model{.r = 0.25, .alpha = 4, .a = 0.8, .b = 2.5};
  EXPECT_NEAR(model.LogLikelihoodOf({0, 0, 40}), -0.59947382, 1e-8);
  EXPECT_NEAR(model.LogLikelihoodOf({200, 38, 40}), 100.7957, 1e-4);
  EXPECT_EQ(model.ProbabilityAlive({0, 0, 40}), 1);
}

TEST(BgNbdTest, PublishedExpectationsOfNewcomers) {
  const BgNbd model{.r = 0.242593, .alpha = 4.413532, .a = 0.792886, .b = 2.425752};
  EXPECT_EQ(model.ExpectedPurchases({}, 0), 0);
  const std::pair<double, double> published[] = {{0.1429, 0.007816},  {1, 0.053185},  {3, 0.150632},
                                                 {31.8571, 1.040494}, {32, 1.043737}, {78, 1.857972}};
  for (const auto& [time, purchases] : published) {
    EXPECT_NEAR(model.ExpectedPurchases({}, time), purchases, 2e-6) << time;
  }
}

TEST(BgNbdTest, PublishedProbabilitiesOfPurchases) {
  EXPECT_NEAR(kPublished.ProbabilityOfPurchases(10, 2), 1.07869e-07, 1e-12);
  EXPECT_NEAR(kPublished.ProbabilityOfPurchases(0, 39), 0.5737864, 1e-7);
  const double published[] = {.0019995214, .0015170236, .0011633150, .0009003148, .0007023638,
                              .0005517902, .0004361913, .0003467171, .0002769613, .0002222260};
  for (int64_t i = 0; i < 10; ++i) EXPECT_NEAR(kPublished.ProbabilityOfPurchases(11 + i, 30), published[i], 1e-10);
}

TEST(BgNbdTest, ProbabilitiesSumToOneAndToTheExpectation) {
  double all = 0;
  double mean = 0;
  for (int64_t count = 0; count < 2'000; ++count) {
    const double probability = kPublished.ProbabilityOfPurchases(count, 30);
    all += probability;
    mean += static_cast<double>(count) * probability;
  }
  EXPECT_NEAR(all, 1, 1e-9);
  EXPECT_NEAR(mean, kPublished.ExpectedPurchases({}, 30), 1e-6);
}

// What the paper's formula cannot do: a of 1, where it divides by 0; a + b below 1; and hundreds of repeats.
TEST(BgNbdTest, ExpectationsHaveNoHoles) {
  for (const History& history : {History{}, kPaperCustomer, History{300, 38, 40}}) {
    const auto with_a = [&](double a) { return BgNbd{0.5, 5, a, 2}.ExpectedPurchases(history, 52); };
    ExpectShare(with_a(1), (with_a(1 - 1e-5) + with_a(1 + 1e-5)) / 2, 1e-9);
    EXPECT_GT(with_a(1 - 1e-9), with_a(1 + 1e-9));
  }
  const BgNbd restless{.r = 0.5, .alpha = 5, .a = 0.3, .b = 0.7};
  const BgNbd beside{.r = 0.5, .alpha = 5, .a = 0.3, .b = 0.7 + 1e-9};
  ExpectShare(restless.ExpectedPurchases({}, 52), beside.ExpectedPurchases({}, 52), 1e-8);
  const BgNbd brief{.r = 0.5, .alpha = 5, .a = 0.3, .b = 0.2};
  double mean = 0;
  for (int64_t count = 0; count < 1'000; ++count) {
    mean += static_cast<double>(count) * brief.ProbabilityOfPurchases(count, 5);
  }
  EXPECT_NEAR(brief.ExpectedPurchases({}, 5), mean, 1e-9);

  const double many = kPublished.ExpectedPurchases({2'000, 199.9, 200}, 10);
  EXPECT_TRUE(std::isfinite(many));
  EXPECT_GT(many, 90);
  EXPECT_LT(many, 100);
}

TEST(BgNbdTest, RefusesWhatIsTooThin) {
  std::vector<History> histories = DrawCustomers({0.5, 60, 0.8, 2}, 60, 365, 3);
  const absl::Status status = FitBgNbd(histories).status();
  EXPECT_EQ(error::ReasonOf(status), "PURCHASES_TOO_FEW");
  EXPECT_NE(error::Localize(status, error::Locale::kEnglish).find("of 60 there are"), std::string::npos);
}

// Nobody leaves, and all buy at the same rate: there is nothing that four parameters could tell of.
TEST(BgNbdTest, RefusesWhatDoesNotDetermineIt) {
  Random random(5);
  std::vector<History> histories;
  for (int customer = 0; customer < 2'000; ++customer) {
    History history{.age = 365};
    for (double now = random.Exponential(0.05); now < 365; now += random.Exponential(0.05)) {
      ++history.repeats;
      history.last = now;
    }
    histories.push_back(history);
  }
  const absl::Status status = FitBgNbd(histories).status();
  EXPECT_EQ(error::ReasonOf(status), "LIFETIME_NOT_DETERMINED");
  const std::string text = error::Localize(status, error::Locale::kEnglish);
  EXPECT_NE(text.find("of the BG/NBD model (best value"), std::string::npos) << text;
}

TEST(BgNbdTest, RefusesHistoriesThatContradictThemselves) {
  EXPECT_FALSE(FitBgNbd({}).ok());
  for (const History& history : {History{-1, 0, 5}, History{0, 1, 5}, History{1, 0, 5}, History{1, 6, 5},
                                 History{1, 1, std::nan("")}, History{0, 0, -1}}) {
    const std::vector<History> histories(100, history);
    EXPECT_EQ(FitBgNbd(histories).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace folio::lifetime
