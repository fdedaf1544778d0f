#include "server/learning/roc.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "tests/learning/random_data.h"

namespace folio::learning {
namespace {

struct Scored {
  std::vector<double> scores;
  std::vector<uint8_t> outcomes;
};

// A rating of each patient's image from 1 to 5, by whether they were ill: J. A. Hanley, B. J. McNeil, Radiology 143
// (1982) 29-36, table I.
Scored HanleyMcNeil() {
  const int healthy[] = {33, 6, 6, 11, 2};
  const int ill[] = {3, 2, 2, 11, 33};
  Scored patients;
  for (int rating = 0; rating < 5; ++rating) {
    patients.scores.insert(patients.scores.end(), healthy[rating] + ill[rating], rating + 1.0);
    patients.outcomes.insert(patients.outcomes.end(), healthy[rating], 0);
    patients.outcomes.insert(patients.outcomes.end(), ill[rating], 1);
  }
  return patients;
}

// Area and DeLong's standard error by their definitions, pair by pair.
struct Definition {
  double area = 0;
  double standard_error = 0;

  explicit Definition(const Scored& data) {
    std::vector<double> of_events;
    std::vector<double> of_non_events;
    for (size_t i = 0; i < data.scores.size(); ++i) {
      double wins = 0;
      double others = 0;
      for (size_t j = 0; j < data.scores.size(); ++j) {
        if (data.outcomes[i] == data.outcomes[j]) continue;
        const double ahead = data.outcomes[i] == 1 ? data.scores[i] - data.scores[j] : data.scores[j] - data.scores[i];
        wins += ahead > 0 ? 1 : ahead == 0 ? 0.5 : 0;
        others += 1;
      }
      (data.outcomes[i] == 1 ? of_events : of_non_events).push_back(wins / others);
    }
    area = Mean(of_events);
    standard_error = std::sqrt(VarianceOfMean(of_events) + VarianceOfMean(of_non_events));
  }

  static double Mean(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
  }

  static double VarianceOfMean(const std::vector<double>& values) {
    const double mean = Mean(values);
    double squares = 0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    const auto count = static_cast<double>(values.size());
    return squares / (count - 1) / count;
  }
};

Scored RandomScores(uint64_t seed, size_t rows, double rate, double shift, double step) {
  Random random(seed);
  Scored data;
  for (size_t row = 0; row < rows; ++row) {
    data.outcomes.push_back(random.Chance(rate) ? 1 : 0);
    data.scores.push_back(std::round((random.Normal() + shift * data.outcomes.back()) / step) * step);
  }
  return data;
}

// The manual of Stata, [R] roctab, gives 0.8932, 0.0307 and (normal on the plain scale) 0.83295 to 0.95339.
TEST(RocTest, AgreesWithPublishedFigures) {
  const Scored patients = HanleyMcNeil();
  const auto roc = ComputeAreaUnderRoc(patients.scores, patients.outcomes);
  ASSERT_TRUE(roc);
  EXPECT_NEAR(roc->value, 0.8932, 0.00005);
  EXPECT_NEAR(roc->standard_error, 0.0307, 0.00005);
  EXPECT_NEAR(roc->value - statistics::NormalQuantile(0.95) * roc->standard_error, 0.83295, 0.00001);
  EXPECT_NEAR(roc->value + statistics::NormalQuantile(0.95) * roc->standard_error, 0.95339, 0.00001);
  EXPECT_EQ(roc->rows.events, 51);
  EXPECT_EQ(roc->rows.non_events, 58);
  EXPECT_TRUE(roc->HasEvidence());
}

TEST(RocTest, AgreesWithTheDefinition) {
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    const Scored data = RandomScores(seed, 60, 0.3, 0.7, seed % 2 == 0 ? 0.5 : 1e-6);
    const auto roc = ComputeAreaUnderRoc(data.scores, data.outcomes);
    ASSERT_TRUE(roc) << "seed " << seed;
    const Definition expected(data);
    EXPECT_NEAR(roc->value, expected.area, 1e-12) << "seed " << seed;
    EXPECT_NEAR(roc->standard_error, expected.standard_error, 1e-12) << "seed " << seed;
  }
}

TEST(RocTest, IntervalIsNormalOnLogOdds) {
  const Scored patients = HanleyMcNeil();
  const auto narrow = ComputeAreaUnderRoc(patients.scores, patients.outcomes, {}, 0.8);
  ASSERT_TRUE(narrow);
  const double middle = (statistics::Logit(narrow->interval.low) + statistics::Logit(narrow->interval.high)) / 2;
  EXPECT_NEAR(middle, statistics::Logit(narrow->value), 1e-12);
  const double reach = (statistics::Logit(narrow->interval.high) - statistics::Logit(narrow->interval.low)) / 2;
  EXPECT_NEAR(reach, 1.2815515655 * narrow->standard_error / (narrow->value * (1 - narrow->value)), 1e-9);
}

TEST(RocTest, AbsentWithOneOutcomeOnly) {
  const std::vector<double> scores = {1, 2, 3};
  EXPECT_FALSE(ComputeAreaUnderRoc(scores, std::vector<uint8_t>{0, 0, 0}));
  EXPECT_FALSE(ComputeAreaUnderRoc(scores, std::vector<uint8_t>{1, 1, 1}));
  EXPECT_FALSE(ComputeAreaUnderRoc({}, {}));
}

TEST(RocTest, SeparatedClassesAreNotCertain) {
  std::vector<double> scores;
  std::vector<uint8_t> outcomes;
  for (int i = 0; i < 40; ++i) {
    scores.push_back(i);
    outcomes.push_back(i >= 20 ? 1 : 0);
  }
  const auto roc = ComputeAreaUnderRoc(scores, outcomes);
  ASSERT_TRUE(roc);
  EXPECT_EQ(roc->value, 1);
  EXPECT_EQ(roc->standard_error, 0);
  EXPECT_EQ(roc->interval.high, 1);
  // The root of (1 - area)^2 = z^2 * variance(area), computed apart.
  EXPECT_NEAR(roc->interval.low, 0.8986681358, 1e-9);
  EXPECT_TRUE(roc->HasEvidence());
  EXPECT_LT(roc->p_value, 1e-6);

  const auto few = ComputeAreaUnderRoc(std::vector<double>{1, 2}, std::vector<uint8_t>{0, 1});
  ASSERT_TRUE(few);
  EXPECT_NEAR(few->interval.low, 0.2065493144, 1e-9);
  EXPECT_FALSE(few->HasEvidence());
}

TEST(RocTest, EqualScoresTellNothing) {
  const auto roc = ComputeAreaUnderRoc(
      std::vector<double>(30, 0.1),
      std::vector<uint8_t>{1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0});
  ASSERT_TRUE(roc);
  EXPECT_EQ(roc->value, 0.5);
  EXPECT_FALSE(roc->HasEvidence());
  EXPECT_NEAR(roc->interval.low, 0.2993548279, 1e-9);
  EXPECT_NEAR(roc->interval.high, 1 - 0.2993548279, 1e-9);
  EXPECT_EQ(roc->p_value, 1);
}

RC_GTEST_PROP(RocPropertyTest, MonotoneMapsAndSwappedOutcomes, (uint64_t seed)) {
  const Scored data = RandomScores(seed, 50, 0.4, 0.5, 0.25);
  const auto roc = ComputeAreaUnderRoc(data.scores, data.outcomes);
  if (!roc) return;
  RC_ASSERT(roc->interval.low <= roc->value && roc->value <= roc->interval.high);
  RC_ASSERT(roc->interval.low >= 0 && roc->interval.high <= 1);
  RC_ASSERT(roc->HasEvidence() == (roc->p_value < 0.05));

  std::vector<double> mapped;
  for (const double score : data.scores) mapped.push_back(std::exp(score) - 3);
  const auto same = ComputeAreaUnderRoc(mapped, data.outcomes);
  RC_ASSERT(same->value == roc->value && same->standard_error == roc->standard_error);
  RC_ASSERT(same->interval.low == roc->interval.low && same->p_value == roc->p_value);

  std::vector<uint8_t> swapped;
  for (const uint8_t outcome : data.outcomes) swapped.push_back(1 - outcome);
  const auto mirrored = ComputeAreaUnderRoc(data.scores, swapped);
  RC_ASSERT(std::abs(mirrored->value + roc->value - 1) < 1e-12);
  RC_ASSERT(std::abs(mirrored->standard_error - roc->standard_error) < 1e-12);
  RC_ASSERT(std::abs(mirrored->interval.low + roc->interval.high - 1) < 1e-9);

  std::vector<int32_t> alone(data.scores.size());
  for (size_t row = 0; row < alone.size(); ++row) alone[row] = static_cast<int32_t>(alone.size() - 1 - row);
  const auto clustered = ComputeAreaUnderRoc(data.scores, data.outcomes, alone);
  RC_ASSERT(std::abs(clustered->standard_error - roc->standard_error) < 1e-12);
}

// Each row four times tells no more than once: only the clusters know.
TEST(RocTest, RepeatedRowsOfAnAccountAddNoCertainty) {
  const Scored once = RandomScores(7, 80, 0.4, 0.6, 1e-6);
  Scored repeated;
  std::vector<int32_t> clusters;
  for (size_t row = 0; row < once.scores.size(); ++row) {
    repeated.scores.insert(repeated.scores.end(), 4, once.scores[row]);
    repeated.outcomes.insert(repeated.outcomes.end(), 4, once.outcomes[row]);
    clusters.insert(clusters.end(), 4, static_cast<int32_t>(row));
  }
  const auto single = ComputeAreaUnderRoc(once.scores, once.outcomes);
  const auto naive = ComputeAreaUnderRoc(repeated.scores, repeated.outcomes);
  const auto clustered = ComputeAreaUnderRoc(repeated.scores, repeated.outcomes, clusters);
  EXPECT_NEAR(clustered->value, single->value, 1e-12);
  EXPECT_NEAR(clustered->standard_error, single->standard_error, 1e-12);
  EXPECT_NEAR(naive->standard_error, single->standard_error / 2, 0.002);
}

// Repetitions out of 200 whose interval has the truth, 190 expected with a deviation of 3.1: three of them either way.
template <typename Covers>
void ExpectNominalCoverage(const Covers& covers) {
  int covered = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) covered += covers(seed) ? 1 : 0;
  EXPECT_GE(covered, 181) << "seeds 1 to 200";
  EXPECT_LE(covered, 199) << "seeds 1 to 200";
}

TEST(RocTest, NoiseIsCoveredAtTheNominalRate) {
  ExpectNominalCoverage([](uint64_t seed) {
    const Scored data = RandomScores(seed, 150, 0.3, 0, 1e-6);
    return ComputeAreaUnderRoc(data.scores, data.outcomes)->interval.Contains(0.5);
  });
}

TEST(RocTest, SignalIsCoveredAtTheNominalRate) {
  // Two normals one deviation apart: the normal distribution function of 1 / sqrt(2).
  constexpr double kTruth = 0.7602499389;
  ExpectNominalCoverage([](uint64_t seed) {
    const Scored data = RandomScores(seed, 150, 0.3, 1, 1e-6);
    return ComputeAreaUnderRoc(data.scores, data.outcomes)->interval.Contains(kTruth);
  });
}

// Accounts of six cut-offs, lost ones with the event at the last two: rows of both outcomes within an account.
Data RepeatedCutOffs(uint64_t seed, int32_t accounts) {
  Random random(seed);
  Data data;
  for (int32_t account = 0; account < accounts; ++account) {
    const double own = random.Normal();
    const uint8_t lost = random.Chance(0.4) ? 1 : 0;
    for (int cut_off = 0; cut_off < 6; ++cut_off) {
      data.values.push_back(own + 0.3 * random.Normal());
      data.outcomes.push_back(lost == 1 && cut_off >= 4 ? 1 : 0);
      data.clusters.push_back(account);
    }
  }
  return data;
}

TEST(RocTest, RepeatedCutOffsAreCoveredAtTheNominalRate) {
  ExpectNominalCoverage([](uint64_t seed) {
    const Data data = RepeatedCutOffs(seed, 60);
    return ComputeAreaUnderRoc(data.values, data.outcomes, data.clusters)->interval.Contains(0.5);
  });
}

// Leaving out one account at a time knows nothing of the formula.
TEST(RocTest, ClusteredErrorAgreesWithTheJackknife) {
  constexpr int32_t kAccounts = 150;
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const Data data = RepeatedCutOffs(seed, kAccounts);
    std::vector<double> areas;
    for (int32_t left_out = 0; left_out < kAccounts; ++left_out) {
      std::vector<double> scores;
      std::vector<uint8_t> outcomes;
      for (size_t row = 0; row < data.outcomes.size(); ++row) {
        if (data.clusters[row] == left_out) continue;
        scores.push_back(data.values[row]);
        outcomes.push_back(data.outcomes[row]);
      }
      areas.push_back(ComputeAreaUnderRoc(scores, outcomes)->value);
    }
    const double jackknife = (kAccounts - 1) * std::sqrt(Definition::VarianceOfMean(areas));
    const auto roc = ComputeAreaUnderRoc(data.values, data.outcomes, data.clusters);
    EXPECT_NEAR(roc->standard_error, jackknife, 0.02 * jackknife) << "seed " << seed;
  }
}

}  // namespace
}  // namespace folio::learning
