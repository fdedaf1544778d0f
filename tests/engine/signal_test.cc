// Signals of a workspace: raised, recorded, changed by people, gone; over restarts too.
#include "server/portfolio/history.h"
#include "tests/engine/signal_fixture.h"

namespace folio::portfolio {

namespace {

using ::testing::ElementsAre;

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

TEST_F(SignalTest, SleepsUntilADayToCome) {
  CreateRenewing("acme", 61);
  const auto snooze = [&](const std::string& day) {
    return Change("name: 'signals/renewal_near~acme' snooze_until { year: 2024 month: 6 day: " + day + " }").status();
  };
  EXPECT_EQ(error::ReasonOf(snooze("15")), "SNOOZE_PAST");
  EXPECT_EQ(error::ReasonOf(snooze("1")), "SNOOZE_PAST");
  EXPECT_TRUE(snooze("16").ok());
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

TEST_F(SignalTest, ListsThoseOfAccountsThatMatchPageByPage) {
  constexpr int kAccounts = 12;
  for (int i = 0; i < kAccounts; ++i) {
    const std::string id = "a" + std::to_string(10 + i);
    CreateRenewing(id, 10 + 9 * i);
    ASSERT_TRUE(UpdateAccount("account { name: 'accounts/" + id + "' owner: '" + (i % 3 == 0 ? "ann" : "bob") +
                              "' sector: '" + (i % 2 == 0 ? "Shop" : "Bank") + "' }")
                    .ok());
  }
  const auto accounts = [&](const std::string& filter, int page_size) {
    std::vector<std::string> names;
    std::string token;
    do {
      const auto page = List("account_filter: '" + filter + "' page_size: " + std::to_string(page_size) +
                             " page_token: '" + token + "'");
      EXPECT_LE(page.signals_size(), page_size);
      for (const v1::Signal& signal : page.signals()) names.push_back(signal.account());
      token = page.next_page_token();
    } while (!token.empty());
    return names;
  };
  const std::vector<std::string> all = accounts("", 100);
  ASSERT_EQ(all.size(), static_cast<size_t>(kAccounts));
  for (const int page_size : {1, 2, 3, 100}) {
    EXPECT_THAT(accounts("owner = \"ann\"", page_size),
                ElementsAre("accounts/a10", "accounts/a13", "accounts/a16", "accounts/a19"));
    EXPECT_THAT(accounts("owner = \"ann\" AND sector = \"Bank\"", page_size),
                ElementsAre("accounts/a13", "accounts/a19"));
    EXPECT_EQ(accounts("owner:*", page_size), all) << "the order is that of the whole list";
  }
  EXPECT_THAT(accounts("owner = \"eve\"", 100), ElementsAre());
  // An account of another owner leaves the list, and takes nothing of the next page with it.
  const auto first = List("account_filter: 'owner = \"ann\"' page_size: 2");
  ASSERT_TRUE(UpdateAccount("account { name: 'accounts/a10' owner: 'bob' }").ok());
  const auto second = List("account_filter: 'owner = \"ann\"' page_token: '" + first.next_page_token() + "'");
  ASSERT_EQ(second.signals_size(), 2);
  EXPECT_EQ(second.signals(0).account(), "accounts/a16");
  const auto others = Parse<v1::ListSignalsRequest>("page_token: '" + first.next_page_token() + "'");
  v1::ListSignalsResponse response;
  EXPECT_EQ(error::ReasonOf(ListSignals(*workspace_, others, error::Locale::kEnglish, &response)),
            "PAGE_TOKEN_FOREIGN");
}

TEST_F(SignalTest, AFilterOfAccountsGoesWithWhatElseIsAsked) {
  for (const char* id : {"a", "b"}) CreateRenewing(id, 10);
  ASSERT_TRUE(UpdateAccount("account { name: 'accounts/a' owner: 'ann' }").ok());
  const std::string of_ann = "account_filter: 'owner = \"ann\"' ";
  EXPECT_EQ(List(of_ann + "account: 'accounts/a'").signals_size(), 1);
  EXPECT_EQ(List(of_ann + "account: 'accounts/b'").signals_size(), 0);
  EXPECT_EQ(List("account_filter: 'owner = \"ann\" OR risk_count = 0'").signals_size(), 1);
  ASSERT_TRUE(Change("name: 'signals/renewal_near~a' state: SIGNAL_STATE_DISMISSED").ok());
  ASSERT_TRUE(Change("name: 'signals/renewal_near~b' state: SIGNAL_STATE_DISMISSED").ok());
  EXPECT_EQ(List(of_ann).signals_size(), 0);
  EXPECT_EQ(List(of_ann + "show_dismissed: true").signals_size(), 1);
  v1::ListSignalsResponse response;
  const auto status = ListSignals(*workspace_, Parse<v1::ListSignalsRequest>("account_filter: 'ownr = 1'"),
                                  error::Locale::kEnglish, &response);
  EXPECT_EQ(error::ReasonOf(status), "FILTER_COLUMN_UNKNOWN");
  EXPECT_EQ(error::FaultsOf(status).front().field, "account_filter");
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

// What is told of days that the server lived through, and of days that it was away.
class Life : public SignalTest {
 public:
  Life() {
    EXPECT_TRUE(CreateRule("busy",
                           "display_name: 'Busy' kind: SIGNAL_KIND_OPPORTUNITY cool_down_days: 4 alternatives { "
                           "severity: SIGNAL_SEVERITY_LOW conditions { measure: 'usage_level' window_days: 2 "
                           "comparison: COMPARISON_AT_LEAST threshold: 10 exit: 5 } }")
                    .ok());
    CreateRenewing("acme", 45);
    CreateRenewing("other", 95);
    // Facts of days to come, so that every day finds what it would have found.
    for (const auto& [day, uses] :
         std::vector<std::pair<int, int64_t>>{{15, 1}, {17, 12}, {19, 6}, {22, 15}, {25, 11}}) {
      v1::BatchUpsertFactsRequest request;
      v1::Fact* fact = request.add_facts();
      fact->set_account("accounts/acme");
      fact->set_source_id(std::to_string(day));
      *fact->mutable_event_time() = ToProtoTime(ParseInstant("2024-06-" + std::to_string(day) + "T09:00:00Z").value());
      fact->mutable_usage()->set_count(uses);
      v1::BatchUpsertFactsResponse response;
      EXPECT_TRUE(Do(&BatchUpsertFacts, request, &response).ok());
    }
    workspace_->signal_writer().Drain();
    workspace_->Tick();  // records the first scores
  }
  void TestBody() override {}

  void LiveUntil(const std::string& day) {
    for (Day next = workspace_->portfolio().today() + 1; next <= ParseDay(day).value(); ++next) MoveTo(FormatDay(next));
  }
  void BeAwayUntil(const std::string& day) {
    clock_.Set(ParseInstant(day + "T10:00:00Z").value());
    Open();
  }
  void SleepUntil(const std::string& day) { MoveTo(day); }

  // All signals and the history of scores, as text.
  std::string Tell() {
    workspace_->signal_writer().Drain();
    workspace_->Tick();
    std::string text;
    const v1::ListSignalsResponse page = List("states: SIGNAL_STATE_OPEN states: SIGNAL_STATE_RESOLVED");
    for (v1::Signal signal : page.signals()) {
      signal.clear_etag();
      text += signal.ShortDebugString() + "\n";
    }
    v1::ListHealthHistoryRequest request;
    request.set_account("accounts/acme");
    v1::ListHealthHistoryResponse history;
    EXPECT_TRUE(ListHealthHistory(*workspace_, request, &history).ok());
    for (v1::HealthScore& score : *history.mutable_scores()) {
      score.clear_computed_through();
      text += score.ShortDebugString() + "\n";
    }
    return text;
  }
};

TEST(MissedDays, AreMadeUpForOneByOne) {
  for (const char* day : {"2024-06-16", "2024-06-18", "2024-06-21", "2024-06-23", "2024-06-27", "2024-07-10"}) {
    SCOPED_TRACE(day);
    Life present;
    Life away;
    Life asleep;
    present.LiveUntil(day);
    away.BeAwayUntil(day);
    asleep.SleepUntil(day);
    const std::string lived = present.Tell();
    EXPECT_EQ(away.Tell(), lived);
    EXPECT_EQ(asleep.Tell(), lived);
  }
}

TEST_F(SignalTest, AnEmptyWorkspaceMissesDaysToo) {
  MoveTo("2024-06-20");
  clock_.Set(ParseInstant("2024-07-20T10:00:00Z").value());
  Open();
  EXPECT_EQ(FormatDay(workspace_->portfolio().today()), "2024-07-20");
}

TEST_F(SignalTest, AnAmountThatTheClientToldIsTheValue) {
  CreateRenewing("acme", 400);
  int told = 0;
  const auto tell = [&](const std::string& interaction) {
    const auto request = Parse<v1::BatchUpsertFactsRequest>(
        "facts { account: 'accounts/acme' source_id: '" + std::to_string(++told) +
        "' event_time { seconds: 1718000000 } interaction { type: INTERACTION_TYPE_CALL " + interaction + " } }");
    v1::BatchUpsertFactsResponse response;
    return Do(&BatchUpsertFacts, request, &response);
  };
  ASSERT_TRUE(tell("need_identified: true expected_amount { currency_code: 'EUR' units: 700 }").ok());
  EXPECT_EQ(Get("signals/identified_need~acme")->expected_value().units(), 700);
  EXPECT_THAT(Get("signals/identified_need~acme")->summary(), ::testing::HasSubstr("it would spend 700 EUR a year"));
  ASSERT_TRUE(
      tell("budget_available: true need_identified: true expected_amount { currency_code: 'EUR' units: 900 }").ok());
  EXPECT_EQ(Get("signals/budget_available~acme")->expected_value().units(), 900);
  EXPECT_EQ(CountIn("opportunity_value = 1600"), 1) << "an amount out of a budget counts once";
  EXPECT_EQ(error::ReasonOf(tell("expected_amount { currency_code: 'EUR' units: 1 }")), "FACT_AMOUNT_ALONE");
  ASSERT_TRUE(
      tell("subject: 'dollars' need_identified: true expected_amount { currency_code: 'USD' units: 5000 }").ok());
  EXPECT_EQ(Get("signals/identified_need~acme")->expected_value().units(), 700) << "other currencies are not counted";
}

}  // namespace

}  // namespace folio::portfolio
