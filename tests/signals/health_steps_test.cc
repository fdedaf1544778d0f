// Scores within one step look the same to every rule of the library.
#include "server/signals/health_steps.h"

#include <gtest/gtest.h>

#include "tests/signals/library.h"

namespace folio::signals {
namespace {

using account::AccountBuilder;

constexpr Day kToday = 20'000;
constexpr int kMonth = 30;

std::vector<Verdict> VerdictsOn(HealthPair health, const account::View& view) {
  const auto rules = RuleSet::Default();
  Sheet sheet = rules->NewSheet();
  const FakeHealth source([health](Day day) { return day == kToday ? health.now : health.then; });
  sheet.Turn(view, source);
  std::vector<Verdict> verdicts;
  for (const Rule& rule : rules->rules()) verdicts.push_back(rule.Judge(sheet));
  return verdicts;
}

bool AreSame(const std::vector<Verdict>& a, const std::vector<Verdict>& b) {
  return std::equal(a.begin(), a.end(), b.begin(),
                    [](const Verdict& x, const Verdict& y) { return x.begins == y.begins && x.stays == y.stays; });
}

TEST(HealthSteps, WhatLooksTheSameIsJudgedTheSame) {
  const AccountBuilder account(kToday);
  const HealthSteps steps(*RuleSet::Default(), kMonth);
  int same = 0;
  int moved = 0;
  for (int then = 0; then <= 100; then += 3) {
    const HealthPair before{.now = 60, .then = static_cast<int8_t>(then)};
    const std::vector<Verdict> verdicts = VerdictsOn(before, account.view());
    for (int now = 0; now <= 100; ++now) {
      const HealthPair after{.now = static_cast<int8_t>(now), .then = static_cast<int8_t>(100 - then)};
      const bool judged_same = AreSame(verdicts, VerdictsOn(after, account.view()));
      if (steps.LookTheSame(before, after)) {
        ASSERT_TRUE(judged_same) << now << " after " << then;
        ++same;
      } else {
        moved += judged_same ? 0 : 1;
      }
    }
  }
  EXPECT_GT(same, 300) << "most moves are of no interest, or nothing is gained";
  EXPECT_GT(moved, 300) << "some must be told";
}

TEST(HealthSteps, WhatIsAbsentLooksLikeNothingElse) {
  const HealthSteps steps(*RuleSet::Default(), kMonth);
  EXPECT_FALSE(steps.LookTheSame({.now = 60, .then = 60}, {.now = 60}));
  EXPECT_FALSE(steps.LookTheSame({.then = 60}, {.now = 60, .then = 60}));
  EXPECT_TRUE(steps.LookTheSame({.then = 60}, {.then = 10}));
  EXPECT_TRUE(steps.LookTheSame({}, {}));
}

TEST(HealthSteps, ARuleOfAnotherWindowLooksAtEveryMove) {
  v1::SignalRule rule = *FindInLibrary("health_drop");
  rule.mutable_alternatives(0)->mutable_conditions(0)->set_window_days(7);
  const HealthSteps steps(*RuleSet::Of(rule), kMonth);
  EXPECT_FALSE(steps.LookTheSame({.now = 60, .then = 60}, {.now = 61, .then = 60}));
  EXPECT_TRUE(steps.LookTheSame({.now = 60, .then = 60}, {.now = 60, .then = 60}));
}

}  // namespace
}  // namespace folio::signals
