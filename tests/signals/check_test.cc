// Rules that are wrong, and what is said of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/text_format.h"
#include "server/base/error.h"
#include "server/signals/rule.h"

namespace folio::signals {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Pair;

v1::SignalRule RuleWith(const std::string& condition, const std::string& more = "", const std::string& of_rule = "") {
  v1::SignalRule rule;
  const std::string text = "display_name: 'T' kind: SIGNAL_KIND_RISK " + of_rule +
                           " alternatives { severity: SIGNAL_SEVERITY_LOW conditions { " + condition + " } " + more +
                           " }";
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &rule)) << text;
  return rule;
}

// Field and reason of each fault.
std::vector<std::pair<std::string, std::string>> FaultsIn(const v1::SignalRule& rule) {
  std::vector<std::pair<std::string, std::string>> faults;
  const absl::Status status = CheckRule(rule);
  if (status.ok()) return faults;
  for (const error::Fault& fault : error::FaultsOf(status)) faults.emplace_back(fault.field, fault.reason);
  return faults;
}

constexpr char kGood[] = "measure: 'usage_change' comparison: COMPARISON_AT_MOST threshold: -0.2 exit: -0.1";
constexpr char kCondition[] = "signal_rule.alternatives[0].conditions[0]";

std::string In(const std::string& field) { return std::string(kCondition) + "." + field; }

TEST(CheckRule, AcceptsAGoodOne) { EXPECT_TRUE(CheckRule(RuleWith(kGood)).ok()); }

TEST(CheckRule, NamesTheUnknownMeasureAndTheNearest) {
  const v1::SignalRule rule = RuleWith("measure: 'usage_chnge' comparison: COMPARISON_AT_MOST");
  EXPECT_THAT(FaultsIn(rule), ElementsAre(Pair(In("measure"), "RULE_MEASURE_UNKNOWN")));
  EXPECT_THAT(error::FaultsOf(CheckRule(rule))[0].details, Contains(Pair("nearest", "usage_change")));
}

TEST(CheckRule, RefusesAWindowThatTheMeasureDoesNotHave) {
  EXPECT_THAT(FaultsIn(RuleWith("measure: 'health' comparison: COMPARISON_BELOW window_days: 30")),
              ElementsAre(Pair(In("window_days"), "RULE_WINDOW")));
  EXPECT_THAT(FaultsIn(RuleWith("measure: 'users' comparison: COMPARISON_BELOW window_days: 4000")),
              ElementsAre(Pair(In("window_days"), "RULE_WINDOW")));
}

TEST(CheckRule, RefusesAnExitWhereTheRuleWouldBegin) {
  EXPECT_THAT(FaultsIn(RuleWith("measure: 'users' comparison: COMPARISON_AT_LEAST threshold: 5 exit: 6")),
              ElementsAre(Pair(In("exit"), "RULE_EXIT")));
  EXPECT_THAT(FaultsIn(RuleWith("measure: 'users' comparison: COMPARISON_BELOW threshold: 5 exit: 4")),
              ElementsAre(Pair(In("exit"), "RULE_EXIT")));
}

TEST(CheckRule, RefusesGradesOutOfOrder) {
  const std::string base = "measure: 'users' comparison: COMPARISON_AT_LEAST threshold: 5 ";
  const std::string grade = "signal_rule.alternatives[0].conditions[0].grades";
  EXPECT_THAT(FaultsIn(RuleWith(base + "grades { severity: SIGNAL_SEVERITY_HIGH threshold: 4 }")),
              ElementsAre(Pair(grade + "[0]", "RULE_GRADE_ORDER")));
  EXPECT_THAT(FaultsIn(RuleWith(base + "grades { severity: SIGNAL_SEVERITY_HIGH threshold: 7 } "
                                       "grades { severity: SIGNAL_SEVERITY_MEDIUM threshold: 9 }")),
              ElementsAre(Pair(grade + "[1]", "RULE_GRADE_ORDER")));
}

TEST(CheckRule, RefusesWhatIsNotFinite) {
  EXPECT_THAT(FaultsIn(RuleWith("measure: 'users' comparison: COMPARISON_AT_LEAST threshold: nan")),
              Contains(Pair(In("threshold"), "RULE_THRESHOLD")));
}

TEST(CheckRule, RefusesSentencesThatCannotBeFilledIn) {
  const std::string figure = "evidence { id: 'now' measure: 'usage_level' } ";
  const std::string summary = "signal_rule.alternatives[0].summary";
  EXPECT_TRUE(CheckRule(RuleWith(kGood, figure + "summary: 'Used {now} times[, or {now}].'")).ok());
  EXPECT_THAT(FaultsIn(RuleWith(kGood, figure + "summary: 'Used {then} times.'")),
              ElementsAre(Pair(summary, "RULE_SENTENCE")));
  for (const char* sentence : {"{now", "now}", "[now", "now]", "[[x]]", "{[now]}", "[{now]}"}) {
    EXPECT_THAT(FaultsIn(RuleWith(kGood, figure + "summary: '" + sentence + "'")),
                ElementsAre(Pair(summary, "RULE_SENTENCE")))
        << sentence;
  }
  EXPECT_THAT(FaultsIn(RuleWith(kGood, figure + figure)),
              ElementsAre(Pair("signal_rule.alternatives[0].evidence[1].id", "RULE_FIGURE")));
}

TEST(CheckRule, NeedsSomethingToLookAt) {
  v1::SignalRule rule;
  EXPECT_THAT(FaultsIn(rule), ElementsAre(Pair("signal_rule.alternatives", "RULE_EMPTY")));
  rule.add_alternatives();
  EXPECT_THAT(FaultsIn(rule), ElementsAre(Pair("signal_rule.alternatives[0].conditions", "RULE_EMPTY")));
}

TEST(CheckRule, OnlyOpportunitiesHaveAValue) {
  EXPECT_THAT(FaultsIn(RuleWith(kGood, "", "expected_value: EXPECTED_VALUE_ARR_SHARE")),
              ElementsAre(Pair("signal_rule.expected_value", "RULE_VALUE"),
                          Pair("signal_rule.expected_share", "FIELD_REQUIRED")));
}

}  // namespace
}  // namespace folio::signals
