#include <random>

#include "folio/v1/custom_field.pb.h"
#include "server/learning/events.h"
#include "server/proof/choice.h"
#include "server/proof/words.h"
#include "tests/proof/proof_fixture.h"

namespace folio::proof {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;

// One cut-off, so that each account counts once.
constexpr char kOneCutoff[] = R"(
  outcome { churn {} horizon_days: 30 }
  first_cutoff { year: 2024 month: 4 day: 1 } last_cutoff { year: 2024 month: 4 day: 1 })";

constexpr char kTwoCutoffs[] = R"(outcome { churn {} } step_days: 31
  first_cutoff { year: 2024 month: 1 day: 1 } last_cutoff { year: 2024 month: 2 day: 1 })";

class BacktestTest : public ProofTest {
 protected:
  Question Chosen(const std::string& request, ChosenBy by, int64_t samples_max) {
    auto question = AskBacktest(*workspace_, Parse<v1::BacktestHealthModelRequest>(UseModel() + request));
    EXPECT_TRUE(question.ok()) << question.status();
    const auto status = ChooseSamples(
        workspace_->portfolio(), by, samples_max, [](int64_t) { return true; }, &*question);
    EXPECT_TRUE(status.ok()) << status;
    return *std::move(question);
  }

  // An account whose only subscription ends on a day (or never), and which used the product so often before April.
  void AddClient(const std::string& id, const std::string& end, int64_t uses, const std::string& more = "") {
    AddAccount(id, more);
    Subscribe(id + "-s", id, "2023-01-01", end, 1000);
    Use(id, "2024-03-20", uses);
  }
};

TEST_F(BacktestTest, TellsKnownFigures) {
  // By score: 10, 20 (leaves), 30 (leaves), 40, 50. Of 2 x 3 pairs, four are in order: the two that leave are below 40
  // and 50, and above 10.
  AddClient("a", "", 2);
  AddClient("b", "2024-04-20", 4);
  AddClient("c", "2024-04-25", 6);
  AddClient("d", "", 8);
  AddClient("e", "2024-06-01", 10);  // leaves, but beyond the horizon
  const auto report = Ask(UseModel() + kOneCutoff);
  ASSERT_TRUE(report.ok()) << report.status();
  const v1::BacktestFigures& figures = report->overall();
  EXPECT_EQ(figures.sample_count(), 5);
  EXPECT_EQ(figures.account_count(), 5);
  EXPECT_EQ(figures.event_count(), 2);
  EXPECT_NEAR(figures.auc(), 4.0 / 6, 1e-12);
  // The top fifth is the lowest score, which stays.
  ASSERT_EQ(figures.at_k_size(), 3);
  EXPECT_EQ(figures.at_k(2).count(), 1);
  EXPECT_EQ(figures.at_k(2).precision(), 0);
  EXPECT_NEAR(figures.brier_base(), 0.4 * 0.6, 1e-12);
  EXPECT_EQ(report->cutoffs_size(), 1);
  EXPECT_FALSE(report->has_evidence());
  EXPECT_THAT(report->conclusion(), HasSubstr("no evidence that this model predicts the outcome"));
  EXPECT_THAT(report->warnings(), Contains(HasSubstr("Only 2 accounts have the outcome")));
}

TEST_F(BacktestTest, DoesNotReadWhatCameAfterTheCutoff) {
  for (int i = 0; i < 40; ++i) AddClient(fmt::format("a{}", i), i % 4 == 0 ? "2024-04-20" : "", i % 7);
  const std::string measures = R"(
    measures { measure: "usage_level" weight: 1 ramp { zero_at: 0 full_at: 20 } }
    measures { measure: "days_since_last_usage" weight: 1 ramp { zero_at: 45 full_at: 0 } }
    measures { measure: "subscriptions_kept" weight: 1 ramp { zero_at: 0 full_at: 1 } }
    measures { measure: "arr_trend" weight: 1 ramp { zero_at: -1 full_at: 0 } })";
  const auto before = Ask(ModelOf(measures) + kOneCutoff);
  ASSERT_TRUE(before.ok()) << before.status();
  ASSERT_EQ(before->overall().event_count(), 10);
  EXPECT_NEAR(before->overall().auc(), 0.5, 0.2);
  // Perfectly predictive, and dated the day after: those who stay use it a thousand times.
  for (int i = 0; i < 40; ++i) Use(fmt::format("a{}", i), "2024-04-02", i % 4 == 0 ? 0 : 1000);
  const auto after = Ask(ModelOf(measures) + kOneCutoff);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(after->SerializeAsString(), before->SerializeAsString());
  // On the day itself it is read, and tells all: the leak would be seen if there were one.
  for (int i = 0; i < 40; ++i) Use(fmt::format("a{}", i), "2024-04-01", i % 4 == 0 ? 0 : 1000);
  const auto known = Ask(UseModel() + kOneCutoff);
  ASSERT_TRUE(known.ok()) << known.status();
  EXPECT_EQ(known->overall().auc(), 1);
  EXPECT_TRUE(known->has_evidence());
}

TEST_F(BacktestTest, SaysInBothLanguagesThatNoiseIsNoEvidence) {
  constexpr uint64_t kSeedOfNoise = 7;
  std::mt19937_64 random(kSeedOfNoise);
  for (int i = 0; i < 300; ++i) {
    AddClient(fmt::format("a{}", i), random() % 3 == 0 ? "2024-04-20" : "", static_cast<int64_t>(random() % 20));
  }
  const auto english = Ask(UseModel() + kOneCutoff);
  ASSERT_TRUE(english.ok()) << english.status();
  const v1::BacktestFigures& figures = english->overall();
  EXPECT_LT(figures.auc_low(), 0.5) << "seed " << kSeedOfNoise;
  EXPECT_GT(figures.auc_high(), 0.5) << "seed " << kSeedOfNoise;
  EXPECT_FALSE(english->has_evidence());
  EXPECT_THAT(english->conclusion(), HasSubstr("no evidence that this model predicts the outcome"));
  EXPECT_GE(figures.brier(), figures.brier_base() * 0.97);
  int64_t calibrated = 0;
  for (const v1::CalibrationBin& bin : english->calibration()) {
    calibrated += bin.count();
    EXPECT_LE(bin.observed_low(), bin.observed());
    EXPECT_LE(bin.score_low(), bin.score_high());
  }
  EXPECT_EQ(calibrated, 300);
  const auto french = Ask(UseModel() + kOneCutoff, error::Locale::kFrench);
  ASSERT_TRUE(french.ok()) << french.status();
  EXPECT_THAT(french->conclusion(), HasSubstr("Rien n'indique que ce modèle prédise l'issue"));
}

TEST_F(BacktestTest, CountsAnAccountAtEachCutoffAndHowLongItWarned) {
  AddClient("gone", "2024-05-10", 0);
  AddClient("stays", "", 20);
  // Its use ends in January: red from the cut-off of March 2 on, whose window holds no day of January.
  Use("gone", "2024-01-05", 20);
  const auto report = Ask(UseModel() + R"(outcome { churn {} horizon_days: 40 } step_days: 30
      first_cutoff { year: 2024 month: 2 day: 1 } last_cutoff { year: 2024 month: 5 day: 1 })");
  ASSERT_TRUE(report.ok()) << report.status();
  // Back from the last: May 1, April 1, March 2, February 1.
  ASSERT_EQ(report->cutoffs_size(), 4);
  EXPECT_EQ(report->cutoffs(0).day().month(), 2);
  EXPECT_EQ(report->cutoffs(3).event_count(), 1);
  EXPECT_EQ(report->overall().account_count(), 2);
  EXPECT_EQ(report->overall().event_count(), 2);  // on April 1 and May 1 it is within the horizon
  EXPECT_EQ(report->overall().warned_count(), 1);
  EXPECT_EQ(report->overall().median_lead_days(), 69);  // from March 2 to May 10
}

TEST_F(BacktestTest, ReportsSegmentsOfAFacet) {
  for (int i = 0; i < 30; ++i) {
    const bool leaves = i % 3 == 0;
    const bool is_bank = i < 20;
    AddClient(fmt::format("a{}", i), leaves ? "2024-04-20" : "", leaves == is_bank ? 2 : 15,
              is_bank ? R"(sector: "Bank")" : R"(sector: "Shop")");
  }
  const auto report = Ask(UseModel() + kOneCutoff + R"( segment_by: "sector")");
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(report->segments_size(), 2);
  EXPECT_EQ(report->segments(0).value(), "Bank");
  EXPECT_EQ(report->segments(0).figures().sample_count(), 20);
  EXPECT_EQ(report->segments(0).figures().auc(), 1);
  EXPECT_EQ(report->segments(1).figures().auc(), 0);
  const auto wrong = Ask(UseModel() + kOneCutoff + R"( segment_by: "sektor")");
  EXPECT_EQ(FaultOf(wrong.status()), "segment_by GROUP_COLUMN_UNKNOWN");
}

TEST_F(BacktestTest, TellsRenewalsAndDowngradesApart) {
  // Renewed, and not; both with their renewal within the horizon.
  AddAccount("kept");
  Subscribe("k", "kept", "2023-04-10", "", 1000, "2024-04-10");
  AddAccount("lost");
  Subscribe("l", "lost", "2023-04-10", "2024-04-10", 1000, "2024-04-10");
  AddAccount("later");
  Subscribe("r", "later", "2023-09-10", "", 1000, "2024-09-10");
  // Loses a tenth, and a half.
  AddAccount("tenth");
  Subscribe("t1", "tenth", "2023-01-01", "", 900);
  Subscribe("t2", "tenth", "2023-01-01", "2024-04-15", 100);
  AddAccount("half");
  Subscribe("h1", "half", "2023-01-01", "", 500);
  Subscribe("h2", "half", "2023-01-01", "2024-04-15", 500);
  for (const char* id : {"kept", "lost", "later", "tenth", "half"}) Use(id, "2024-03-20", 5);
  constexpr char kDays[] = R"(first_cutoff { year: 2024 month: 4 day: 1 } last_cutoff { year: 2024 month: 4 day: 1 })";
  const auto count = [&](const std::string& outcome) {
    const auto report = Ask(UseModel() + " outcome { horizon_days: 30 " + outcome + " } " + kDays);
    EXPECT_TRUE(report.ok()) << report.status();
    return std::pair(report->overall().sample_count(), report->overall().event_count());
  };
  EXPECT_EQ(count("renewal {}"), std::pair(int64_t{2}, int64_t{1}));
  EXPECT_EQ(count("churn {}"), std::pair(int64_t{5}, int64_t{1}));
  EXPECT_EQ(count("downgrade {}"), std::pair(int64_t{5}, int64_t{3}));
  EXPECT_EQ(count("downgrade { least_share: 0.3 }"), std::pair(int64_t{5}, int64_t{2}));
}

TEST_F(BacktestTest, LeavesOutRevenueWithoutDates) {
  AddAccount("direct", R"(annual_recurring_revenue { currency_code: "EUR" units: 5 })");
  AddClient("a", "2024-04-20", 3);
  const auto report = Ask(UseModel() + kOneCutoff);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->overall().sample_count(), 1);
  EXPECT_EQ(report->overall().absence(), v1::ABSENCE_NO_DATA);
  EXPECT_THAT(report->conclusion(), HasSubstr("Nothing can be told"));
  EXPECT_THAT(report->warnings(), Contains(HasSubstr("1 accounts have revenue without a subscription")));
}

TEST_F(BacktestTest, RefusesWhatCannotBeAsked) {
  DefineField("left", "type: CUSTOM_FIELD_TYPE_FLAG");
  DefineField("plan", R"(type: CUSTOM_FIELD_TYPE_CHOICE choices: "Basic" choices: "Gold")");
  DefineField("size", "type: CUSTOM_FIELD_TYPE_NUMBER");
  const std::string churn = " outcome { churn {} } ";
  const auto fault = [&](const std::string& request) { return FaultOf(Ask(request).status()); };
  EXPECT_EQ(fault(churn), "model FIELD_REQUIRED");
  EXPECT_EQ(fault(UseModel() + R"(model: "healthModels/default")" + churn), "inline_model MODEL_TWICE_GIVEN");
  EXPECT_EQ(error::ReasonOf(Ask(R"(model: "healthModels/none")" + churn).status()), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(fault(ModelOf(R"(measures { measure: "usage_lvel" weight: 1 ramp { full_at: 1 } })") + churn),
            "inline_model.dimensions[0].measures[0].measure MODEL_MEASURE_UNKNOWN");
  EXPECT_EQ(fault(UseModel()), "outcome.kind FIELD_REQUIRED");
  EXPECT_EQ(fault(UseModel() + churn + R"(filter: "nothing = 1")"), "filter FILTER_COLUMN_UNKNOWN");
  EXPECT_EQ(fault(UseModel() + churn + "last_cutoff { year: 2024 month: 6 day: 1 }"), "last_cutoff CUTOFF_TOO_LATE");
  EXPECT_EQ(fault(UseModel() + churn + "last_cutoff { year: 2024 month: 2 day: 30 }"), "last_cutoff DATE_INVALID");
  EXPECT_EQ(fault(UseModel() + churn + R"(first_cutoff { year: 2024 month: 2 day: 1 }
                                          last_cutoff { year: 2024 month: 1 day: 1 })"),
            "last_cutoff DATE_ORDER");
  EXPECT_EQ(fault(UseModel() + churn + "first_cutoff { year: 2020 month: 1 day: 1 } step_days: 1"),
            "step_days FIELD_OUT_OF_RANGE");
  const auto custom = [](const std::string& field, const std::string& value) {
    return fmt::format(R"( outcome {{ custom_field {{ custom_field: "{}" value: "{}" }} }} )", field, value);
  };
  EXPECT_EQ(fault(UseModel() + custom("gone", "true")), "outcome.custom_field.custom_field CUSTOM_FIELD_UNKNOWN");
  EXPECT_EQ(fault(UseModel() + custom("size", "1")), "outcome.custom_field.custom_field OUTCOME_FIELD_TYPE");
  EXPECT_EQ(fault(UseModel() + custom("left", "yes")), "outcome.custom_field.value FIELD_TYPE");
  EXPECT_EQ(fault(UseModel() + custom("plan", "Silver")), "outcome.custom_field.value CHOICE_UNKNOWN");
  EXPECT_EQ(fault(UseModel() + custom("left", "true") + "step_days: 7"), "step_days OUTCOME_HAS_NO_DATE");
  EXPECT_EQ(
      fault(ModelOf(R"(measures { measure: "custom.left" weight: 1 ramp { full_at: 1 } })") + custom("left", "true")),
      "outcome.custom_field.custom_field OUTCOME_IN_MODEL");
}

TEST_F(BacktestTest, ChoosesAccountsByChanceBeyondTheLimitAlwaysTheSame) {
  for (int i = 0; i < 30; ++i) AddClient(fmt::format("a{}", i), "", 3);
  const Question first = Chosen(kTwoCutoffs, ChosenBy::kAccount, 20);
  const Question second = Chosen(kTwoCutoffs, ChosenBy::kAccount, 20);
  EXPECT_EQ(first.cutoffs.size(), 2u);
  EXPECT_EQ(first.accounts.size(), 10u);
  EXPECT_EQ(first.total(), 20);
  EXPECT_EQ(first.census.account_count, 30);
  EXPECT_EQ(first.accounts, second.accounts);
  const auto samples = Gather(workspace_->portfolio(), first, false, [](int64_t) { return true; });
  ASSERT_TRUE(samples.ok()) << samples.status();
  EXPECT_EQ(samples->rows() + samples->unscored.size(), 20u);
  EXPECT_THAT(WarningsOf(first, 0, error::Locale::kEnglish),
              Contains(HasSubstr("10 of the 30 accounts that can count were chosen by chance (seed 1)")));
}

TEST_F(BacktestTest, ChoosesOnlyAmongAccountsThatCanCount) {
  for (int i = 0; i < 100; ++i) AddAccount(fmt::format("prospect{}", i));
  for (int i = 0; i < 5; ++i) AddClient(fmt::format("a{}", i), i < 2 ? "2024-02-20" : "", 3);
  for (const ChosenBy by : {ChosenBy::kAccount, ChosenBy::kSample}) {
    const Question question = Chosen(kTwoCutoffs, by, 10);
    EXPECT_EQ(question.census.matching_count, 105);
    EXPECT_EQ(question.accounts.size(), 5u);
    EXPECT_FALSE(question.sampled());
    const auto samples = Gather(workspace_->portfolio(), question, false, [](int64_t) { return true; });
    ASSERT_TRUE(samples.ok()) << samples.status();
    EXPECT_EQ(samples->rows() + samples->unscored.size(), 10u);
  }
}

TEST_F(BacktestTest, ChoosesSamplesOneByOneSoThatMostAccountsStay) {
  for (int i = 0; i < 60; ++i) AddClient(fmt::format("a{}", i), "", 3);
  const std::string cutoffs = R"(outcome { churn {} } step_days: 10
      first_cutoff { year: 2023 month: 3 day: 1 } last_cutoff { year: 2024 month: 2 day: 1 })";
  const Question by_account = Chosen(cutoffs, ChosenBy::kAccount, 340);
  ASSERT_EQ(by_account.cutoffs.size(), 34u);
  EXPECT_EQ(by_account.accounts.size(), 10u);
  const Question by_sample = Chosen(cutoffs, ChosenBy::kSample, 340);
  EXPECT_EQ(by_sample.total(), 340);
  EXPECT_EQ(by_sample.census.sample_count, 60 * 34);
  EXPECT_TRUE(by_sample.sampled());
  EXPECT_GT(by_sample.accounts.size(), 50u);
  EXPECT_TRUE(std::is_sorted(by_sample.accounts.begin(), by_sample.accounts.end()));
  EXPECT_EQ(Chosen(cutoffs, ChosenBy::kSample, 340).accounts, by_sample.accounts);
  std::vector<int> per_third(3);
  for (const Place& place : by_sample.places) ++per_third[static_cast<size_t>(place.cutoff) * 3 / 34];
  for (const int count : per_third) EXPECT_NEAR(count, 340 / 3, 35);  // five standard deviations
}

TEST_F(BacktestTest, ARefusalSaysThatChanceLeftSomeOut) {
  for (int i = 0; i < 10; ++i) AddClient(fmt::format("a{}", i), "", 3);
  const Question question = Chosen(kTwoCutoffs, ChosenBy::kSample, 12);
  const auto refused = RefusedOfSome(learning::TooFewOutcomes({.events = 3, .non_events = 7}, 50), question);
  EXPECT_EQ(error::ReasonOf(refused), "OUTCOMES_TOO_FEW_CHOSEN");
  EXPECT_TRUE(absl::IsFailedPrecondition(refused));
  EXPECT_THAT(error::Localize(refused, error::Locale::kEnglish),
              AllOf(HasSubstr("among 12 samples, chosen by chance out of 20, there are 3 accounts"),
                    HasSubstr("--step"), HasSubstr("--filter")));
}

TEST_F(BacktestTest, SaysWhyNothingCounts) {
  for (int i = 0; i < 3; ++i) AddClient(fmt::format("a{}", i), "", 3);
  const std::string renewals = R"(outcome { renewal {} horizon_days: 30 }
      first_cutoff { year: 2024 month: 4 day: 1 } last_cutoff { year: 2024 month: 4 day: 1 })";
  const auto none = Ask(UseModel() + renewals);
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_THAT(none->conclusion(),
              HasSubstr("none of the 3 accounts that match has a subscription with a renewal date"));
  EXPECT_EQ(error::ReasonOf(Learn(UseModel() + renewals).status()), "OUTCOME_WITHOUT_RENEWALS");
  Subscribe("later", "a0", "2023-09-10", "", 1000, "2024-09-10");
  const auto later = Ask(UseModel() + renewals, error::Locale::kFrench);
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_THAT(later->conclusion(),
              HasSubstr("1 comptes ont une date de renouvellement, mais aucune ne tombe dans les 30"));
  EXPECT_EQ(error::ReasonOf(Learn(UseModel() + renewals).status()), "OUTCOME_OUT_OF_REACH");
  const auto nobody = Ask(UseModel() + kOneCutoff + R"(filter: "sector = 'None'")");
  ASSERT_TRUE(nobody.ok()) << nobody.status();
  EXPECT_THAT(nobody->conclusion(), HasSubstr("of the 0 accounts that match, none has anything at stake"));
}

TEST_F(BacktestTest, StopsWhenNobodyWaits) {
  AddClient("a", "", 3);
  const auto request = Parse<v1::BacktestHealthModelRequest>(UseModel() + kOneCutoff);
  const auto report = Backtest(*workspace_, request, error::Locale::kEnglish, [](int64_t, int64_t) { return false; });
  EXPECT_TRUE(absl::IsCancelled(report.status())) << report.status();
}

}  // namespace
}  // namespace folio::proof
