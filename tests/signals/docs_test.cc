// docs/signals.md tells the rules of the library as they are: their table is made from them.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/signals/finding.h"
#include "server/signals/spell.h"
#include "tests/base/project_file.h"

namespace folio::signals {
namespace {

using ::testing::HasSubstr;

std::string NameOf(v1::SignalSeverity severity) {
  constexpr const char* kNames[] = {"", "low", "medium", "high", "critical"};
  return kNames[severity];
}

std::string Sign(v1::Comparison comparison) {
  constexpr const char* kSigns[] = {"", "≥", "≤", ">", "<"};
  return kSigns[comparison];
}

std::string Tell(const v1::SignalCondition& condition) {
  std::string text = "`" + condition.measure() + "`";
  if (condition.window_days() > 0) text += fmt::format(" ({} d)", condition.window_days());
  text += fmt::format(" {} {:g}", Sign(condition.comparison()), condition.threshold());
  if (condition.has_exit()) text += fmt::format(", stays to {:g}", condition.exit());
  return text;
}

std::string Tell(const v1::SignalAlternative& alternative) {
  std::string text;
  std::string severity = NameOf(alternative.severity());
  for (const v1::SignalCondition& condition : alternative.conditions()) {
    text += (text.empty() ? "" : " and ") + Tell(condition);
    for (const v1::SignalGrade& grade : condition.grades()) {
      severity += fmt::format(", {} from {:g}", NameOf(grade.severity()), grade.threshold());
    }
  }
  return text + ": " + severity;
}

// One row for each rule.
std::string Row(const v1::SignalRule& rule) {
  std::string holds;
  for (const v1::SignalAlternative& alternative : rule.alternatives()) {
    holds += (holds.empty() ? "" : "<br>") + Tell(alternative);
  }
  return fmt::format("| `{}` | {} | {} | {} |", RuleIdOf(rule.name()),
                     rule.kind() == v1::SIGNAL_KIND_RISK ? "risk" : "opportunity", holds, rule.cool_down_days());
}

TEST(SignalsDocument, HasTheRowOfEachRule) {
  const std::string document = ReadProjectFile("docs/signals.md");
  for (const v1::SignalRule& rule : Library()) EXPECT_THAT(document, HasSubstr(Row(rule)));
}

TEST(SignalsDocument, TellsTheFiguresThatAreNotInTheRules) {
  const std::string document = ReadProjectFile("docs/signals.md");
  EXPECT_THAT(document, HasSubstr(fmt::format("up to {} days", kLookBackDays)));
  EXPECT_THAT(document, HasSubstr(fmt::format("for {} days after their end", kEndedKeptDays)));
  EXPECT_THAT(document, HasSubstr(fmt::format("at most {} rules", kRulesMax)));
}

}  // namespace
}  // namespace folio::signals
