// renewal_rate, renewal_rate_value: what became of the contracts that were due in a period.
#include <algorithm>
#include <vector>

#include "server/indicators/accounts_method.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {
namespace {

// A new contract may be signed so long before the old one is due.
constexpr int kEarlyDays = 90;

bool IsActive(const account::Term& term, Day day) {
  return term.start <= day && (term.end == kNoDay || term.end > day);
}

// The contract that took another's place: begun not long before that was due, and active then. Each takes one place.
const account::Term* SuccessorOf(const account::Term& due, Day day, const account::View& view,
                                 std::vector<int64_t>* taken) {
  for (const account::Term& term : view.terms) {
    const bool follows = !term.trial && term.key != due.key && term.start > due.start && term.start >= day - kEarlyDays;
    if (!follows || !IsActive(term, day)) continue;
    if (std::find(taken->begin(), taken->end(), term.key) != taken->end()) continue;
    taken->push_back(term.key);
    return &term;
  }
  return nullptr;
}

struct Renewals {
  static constexpr std::string_view kId = "renewals";

  using Reading = Renewals;
  static Renewals Read(const account::View& view, const Period& period);
  // A due date that the contract has gone beyond counts on its day, however early or late that was decided.
  void AddPast(const account::PastDue& past, const Period& period) {
    if (past.day < period.start_day || past.day > period.last_day) return;
    ++due;
    ++renewed;
    due_value += past.due;
    renewed_value += std::min(past.renewed, past.due);
  }
  void Add(const Renewals& reading) { Merge(reading); }
  void Merge(const Renewals& other) {
    due += other.due;
    renewed += other.renewed;
    pending += other.pending;
    due_value += other.due_value;
    renewed_value += other.renewed_value;
  }

  int64_t due = 0;  // decided ones
  int64_t renewed = 0;
  int64_t pending = 0;  // due, and neither renewed nor ended
  Int128 due_value = 0;
  Int128 renewed_value = 0;  // of each at most what was due
};

Renewals Renewals::Read(const account::View& view, const Period& period) {
  Renewals sum;
  std::vector<int64_t> taken;
  for (const account::Term& term : view.terms) {
    for (const account::PastDue& past : term.past) sum.AddPast(past, period);
    const Day day = term.due();
    if (term.trial || day < period.start_day || day > period.last_day) continue;
    Micros kept = 0;
    bool renewed = false;
    if (IsActive(term, day)) {
      // It goes on. Without an end and without renewing by itself, nobody has decided.
      renewed = term.end != kNoDay || term.auto_renew == 1;
      kept = term.annual;
      if (!renewed) ++sum.pending;
      if (!renewed) continue;
    } else if (const account::Term* next = SuccessorOf(term, day, view, &taken)) {
      renewed = true;
      kept = std::min(next->annual, term.annual);
    }
    ++sum.due;
    sum.due_value += term.annual;
    if (!renewed) continue;
    ++sum.renewed;
    sum.renewed_value += kept;
  }
  return sum;
}

void AddPending(const Renewals& sum, Figure* figure) { figure->parts = {PartNumber(static_cast<double>(sum.pending))}; }

Figure Count(const Renewals& sum, const Context&) {
  Figure figure = ShareOf(sum.renewed, sum.due, v1::ABSENCE_NO_DENOMINATOR);
  AddPending(sum, &figure);
  return figure;
}

Figure Value(const Renewals& sum, const Context&) {
  Figure figure = RatioOf(UnitsOf(sum.renewed_value), UnitsOf(sum.due_value), sum.due);
  AddPending(sum, &figure);
  return figure;
}

Indicator Rate(Indicator indicator) {
  indicator.formula = "{numerator} ÷ {denominator}";
  indicator.category = v1::INDICATOR_CATEGORY_BUSINESS;
  indicator.unit = v1::INDICATOR_UNIT_RATIO;
  indicator.inputs = {"subscriptions"};
  indicator.parts = {{"pending", "Due and not decided", "Échus et non décidés"}};
  return indicator;
}

const Registrar kRenewalRate(Rate({
    .id = "renewal_rate",
    .version = 2,
    .name = "Renewal rate",
    .name_fr = "Taux de renouvellement",
    .description =
        "Contracts renewed ÷ contracts that were due in the period and are decided. A contract is due on its "
        "renewal date, else on the day it ended; it is renewed where it goes on, or where another one begun "
        "up to 90 days before takes its place. A due date that was moved on by a term stays due, and is renewed.",
    .description_fr = "Contrats renouvelés ÷ contrats échus dans la période et décidés. L'échéance est la date de "
                      "renouvellement, sinon le jour de fin ; il est renouvelé s'il continue, ou si un autre, commencé "
                      "jusqu'à 90 jours avant, le remplace. Une échéance repoussée d'un terme reste due, et est "
                      "renouvelée.",
    .interval = v1::INTERVAL_METHOD_WILSON,
    .method = std::make_shared<AccountsMethod<Renewals>>(Count),
}));

const Registrar kRenewalRateValue(Rate({
    .id = "renewal_rate_value",
    .version = 2,
    .variant_of = "renewal_rate",
    .name = "Renewal rate, value",
    .name_fr = "Taux de renouvellement, valeur",
    .description = "Annual value renewed, of each contract at most what was due ÷ annual value due and decided.",
    .description_fr =
        "Valeur annuelle renouvelée, au plus celle échue de chaque contrat ÷ valeur annuelle échue et décidée.",
    .method = std::make_shared<AccountsMethod<Renewals>>(Value),
}));

}  // namespace
}  // namespace folio::indicators
