// Spells: when a rule began to hold on an account, and when it ceased to. A small state machine, so that incremental
// work, a restart and a replay of the past come to the same.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "server/base/date.h"
#include "server/signals/rule.h"

namespace folio::signals {

// The last spell of a rule on an account. 16 bytes, since there are many.
struct Spell {
  Day begun = kNoDay;   // kNoDay: none that is known of
  Day ended = kNoDay;   // kNoDay: it holds, or there has been none
  Day before = kNoDay;  // when the spell before it ended; kNoDay: there has been none
  uint16_t rule = 0;    // number in the set
  uint8_t severity = 0;

  bool open() const { return begun != kNoDay && ended == kNoDay; }
  // Nothing is known of the rule and the account.
  bool blank() const { return begun == kNoDay && ended == kNoDay; }
  v1::SignalSeverity Severity() const { return static_cast<v1::SignalSeverity>(severity); }
  bool operator==(const Spell&) const = default;
};
static_assert(sizeof(Spell) == 16);

// The spell on `today`, given what it was on that day or the last one before it that was looked at. What was found
// earlier on the same day is taken back first: only the last look at a day counts, so the order in which facts arrive
// within a day does not matter, and what a corrected mistake had raised was never there.
Spell Step(Spell spell, const Verdict& verdict, int cool_down_days, Day today);

// Whether a spell has nothing to tell any more: ended long ago, its cool-down over.
inline constexpr int kEndedKeptDays = 90;
bool IsOver(const Spell& spell, int cool_down_days, Day today);

// All spells of one account, by ascending number of the rule. Writes those of `today` into `after`; those that are
// blank or over are left out. `before` must not be `after`.
void StepAll(const RuleSet& rules, Sheet& sheet, Day today, std::span<const Spell> before, std::vector<Spell>* after);

// As StepAll, where only what rules of health read has changed since it was called that day: the spells of other rules
// stay. `of_health` says which are, by number.
void StepHealth(const RuleSet& rules, const std::vector<bool>& of_health, Sheet& sheet, Day today,
                std::span<const Spell> before, std::vector<Spell>* after);

// A spell of the past, as a replay finds it.
struct PastSpell {
  Day begun = kNoDay;
  Day ended = kNoDay;                                             // kNoDay: it holds on the last day
  v1::SignalSeverity severity = v1::SIGNAL_SEVERITY_UNSPECIFIED;  // the highest that it reached
};

// Days before the first one that a replay begins on, beside the rule's cool-down: what has begun before must not look
// as if it began then.
inline constexpr int kReplayWarmUpDays = 30;

// Spells of the first rule of `rules` that begin on the days [first, last], looking at each day from the facts of
// `view` up to it.
std::vector<PastSpell> Replay(const RuleSet& rules, account::View view, const AccountSource& source, Day first,
                              Day last);

}  // namespace folio::signals
