#include <cmath>
#include <random>

#include "folio/v1/custom_field.pb.h"
#include "server/learning/logistic.h"
#include "server/scoring/score.h"
#include "tests/proof/proof_fixture.h"

namespace folio::proof {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr uint64_t kSeedOfClients = 11;
constexpr int kClients = 600;
constexpr const char* kPlans[] = {"Basic", "Silver", "Gold"};
constexpr char kOutcome[] = R"( outcome { custom_field { custom_field: "left" value: "true" } } )";
constexpr char kMeasures[] = R"(
    measures { measure: "custom.age" weight: 1 ramp { zero_at: 0 full_at: 50 } }
    measures { measure: "custom.plan" weight: 1 choices { choices { choice: "Basic" credit: 1 } other: 0.5 } }
    measures { measure: "custom.noise" weight: 1 ramp { zero_at: 0 full_at: 1 } })";

// Clients who leave by a known law: log-odds -1 + 2 (age / 50) + 1.5 on Basic - 1 on Gold. Noise has no part in it.
class FitTest : public ProofTest {
 protected:
  FitTest() {
    DefineField("left", "type: CUSTOM_FIELD_TYPE_FLAG");
    DefineField("age", "type: CUSTOM_FIELD_TYPE_NUMBER");
    DefineField("noise", "type: CUSTOM_FIELD_TYPE_NUMBER");
    DefineField("plan", R"(type: CUSTOM_FIELD_TYPE_CHOICE choices: "Basic" choices: "Silver" choices: "Gold")");
  }

  // With `lawful` false, leaving is tossed for.
  void AddClients(bool lawful, int count = kClients) {
    std::mt19937_64 random(kSeedOfClients);
    const auto uniform = [&] { return static_cast<double>(random() >> 11) / 9007199254740992.0; };
    constexpr double kOfPlan[] = {1.5, 0, -1};
    for (int i = 0; i < count; ++i) {
      const auto age = static_cast<int>(uniform() * 50);
      const size_t plan = random() % 3;
      const double log_odds = lawful ? -1 + 2 * age / 50.0 + kOfPlan[plan] : 0;
      const bool leaves = uniform() < 1 / (1 + std::exp(-log_odds));
      AddAccount(fmt::format("a{}", i), fmt::format(R"(
          custom_fields {{ key: "age" value {{ number: {} }} }} custom_fields {{ key: "noise" value {{ number: {} }} }}
          custom_fields {{ key: "plan" value {{ choice: "{}" }} }}
          custom_fields {{ key: "left" value {{ flag: {} }} }})",
                                                    age, uniform(), kPlans[plan], leaves));
    }
  }

  // All plans but the commonest.
  static std::vector<std::string> OtherPlans() {
    std::map<std::string, int> counts;
    std::mt19937_64 random(kSeedOfClients);
    for (int i = 0; i < kClients; ++i) {
      random.discard(1);
      ++counts[kPlans[random() % 3]];
      random.discard(2);
    }
    std::vector<std::string> others(std::begin(kPlans), std::end(kPlans));
    std::erase(others, std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
                         return a.second < b.second;
                       })->first);
    return others;
  }

  static const v1::FittedMeasure& Of(const v1::HealthFit& fit, const std::string& measure) {
    const auto found = std::find_if(fit.measures().begin(), fit.measures().end(),
                                    [&](const v1::FittedMeasure& one) { return one.measure() == measure; });
    EXPECT_NE(found, fit.measures().end()) << measure;
    return *found;
  }
};

TEST_F(FitTest, LearntModelIsTheLinearPredictorPutOnPoints) {
  AddClients(true);
  const auto fit = Learn(ModelOf(kMeasures) + kOutcome + "fit_kernels: true");
  ASSERT_TRUE(fit.ok()) << fit.status() << ", seed " << kSeedOfClients;
  ASSERT_EQ(fit->sample_count(), kClients);
  const auto model = scoring::Model::Compile(fit->model(), &workspace_->portfolio().custom_fields());
  ASSERT_TRUE(model.ok()) << model.status();

  // The same regression, on columns made here: the ramp's ends are read off the model.
  const v1::RampKernel& age = fit->model().dimensions(0).measures(0).ramp();
  ASSERT_GT(age.zero_at(), age.full_at()) << "who is older leaves more: less is better";
  const double low = age.full_at();
  const double high = age.zero_at();
  const v1::RampKernel& noise = fit->model().dimensions(0).measures(2).ramp();
  const double noise_low = std::min(noise.zero_at(), noise.full_at());
  const double noise_high = std::max(noise.zero_at(), noise.full_at());
  // The commonest plan has no column: the others are told against it.
  const std::vector<std::string> columns = OtherPlans();
  std::vector<double> values;
  std::vector<uint8_t> outcomes;
  std::vector<double> scores;
  account::CustomFields& fields = workspace_->portfolio().custom_fields();
  for (engine::RowKey key = 1; key <= kClients; ++key) {
    ASSERT_TRUE(workspace_->portfolio().Show(key, workspace_->portfolio().today(), [&](const account::View& view) {
      std::map<std::string, double> figures;
      for (const account::CustomValue& value : view.custom) figures[fields.TextOf(value.field)] = value.value;
      values.push_back(std::clamp((figures["age"] - low) / (high - low), 0.0, 1.0));
      for (const std::string& plan : columns) values.push_back(figures["plan"] == fields.NumberOf(plan) ? 1 : 0);
      values.push_back(std::clamp((figures["noise"] - noise_low) / (noise_high - noise_low), 0.0, 1.0));
      outcomes.push_back(figures["left"] == 1 ? 1 : 0);
      scores.push_back(model->Run(view, nullptr).raw);
    }));
  }
  const auto expected = learning::FitLogistic(
      {.features = {values, 4}, .outcomes = outcomes, .weights = {}, .clusters = {}}, {.penalty = fit->penalty()});
  ASSERT_TRUE(expected.ok()) << expected.status();
  for (size_t row = 0; row < scores.size(); ++row) {
    const double told = fit->log_odds_at_zero() + fit->log_odds_per_point() * scores[row];
    ASSERT_NEAR(told, expected->LogOdds({values.data() + row * 4, 4}), 1e-4) << row;
  }
}

TEST_F(FitTest, WeightsKernelsAndFiguresAreNearTheLaw) {
  AddClients(true);
  const auto fit = Learn(ModelOf(kMeasures) + kOutcome + "fit_kernels: true");
  ASSERT_TRUE(fit.ok()) << fit.status() << ", seed " << kSeedOfClients;
  double weights = 0;
  for (const v1::HealthDimension& dimension : fit->model().dimensions()) {
    weights += dimension.weight();
    for (const v1::HealthMeasure& measure : dimension.measures()) EXPECT_THAT(measure.reason(), HasSubstr("log-odds"));
  }
  EXPECT_NEAR(weights, 100, 1e-4);
  EXPECT_GT(fit->cross_validated_auc(), 0.7);
  EXPECT_LT(fit->auc_low(), fit->cross_validated_auc());
  EXPECT_TRUE(fit->has_evidence());
  EXPECT_LT(fit->cross_validated_brier(), fit->brier_base());
  EXPECT_LT(fit->given_auc(), 0.4);  // its kernels are the wrong way round
  const v1::FittedMeasure& age = Of(*fit, "custom.age");
  EXPECT_LT(age.coefficient_low(), 2);
  EXPECT_GT(age.coefficient_high(), 1.5);  // 2, less what the ramp's ends leave out
  EXPECT_EQ(age.coverage(), 1);
  const v1::FittedMeasure& noise = Of(*fit, "custom.noise");
  EXPECT_LT(noise.coefficient_low(), 0);
  EXPECT_LT(noise.weight(), age.weight());
  const v1::ChoicesKernel& plan = fit->model().dimensions(0).measures(1).choices();
  ASSERT_EQ(plan.choices_size(), 3);
  EXPECT_EQ(plan.choices(0).credit(), 0);  // Basic
  EXPECT_GT(plan.choices(1).credit(), 0.3);
  EXPECT_EQ(plan.choices(2).credit(), 1);  // Gold
}

TEST_F(FitTest, WithoutKernelsDropsWhatGoesAgainstThem) {
  AddClients(true);
  // Its ramp has age the wrong way round, and the plan the right one.
  const auto fit = Learn(ModelOf(R"(
      measures { measure: "custom.age" weight: 1 ramp { zero_at: 0 full_at: 50 } }
      measures { measure: "custom.plan" weight: 1 choices { choices { choice: "Gold" credit: 1 }
                                                            choices { choice: "Silver" credit: 0.6 } other: 0 } })") +
                         kOutcome);
  ASSERT_TRUE(fit.ok()) << fit.status();
  EXPECT_TRUE(Of(*fit, "custom.age").dropped());
  ASSERT_EQ(fit->model().dimensions_size(), 1);
  ASSERT_EQ(fit->model().dimensions(0).measures_size(), 1);
  EXPECT_EQ(fit->model().dimensions(0).measures(0).measure(), "custom.plan");
  EXPECT_NEAR(fit->model().dimensions(0).measures(0).choices().choices(1).credit(), 0.6, 1e-12);
  EXPECT_THAT(fit->warnings(), Contains(AllOf(HasSubstr("Left out"), HasSubstr("custom.age"))));
}

TEST_F(FitTest, SaysThatNoiseTeachesNothing) {
  AddClients(false);
  const auto fit = Learn(ModelOf(kMeasures) + kOutcome + "fit_kernels: true");
  ASSERT_TRUE(fit.ok()) << fit.status() << ", seed " << kSeedOfClients;
  EXPECT_FALSE(fit->has_evidence());
  EXPECT_THAT(fit->conclusion(), HasSubstr("no evidence that this model predicts the outcome"));
  const auto french = Learn(ModelOf(kMeasures) + kOutcome + "fit_kernels: true", error::Locale::kFrench);
  ASSERT_TRUE(french.ok()) << french.status();
  EXPECT_THAT(french->conclusion(), HasSubstr("Rien n'indique que ce modèle prédise l'issue"));
}

TEST_F(FitTest, RefusesTooFewOutcomesWithTheNumbers) {
  AddClients(true, 60);
  const auto fit = Learn(ModelOf(kMeasures) + kOutcome);
  EXPECT_EQ(error::ReasonOf(fit.status()), "OUTCOMES_TOO_FEW");
  EXPECT_TRUE(absl::IsFailedPrecondition(fit.status()));
  EXPECT_THAT(error::Localize(fit.status(), error::Locale::kEnglish), HasSubstr("50 of each are needed"));
}

TEST_F(FitTest, RefusesOneFold) {
  EXPECT_EQ(FaultOf(Learn(ModelOf(kMeasures) + kOutcome + "fold_count: 1").status()), "fold_count FIELD_OUT_OF_RANGE");
}

TEST_F(FitTest, CountsMissingFiguresAsTheirMeanAndSaysSo) {
  AddClients(true);
  for (int i = 0; i < 60; ++i) {
    AddAccount(fmt::format("b{}", i), fmt::format(R"(
        custom_fields {{ key: "noise" value {{ number: 1 }} }} custom_fields {{ key: "left" value {{ flag: {} }} }})",
                                                  i % 2 == 0));
  }
  const auto fit = Learn(ModelOf(kMeasures) + kOutcome + "fit_kernels: true");
  ASSERT_TRUE(fit.ok()) << fit.status();
  EXPECT_EQ(fit->sample_count(), kClients + 60);
  EXPECT_NEAR(Of(*fit, "custom.age").coverage(), 600.0 / 660, 1e-12);
  EXPECT_THAT(fit->warnings(), Contains(HasSubstr("missing figure counted as the mean")));
}

}  // namespace
}  // namespace folio::proof
