#include "server/learning/cross_validation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "server/base/error.h"
#include "server/learning/folds.h"
#include "tests/learning/random_data.h"

namespace folio::learning {
namespace {

TEST(FoldsTest, EachGetsItsShareOfBothOutcomes) {
  std::vector<uint8_t> outcomes(103, 0);
  for (size_t row = 0; row < 23; ++row) outcomes[row * 4] = 1;
  const auto folds = DealFolds(outcomes, {}, 10, 1);
  ASSERT_TRUE(folds.ok());
  for (int32_t fold = 0; fold < 10; ++fold) {
    size_t events = 0;
    const auto rows = folds->HeldOut(fold);
    for (const size_t row : rows) events += outcomes[row];
    EXPECT_TRUE(events == 2 || events == 3) << events;
    EXPECT_TRUE(rows.size() == 10 || rows.size() == 11) << rows.size();
    EXPECT_EQ(rows.size() + folds->Training(fold).size(), outcomes.size());
  }
}

TEST(FoldsTest, SeedDecides) {
  std::vector<uint8_t> outcomes(100, 0);
  for (size_t row = 0; row < 50; ++row) outcomes[row] = 1;
  EXPECT_EQ(DealFolds(outcomes, {}, 5, 1)->of_row, DealFolds(outcomes, {}, 5, 1)->of_row);
  EXPECT_NE(DealFolds(outcomes, {}, 5, 1)->of_row, DealFolds(outcomes, {}, 5, 2)->of_row);
}

TEST(FoldsTest, RowsOfAnAccountStayTogether) {
  Random random(8);
  Data data;
  for (int row = 0; row < 400; ++row) {
    data.clusters.push_back(static_cast<int32_t>(random.Below(60)));
    data.outcomes.push_back(random.Chance(0.1) ? 1 : 0);
  }
  const auto folds = DealFolds(data.outcomes, data.clusters, 5, 1);
  ASSERT_TRUE(folds.ok()) << folds.status();
  std::map<int32_t, std::set<int32_t>> folds_of;
  for (size_t row = 0; row < data.outcomes.size(); ++row) folds_of[data.clusters[row]].insert(folds->of_row[row]);
  for (const auto& [cluster, of_cluster] : folds_of) EXPECT_EQ(of_cluster.size(), 1u) << cluster;
}

TEST(FoldsTest, Refusals) {
  const std::vector<uint8_t> outcomes = {1, 1, 0, 0, 0, 0};
  EXPECT_EQ(error::ReasonOf(DealFolds(outcomes, {}, 1, 1).status()), "FIELD_OUT_OF_RANGE");
  EXPECT_EQ(error::ReasonOf(DealFolds(outcomes, {}, 3, 1).status()), "OUTCOMES_TOO_FEW");
  const std::vector<int32_t> one_account_lost = {0, 0, 1, 2, 3, 4};
  EXPECT_TRUE(DealFolds(outcomes, {}, 2, 1).ok());
  EXPECT_EQ(error::ReasonOf(DealFolds(outcomes, one_account_lost, 2, 1).status()), "OUTCOMES_TOO_FEW");
}

TEST(EventsTest, SaysWhatIsFoundAndNeeded) {
  std::vector<uint8_t> outcomes(200, 0);
  for (size_t row = 0; row < 60; ++row) outcomes[row] = 1;
  EXPECT_TRUE(AssessEvents(outcomes, 6).enough());
  const Sufficiency seven = AssessEvents(outcomes, 7);
  EXPECT_FALSE(seven.enough());
  EXPECT_EQ(seven.found.events, 60);
  EXPECT_EQ(seven.found.non_events, 140);
  EXPECT_EQ(seven.needed, 70);
  EXPECT_EQ(AssessEvents(outcomes, 2).needed, kEventsMin);
  for (uint8_t& outcome : outcomes) outcome = 1 - outcome;
  EXPECT_FALSE(AssessEvents(outcomes, 7).enough());  // the rarer outcome counts, whichever it is

  // An account that is seen twice is counted once, as lost if it was lost once.
  const Sufficiency accounts = AssessEvents(std::vector<uint8_t>{0, 1, 0, 0}, 1, std::vector<int32_t>{0, 0, 2, 2});
  EXPECT_EQ(accounts.found.events, 1);
  EXPECT_EQ(accounts.found.non_events, 1);
}

TEST(LearnTest, RefusesTooFewWithTheNumbers) {
  const std::vector<double> slopes = {1.0};
  const Data data = LogisticData(1, 80, -2, slopes);
  const auto learned = Learn(data.view(), {});
  EXPECT_EQ(error::ReasonOf(learned.status()), "OUTCOMES_TOO_FEW");
  const int64_t events = CountClasses(data.outcomes).events;
  EXPECT_THAT(error::Localize(learned.status(), error::Locale::kEnglish),
              testing::StartsWith("there are " + std::to_string(events) + " accounts with the outcome and " +
                                  std::to_string(80 - events) + " without; 50 of each are needed"));
  EXPECT_THAT(error::Localize(learned.status(), error::Locale::kFrench), testing::HasSubstr("il en faut 50"));
}

TEST(LearnTest, CanBeCancelled) {
  const std::vector<double> slopes = {1.0};
  const Data data = LogisticData(1, 400, 0, slopes);
  int asked = 0;
  const auto learned = Learn(data.view(), {.cancelled = [&] { return ++asked == 40; }});
  EXPECT_EQ(learned.status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(asked, 40);
}

TEST(LearnTest, RefusesShapesThatDoNotFit) {
  const std::vector<double> slopes = {1.0};
  Data data = LogisticData(1, 400, 0, slopes);
  data.clusters.assign(400, 0);
  data.clusters[7] = 400;
  EXPECT_EQ(Learn(data.view(), {}).status().code(), absl::StatusCode::kInvalidArgument);
  data.clusters.resize(3);
  EXPECT_EQ(CrossValidate(data.view(), {}).status().code(), absl::StatusCode::kInvalidArgument);
  data.clusters.clear();
  data.values.pop_back();
  EXPECT_EQ(ChoosePenalty(data.view(), {}).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(LearnTest, FindsTheSignalAndSaysHowGoodItIs) {
  const std::vector<double> slopes = {1.0, -0.5, 0.0};
  const Data data = LogisticData(6, 1'500, -1, slopes);
  const auto learned = Learn(data.view(), {});
  ASSERT_TRUE(learned.ok()) << learned.status();
  const auto& coefficients = learned->chosen.fit.coefficients;
  EXPECT_NEAR(coefficients[0].estimate.value, 1.0, 0.25) << "seed 6";
  EXPECT_NEAR(coefficients[1].estimate.value, -0.5, 0.25) << "seed 6";
  EXPECT_TRUE(coefficients[2].estimate.interval->Contains(0)) << "seed 6";

  const CrossValidation& validation = learned->validation;
  EXPECT_EQ(validation.probabilities.size(), 1'500u);
  EXPECT_EQ(validation.fold_areas.size(), 10u);
  EXPECT_EQ(validation.fold_penalties.size(), 10u);
  EXPECT_TRUE(validation.mean_area.HasEvidence());
  EXPECT_TRUE(validation.mean_area.interval.Contains(validation.mean_area.value));
  EXPECT_NEAR(validation.mean_area.value, validation.pooled_area.value, 0.02);
  EXPECT_GT(*validation.brier.skill, 0.1);
  // Judged on rows it was fitted to, the model looks better.
  EXPECT_GT(-learned->chosen.fit.log_likelihood / 1'500, 0);
  EXPECT_LT(-learned->chosen.fit.log_likelihood / 1'500, validation.log_loss);
}

TEST(CrossValidationTest, NoProbabilityHasSeenItsOutcome) {
  const std::vector<double> slopes = {0.7, 0.2};
  Data data = LogisticData(3, 150, 0, slopes);
  const Recipe recipe{.penalties = {0.001, 0.1}, .folds = 5};
  const auto folds = DealFolds(data.outcomes, {}, recipe.folds, recipe.seed);
  const auto before = CrossValidate(data.view(), recipe);
  // A feature rather than the outcome, by which the folds are dealt.
  data.values[2 * 17] += 3;
  const auto after = CrossValidate(data.view(), recipe);
  ASSERT_TRUE(folds.ok() && before.ok() && after.ok());
  for (size_t row = 0; row < data.outcomes.size(); ++row) {
    const bool expect_same = row != 17 && folds->of_row[row] == folds->of_row[17];
    EXPECT_EQ(before->probabilities[row] == after->probabilities[row], expect_same) << row;
  }
}

TEST(ChoosePenaltyTest, TakesTheLeastLogLoss) {
  const std::vector<double> slopes(10, 0.0);
  const Data noise = LogisticData(12, 200, 0, slopes);
  const auto choice = ChoosePenalty(noise.view(), {});
  ASSERT_TRUE(choice.ok());
  ASSERT_EQ(choice->trials.size(), Recipe{}.penalties.size());
  for (const PenaltyTrial& trial : choice->trials) {
    EXPECT_GE(trial.log_loss, choice->trials.back().log_loss) << trial.penalty;
  }
  EXPECT_EQ(choice->penalty, 1) << "noise wants the largest penalty; seed 12";
  EXPECT_EQ(error::ReasonOf(ChoosePenalty(noise.view(), {.penalties = {}}).status()), "FIELD_REQUIRED");
}

// The whole of it, on data without signal: 200 repetitions, 190 intervals with 0.5 expected, deviation 3.1.
TEST(CrossValidationTest, NoiseIsCoveredAtTheNominalRate) {
  const std::vector<double> slopes(3, 0.0);
  const Recipe recipe{.penalties = {0.01}, .folds = 5};
  int covered = 0;
  int evidence = 0;
  double sum = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    const Data data = LogisticData(seed, 200, -0.8, slopes);
    const auto validation = CrossValidate(data.view(), recipe);
    ASSERT_TRUE(validation.ok()) << "seed " << seed << ": " << validation.status();
    covered += validation->mean_area.interval.Contains(0.5) ? 1 : 0;
    evidence += validation->mean_area.HasEvidence() ? 1 : 0;
    sum += validation->mean_area.value;
  }
  EXPECT_NEAR(sum / 200, 0.5, 0.015);
  EXPECT_LE(evidence, 11) << "one side of the interval: 5 expected, deviation 2.2; seeds 1 to 200";
  EXPECT_GE(covered, 181) << "seeds 1 to 200";
  EXPECT_LE(covered, 199) << "seeds 1 to 200";
}

}  // namespace
}  // namespace folio::learning
