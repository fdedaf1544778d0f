#include "server/signals/spell.h"

namespace folio::signals {
namespace {

// The spell as it was before `today`.
Spell Rewind(Spell spell, Day today) {
  if (spell.begun == today) {
    spell.begun = kNoDay;
    spell.ended = spell.before;
    spell.before = kNoDay;
  } else if (spell.ended == today) {
    spell.ended = kNoDay;
  }
  return spell;
}

// All spells, those of rules that are not judged as they were.
template <typename IsJudged>
void StepWhere(const RuleSet& rules, IsJudged is_judged, Sheet& sheet, Day today, std::span<const Spell> before,
               std::vector<Spell>* after) {
  after->clear();
  auto known = before.begin();
  for (size_t number = 0; number < rules.rules().size(); ++number) {
    const Rule& rule = rules.rules()[number];
    Spell spell{.rule = static_cast<uint16_t>(number)};
    if (known != before.end() && known->rule == number) spell = *known++;
    if (!is_judged(number)) {
      if (!spell.blank()) after->push_back(spell);
      continue;
    }
    if (!rule.used() && spell.blank()) continue;
    const Verdict verdict = rule.used() ? rule.Judge(sheet) : Verdict();
    spell = Step(spell, verdict, rule.cool_down_days(), today);
    if (!spell.blank() && !IsOver(spell, rule.cool_down_days(), today)) after->push_back(spell);
  }
}

}  // namespace

Spell Step(Spell spell, const Verdict& verdict, int cool_down_days, Day today) {
  spell = Rewind(spell, today);
  if (spell.open()) {
    if (verdict.stays == v1::SIGNAL_SEVERITY_UNSPECIFIED) {
      spell.ended = today;
    } else {
      spell.severity = static_cast<uint8_t>(verdict.stays);
    }
    return spell;
  }
  const bool cool = spell.ended == kNoDay || today - spell.ended >= cool_down_days;
  if (verdict.begins == v1::SIGNAL_SEVERITY_UNSPECIFIED || !cool) return spell;
  spell.before = spell.ended;
  spell.begun = today;
  spell.ended = kNoDay;
  spell.severity = static_cast<uint8_t>(verdict.begins);
  return spell;
}

bool IsOver(const Spell& spell, int cool_down_days, Day today) {
  return !spell.open() && !spell.blank() && today - spell.ended > std::max(cool_down_days, kEndedKeptDays);
}

void StepAll(const RuleSet& rules, Sheet& sheet, Day today, std::span<const Spell> before, std::vector<Spell>* after) {
  StepWhere(
      rules, [](size_t) { return true; }, sheet, today, before, after);
}

void StepHealth(const RuleSet& rules, const std::vector<bool>& of_health, Sheet& sheet, Day today,
                std::span<const Spell> before, std::vector<Spell>* after) {
  StepWhere(
      rules, [&](size_t number) { return of_health[number]; }, sheet, today, before, after);
}

std::vector<PastSpell> Replay(const RuleSet& rules, account::View view, const AccountSource& source, Day first,
                              Day last) {
  const Rule& rule = rules.at(0);
  Sheet sheet = rules.NewSheet();
  std::vector<PastSpell> past;
  Spell spell;
  bool counts = false;  // the spell began on one of the days asked for
  for (view.today = first - kReplayWarmUpDays - rule.cool_down_days(); view.today <= last; ++view.today) {
    sheet.Turn(view, source);
    spell = Step(spell, rule.Judge(sheet), rule.cool_down_days(), view.today);
    if (spell.begun == view.today) {
      counts = view.today >= first;
      if (counts) past.push_back({.begun = view.today});
    }
    if (!counts) continue;
    if (spell.open()) past.back().severity = std::max(past.back().severity, spell.Severity());
    if (spell.ended == view.today) past.back().ended = view.today;
  }
  return past;
}

}  // namespace folio::signals
