// Filters among the conditions of rules of signals.
#include "tests/engine/signal_fixture.h"

namespace folio::portfolio {

namespace {

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
  ASSERT_TRUE(Do(&BatchUpsertFacts, request, &response).ok());
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

TEST_F(SignalTest, EveryFaultOfARuleIsToldAtOnce) {
  const auto faults = error::FaultsOf(CreateRule("x", R"(
      kind: SIGNAL_KIND_RISK where { filter: 'sectr = "a"' }
      alternatives { severity: SIGNAL_SEVERITY_LOW
                     conditions { measure: 'usrs' comparison: COMPARISON_BELOW }
                     conditions { measure: 'users' comparison: COMPARISON_BELOW window_days: 9999 } })"));
  std::vector<std::string> fields;
  for (const error::Fault& fault : faults) fields.push_back(fault.field);
  EXPECT_THAT(fields, ::testing::ElementsAre(
                          "signal_rule.display_name", "signal_rule.alternatives[0].conditions[1].window_days",
                          "signal_rule.alternatives[0].conditions[0].measure", "signal_rule.where[0].filter"));
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

}  // namespace

}  // namespace folio::portfolio
