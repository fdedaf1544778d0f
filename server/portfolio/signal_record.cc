#include "server/portfolio/signal_record.h"

#include <utility>

#include "server/base/money.h"
#include "server/engine/resources.h"
#include "server/signals/finding.h"

namespace folio::portfolio {

using engine::RowKey;
using signals::Spell;

namespace {

void FillSpell(const Spell& spell, v1::Signal* signal) {
  signal->set_severity(spell.Severity());
  *signal->mutable_begin_date() = ToProtoDate(spell.begun);
  if (spell.ended != kNoDay) *signal->mutable_end_date() = ToProtoDate(spell.ended);
  if (spell.before != kNoDay) *signal->mutable_previous_end_date() = ToProtoDate(spell.before);
}

// Whoever looked after the signal still does; what else was said of a spell that is over does not count for the next.
void FillChoice(const SignalChoice& choice, const Spell& spell, v1::Signal* signal) {
  signal->set_assignee(choice.assignee);
  if (choice.day == kNoDay || choice.day < spell.begun) return;
  *signal->mutable_choice_date() = ToProtoDate(choice.day);
  if (choice.snooze_until != kNoDay) *signal->mutable_snooze_until() = ToProtoDate(choice.snooze_until);
}

void FillFinding(const SignalsView& shown, const signals::Rule& rule, const std::string& currency, error::Locale locale,
                 v1::Signal* signal) {
  signals::Sheet sheet = shown.rules->NewSheet();
  sheet.Turn(shown.view, shown.source);
  signals::Finding finding = signals::Describe(rule, sheet, {.locale = locale, .currency = currency});
  for (v1::SignalEvidence& evidence : finding.evidence) *signal->add_evidence() = std::move(evidence);
  signal->set_summary(finding.summary);
  if (finding.expected_value.has_value()) {
    *signal->mutable_expected_value() = ToProtoMoney(*finding.expected_value, currency);
  }
}

}  // namespace

std::string SignalIdOf(const Portfolio& portfolio, const std::string& rule, RowKey account) {
  return rule + "~" + std::string(portfolio.IdOf(account));
}

std::optional<v1::Signal> FindSignal(const Portfolio& portfolio, RowKey account, int rule_number, error::Locale locale,
                                     Day since) {
  std::optional<v1::Signal> found;
  portfolio.ShowSignals(account, [&](const SignalsView& shown) {
    const Spell* spell = SpellOf(shown.spells, rule_number);
    if (spell == nullptr || spell->begun == kNoDay) return;
    const signals::Rule& rule = shown.rules->at(rule_number);
    v1::Signal& signal = found.emplace();
    signal.set_name(engine::FindResource(engine::kSignal)->schema.NameOf(SignalIdOf(portfolio, rule.id(), account)));
    signal.set_account(engine::FindResource(engine::kAccount)->schema.NameOf(portfolio.IdOf(account)));
    signal.set_kind(rule.kind());
    signal.set_rule(rule.id());
    FillSpell(*spell, &signal);
    const SignalChoice* choice = ChoiceOf(shown.choices, rule_number);
    if (choice != nullptr) FillChoice(*choice, *spell, &signal);
    signal.set_state(StandingOf(*spell, choice, rule.cool_down_days(), shown.view.today).state);
    if (!spell->open()) return;
    if (since == kNoDay) since = signals::Since(*shown.rules, rule, shown.view, shown.source);
    // What the server has seen counts where facts that arrived later tell otherwise.
    if (since == kNoDay || since > spell->begun) since = spell->begun;
    *signal.mutable_since() = ToProtoDate(since);
    FillFinding(shown, rule, portfolio.currency(), locale, &signal);
  });
  return found;
}

void KeepChoice(const v1::Signal& stored, v1::Signal* signal) {
  signal->set_assignee(stored.assignee());
  signal->clear_choice_date();
  signal->clear_snooze_until();
  const bool same_spell = !stored.has_begin_date() || FromProto(stored.begin_date()).value_or(kNoDay) ==
                                                          FromProto(signal->begin_date()).value_or(kNoDay);
  // The state of one that had ended is not a person's word, also where the end has been taken back.
  if (signal->has_end_date() || stored.has_end_date() || !same_spell) return;
  signal->set_state(stored.state());
  const google::type::Date& chosen = stored.has_begin_date() ? stored.choice_date() : stored.since();
  if (chosen.year() != 0) *signal->mutable_choice_date() = chosen;
  if (stored.has_snooze_until()) *signal->mutable_snooze_until() = stored.snooze_until();
}

absl::StatusOr<std::optional<v1::Signal>> ReadSignal(const storage::Storage& storage, const std::string& id) {
  const auto record = storage.FindRecord(engine::kSignal, id);
  if (!record.ok()) return error::FromStorage(record.status());
  if (!record->has_value()) return std::nullopt;
  v1::Signal signal;
  if (!signal.ParseFromString((*record)->data)) return error::Internal("a stored resource cannot be parsed");
  return signal;
}

}  // namespace folio::portfolio
