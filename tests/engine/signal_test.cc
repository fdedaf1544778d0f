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

}  // namespace

}  // namespace folio::portfolio
