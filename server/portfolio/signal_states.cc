#include "server/portfolio/signal_states.h"

#include <algorithm>
#include <utility>

#include "server/account/parts.h"

namespace folio::portfolio {

using engine::RowKey;
using signals::Spell;

namespace {

SignalChoice ChoiceIn(int rule, const v1::Signal& record) {
  SignalChoice choice{.rule = rule, .assignee = record.assignee()};
  // Before signals were recorded by themselves, only choices were stored, dated by `since`.
  choice.day = account::DayIn(record.has_begin_date() ? record.choice_date() : record.since());
  if (choice.day == kNoDay) return choice;
  choice.state = record.state();
  choice.snooze_until = account::DayIn(record.snooze_until());
  return choice;
}

}  // namespace

SignalStanding StandingOf(const Spell& spell, const SignalChoice* choice, int cool_down_days, Day today) {
  SignalStanding standing;
  if (!spell.open()) {
    standing.state = v1::SIGNAL_STATE_RESOLVED;
    return standing;
  }
  if (choice == nullptr || choice->day == kNoDay || choice->day < spell.begun) return standing;
  standing.snoozed = choice->snooze_until > today;
  if (choice->state == v1::SIGNAL_STATE_UNSPECIFIED) return standing;
  const bool comes_back =
      choice->state == v1::SIGNAL_STATE_RESOLVED && today - choice->day >= std::max(1, cool_down_days);
  standing.state = comes_back ? v1::SIGNAL_STATE_OPEN : choice->state;
  return standing;
}

const SignalChoice* ChoiceOf(std::span<const SignalChoice> choices, int rule) {
  const auto found = std::find_if(choices.begin(), choices.end(), [rule](const auto& c) { return c.rule == rule; });
  return found == choices.end() ? nullptr : &*found;
}

const Spell* SpellOf(std::span<const Spell> spells, int rule) {
  const auto found = std::find_if(spells.begin(), spells.end(), [rule](const auto& s) { return s.rule == rule; });
  return found == spells.end() ? nullptr : &*found;
}

SignalStates::SignalStates() { UseRules(signals::RuleSet::Default()); }

void SignalStates::UseRules(std::shared_ptr<const signals::RuleSet> rules) {
  rules_ = std::move(rules);
  sheet_.emplace(rules_->NewSheet());
}

void SignalStates::PutRule(const v1::SignalRule& rule) { UseRules(rules_->With(rule)); }

void SignalStates::DropRule(std::string_view id) { UseRules(rules_->Without(id)); }

void SignalStates::Load(RowKey account, std::string_view rule_id, const v1::Signal& record) {
  const int rule = rules_->Find(rule_id);
  if (rule < 0) return;
  Put(account, rule_id, record);
  if (!record.has_begin_date()) return;
  Spells& spells = spells_.At(static_cast<size_t>(account));
  const Spell spell{.begun = account::DayIn(record.begin_date()),
                    .ended = account::DayIn(record.end_date()),
                    .before = account::DayIn(record.previous_end_date()),
                    .rule = static_cast<uint16_t>(rule),
                    .severity = static_cast<uint8_t>(record.severity())};
  spells.insert(std::lower_bound(spells.begin(), spells.end(), rule, [](const Spell& s, int r) { return s.rule < r; }),
                spell);
}

bool SignalStates::Put(RowKey account, std::string_view rule_id, const v1::Signal& record) {
  const int rule = rules_->Find(rule_id);
  if (rule < 0) return false;
  const SignalChoice choice = ChoiceIn(rule, record);
  const SignalChoice* known = ChoiceOf(ChoicesOf(account), rule);
  if (known != nullptr ? *known == choice : choice == SignalChoice{.rule = rule}) return false;
  auto& choices = choices_.At(static_cast<size_t>(account));
  std::erase_if(choices, [rule](const SignalChoice& other) { return other.rule == rule; });
  choices.push_back(choice);
  return true;
}

void SignalStates::Drop(RowKey account, std::string_view rule_id) {
  const int rule = rules_->Find(rule_id);
  auto* choices = choices_.Find(static_cast<size_t>(account));
  if (choices != nullptr) std::erase_if(*choices, [rule](const SignalChoice& other) { return other.rule == rule; });
}

const SignalSummary& SignalStates::Update(RowKey account, const account::View& view,
                                          const signals::AccountSource& source) {
  sheet_->Turn(view, source);
  const std::span<const Spell> before = SpellsOf(account);
  signals::StepAll(*rules_, *sheet_, view.today, before, &scratch_);
  TakeSpells(account, before);
  Summarise(account, view);
  return summary_;
}

const SignalSummary* SignalStates::UpdateHealth(RowKey account, const account::View& view,
                                                const signals::AccountSource& source,
                                                const signals::HealthSteps& steps) {
  sheet_->Turn(view, source);
  const std::span<const Spell> before = SpellsOf(account);
  signals::StepHealth(*rules_, steps.rules_of_health(), *sheet_, view.today, before, &scratch_);
  if (!TakeSpells(account, before)) return nullptr;
  Summarise(account, view);
  return &summary_;
}

bool SignalStates::TakeSpells(RowKey account, std::span<const Spell> before) {
  if (std::equal(before.begin(), before.end(), scratch_.begin(), scratch_.end())) return false;
  NoteChanges(account, before, scratch_);
  spells_.At(static_cast<size_t>(account)).assign(scratch_.begin(), scratch_.end());
  return true;
}

void SignalStates::NoteChanges(RowKey account, std::span<const Spell> before, std::span<const Spell> after) {
  for (const Spell& spell : after) {
    const Spell* known = SpellOf(before, spell.rule);
    if (known == nullptr || *known != spell) changes_.Add({account, spell.rule});
  }
  for (const Spell& spell : before) {
    // What has merely been over for long is forgotten here, and stays recorded.
    if (SpellOf(after, spell.rule) == nullptr && spell.open()) changes_.Add({account, spell.rule});
  }
}

void SignalStates::Summarise(RowKey account, const account::View& view) {
  summary_ = SignalSummary();
  const std::span<const SignalChoice> choices = ChoicesOf(account);
  for (const Spell& spell : SpellsOf(account)) {
    const signals::Rule& rule = rules_->at(spell.rule);
    const SignalChoice* choice = ChoiceOf(choices, spell.rule);
    if (!StandingOf(spell, choice, rule.cool_down_days(), view.today).active()) continue;
    if (rule.kind() == v1::SIGNAL_KIND_RISK) {
      summary_.risks.push_back(rule.id());
      summary_.risk_severity = std::max(summary_.risk_severity, spell.Severity());
      continue;
    }
    summary_.opportunities.push_back(rule.id());
    summary_.opportunity_severity = std::max(summary_.opportunity_severity, spell.Severity());
    if (const auto value = rule.ExpectedValue(view)) {
      summary_.opportunity_value = std::min(summary_.opportunity_value.value_or(0) + *value, kMaxMicros);
    }
  }
}

std::span<const Spell> SignalStates::SpellsOf(RowKey account) const {
  const Spells* known = spells_.Find(static_cast<size_t>(account));
  return known == nullptr ? std::span<const Spell>() : std::span<const Spell>(*known);
}

std::span<const SignalChoice> SignalStates::ChoicesOf(RowKey account) const {
  const auto* known = choices_.Find(static_cast<size_t>(account));
  return known == nullptr ? std::span<const SignalChoice>() : std::span<const SignalChoice>(*known);
}

void SignalChanges::Add(SignalChange change) {
  const std::lock_guard lock(mutex_);
  changes_.push_back(change);
}

std::vector<SignalChange> SignalChanges::Take(size_t count) {
  const std::lock_guard lock(mutex_);
  const auto end = changes_.begin() + static_cast<int64_t>(std::min(count, changes_.size()));
  std::vector<SignalChange> taken(changes_.begin(), end);
  changes_.erase(changes_.begin(), end);
  return taken;
}

void SignalChanges::Return(std::span<const SignalChange> changes) {
  const std::lock_guard lock(mutex_);
  changes_.insert(changes_.begin(), changes.begin(), changes.end());
}

bool SignalChanges::empty() const {
  const std::lock_guard lock(mutex_);
  return changes_.empty();
}

}  // namespace folio::portfolio
