// The signals of all accounts, in memory: which rules hold since when, and what people have said of them.
//
// Not thread-safe: its owner, the portfolio, guards it. The changes that wait to be recorded are the exception.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "folio/v1/signal.pb.h"
#include "server/engine/table.h"
#include "server/portfolio/sparse.h"
#include "server/signals/health_steps.h"
#include "server/signals/spell.h"

namespace folio::portfolio {

// A person's word on a signal.
struct SignalChoice {
  int rule = 0;                                          // number in the set of rules
  v1::SignalState state = v1::SIGNAL_STATE_UNSPECIFIED;  // UNSPECIFIED where none was chosen
  Day day = kNoDay;                                      // of the choice
  Day snooze_until = kNoDay;
  std::string assignee;

  bool operator==(const SignalChoice&) const = default;
};

// What becomes of a spell and a choice: the state that clients see.
struct SignalStanding {
  v1::SignalState state = v1::SIGNAL_STATE_OPEN;
  bool snoozed = false;

  // Open or acknowledged and not snoozed: counted in columns, listed without being asked for.
  bool active() const { return !snoozed && (state == v1::SIGNAL_STATE_OPEN || state == v1::SIGNAL_STATE_ACKNOWLEDGED); }
};
// `choice` may be null. A choice counts only for the spell during which it was made.
SignalStanding StandingOf(const signals::Spell& spell, const SignalChoice* choice, int cool_down_days, Day today);

// What the columns of an account show.
struct SignalSummary {
  std::vector<std::string> risks;
  std::vector<std::string> opportunities;
  v1::SignalSeverity risk_severity = v1::SIGNAL_SEVERITY_UNSPECIFIED;
  v1::SignalSeverity opportunity_severity = v1::SIGNAL_SEVERITY_UNSPECIFIED;
  std::optional<Micros> opportunity_value;
};

// A signal that began, changed in severity or ended.
struct SignalChange {
  engine::RowKey account = 0;
  int rule = 0;
};

// Signals that changed and wait to be recorded. Any thread.
class SignalChanges {
 public:
  void Add(SignalChange change);
  // Takes up to `count`, the oldest first.
  std::vector<SignalChange> Take(size_t count);
  // Puts back what could not be recorded.
  void Return(std::span<const SignalChange> changes);
  bool empty() const;

 private:
  mutable std::mutex mutex_;
  std::deque<SignalChange> changes_;  // guarded by mutex_
};

class SignalStates {
 public:
  SignalStates();

  // A stored rule came, changed or went. Every account is to be computed again.
  void PutRule(const v1::SignalRule& rule);
  void DropRule(std::string_view id);

  // A recorded signal, at start: what was known of it goes on from there.
  void Load(engine::RowKey account, std::string_view rule_id, const v1::Signal& record);
  // A signal was recorded: what people say of it counts. True where that is new.
  bool Put(engine::RowKey account, std::string_view rule_id, const v1::Signal& record);
  // A recorded signal is gone, with what people said of it.
  void Drop(engine::RowKey account, std::string_view rule_id);

  // Looks at an account on view.today, which is the current day. Valid until the next call.
  const SignalSummary& Update(engine::RowKey account, const account::View& view, const signals::AccountSource& source);
  // The same where only the account's health has changed since. nullptr where no signal did.
  const SignalSummary* UpdateHealth(engine::RowKey account, const account::View& view,
                                    const signals::AccountSource& source, const signals::HealthSteps& steps);

  const std::shared_ptr<const signals::RuleSet>& rules() const { return rules_; }
  // By ascending number of the rule; valid until the next change.
  std::span<const signals::Spell> SpellsOf(engine::RowKey account) const;
  std::span<const SignalChoice> ChoicesOf(engine::RowKey account) const;

  SignalChanges& changes() const { return changes_; }

 private:
  // Most accounts that have any have one.
  using Spells = absl::InlinedVector<signals::Spell, 1>;

  void UseRules(std::shared_ptr<const signals::RuleSet> rules);
  // Takes the spells of scratch_ for those of the account. Whether they are others.
  bool TakeSpells(engine::RowKey account, std::span<const signals::Spell> before);
  void NoteChanges(engine::RowKey account, std::span<const signals::Spell> before,
                   std::span<const signals::Spell> after);
  void Summarise(engine::RowKey account, const account::View& view);

  std::shared_ptr<const signals::RuleSet> rules_;
  std::optional<signals::Sheet> sheet_;        // over the figures of rules_
  Sparse<Spells> spells_;                      // by account
  Sparse<std::vector<SignalChoice>> choices_;  // by account
  std::vector<signals::Spell> scratch_;
  SignalSummary summary_;
  mutable SignalChanges changes_;
};

// The choice about a rule; nullptr where there is none.
const SignalChoice* ChoiceOf(std::span<const SignalChoice> choices, int rule);
// The spell of a rule; nullptr where there is none.
const signals::Spell* SpellOf(std::span<const signals::Spell> spells, int rule);

}  // namespace folio::portfolio
