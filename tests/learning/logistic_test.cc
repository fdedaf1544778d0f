#include "server/learning/logistic.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "server/base/error.h"
#include "tests/learning/random_data.h"

namespace folio::learning {
namespace {

using State = Coefficient::State;

// Hours of study and whether the examination was passed: the textbook example whose fit is published in many places.
Data Students() {
  return {.values = {0.50, 0.75, 1.00, 1.25, 1.50, 1.75, 1.75, 2.00, 2.25, 2.50,
                     2.75, 3.00, 3.25, 3.50, 4.00, 4.25, 4.50, 4.75, 5.00, 5.50},
          .columns = 1,
          .outcomes = {0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1}};
}

// A second column, and weights 1, 2, 3, 1, ...
Data WeightedStudents() {
  const Data students = Students();
  Data data{.columns = 2, .outcomes = students.outcomes};
  for (size_t row = 0; row < students.outcomes.size(); ++row) {
    data.values.insert(data.values.end(), {students.values[row], static_cast<double>(row * 7 % 5)});
    data.weights.push_back(static_cast<double>(row % 3) + 1);
  }
  return data;
}

TEST(LogisticTest, AgreesWithThePublishedFit) {
  const Data students = Students();
  const auto fit = FitLogistic(students.view(), {.penalty = kPenaltyMin});
  ASSERT_TRUE(fit.ok()) << fit.status();
  EXPECT_NEAR(fit->intercept.value, -4.0777, 0.0001);
  EXPECT_NEAR(*fit->intercept.standard_error, 1.7610, 0.0001);
  EXPECT_NEAR(fit->coefficients[0].estimate.value, 1.5046, 0.0001);
  EXPECT_NEAR(*fit->coefficients[0].estimate.standard_error, 0.6287, 0.0001);
  EXPECT_NEAR(fit->log_likelihood, -8.02988, 0.00001);
  EXPECT_NEAR(fit->null_log_likelihood, 20 * std::log(0.5), 1e-12);
  EXPECT_LE(fit->gradient, kGradientMax);
}

// Computed apart with Newton's method and Gaussian elimination in Python's standard library.
TEST(LogisticTest, AgreesWithNewtonsMethodUnderPenaltyAndWeights) {
  const Data data = WeightedStudents();
  const auto fit = FitLogistic(data.view(), {.penalty = 0.1});
  ASSERT_TRUE(fit.ok()) << fit.status();
  EXPECT_NEAR(fit->intercept.value, -2.0955949414, 1e-5);
  EXPECT_NEAR(*fit->intercept.standard_error, 0.8009980726, 1e-5);
  EXPECT_NEAR(fit->coefficients[0].estimate.value, 0.7743932099, 1e-5);
  EXPECT_NEAR(*fit->coefficients[0].estimate.standard_error, 0.2225328806, 1e-5);
  EXPECT_NEAR(fit->coefficients[1].estimate.value, -0.0626515691, 1e-5);
  EXPECT_NEAR(*fit->coefficients[1].estimate.standard_error, 0.2095271169, 1e-5);
  EXPECT_NEAR(fit->log_likelihood, -17.5539872135, 1e-5);
}

TEST(LogisticTest, WeightIsRepetition) {
  const Data weighted = WeightedStudents();
  Data repeated{.columns = 2};
  for (size_t row = 0; row < weighted.outcomes.size(); ++row) {
    for (int times = 0; times < weighted.weights[row]; ++times) {
      repeated.values.insert(repeated.values.end(), {weighted.values[2 * row], weighted.values[2 * row + 1]});
      repeated.outcomes.push_back(weighted.outcomes[row]);
    }
  }
  const auto a = FitLogistic(weighted.view(), {.penalty = 0.01});
  const auto b = FitLogistic(repeated.view(), {.penalty = 0.01});
  ASSERT_TRUE(a.ok() && b.ok());
  for (size_t column = 0; column < 2; ++column) {
    EXPECT_NEAR(a->coefficients[column].estimate.value, b->coefficients[column].estimate.value, 1e-5);
    EXPECT_NEAR(*a->coefficients[column].estimate.standard_error, *b->coefficients[column].estimate.standard_error,
                1e-5);
  }
  EXPECT_NEAR(a->log_likelihood, b->log_likelihood, 1e-6);
}

TEST(LogisticTest, UnitsDoNotMatter) {
  const Data data = WeightedStudents();
  Data scaled = data;
  for (size_t row = 0; row < data.outcomes.size(); ++row) scaled.values[2 * row] = 1e6 + 1'000 * data.values[2 * row];
  const auto a = FitLogistic(data.view(), {.penalty = 0.05});
  const auto b = FitLogistic(scaled.view(), {.penalty = 0.05});
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_NEAR(a->coefficients[0].estimate.value, 1'000 * b->coefficients[0].estimate.value, 1e-5);
  for (size_t row = 0; row < data.outcomes.size(); ++row) {
    EXPECT_NEAR(a->Probability(data.view().features.row(row)), b->Probability(scaled.view().features.row(row)), 1e-6);
  }
}

TEST(LogisticTest, ContributionsSumToLogOdds) {
  const Data data = WeightedStudents();
  const auto fit = FitLogistic(data.view(), {.penalty = 0.01});
  ASSERT_TRUE(fit.ok());
  for (size_t row = 0; row < data.outcomes.size(); ++row) {
    const auto values = data.view().features.row(row);
    const auto contributions = fit->Contributions(values);
    const double sum = std::accumulate(contributions.begin(), contributions.end(), fit->mean_log_odds);
    EXPECT_NEAR(sum, fit->LogOdds(values), 1e-12);
    const double direct = fit->intercept.value + fit->coefficients[0].estimate.value * values[0] +
                          fit->coefficients[1].estimate.value * values[1];
    EXPECT_NEAR(sum, direct, 1e-12);
    EXPECT_NEAR(fit->Probability(values), 1 / (1 + std::exp(-direct)), 1e-12);
  }
}

TEST(LogisticTest, IntervalsCoverTheTruth) {
  const std::vector<double> slopes = {0.5, -0.3};
  int covered = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    const Data data = LogisticData(seed, 400, -0.5, slopes);
    const auto fit = FitLogistic(data.view(), {.penalty = kPenaltyMin});
    ASSERT_TRUE(fit.ok()) << "seed " << seed << ": " << fit.status();
    covered += fit->coefficients[0].estimate.interval->Contains(0.5) ? 1 : 0;
  }
  EXPECT_GE(covered, 181) << "seeds 1 to 200";
  EXPECT_LE(covered, 199) << "seeds 1 to 200";
}

// Rows of an account that say the same over and over tell no more than one of them.
TEST(LogisticTest, RepeatedRowsOfAnAccountAddNoCertainty) {
  const std::vector<double> slopes = {0.6, -0.2};
  const Data once = LogisticData(15, 300, -0.5, slopes);
  Data alone = once;
  Data repeated{.columns = 2};
  for (size_t row = 0; row < once.outcomes.size(); ++row) {
    alone.clusters.push_back(static_cast<int32_t>(row));
    for (int times = 0; times < 4; ++times) {
      repeated.values.insert(repeated.values.end(), {once.values[2 * row], once.values[2 * row + 1]});
      repeated.outcomes.push_back(once.outcomes[row]);
      repeated.clusters.push_back(static_cast<int32_t>(row));
    }
  }
  const auto model_based = FitLogistic(once.view(), {.penalty = 0.001});
  const auto single = FitLogistic(alone.view(), {.penalty = 0.001});
  const auto clustered = FitLogistic(repeated.view(), {.penalty = 0.001});
  ASSERT_TRUE(model_based.ok() && single.ok() && clustered.ok());
  for (size_t column = 0; column < 2; ++column) {
    const double error = *single->coefficients[column].estimate.standard_error;
    EXPECT_NEAR(*clustered->coefficients[column].estimate.standard_error, error, 1e-6);
    EXPECT_NEAR(*model_based->coefficients[column].estimate.standard_error, error, 0.1 * error) << "seed 15";
  }
}

TEST(LogisticTest, ClusteredIntervalsCoverTheTruth) {
  int covered = 0;
  int naively_covered = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    Data data{.columns = 1};
    for (int32_t account = 0; account < 120; ++account) {
      const double own = random.Normal();
      const uint8_t lost = random.Chance(statistics::Expit(0.5 * own)) ? 1 : 0;
      for (int cut_off = 0; cut_off < 5; ++cut_off) {
        data.values.push_back(own);
        data.outcomes.push_back(lost);
        data.clusters.push_back(account);
      }
    }
    Sample sample = data.view();
    const auto clustered = FitLogistic(sample, {.penalty = kPenaltyMin});
    sample.clusters = {};
    const auto naive = FitLogistic(sample, {.penalty = kPenaltyMin});
    ASSERT_TRUE(clustered.ok() && naive.ok()) << "seed " << seed;
    covered += clustered->coefficients[0].estimate.interval->Contains(0.5) ? 1 : 0;
    naively_covered += naive->coefficients[0].estimate.interval->Contains(0.5) ? 1 : 0;
  }
  EXPECT_GE(covered, 181) << "seeds 1 to 200";
  EXPECT_LE(covered, 199) << "seeds 1 to 200";
  EXPECT_LT(naively_covered, 150) << "seeds 1 to 200";
}

// Leaving out one account at a time knows nothing of the formula. The penalty is large enough to move
// the scores' mean from 0.
TEST(LogisticTest, ClusteredErrorAgreesWithTheJackknife) {
  constexpr size_t kAccounts = 200;
  const std::vector<double> slopes = {2.0};
  const Data accounts = LogisticData(31, kAccounts, 0, slopes);
  const auto fit_without = [&](size_t left_out) {
    Data data{.columns = 1};
    for (size_t account = 0; account < kAccounts; ++account) {
      for (int cut_off = 0; cut_off < 3 && account != left_out; ++cut_off) {
        data.values.push_back(accounts.values[account] + cut_off);
        data.outcomes.push_back(accounts.outcomes[account]);
        data.clusters.push_back(static_cast<int32_t>(account - (account > left_out ? 1 : 0)));
      }
    }
    return FitLogistic(data.view(), {.penalty = 0.1})->coefficients[0].estimate;
  };
  double sum = 0;
  double squares = 0;
  for (size_t left_out = 0; left_out < kAccounts; ++left_out) {
    const double value = fit_without(left_out).value;
    sum += value;
    squares += value * value;
  }
  const double jackknife = std::sqrt((kAccounts - 1.0) / kAccounts * (squares - sum * sum / kAccounts));
  // The jackknife standardises anew each time, which takes back some of the spread: the formula errs to the wide side.
  const double error = *fit_without(kAccounts).standard_error;
  EXPECT_GE(error, 0.98 * jackknife) << "seed 31";
  EXPECT_LE(error, 1.13 * jackknife) << "seed 31";
}

// Whatever the units, however columns repeat each other, however rare the outcome: it settles.
TEST(LogisticTest, SettlesOnAwkwardData) {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    Random random(seed);
    const size_t columns = 1 + random.Below(20);
    Data data{.columns = columns};
    for (size_t row = 0; row < 20 + 5 * seed; ++row) {
      const double common = random.Normal();
      for (size_t column = 0; column < columns; ++column) {
        const double kinds[] = {random.Normal(), common + 0.001 * random.Normal(), random.Chance(0.03) ? 1.0 : 0.0,
                                std::exp(2 * random.Normal())};
        data.values.push_back(std::pow(10.0, static_cast<double>(column % 7) * 3 - 9) * (kinds[column % 4] + 50));
      }
      data.outcomes.push_back(row == 0 || (row > 1 && random.Chance(statistics::Expit(common * 3 - 2))) ? 1 : 0);
    }
    for (const double penalty : {kPenaltyMin, 1e-4, 1.0}) {
      for (const bool non_negative : {false, true}) {
        const auto fit = FitLogistic(data.view(), {.penalty = penalty, .non_negative = non_negative});
        ASSERT_TRUE(fit.ok()) << "seed " << seed << ", penalty " << penalty << ": " << fit.status();
        EXPECT_GE(fit->log_likelihood, fit->null_log_likelihood - 1e-6) << "seed " << seed;
      }
    }
  }
}

TEST(LogisticTest, PenaltyShrinksAndKeepsTheBaseRate) {
  const std::vector<double> slopes = {1.0};
  const Data data = LogisticData(4, 500, -1, slopes);
  double before = 10;
  for (const double penalty : {kPenaltyMin, 0.01, 0.1, 1.0, 1e6}) {
    const auto fit = FitLogistic(data.view(), {.penalty = penalty});
    ASSERT_TRUE(fit.ok()) << fit.status();
    EXPECT_LT(fit->coefficients[0].estimate.value, before);
    before = fit->coefficients[0].estimate.value;
    double sum = 0;
    for (const double value : data.values) sum += fit->Probability({&value, 1});
    EXPECT_NEAR(sum / 500, static_cast<double>(CountClasses(data.outcomes).events) / 500, 1e-5);
  }
  EXPECT_NEAR(before, 0, 1e-5);
}

TEST(LogisticTest, SeparatedDataStaysFinite) {
  Data data{.columns = 1};
  for (int i = 0; i < 40; ++i) {
    data.values.push_back(i);
    data.outcomes.push_back(i >= 20 ? 1 : 0);
  }
  for (const double penalty : {kPenaltyMin, 1e-4, 0.1}) {
    const auto fit = FitLogistic(data.view(), {.penalty = penalty});
    ASSERT_TRUE(fit.ok()) << penalty << ": " << fit.status();
    EXPECT_TRUE(std::isfinite(fit->coefficients[0].estimate.value));
    EXPECT_TRUE(std::isfinite(*fit->coefficients[0].estimate.standard_error));
    EXPECT_GT(fit->Probability(std::vector<double>{39}), 0.8);
    EXPECT_LE(fit->log_likelihood, 0);
  }
}

TEST(LogisticTest, ConstantAndRepeatedColumns) {
  const Data students = Students();
  Data data{.columns = 3, .outcomes = students.outcomes};
  for (const double hours : students.values) data.values.insert(data.values.end(), {hours, 0.1, hours});
  const auto fit = FitLogistic(data.view(), {.penalty = 0.01});
  ASSERT_TRUE(fit.ok()) << fit.status();
  EXPECT_EQ(fit->coefficients[1].state, State::kConstant);
  EXPECT_EQ(fit->coefficients[1].estimate.value, 0);
  EXPECT_FALSE(fit->coefficients[1].estimate.standard_error);
  EXPECT_NEAR(fit->coefficients[0].estimate.value, fit->coefficients[2].estimate.value, 1e-5);

  const Data nothing{.outcomes = students.outcomes};
  const auto base_rate = FitLogistic(nothing.view(), {});
  ASSERT_TRUE(base_rate.ok()) << base_rate.status();
  EXPECT_NEAR(base_rate->intercept.value, 0, 1e-9);
  EXPECT_DOUBLE_EQ(base_rate->log_likelihood, base_rate->null_log_likelihood);
}

TEST(LogisticTest, NonNegativeCoefficients) {
  const std::vector<double> slopes = {0.8, -0.6, 0.0};
  const Data data = LogisticData(9, 2'000, 0, slopes);
  const auto bounded = FitLogistic(data.view(), {.penalty = 0.001, .non_negative = true});
  ASSERT_TRUE(bounded.ok()) << bounded.status();
  EXPECT_EQ(bounded->coefficients[1].state, State::kAtBound);
  EXPECT_EQ(bounded->coefficients[1].estimate.value, 0);
  EXPECT_FALSE(bounded->coefficients[1].estimate.interval);
  EXPECT_EQ(bounded->coefficients[0].state, State::kFree);

  // What is left free is the fit without the column at the bound.
  Data without{.columns = 2, .outcomes = data.outcomes};
  for (size_t row = 0; row < data.outcomes.size(); ++row) {
    without.values.insert(without.values.end(), {data.values[3 * row], data.values[3 * row + 2]});
  }
  const auto free = FitLogistic(without.view(), {.penalty = 0.001, .non_negative = true});
  ASSERT_TRUE(free.ok());
  EXPECT_NEAR(bounded->coefficients[0].estimate.value, free->coefficients[0].estimate.value, 1e-5);
  EXPECT_NEAR(*bounded->coefficients[0].estimate.standard_error, *free->coefficients[0].estimate.standard_error, 1e-5);
}

TEST(LogisticTest, SameInputSameBits) {
  const std::vector<double> slopes = {0.8, -0.6, 0.1, 0.4};
  const Data data = LogisticData(2, 1'000, 0, slopes);
  const auto a = FitLogistic(data.view(), {.penalty = 0.001});
  const auto b = FitLogistic(data.view(), {.penalty = 0.001});
  ASSERT_TRUE(a.ok() && b.ok());
  for (size_t i = 0; i < 4; ++i) EXPECT_EQ(a->coefficients[i].estimate.value, b->coefficients[i].estimate.value);
  EXPECT_EQ(a->evaluations, b->evaluations);
}

TEST(LogisticTest, Refusals) {
  Data data = Students();
  const auto code = [&](double penalty = 0.1) {
    return FitLogistic(data.view(), {.penalty = penalty}).status().code();
  };
  EXPECT_EQ(error::ReasonOf(FitLogistic(data.view(), {.penalty = 0}).status()), "FIELD_OUT_OF_RANGE");
  EXPECT_EQ(error::ReasonOf(FitLogistic(data.view(), {.penalty = NAN}).status()), "FIELD_OUT_OF_RANGE");
  data.weights = {1, 2};
  EXPECT_EQ(code(), absl::StatusCode::kInvalidArgument);
  data.weights.assign(20, -1);
  EXPECT_EQ(code(), absl::StatusCode::kInvalidArgument);
  data.weights.clear();
  data.values[3] = NAN;
  EXPECT_EQ(code(), absl::StatusCode::kInvalidArgument);
  data.values.pop_back();
  EXPECT_EQ(code(), absl::StatusCode::kInvalidArgument);
  data = Students();
  data.outcomes[0] = 2;
  EXPECT_EQ(code(), absl::StatusCode::kInvalidArgument);
  data.outcomes.assign(20, 1);
  EXPECT_EQ(error::ReasonOf(FitLogistic(data.view(), {}).status()), "OUTCOMES_TOO_FEW");
  data = {};
  EXPECT_EQ(error::ReasonOf(FitLogistic(data.view(), {}).status()), "OUTCOMES_TOO_FEW");
}

}  // namespace
}  // namespace folio::learning
