// Signals of a workspace: raised, recorded, changed by people, gone; over restarts too.
#include "folio/v1/signal.pb.h"
#include "folio/v1/signal_rule.pb.h"
#include "server/portfolio/facts.h"
#include "server/portfolio/queries.h"
#include "server/portfolio/signal_rules.h"
#include "server/portfolio/signals.h"
#include "tests/engine/workspace_fixture.h"

namespace folio::portfolio {

namespace {

using ::testing::ElementsAre;

class SignalTest : public WorkspaceTest {
 protected:
  // An account whose contract is up for renewal so many days from 2024-06-15 on.
  void CreateRenewing(const std::string& id, int days) {
    const YearMonthDay date = DateOf(ParseDay("2024-06-15").value() + days);
    const auto created =
        CreateAccount("account_id: \"" + id + "\" account { display_name: \"" + id +
                      "\" renewal_date { year: " + std::to_string(date.year) + " month: " + std::to_string(date.month) +
                      " day: " + std::to_string(date.day) + " } }");
    ASSERT_TRUE(created.ok()) << created.status();
  }

  void MoveTo(const std::string& day) {
    clock_.Set(ParseInstant(day + "T10:00:00Z").value());
    workspace_->Tick();
    Settle();
  }

  v1::ListSignalsResponse List(const std::string& request = "") {
    v1::ListSignalsResponse response;
    const auto status =
        ListSignals(*workspace_, Parse<v1::ListSignalsRequest>(request), error::Locale::kEnglish, &response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }

  absl::StatusOr<v1::Signal> Get(const std::string& name) {
    v1::GetSignalRequest request;
    request.set_name(name);
    v1::Signal signal;
    const auto status = GetSignal(*workspace_, request, error::Locale::kEnglish, &signal);
    if (!status.ok()) return status;
    return signal;
  }

  absl::StatusOr<v1::Signal> Change(const std::string& signal) {
    const auto request = Parse<v1::UpdateSignalRequest>("signal { " + signal + " }");
    v1::Signal response;
    std::promise<absl::Status> promise;
    UpdateSignal(*workspace_, kActor, error::Locale::kEnglish, request, &response,
                 [&](const engine::Outcome& outcome) { promise.set_value(outcome.status); });
    const auto status = promise.get_future().get();
    if (!status.ok()) return status;
    return response;
  }

  int64_t CountIn(const std::string& filter) {
    v1::ListPortfolioRequest request;
    request.set_filter(filter);
    request.set_with_total_size(true);
    v1::ListPortfolioResponse response;
    const auto status = ListPortfolio(*workspace_, request, &response);
    EXPECT_TRUE(status.ok()) << status;
    return response.total_size();
  }

  // What is on record of a signal; nothing where there is nothing.
  std::optional<v1::Signal> Recorded(const std::string& id) {
    workspace_->signal_writer().Drain();
    const auto key = store_.Find(engine::kSignal, id).value();
    if (!key.has_value()) return std::nullopt;
    v1::Signal signal;
    EXPECT_TRUE(signal.ParseFromString(store_.Get(engine::kSignal, *key).value()->data));
    return signal;
  }

  absl::Status CreateRule(const std::string& id, const std::string& rule) {
    const auto request =
        Parse<v1::CreateSignalRuleRequest>("signal_rule_id: \"" + id + "\" signal_rule { " + rule + " }");
    v1::SignalRule response;
    return RunRule(&CreateSignalRule, request, &response);
  }
  absl::Status UpdateRule(const std::string& rule) {
    const auto request = Parse<v1::UpdateSignalRuleRequest>("signal_rule { " + rule + " }");
    v1::SignalRule response;
    return RunRule(&UpdateSignalRule, request, &response);
  }
  absl::Status DeleteRule(const std::string& id) {
    v1::DeleteSignalRuleRequest request;
    request.set_name("signalRules/" + id);
    google::protobuf::Empty response;
    return RunRule(&DeleteSignalRule, request, &response);
  }
  template <class Req, class Resp>
  absl::Status RunRule(void (*write)(Workspace&, std::string, const Req&, Resp*, engine::Collection::Done),
                       const Req& request, Resp* response) {
    std::promise<absl::Status> promise;
    write(*workspace_, kActor, request, response,
          [&](const engine::Outcome& outcome) { promise.set_value(outcome.status); });
    return promise.get_future().get();
  }
};

constexpr char kSoon[] =
    "display_name: 'Soon' kind: SIGNAL_KIND_OPPORTUNITY cool_down_days: 3 "
    "alternatives { severity: SIGNAL_SEVERITY_MEDIUM "
    "conditions { measure: 'days_to_renewal' comparison: COMPARISON_AT_MOST threshold: 10 exit: 20 } "
    "evidence { id: 'when' measure: 'days_to_renewal' } summary: 'Renews in {when}.' }";

TEST_F(SignalTest, IsRecordedEscalatesAndEnds) {
  CreateRenewing("acme", 61);
  ASSERT_EQ(List().signals_size(), 1);
  EXPECT_EQ(List().signals(0).severity(), v1::SIGNAL_SEVERITY_MEDIUM);
  auto record = Recorded("renewal_near~acme");
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->severity(), v1::SIGNAL_SEVERITY_MEDIUM);
  EXPECT_EQ(record->begin_date().day(), 15);
  EXPECT_EQ(record->state(), v1::SIGNAL_STATE_OPEN);
  EXPECT_GT(record->evidence_size(), 0);
  EXPECT_EQ(record->summary(), "");
  const std::string etag = record->etag();
  MoveTo("2024-06-16");
  record = Recorded("renewal_near~acme");
  EXPECT_EQ(record->severity(), v1::SIGNAL_SEVERITY_HIGH) << "60 days";
  EXPECT_NE(record->etag(), etag);
  EXPECT_EQ(record->begin_date().day(), 15) << "one signal, updated";
  MoveTo("2024-08-16");
  record = Recorded("renewal_near~acme");
  EXPECT_EQ(record->state(), v1::SIGNAL_STATE_RESOLVED);
  EXPECT_EQ(record->end_date().day(), 16);
  EXPECT_EQ(List().signals_size(), 0);
  ASSERT_EQ(List("states: SIGNAL_STATE_RESOLVED").signals_size(), 1);
  EXPECT_EQ(Get("signals/renewal_near~acme")->state(), v1::SIGNAL_STATE_RESOLVED);
  EXPECT_EQ(error::ReasonOf(Change("name: 'signals/renewal_near~acme' state: SIGNAL_STATE_OPEN").status()),
            "SIGNAL_ENDED");
}

TEST_F(SignalTest, WritesOnceWhatHolds) {
  CreateRenewing("acme", 61);
  workspace_->signal_writer().Drain();
  const auto head = store_.head();
  Open();
  workspace_->signal_writer().Drain();
  EXPECT_EQ(store_.head(), head) << "nothing new after a restart";
}

TEST_F(SignalTest, ARestartGoesOnWhereItWas) {
  ASSERT_TRUE(CreateRule("soon", kSoon).ok());
  CreateRenewing("acme", 10);
  ASSERT_EQ(List("rule: 'soon'").signals_size(), 1);
  workspace_->signal_writer().Drain();
  clock_.Set(ParseInstant("2024-06-16T10:00:00Z").value());
  Open();
  // Put off by a few days: not near enough to begin, near enough to stay.
  ASSERT_TRUE(UpdateAccount("account { name: 'accounts/acme' renewal_date { year: 2024 month: 7 day: 1 } }").ok());
  ASSERT_EQ(List("rule: 'soon'").signals_size(), 1);
  EXPECT_EQ(List("rule: 'soon'").signals(0).begin_date().day(), 15);
  ASSERT_TRUE(UpdateAccount("account { name: 'accounts/acme' renewal_date { year: 2024 month: 9 day: 1 } }").ok());
  EXPECT_EQ(List("rule: 'soon'").signals_size(), 0);
  workspace_->signal_writer().Drain();
  // The cool-down counts over a restart.
  clock_.Set(ParseInstant("2024-06-18T10:00:00Z").value());
  Open();
  ASSERT_TRUE(UpdateAccount("account { name: 'accounts/acme' renewal_date { year: 2024 month: 6 day: 20 } }").ok());
  EXPECT_EQ(List("rule: 'soon'").signals_size(), 0);
  MoveTo("2024-06-19");
  EXPECT_EQ(List("rule: 'soon'").signals_size(), 1);
  EXPECT_EQ(Recorded("soon~acme")->previous_end_date().day(), 16);
}

TEST_F(SignalTest, AMistakeOfTheDayWasNeverThere) {
  CreateRenewing("acme", 30);
  ASSERT_TRUE(Recorded("renewal_near~acme").has_value());
  ASSERT_TRUE(UpdateAccount("account { name: 'accounts/acme' renewal_date { year: 2026 month: 1 day: 1 } }").ok());
  EXPECT_FALSE(Recorded("renewal_near~acme").has_value());
  EXPECT_FALSE(Get("signals/renewal_near~acme").ok());
}

TEST_F(SignalTest, PeopleHaveTheirSay) {
  CreateRenewing("acme", 100);
  const std::string name = "name: 'signals/renewal_near~acme' ";
  ASSERT_TRUE(Change(name + "assignee: 'ann' state: SIGNAL_STATE_ACKNOWLEDGED").ok());
  EXPECT_EQ(Recorded("renewal_near~acme")->assignee(), "ann");
  EXPECT_EQ(List("assignee: 'ann'").signals_size(), 1);
  EXPECT_EQ(List("assignee: 'bob'").signals_size(), 0);
  EXPECT_EQ(List("unassigned: true").signals_size(), 0);
  EXPECT_EQ(List("states: SIGNAL_STATE_ACKNOWLEDGED").signals_size(), 1);
  EXPECT_EQ(List("states: SIGNAL_STATE_OPEN").signals_size(), 0);
  EXPECT_EQ(CountIn("risk:renewal_near"), 1);
  // An escalation keeps what was said.
  MoveTo("2024-06-25");
  const auto record = Recorded("renewal_near~acme");
  EXPECT_EQ(record->severity(), v1::SIGNAL_SEVERITY_MEDIUM);
  EXPECT_EQ(record->state(), v1::SIGNAL_STATE_ACKNOWLEDGED);
  EXPECT_EQ(record->assignee(), "ann");
}

TEST_F(SignalTest, ADismissedOneStaysAwayUntilItBeginsAgain) {
  ASSERT_TRUE(CreateRule("soon", kSoon).ok());
  CreateRenewing("acme", 8);
  ASSERT_TRUE(Change("name: 'signals/soon~acme' state: SIGNAL_STATE_DISMISSED").ok());
  EXPECT_EQ(List("rule: 'soon'").signals_size(), 0);
  EXPECT_EQ(List("rule: 'soon' show_dismissed: true").signals_size(), 1);
  EXPECT_EQ(CountIn("opportunity:soon"), 0);
  MoveTo("2024-06-20");
  Open();
  EXPECT_EQ(CountIn("opportunity:soon"), 0);
  ASSERT_TRUE(UpdateAccount("account { name: 'accounts/acme' renewal_date { year: 2024 month: 9 day: 1 } }").ok());
  MoveTo("2024-06-24");
  ASSERT_TRUE(UpdateAccount("account { name: 'accounts/acme' renewal_date { year: 2024 month: 6 day: 28 } }").ok());
  EXPECT_EQ(CountIn("opportunity:soon"), 1);
  EXPECT_EQ(List("rule: 'soon'").signals(0).state(), v1::SIGNAL_STATE_OPEN);
}

TEST_F(SignalTest, AResolvedOneComesBackAfterTheCoolDown) {
  ASSERT_TRUE(CreateRule("soon", kSoon).ok());
  CreateRenewing("acme", 8);
  ASSERT_TRUE(Change("name: 'signals/soon~acme' state: SIGNAL_STATE_RESOLVED").ok());
  EXPECT_EQ(CountIn("opportunity:soon"), 0);
  MoveTo("2024-06-17");
  EXPECT_EQ(CountIn("opportunity:soon"), 0);
  MoveTo("2024-06-18");
  EXPECT_EQ(CountIn("opportunity:soon"), 1);
  EXPECT_EQ(Get("signals/soon~acme")->state(), v1::SIGNAL_STATE_OPEN);
}

TEST_F(SignalTest, ASnoozedOneComesBackOnItsDay) {
  CreateRenewing("acme", 100);
  ASSERT_TRUE(Change("name: 'signals/renewal_near~acme' snooze_until { year: 2024 month: 6 day: 18 }").ok());
  EXPECT_EQ(CountIn("risk:renewal_near"), 0);
  EXPECT_EQ(List().signals_size(), 0);
  EXPECT_EQ(List("show_snoozed: true").signals_size(), 1);
  MoveTo("2024-06-17");
  Open();
  EXPECT_EQ(CountIn("risk:renewal_near"), 0);
  MoveTo("2024-06-18");
  EXPECT_EQ(CountIn("risk:renewal_near"), 1);
}

TEST_F(SignalTest, ColumnsTellSeverityAndCount) {
  CreateRenewing("low", 110);
  CreateRenewing("critical", 10);
  CreateRenewing("none", 300);
  EXPECT_EQ(CountIn("risk_severity = critical"), 1);
  EXPECT_EQ(CountIn("risk_severity >= low"), 2);
  EXPECT_EQ(CountIn("risk_count = 0"), 1);
  v1::ListPortfolioRequest request;
  request.set_order_by("risk_severity desc");
  v1::ListPortfolioResponse response;
  ASSERT_TRUE(ListPortfolio(*workspace_, request, &response).ok());
  EXPECT_EQ(response.entries(0).account(), "accounts/critical");
  EXPECT_EQ(response.entries(0).risk_severity(), v1::SIGNAL_SEVERITY_CRITICAL);
  EXPECT_THAT(response.entries(0).risks(), ElementsAre("renewal_near"));
  v1::GetPortfolioSummaryRequest by_severity;
  by_severity.set_group_by("risk_severity");
  v1::PortfolioSummary summary;
  ASSERT_TRUE(Summarise(*workspace_, by_severity, &summary).ok());
  EXPECT_EQ(summary.groups_size(), 3);
}

TEST_F(SignalTest, ValueOfOpportunitiesIsAColumnAndASum) {
  ASSERT_TRUE(
      CreateRule("soon", std::string(kSoon) + " expected_value: EXPECTED_VALUE_ARR_SHARE expected_share: 0.1").ok());
  for (const char* id : {"a", "b"}) {
    CreateRenewing(id, 8);
    ASSERT_TRUE(UpdateAccount("account { name: 'accounts/" + std::string(id) +
                              "' annual_recurring_revenue { currency_code: 'EUR' units: 1000 } }")
                    .ok());
  }
  EXPECT_EQ(CountIn("opportunity_value = 100"), 2);
  EXPECT_EQ(Get("signals/soon~a")->expected_value().units(), 100);
  v1::PortfolioSummary summary;
  ASSERT_TRUE(Summarise(*workspace_, {}, &summary).ok());
  EXPECT_EQ(summary.totals().opportunity_value().units(), 200);
  EXPECT_EQ(summary.totals().opportunity_count(), 2);
}

TEST_F(SignalTest, ListsInTheOrderAskedForPageByPage) {
  CreateRenewing("a", 110);
  CreateRenewing("b", 10);
  MoveTo("2024-06-16");
  CreateRenewing("c", 50);
  const auto accounts = [&](const std::string& order) {
    std::vector<std::string> names;
    std::string token;
    do {
      const auto page = List("page_size: 1 order: SIGNAL_ORDER_" + order + " page_token: '" + token + "'");
      for (const v1::Signal& signal : page.signals()) names.push_back(signal.account());
      token = page.next_page_token();
    } while (!token.empty());
    return names;
  };
  EXPECT_THAT(accounts("SEVERITY"), ElementsAre("accounts/b", "accounts/c", "accounts/a"));
  EXPECT_THAT(accounts("NEWEST"), ElementsAre("accounts/c", "accounts/a", "accounts/b"));
  EXPECT_THAT(accounts("OLDEST"), ElementsAre("accounts/a", "accounts/b", "accounts/c"));
  EXPECT_EQ(List("min_severity: SIGNAL_SEVERITY_HIGH").signals_size(), 2);
}

TEST_F(SignalTest, RulesComeChangeAndGo) {
  CreateRenewing("acme", 8);
  ASSERT_TRUE(CreateRule("soon", kSoon).ok());
  EXPECT_EQ(CountIn("opportunity:soon"), 1);
  EXPECT_EQ(Get("signals/soon~acme")->summary(), "Renews in 8 days.");
  Open();
  EXPECT_EQ(CountIn("opportunity:soon"), 1);
  ASSERT_TRUE(UpdateRule("name: 'signalRules/soon' disabled: true").ok());
  EXPECT_EQ(CountIn("opportunity:soon"), 0);
  ASSERT_TRUE(UpdateRule("name: 'signalRules/renewal_near' disabled: true").ok());
  EXPECT_EQ(CountIn("risk:renewal_near"), 0);
  ASSERT_TRUE(DeleteRule("renewal_near").ok());
  EXPECT_EQ(CountIn("risk:renewal_near"), 1) << "the built-in one is back";
  ASSERT_TRUE(DeleteRule("soon").ok());
  EXPECT_FALSE(Get("signals/soon~acme").ok());
  EXPECT_EQ(error::ReasonOf(DeleteRule("soon")), "RESOURCE_NOT_FOUND");
  EXPECT_EQ(error::ReasonOf(DeleteRule("renewal_near")), "RULE_BUILT_IN");
  EXPECT_EQ(error::ReasonOf(CreateRule("renewal_near", kSoon)), "ALREADY_EXISTS");
  EXPECT_EQ(error::ReasonOf(CreateRule("No~way", kSoon)), "FIELD_PATTERN");
  v1::ListSignalRulesResponse rules;
  ASSERT_TRUE(ListSignalRules(*workspace_, {}, &rules).ok());
  EXPECT_EQ(rules.signal_rules_size(), 18);
}

TEST_F(SignalTest, WhatTwoPeopleSayInOneGroupIsKept) {
  CreateRenewing("acme", 100);
  workspace_->signal_writer().Drain();
  const auto first = Parse<v1::UpdateSignalRequest>("signal { name: 'signals/renewal_near~acme' assignee: 'ann' }");
  const auto second =
      Parse<v1::UpdateSignalRequest>("signal { name: 'signals/renewal_near~acme' state: SIGNAL_STATE_ACKNOWLEDGED }");
  v1::Signal answers[2];
  std::promise<void> done[2];
  UpdateSignal(*workspace_, kActor, error::Locale::kEnglish, first, &answers[0],
               [&](const engine::Outcome&) { done[0].set_value(); });
  UpdateSignal(*workspace_, kActor, error::Locale::kEnglish, second, &answers[1],
               [&](const engine::Outcome&) { done[1].set_value(); });
  for (auto& each : done) each.get_future().wait();
  const auto record = Recorded("renewal_near~acme");
  EXPECT_EQ(record->assignee(), "ann");
  EXPECT_EQ(record->state(), v1::SIGNAL_STATE_ACKNOWLEDGED);
}

TEST_F(SignalTest, AStaleEtagIsRefused) {
  CreateRenewing("acme", 100);
  const std::string etag = Recorded("renewal_near~acme")->etag();
  EXPECT_EQ(Get("signals/renewal_near~acme")->etag(), etag);
  const std::string name = "name: 'signals/renewal_near~acme' etag: '" + etag + "' ";
  ASSERT_TRUE(Change(name + "assignee: 'ann'").ok());
  EXPECT_EQ(error::ReasonOf(Change(name + "assignee: 'bob'").status()), "ETAG_MISMATCH");
}

TEST_F(SignalTest, ADryRunTellsThePastAndWritesNothing) {
  CreateRenewing("a", 8);
  CreateRenewing("b", 2);
  CreateRenewing("c", 200);
  workspace_->signal_writer().Drain();
  const auto head = store_.head();
  const auto request = Parse<v1::DryRunSignalRuleRequest>(std::string("start_date { year: 2024 month: 6 day: 1 } "
                                                                      "signal_rule { ") +
                                                          kSoon + " }");
  v1::DryRunSignalRuleResponse response;
  ASSERT_TRUE(DryRunSignalRule(*workspace_, request, &response).ok());
  EXPECT_EQ(response.account_count(), 3);
  EXPECT_EQ(response.fired_account_count(), 2);
  EXPECT_EQ(response.fired_count(), 2);
  EXPECT_EQ(response.open_count(), 2);
  ASSERT_EQ(response.accounts_size(), 2);
  EXPECT_EQ(response.accounts(0).signals(0).begin_date().day(), 13) << "ten days before the renewal";
  EXPECT_EQ(store_.head(), head);
  auto wrong = request;
  *wrong.mutable_end_date() = ToProtoDate(ParseDay("2024-07-01").value());
  EXPECT_EQ(error::ReasonOf(DryRunSignalRule(*workspace_, wrong, &response)), "FUTURE_DATE");
  wrong = request;
  wrong.mutable_signal_rule()->mutable_alternatives(0)->mutable_conditions(0)->set_measure("days_to_renewl");
  EXPECT_EQ(error::ReasonOf(DryRunSignalRule(*workspace_, wrong, &response)), "RULE_MEASURE_UNKNOWN");
  wrong = request;
  wrong.set_filter("nonsense = 1");
  EXPECT_EQ(error::ReasonOf(DryRunSignalRule(*workspace_, wrong, &response)), "FILTER_COLUMN_UNKNOWN");
}

// --- Filters as conditions ---

constexpr char kTrouble[] =
    "display_name: 'Trouble' kind: SIGNAL_KIND_RISK "
    "where { filter: 'sector = \"FinTech\" AND arr > 50000' } "
    "alternatives { severity: SIGNAL_SEVERITY_HIGH conditions { filter: 'NOT health > 60' } "
    "conditions { measure: 'days_to_renewal' comparison: COMPARISON_AT_MOST threshold: 40 } "
    "evidence { id: 'when' measure: 'days_to_renewal' } summary: 'Renews in {when}.' }";

std::string Bank(const std::string& sector, int64_t arr) {
  return "sector: '" + sector + "' annual_recurring_revenue { currency_code: 'EUR' units: " + std::to_string(arr) +
         " }";
}

TEST_F(SignalTest, AFilterIsAConditionBesideFigures) {
  ASSERT_TRUE(CreateRule("trouble", kTrouble).ok());
  CreateRenewing("acme", 30);
  const auto set = [&](const std::string& what) {
    ASSERT_TRUE(UpdateAccount("account { name: 'accounts/acme' " + what + " }").ok());
  };
  EXPECT_EQ(CountIn("risk:trouble"), 0);
  set(Bank("FinTech", 60'000));
  EXPECT_EQ(CountIn("risk:trouble"), 1);
  EXPECT_EQ(Get("signals/trouble~acme")->summary(), "Renews in 30 days.");
  set(Bank("FinTech", 50'000));
  EXPECT_EQ(CountIn("risk:trouble"), 0) << "revenue is looked at when it changes";
  set(Bank("FinTech", 50'001));
  EXPECT_EQ(CountIn("risk:trouble"), 1);
  set(Bank("Steel", 50'001));
  EXPECT_EQ(CountIn("risk:trouble"), 0) << "and so is the sector";
  set(Bank("FinTech", 50'001));
  workspace_->signal_writer().Drain();
  MoveTo("2024-06-20");
  Open();
  EXPECT_EQ(CountIn("risk:trouble"), 1);
  EXPECT_EQ(Get("signals/trouble~acme")->begin_date().day(), 15);
}

TEST_F(SignalTest, AFilterReadsTheScoreOfTheDay) {
  ASSERT_TRUE(CreateRule("low",
                         "display_name: 'Low' kind: SIGNAL_KIND_RISK alternatives { "
                         "severity: SIGNAL_SEVERITY_LOW conditions { filter: 'health < 40 AND band = red' } }")
                  .ok());
  CreateRenewing("acme", 400);
  v1::BatchUpsertFactsRequest request;
  v1::Fact* fact = request.add_facts();
  fact->set_account("accounts/acme");
  fact->set_source_id("1");
  *fact->mutable_event_time() = ToProtoTime(ParseInstant("2024-06-14T10:00:00Z").value());
  fact->mutable_survey_answer()->set_kind(v1::SURVEY_KIND_NPS);
  fact->mutable_survey_answer()->set_score(0);
  v1::BatchUpsertFactsResponse response;
  ASSERT_TRUE(RunRule(&BatchUpsertFacts, request, &response).ok());
  EXPECT_EQ(CountIn("health < 40 AND band = red"), 1);
  EXPECT_EQ(CountIn("risk:low"), 1);
  EXPECT_EQ(Get("signals/low~acme")->since().day(), 14) << "there was no score before";
  const auto dry = Parse<v1::DryRunSignalRuleRequest>("name: 'signalRules/low'");
  v1::DryRunSignalRuleResponse past;
  ASSERT_TRUE(DryRunSignalRule(*workspace_, dry, &past).ok());
  ASSERT_EQ(past.accounts_size(), 1);
  EXPECT_EQ(past.accounts(0).signals(0).begin_date().day(), 14);
}

TEST_F(SignalTest, AFilterReadsCustomFieldsWhichThenStay) {
  v1::CustomField field;
  const auto define = Parse<v1::CreateCustomFieldRequest>(
      R"(custom_field_id: "plan" custom_field { collection: "accounts" display_name: "Plan"
         type: CUSTOM_FIELD_TYPE_CHOICE choices: "basic" choices: "pro" })");
  const std::string rule =
      "display_name: 'Pro' kind: SIGNAL_KIND_OPPORTUNITY alternatives { severity: SIGNAL_SEVERITY_LOW "
      "conditions { filter: 'custom.plan = \"pro\"' } }";
  EXPECT_EQ(error::ReasonOf(CreateRule("pro", rule)), "FILTER_COLUMN_UNKNOWN");
  ASSERT_TRUE(Run(engine::kCustomField, &engine::Collection::Create, define, &field).status.ok());
  ASSERT_TRUE(CreateRule("pro", rule).ok());
  CreateRenewing("acme", 400);
  ASSERT_TRUE(
      UpdateAccount("account { name: 'accounts/acme' custom_fields { key: 'plan' value { choice: 'pro' } } }").ok());
  EXPECT_EQ(CountIn("opportunity:pro"), 1);
  v1::DeleteCustomFieldRequest away;
  away.set_name("customFields/plan");
  google::protobuf::Empty nothing;
  EXPECT_EQ(error::ReasonOf(Run(engine::kCustomField, &engine::Collection::Delete, away, &nothing).status),
            "RULE_READS_FIELD");
  ASSERT_TRUE(DeleteRule("pro").ok());
  EXPECT_TRUE(Run(engine::kCustomField, &engine::Collection::Delete, away, &nothing).status.ok());
}

TEST_F(SignalTest, AWrongFilterIsNamedWhenTheRuleIsWritten) {
  const auto faults = [&](const std::string& condition) {
    return error::FaultsOf(CreateRule("x",
                                      "display_name: 'X' kind: SIGNAL_KIND_RISK alternatives { severity: "
                                      "SIGNAL_SEVERITY_LOW conditions { " +
                                          condition + " } }"));
  };
  const auto unknown = faults("filter: 'sectr = \"a\"'");
  ASSERT_EQ(unknown.size(), 1u);
  EXPECT_EQ(unknown[0].field, "signal_rule.alternatives[0].conditions[0].filter");
  EXPECT_EQ(unknown[0].reason, "FILTER_COLUMN_UNKNOWN");
  EXPECT_THAT(unknown[0].details, ::testing::Contains(::testing::Pair("nearest", "sector")));
  for (const char* column : {"risk:usage_drop", "opportunity_count > 1", "risk_severity = high",
                             "health_overridden = true", "health_model = \"default\"", "opportunity_value > 5"}) {
    const auto later = faults("filter: '" + std::string(column) + "'");
    ASSERT_EQ(later.size(), 1u) << column;
    EXPECT_EQ(later[0].reason, "RULE_FILTER_COLUMN") << column;
  }
  EXPECT_EQ(faults("filter: 'arr > 5' measure: 'users'")[0].reason, "RULE_FILTER_ALONE");
  EXPECT_EQ(faults("filter: 'arr >'")[0].reason, "FILTER_SYNTAX");
  EXPECT_EQ(faults("measure: 'users'")[0].field, "signal_rule.alternatives[0].conditions[0].comparison");
  EXPECT_EQ(faults("threshold: 4")[0].field, "signal_rule.alternatives[0].conditions[0].measure");
}

// A filter of a rule, and the same filter in a list, find the same accounts.
TEST_F(SignalTest, AFilterOfARuleFindsWhatAListFinds) {
  CreateRenewing("soon", 30);
  CreateRenewing("late", 300);
  ASSERT_TRUE(CreateAccount("account_id: 'bare' account { display_name: 'bare' }").ok());
  ASSERT_TRUE(UpdateAccount("account { name: 'accounts/late' tags: 'vip' " + Bank("FinTech", 70'000) + " }").ok());
  const std::vector<std::string> filters = {"arr = 70000",
                                            "arr != 70000",
                                            "arr >= 70000 AND mrr < 6000",
                                            "NOT growth > 0",
                                            "growth:*",
                                            "arr_year_ago:*",
                                            "next_renewal < \"2024-09-01\"",
                                            "NOT next_renewal:*",
                                            "tag:vip OR late",
                                            "NOT sector = FinTech",
                                            "health:* OR coverage = 0",
                                            "band = red",
                                            "health_trend:*",
                                            "health_raw >= 0",
                                            "display_name = \"*o*\" OR (arr > 1 AND NOT arr > 100000)"};
  int number = 0;
  for (const std::string& filter : filters) {
    const std::string id = "f" + std::to_string(++number);
    v1::SignalRule rule;
    rule.set_display_name(id);
    rule.set_kind(v1::SIGNAL_KIND_RISK);
    rule.add_alternatives()->set_severity(v1::SIGNAL_SEVERITY_LOW);
    rule.mutable_alternatives(0)->add_conditions()->set_filter(filter);
    ASSERT_TRUE(CreateRule(id, rule.ShortDebugString()).ok()) << filter;
    EXPECT_EQ(CountIn("risk:" + id), CountIn(filter)) << filter;
  }
}

TEST_F(SignalTest, AnAmountThatTheClientToldIsTheValue) {
  CreateRenewing("acme", 400);
  const auto tell = [&](const std::string& interaction) {
    const auto request = Parse<v1::BatchUpsertFactsRequest>(
        "facts { account: 'accounts/acme' source_id: '" + interaction.substr(0, 20) +
        "' event_time { seconds: 1718000000 } interaction { type: INTERACTION_TYPE_CALL " + interaction + " } }");
    v1::BatchUpsertFactsResponse response;
    return RunRule(&BatchUpsertFacts, request, &response);
  };
  ASSERT_TRUE(tell("need_identified: true expected_amount { currency_code: 'EUR' units: 700 }").ok());
  EXPECT_EQ(Get("signals/identified_need~acme")->expected_value().units(), 700);
  EXPECT_THAT(Get("signals/identified_need~acme")->summary(), ::testing::HasSubstr("it would spend 700.00 a year"));
  ASSERT_TRUE(
      tell("budget_available: true need_identified: true expected_amount { currency_code: 'EUR' units: 900 }").ok());
  EXPECT_EQ(Get("signals/budget_available~acme")->expected_value().units(), 900);
  EXPECT_EQ(CountIn("opportunity_value = 1600"), 1) << "an amount out of a budget counts once";
  EXPECT_EQ(error::ReasonOf(tell("expected_amount { currency_code: 'EUR' units: 1 }")), "FACT_AMOUNT_ALONE");
  EXPECT_EQ(error::ReasonOf(tell("need_identified: true expected_amount { currency_code: 'USD' units: 1 }")),
            "CURRENCY_MISMATCH");
}

}  // namespace

}  // namespace folio::portfolio
