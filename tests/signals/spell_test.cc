// Spells: hysteresis, cool-down, escalation, and that looking day by day comes to the same as a replay.
#include "server/signals/spell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "google/protobuf/text_format.h"
#include "tests/signals/library.h"

namespace folio::signals {
namespace {

using account::AccountBuilder;
using account::PointKind;

constexpr auto kNone = v1::SIGNAL_SEVERITY_UNSPECIFIED;
constexpr auto kMedium = v1::SIGNAL_SEVERITY_MEDIUM;
constexpr auto kHigh = v1::SIGNAL_SEVERITY_HIGH;
constexpr Verdict kHolds = {kMedium, kMedium};
constexpr Verdict kWavers = {kNone, kMedium};
constexpr Verdict kNothing = {};
constexpr int kCoolDown = 5;

// Spells after a verdict a day, from day 1 on.
class Story {
 public:
  Story& Day(const Verdict& verdict) { return Look(verdict, ++today_); }
  // Once more on the same day.
  Story& Again(const Verdict& verdict) { return Look(verdict, today_); }
  const Spell& spell() const { return spell_; }

 private:
  Story& Look(const Verdict& verdict, folio::Day day) {
    spell_ = Step(spell_, verdict, kCoolDown, day);
    return *this;
  }
  folio::Day today_ = 0;
  Spell spell_;
};

TEST(Spell, BeginsAtTheThresholdAndStaysToTheExit) {
  Story story;
  EXPECT_FALSE(story.Day(kWavers).spell().open()) << "not far enough to begin";
  EXPECT_TRUE(story.Day(kHolds).spell().open());
  EXPECT_EQ(story.spell().begun, 2);
  EXPECT_TRUE(story.Day(kWavers).Day(kWavers).spell().open());
  EXPECT_EQ(story.spell().begun, 2);
  EXPECT_EQ(story.Day(kNothing).spell().ended, 5);
}

TEST(Spell, EscalatesWithoutBeginningAnew) {
  Story story;
  story.Day(kHolds).Day({kHigh, kHigh});
  EXPECT_EQ(story.spell().begun, 1);
  EXPECT_EQ(story.spell().Severity(), kHigh);
  EXPECT_EQ(story.Day(kWavers).spell().Severity(), kMedium);
}

TEST(Spell, DoesNotBeginAgainBeforeItHasCooledDown) {
  Story story;
  story.Day(kHolds).Day(kNothing);  // ends on day 2
  for (int day = 3; day < 2 + kCoolDown; ++day) EXPECT_FALSE(story.Day(kHolds).spell().open()) << day;
  EXPECT_TRUE(story.Day(kHolds).spell().open());
  EXPECT_EQ(story.spell().begun, 7);
  EXPECT_EQ(story.spell().before, 2);
}

TEST(Spell, OnlyTheLastLookAtADayCounts) {
  Story story;
  EXPECT_TRUE(story.Day(kHolds).Again(kNothing).spell().blank()) << "it was a mistake, and leaves no cool-down";
  EXPECT_TRUE(story.Again(kHolds).spell().open());
  EXPECT_EQ(story.Day(kNothing).spell().ended, 2);
  EXPECT_TRUE(story.Again(kWavers).spell().open()) << "the end is taken back";
  EXPECT_EQ(story.spell().begun, 1);
}

TEST(Spell, KeepsTheCoolDownOfTheSpellBeforeWhenABeginningIsTakenBack) {
  Story story;
  story.Day(kHolds).Day(kNothing).Day(kNothing).Day(kNothing).Day(kNothing).Day(kNothing);
  story.Day(kHolds).Again(kNothing);
  EXPECT_EQ(story.spell().ended, 2);
}

v1::SignalRule TestRule() {
  v1::SignalRule rule;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(
    name: "signalRules/test" display_name: "Test" kind: SIGNAL_KIND_RISK cool_down_days: 9
    alternatives {
      conditions {
        measure: "usage_level" window_days: 3 comparison: COMPARISON_AT_LEAST threshold: 10 exit: 6
        grades { severity: SIGNAL_SEVERITY_HIGH threshold: 20 }
      }
      severity: SIGNAL_SEVERITY_MEDIUM
    })",
                                                            &rule));
  EXPECT_TRUE(CheckRule(rule).ok()) << CheckRule(rule);
  return rule;
}

TEST(Replay, TellsWhenARuleWouldHaveFired) {
  AccountBuilder account(500);
  account.Add(PointKind::kUsage, 110, 12).Add(PointKind::kUsage, 130, 25).Add(PointKind::kUsage, 498, 10);
  const auto past = Replay(*RuleSet::Of(TestRule()), account.view(), FakeHealth(), 100, 500);
  ASSERT_EQ(past.size(), 3u);
  EXPECT_EQ(past[0].begun, 110);
  EXPECT_EQ(past[0].ended, 113);
  EXPECT_EQ(past[0].severity, kMedium);
  EXPECT_EQ(past[1].severity, kHigh);
  EXPECT_EQ(past[2].ended, kNoDay) << "it holds on the last day";
  EXPECT_EQ(Replay(*RuleSet::Of(TestRule()), account.view(), FakeHealth(), 111, 120).size(), 0u) << "it began before";
}

// Facts that arrive on their day, in any order, each followed by a look at the account, and a restart now and then: the
// spells are those that a replay over all facts finds.
TEST(ReplayProperty, IncrementalIsReplay) {
  const auto rules = RuleSet::Of(TestRule());
  int64_t fired = 0;
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto below = [&random](int bound) { return static_cast<int>(random() % static_cast<uint64_t>(bound)); };
    constexpr Day kFirst = 1'000;
    constexpr Day kLast = kFirst + 120;
    AccountBuilder account(kFirst);
    const FakeHealth none;
    std::vector<Spell> spells;
    std::vector<PastSpell> seen;
    for (Day day = kFirst; day <= kLast; ++day) {
      account.account().today = day;
      const int looks = 1 + below(3);
      for (int look = 0; look < looks; ++look) {
        if (below(3) == 0) account.Add(PointKind::kUsage, day, below(12));
        Sheet sheet = rules->NewSheet();  // nothing but the spells is kept between looks
        const account::View view = account.view();
        sheet.Turn(view, none);
        std::vector<Spell> after;
        StepAll(*rules, sheet, day, spells, &after);
        spells = after;
      }
      if (spells.empty()) continue;
      if (spells[0].begun == day) seen.push_back({.begun = day, .severity = kNone});
      if (spells[0].open()) seen.back().severity = std::max(seen.back().severity, spells[0].Severity());
      if (spells[0].ended == day) seen.back().ended = day;
    }
    const auto past = Replay(*rules, account.view(), none, kFirst, kLast);
    ASSERT_EQ(past.size(), seen.size());
    for (size_t i = 0; i < past.size(); ++i) {
      ASSERT_EQ(past[i].begun, seen[i].begun);
      ASSERT_EQ(past[i].ended, seen[i].ended);
      ASSERT_EQ(past[i].severity, seen[i].severity);
    }
    fired += static_cast<int64_t>(past.size());
  }
  EXPECT_GT(fired, 300) << "too little was tried";
}

TEST(StepAll, ADisabledRuleEndsAndIsForgottenInTime) {
  AccountBuilder account(10);
  account.Add(PointKind::kUsage, 10, 30);
  auto rule = TestRule();
  auto rules = RuleSet::Of(rule);
  const FakeHealth none;
  const auto look = [&](Day day, std::vector<Spell>* spells) {
    account.account().today = day;
    const account::View view = account.view();
    Sheet sheet = rules->NewSheet();
    sheet.Turn(view, none);
    std::vector<Spell> after;
    StepAll(*rules, sheet, day, *spells, &after);
    *spells = after;
  };
  std::vector<Spell> spells;
  look(10, &spells);
  ASSERT_EQ(spells.size(), 1u);
  rule.set_disabled(true);
  rules = RuleSet::Of(rule);
  look(11, &spells);
  ASSERT_EQ(spells.size(), 1u);
  EXPECT_EQ(spells[0].ended, 11);
  look(11 + kEndedKeptDays, &spells);
  EXPECT_EQ(spells.size(), 1u);
  look(12 + kEndedKeptDays, &spells);
  EXPECT_TRUE(spells.empty());
}

TEST(RuleSet, KeepsNumbersAndBringsTheLibraryBack) {
  const auto library = RuleSet::Default();
  v1::SignalRule changed = LibraryRule("no_login").proto();
  changed.set_disabled(true);
  const auto with = library->With(changed)->With(TestRule());
  EXPECT_EQ(with->Find("no_login"), library->Find("no_login"));
  EXPECT_FALSE(with->at(with->Find("no_login")).used());
  const int number = with->Find("test");
  EXPECT_EQ(number, static_cast<int>(library->rules().size()));
  const auto without = with->Without("no_login")->Without("test");
  EXPECT_TRUE(without->at(without->Find("no_login")).used());
  EXPECT_FALSE(without->Exists(number));
  EXPECT_EQ(without->With(TestRule())->Find("test"), number);
}

}  // namespace
}  // namespace folio::signals
