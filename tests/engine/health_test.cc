// Scores as they are published, explained, overridden and kept.
#include <map>
#include <string>
#include <vector>

#include "server/portfolio/health_change.h"
#include "server/portfolio/history_blocks.h"
#include "server/portfolio/score_year.h"
#include "tests/engine/health_fixture.h"

namespace folio::portfolio {

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(HealthTest, AnOverrideStandsInUntilItsDay) {
  Account("acme");
  Use("acme", "2024-06-10", 5);
  const double raw = Entry("acme").health().raw();
  const char kText[] =
      "health_override { name: 'healthOverrides/acme' score: 12 reason: 'their buyer said so' expire_date { year: 2024 "
      "month: 6 day: 17 } } allow_missing: true";
  ASSERT_TRUE(Override(kText).ok());
  v1::PortfolioEntry entry = Entry("acme");
  EXPECT_EQ(entry.health().score(), 12);
  EXPECT_EQ(entry.health().band(), v1::HEALTH_BAND_RED);
  EXPECT_EQ(entry.health().raw(), raw) << "the computed score stays beside it";
  EXPECT_EQ(entry.health().override().author(), kActor);
  EXPECT_THAT(NamesWhere("health = 12 AND band = red AND health_overridden = true"), ElementsAre("acme"));
  EXPECT_EQ(Explain("account: 'accounts/acme'").override().reason(), "their buyer said so");
  Open();
  EXPECT_EQ(Entry("acme").health().score(), 12);

  GoTo("2024-06-17");
  entry = Entry("acme");
  EXPECT_NE(entry.health().score(), 12) << "its day has come";
  EXPECT_FALSE(entry.health().has_override());
  EXPECT_THAT(NamesWhere("health_overridden = true"), ElementsAre());
}

TEST_F(HealthTest, AnOverrideCanBeTakenBack) {
  Account("acme");
  ASSERT_TRUE(Override("health_override { name: 'healthOverrides/acme' score: 90 reason: 'r' expire_date { year: 2024 "
                       "month: 7 day: 1 } } allow_missing: true")
                  .ok());
  EXPECT_EQ(Entry("acme").health().score(), 90) << "also where nothing could be computed";
  EXPECT_EQ(Entry("acme").health().absence(), v1::ABSENCE_NO_DATA);
  google::protobuf::Empty empty;
  ASSERT_TRUE(Run(engine::kHealthOverride, &engine::Collection::Delete,
                  Parse<v1::DeleteHealthOverrideRequest>("name: 'healthOverrides/acme'"), &empty)
                  .status.ok());
  EXPECT_EQ(Entry("acme").health().band(), v1::HEALTH_BAND_UNSPECIFIED);
}

TEST_F(HealthTest, AnOverrideNeedsAReasonAnAccountAndADayToEnd) {
  Account("acme");
  const auto reason = [&](const std::string& override) {
    return error::ReasonOf(Override("health_override { " + override + " } allow_missing: true"));
  };
  const std::string date = " expire_date { year: 2024 month: 7 day: 1 }";
  EXPECT_EQ(reason("name: 'healthOverrides/acme' score: 5" + date), "FIELD_REQUIRED");
  EXPECT_EQ(reason("name: 'healthOverrides/acme' score: 5 reason: 'r'"), "FIELD_REQUIRED");
  EXPECT_EQ(reason("name: 'healthOverrides/acme' score: 101 reason: 'r'" + date), "FIELD_OUT_OF_RANGE");
  EXPECT_EQ(reason("name: 'healthOverrides/nobody' score: 5 reason: 'r'" + date), "RESOURCE_NOT_FOUND");
  for (const char* day : {"year: 2024 month: 6 day: 15", "year: 2026 month: 6 day: 15"}) {
    EXPECT_EQ(reason("name: 'healthOverrides/acme' score: 5 reason: 'r' expire_date { " + std::string(day) + " }"),
              "OVERRIDE_EXPIRY");
  }
}

TEST_F(HealthTest, AnExplanationNamesTheFactsBehindIt) {
  Account("acme");
  Use("acme", "2024-06-08", 1);
  Use("acme", "2024-06-09", 2);
  Use("acme", "2024-06-10", 3);
  ASSERT_TRUE(UpdateModel(std::string("name: 'healthModels/default' ") + kUsage).ok());
  ASSERT_TRUE(Publish("healthModels/default").ok());
  const v1::HealthScore score = Explain("account: 'accounts/acme' fact_limit: 2");
  ASSERT_EQ(score.contributions_size(), 1);
  const v1::HealthContribution& usage = score.contributions(0);
  EXPECT_EQ(usage.fact_count(), 3);
  ASSERT_EQ(usage.facts_size(), 2);
  v1::Fact fact;
  v1::GetFactRequest get;
  get.set_name(usage.facts(0));
  ASSERT_TRUE(GetFact(*workspace_, get, &fact).ok());
  EXPECT_EQ(fact.source_id(), "acme2024-06-10") << "the latest first";
  EXPECT_EQ(usage.kernel(), "From 0 % at 0 to 100 % at 10, in proportion.");
  EXPECT_THAT(usage.explanation(), HasSubstr("Value read: 6; a credit of 60 %, 60 points."));
  EXPECT_EQ(Explain("account: 'accounts/acme' as_of { year: 2024 month: 6 day: 9 }").model_version(), 1)
      << "the version in force then";
}

TEST_F(HealthTest, AChangeIsSplitIntoFactsTimeAndModel) {
  Account("acme");
  ASSERT_TRUE(UpdateModel("name: 'healthModels/default' dimensions { id: 'usage' weight: 1 measures { measure: "
                          "'usage_level' window_days: 7 weight: 1 ramp { zero_at: 0 full_at: 100 } } }")
                  .ok());
  ASSERT_TRUE(Publish("healthModels/default").ok());
  Use("acme", "2024-06-10", 40);
  GoTo("2024-06-20");
  Use("acme", "2024-06-19", 70);
  ASSERT_TRUE(UpdateModel("name: 'healthModels/default' dimensions { id: 'usage' weight: 1 measures { measure: "
                          "'usage_level' window_days: 7 weight: 1 ramp { zero_at: 0 full_at: 140 } } }")
                  .ok());
  ASSERT_TRUE(Publish("healthModels/default").ok());
  v1::HealthChange change;
  ASSERT_TRUE(ExplainHealthChange(*workspace_,
                                  Parse<v1::ExplainHealthChangeRequest>(
                                      "account: 'accounts/acme' from { year: 2024 month: 6 day: 15 }"),
                                  error::Locale::kEnglish, &change)
                  .ok());
  EXPECT_EQ(change.before().model_version(), 2);
  EXPECT_EQ(change.after().model_version(), 3);
  EXPECT_NEAR(change.before().raw(), 40, 1e-9);
  EXPECT_NEAR(change.after().raw(), 50, 1e-9);
  EXPECT_NEAR(change.due_to_time(), -40, 1e-9) << "the use of June 10 leaves the window";
  EXPECT_NEAR(change.due_to_facts(), 70, 1e-9);
  EXPECT_NEAR(change.due_to_model(), -20, 1e-9);
  EXPECT_NEAR(change.difference(), 10, 1e-9);
  ASSERT_EQ(change.differences_size(), 1);
  EXPECT_EQ(change.differences(0).value_before(), 40);
  EXPECT_EQ(change.differences(0).value_after(), 70);
  EXPECT_EQ(change.summary(),
            "+10 points, mostly by facts that arrived. Chiefly usage_level: +10 points, from 40 to 70, mostly by facts "
            "that arrived.");
}

TEST_F(HealthTest, AChampionWhoLeftIsAFactNotTime) {
  Account("acme");
  ASSERT_TRUE(UpdateModel("name: 'healthModels/default' dimensions { id: 'people' weight: 1 measures { measure: "
                          "'champion_present' weight: 1 ramp { zero_at: 0 full_at: 1 } } }")
                  .ok());
  ASSERT_TRUE(Publish("healthModels/default").ok());
  v1::Contact contact;
  ASSERT_TRUE(Run(engine::kContact, &engine::Collection::Create,
                  Parse<v1::CreateContactRequest>(
                      "contact_id: 'ann' contact { account: 'accounts/acme' display_name: 'Ann' role: "
                      "CONTACT_ROLE_CHAMPION role_start_date { year: 2024 month: 2 day: 1 } role_end_date { year: 2024 "
                      "month: 6 day: 18 } }"),
                  &contact)
                  .status.ok());
  GoTo("2024-06-20");
  v1::HealthChange change;
  ASSERT_TRUE(ExplainHealthChange(*workspace_,
                                  Parse<v1::ExplainHealthChangeRequest>(
                                      "account: 'accounts/acme' from { year: 2024 month: 6 day: 16 }"),
                                  error::Locale::kEnglish, &change)
                  .ok());
  EXPECT_NEAR(change.before().raw(), 100, 1e-9);
  EXPECT_NEAR(change.after().raw(), 0, 1e-9);
  EXPECT_NEAR(change.due_to_facts(), -100, 1e-9);
  EXPECT_NEAR(change.due_to_time(), 0, 1e-9);
}

TEST_F(HealthTest, DifferencesSumAlsoWhereTheModelsShareNothing) {
  Account("acme");
  for (int day = 10; day < 15; ++day) Use("acme", "2024-06-" + std::to_string(day), day);
  GoTo("2024-06-25");
  Use("acme", "2024-06-24", 3);
  ASSERT_TRUE(UpdateModel("name: 'healthModels/default' dimensions { id: 'own' weight: 1 combination: "
                          "HEALTH_COMBINATION_ADDITIVE base: 0.3 measures { measure: 'active_days' weight: 0.9 ramp { "
                          "zero_at: 0 full_at: 5 } } measures { measure: 'days_since_last_usage' weight: -0.1 ramp { "
                          "zero_at: 0 full_at: 5 } } }")
                  .ok());
  ASSERT_TRUE(Publish("healthModels/default").ok());
  v1::HealthChange change;
  ASSERT_TRUE(ExplainHealthChange(*workspace_,
                                  Parse<v1::ExplainHealthChangeRequest>(
                                      "account: 'accounts/acme' from { year: 2024 month: 6 day: 16 }"),
                                  error::Locale::kFrench, &change)
                  .ok());
  double sum = 0;
  for (const auto& row : change.differences()) {
    EXPECT_NEAR(row.difference(), row.due_to_facts() + row.due_to_time() + row.due_to_model(), 1e-9);
    sum += row.difference();
  }
  EXPECT_NEAR(sum, change.difference(), 1e-9);
  EXPECT_NEAR(change.due_to_facts() + change.due_to_time() + change.due_to_model(), change.difference(), 1e-9);
  EXPECT_NEAR(change.after().raw() - change.before().raw(), change.difference(), 1e-9);
  EXPECT_THAT(change.summary(), HasSubstr("surtout"));
}

TEST_F(HealthTest, HistoryKeepsEachChangeOfScore) {
  Account("acme");
  ASSERT_TRUE(UpdateModel(std::string("name: 'healthModels/default' ") + kUsage).ok());
  ASSERT_TRUE(Publish("healthModels/default").ok());
  Use("acme", "2024-06-10", 5);
  workspace_->Tick();
  Use("acme", "2024-06-12", 3);
  workspace_->Tick();
  workspace_->Tick();
  GoTo("2024-07-11");
  workspace_->Tick();
  const auto check = [this](int page_size) {
    std::vector<std::string> told;
    for (const v1::HealthScore& score : History("acme", page_size)) {
      told.push_back(FormatDay(FromProto(score.as_of()).value()) + " " + std::to_string(score.score()));
    }
    EXPECT_THAT(told, ElementsAre("2024-07-10 30", "2024-06-15 80", "2024-06-15 50"));
  };
  check(0);
  check(1);
  // After a restart it goes on, and what was there is not written again.
  Open();
  workspace_->Tick();
  check(2);
  EXPECT_EQ(History("acme").front().model(), "healthModels/default");
  EXPECT_EQ(History("acme").front().model_version(), 2);
}

// What was not written when the program ended is found missing by the next start's walk, also behind a key that was
// given and never used.
TEST_F(HealthTest, AStartWritesWhatIsMissingFromTheHistory) {
  ASSERT_TRUE(UpdateModel(std::string("name: 'healthModels/default' ") + kUsage).ok());
  ASSERT_TRUE(Publish("healthModels/default").ok());
  Account("early");
  EXPECT_FALSE(CreateAccount("account_id: 'never' account { display_name: 'Never' parent: 'accounts/nobody' }").ok());
  Account("late");
  Use("early", "2024-06-10", 5);
  Use("late", "2024-06-10", 3);
  EXPECT_TRUE(History("late").empty());
  Open();
  workspace_->Tick();
  EXPECT_EQ(History("early").size(), 1);
  EXPECT_EQ(History("late").size(), 1);
  EXPECT_EQ(History("late").front().score(), 30);
  // An account without a score has no history; one that gets its first later has.
  Account("new");
  workspace_->Tick();
  EXPECT_TRUE(History("new").empty());
  Use("new", "2024-06-12", 7);
  workspace_->Tick();
  ASSERT_EQ(History("new").size(), 1);
  EXPECT_EQ(History("new").front().score(), 70);
  EXPECT_EQ(History("early").size(), 1);
}

TEST_F(HealthTest, TheFirstScoresOfManyAccountsAreOneRecord) {
  ASSERT_TRUE(UpdateModel(std::string("name: 'healthModels/default' ") + kUsage).ok());
  ASSERT_TRUE(Publish("healthModels/default").ok());
  const auto count = [this](storage::Kind kind) {
    int records = 0;
    EXPECT_TRUE(store_.Scan(kind, [&](const storage::RecordView&) { return ++records > 0; }).ok());
    return records;
  };
  constexpr int kAccounts = 300;
  for (int i = 0; i < kAccounts; ++i) {
    Account("a" + std::to_string(i));
    if (i != 7) Use("a" + std::to_string(i), "2024-06-10", i % 11);
  }
  Open();  // what changed since is nowhere noted
  workspace_->Tick();
  const auto check = [this] {
    for (int i = 0; i < kAccounts; ++i) {
      const auto scores = History("a" + std::to_string(i));
      ASSERT_EQ(scores.size(), i == 7 ? 0 : 1) << i;
      if (i == 7) continue;
      EXPECT_EQ(scores.front().score(), 10 * (i % 11)) << i;
      EXPECT_EQ(scores.front().model(), "healthModels/default");
      EXPECT_EQ(scores.front().model_version(), 2);
      EXPECT_EQ(FromProto(scores.front().as_of()).value(), ParseDay("2024-06-15").value());
    }
  };
  check();
  EXPECT_EQ(count(kScoreBlock), 1);
  EXPECT_EQ(count(kScoreHistory), 0);
  // Neither the next walk nor that of the next start writes them again.
  workspace_->Tick();
  Open();
  workspace_->Tick();
  check();
  EXPECT_EQ(count(kScoreBlock), 1);
  // What changes later stands behind them.
  Use("a3", "2024-06-11", 4);
  Use("a7", "2024-06-11", 1);
  workspace_->Tick();
  EXPECT_EQ(History("a7").size(), 1);
  ASSERT_EQ(History("a3").size(), 2);
  EXPECT_EQ(History("a3").front().score(), 70);
  EXPECT_EQ(History("a3").back().score(), 30);
  EXPECT_EQ(count(kScoreBlock), 1);
  EXPECT_EQ(count(kScoreHistory), 2);
}

TEST_F(HealthTest, AReplayLeavesTheHistoryAlone) {
  Account("acme");
  Use("acme", "2024-06-10", 5);
  workspace_->Tick();
  const size_t before = History("acme").size();
  v1::ReplayHealthModelRequest request = Parse<v1::ReplayHealthModelRequest>(
      "account: 'accounts/acme' from { year: 2024 month: 6 day: 8 } to { year: 2024 month: 6 day: 12 } step_days: 2");
  *request.mutable_inline_model() = Parse<v1::HealthModel>(std::string("display_name: 'mine' ") + kUsage);
  v1::ReplayHealthModelResponse response;
  const auto status = ReplayHealthModel(*workspace_, request, &response);
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_EQ(response.scores_size(), 3);
  EXPECT_EQ(response.scores(0).absence(), v1::ABSENCE_NO_DATA);
  EXPECT_EQ(response.scores(1).score(), 50);
  EXPECT_EQ(response.scores(2).score(), 50);
  workspace_->Tick();
  EXPECT_EQ(History("acme").size(), before);
  request.set_model("healthModels/default");
  EXPECT_EQ(error::ReasonOf(ReplayHealthModel(*workspace_, request, &response)), "MODEL_TWICE_GIVEN");
}

TEST_F(HealthTest, TheTrendComparesWithAMonthAgo) {
  ASSERT_TRUE(UpdateModel(std::string("name: 'healthModels/default' ") + kUsage).ok());
  ASSERT_TRUE(Publish("healthModels/default").ok());
  Account("acme");
  Use("acme", "2024-05-10", 9);
  EXPECT_EQ(Entry("acme").health_trend(), -90);
  EXPECT_THAT(NamesWhere("health_trend < -10"), ElementsAre("acme"));
  Account("new");
  EXPECT_FALSE(Entry("new").has_health_trend());
}

// The score of a month ago is remembered; what changes it must not be overlooked.
TEST_F(HealthTest, TheTrendTakesInWhatArrivesLate) {
  ASSERT_TRUE(UpdateModel(std::string("name: 'healthModels/default' ") + kUsage).ok());
  ASSERT_TRUE(Publish("healthModels/default").ok());
  Account("acme");
  Use("acme", "2024-05-10", 9);
  Use("acme", "2024-06-10", 4);
  EXPECT_EQ(Entry("acme").health_trend(), 40 - 90);
  Use("acme", "2024-06-11", 2);
  EXPECT_EQ(Entry("acme").health_trend(), 60 - 90);
  Use("acme", "2024-05-10", 5);
  EXPECT_EQ(Entry("acme").health_trend(), 60 - 50);
  Use("acme", "2024-05-16", 1);
  EXPECT_EQ(Entry("acme").health_trend(), 60 - 60);
  Use("acme", "2024-05-17", 1);
  EXPECT_EQ(Entry("acme").health_trend(), 70 - 60);
  GoTo("2024-06-17");
  EXPECT_EQ(Entry("acme").health_trend(), 60 - 70);
}

// --- As of a revision ---

constexpr char kEverything[] =
    "dimensions { id: 'all' weight: 1 "
    "measures { measure: 'usage_level' weight: 3 ramp { zero_at: 0 full_at: 100 } } "
    "measures { measure: 'arr' weight: 2 ramp { zero_at: 0 full_at: 10000 } } "
    "measures { measure: 'seats' weight: 1 ramp { zero_at: 0 full_at: 50 } } "
    "measures { measure: 'champion_present' weight: 1 ramp { zero_at: 0 full_at: 1 } } } ";

TEST_F(HealthTest, TellsTheScoreAsItWasKnownAtEachRevision) {
  Account("acme", "annual_recurring_revenue { currency_code: 'EUR' units: 900 }");
  Account("other");
  std::map<storage::Revision, v1::HealthScore> known;
  const auto remember = [&] {
    workspace_->signal_writer().Drain();
    known[store_.head()] = Explain("account: 'accounts/acme' fact_limit: 5");
  };
  const auto write = [&](storage::Kind kind, Write how, const auto& request, auto response) {
    const auto outcome = Run(kind, how, request, &response);
    ASSERT_TRUE(outcome.status.ok()) << outcome.status;
    remember();
  };
  remember();
  Use("acme", "2024-06-10", 5);
  remember();
  ASSERT_TRUE(UpdateModel(std::string("name: 'healthModels/default' ") + kEverything).ok());
  ASSERT_TRUE(Publish("healthModels/default").ok());
  remember();
  Use("other", "2024-06-10", 7);
  Use("acme", "2024-06-01", 11);  // late
  remember();
  ASSERT_TRUE(UpdateAccount("account { name: 'accounts/acme' seat_count: 20 "
                            "annual_recurring_revenue { currency_code: 'EUR' units: 1900 } }")
                  .ok());
  remember();
  write(engine::kSubscription, &engine::Collection::Create,
        Parse<v1::CreateSubscriptionRequest>(
            "subscription_id: 's' subscription { account: 'accounts/acme' start_date { year: 2024 month: 1 day: 1 } "
            "annual_amount { currency_code: 'EUR' units: 4000 } seat_count: 30 }"),
        v1::Subscription());
  write(engine::kContact, &engine::Collection::Create,
        Parse<v1::CreateContactRequest>("contact_id: 'ann' contact { account: 'accounts/acme' display_name: 'Ann' "
                                        "role: CONTACT_ROLE_CHAMPION role_start_date { year: 2024 month: 2 day: 1 } }"),
        v1::Contact());
  ASSERT_TRUE(Override("health_override { name: 'healthOverrides/acme' score: 12 reason: 'told' "
                       "expire_date { year: 2024 month: 9 day: 1 } } allow_missing: true")
                  .ok());
  remember();
  GoTo("2024-06-18");
  remember();
  write(engine::kSubscription, &engine::Collection::Update,
        Parse<v1::UpdateSubscriptionRequest>(
            "subscription { name: 'subscriptions/s' annual_amount { currency_code: 'EUR' units: 5000 } }"),
        v1::Subscription());
  write(engine::kContact, &engine::Collection::Delete, Parse<v1::DeleteContactRequest>("name: 'contacts/ann'"),
        google::protobuf::Empty());
  write(engine::kHealthOverride, &engine::Collection::Delete,
        Parse<v1::DeleteHealthOverrideRequest>("name: 'healthOverrides/acme'"), google::protobuf::Empty());
  ASSERT_TRUE(UpdateModel(std::string("name: 'healthModels/default' ") + kUsage).ok());
  ASSERT_TRUE(Publish("healthModels/default").ok());
  remember();
  ASSERT_EQ(known.size(), 13u);

  const auto check = [&] {
    for (const auto& [revision, expected] : known) {
      v1::HealthScore then =
          Explain("account: 'accounts/acme' fact_limit: 5 as_of_revision: " + std::to_string(revision));
      EXPECT_EQ(then.caveats_size(), 0);
      EXPECT_EQ(then.computed_through(), revision);
      then.set_computed_through(expected.computed_through());
      EXPECT_EQ(then.ShortDebugString(), expected.ShortDebugString()) << "as of revision " << revision;
    }
  };
  check();
  Open();
  check();
}

TEST_F(HealthTest, SaysWhereTheLogCannotTellWhatWasKnown) {
  Account("acme");
  Use("acme", "2024-06-10", 5);
  const storage::Revision before = store_.head();
  const auto explain = [&](storage::Revision revision, v1::HealthScore* score) {
    v1::ExplainHealthRequest request;
    request.set_account("accounts/acme");
    request.set_as_of_revision(revision);
    return ExplainHealth(*workspace_, request, error::Locale::kFrench, score);
  };
  v1::HealthScore score;
  Account("later");
  v1::ExplainHealthRequest other;
  other.set_account("accounts/later");
  other.set_as_of_revision(before);
  EXPECT_EQ(error::ReasonOf(ExplainHealth(*workspace_, other, error::Locale::kFrench, &score)), "RESOURCE_NOT_FOUND");

  Use("acme", "2024-06-10", 50);  // replaces the fact
  ASSERT_TRUE(explain(before, &score).ok());
  ASSERT_EQ(score.caveats_size(), 1);
  EXPECT_THAT(score.caveats(0), ::testing::HasSubstr("remplacés ou supprimés"));
  EXPECT_EQ(error::ReasonOf(explain(store_.head() + 1, &score)), "REVISION_NOT_REACHED");

  ASSERT_TRUE(UpdateAccount("account { name: 'accounts/acme' seat_count: 20 }").ok());
  ASSERT_TRUE(store_.Compact(before).ok());
  EXPECT_EQ(error::ReasonOf(explain(before - 1, &score)), "REVISION_COMPACTED");
  EXPECT_EQ(error::ReasonOf(explain(before, &score)), "REVISION_COMPACTED")
      << "the account has changed since, and what it was lay before the log's beginning";
  EXPECT_TRUE(explain(store_.head(), &score).ok());
}

}  // namespace

}  // namespace folio::portfolio
