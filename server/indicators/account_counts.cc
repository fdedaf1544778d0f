// account_count, paying_account_count: how many accounts there are, and how many customers.
#include <algorithm>

#include "server/account/revenue.h"
#include "server/indicators/accounts_method.h"
#include "server/indicators/indicator.h"
#include "server/indicators/movements.h"

namespace folio::indicators {
namespace {

Figure Count(int64_t count, int64_t of) {
  return {.number = static_cast<double>(count), .numerator = static_cast<double>(count), .sample_size = of};
}

// Accounts that left a trace by the last day of a period.
struct Existing {
  static constexpr std::string_view kId = "existing";

  using Reading = bool;
  static bool Read(const account::View& view, const Period& period) {
    Day first = view.created;
    if (view.contract_start != kNoDay) first = std::min(first, view.contract_start);
    for (const account::Term& term : view.terms) first = std::min(first, term.start);
    return first <= period.last_day;
  }
  void Add(bool exists) {
    ++accounts;
    if (exists) ++existing;
  }
  void Merge(const Existing& other) {
    accounts += other.accounts;
    existing += other.existing;
  }

  int64_t accounts = 0;
  int64_t existing = 0;
};

Figure All(const Existing& sum, const Context&) { return Count(sum.existing, sum.accounts); }
Figure Paying(const Movements& sum, const Context&) { return Count(sum.closing_customers, sum.accounts); }

Indicator Counted(Indicator indicator) {
  indicator.formula = "{numerator}";
  indicator.category = v1::INDICATOR_CATEGORY_BUSINESS;
  indicator.unit = v1::INDICATOR_UNIT_COUNT;
  indicator.timing = v1::INDICATOR_TIMING_END;
  indicator.additive = true;
  indicator.inputs = {"accounts", "subscriptions"};
  return indicator;
}

const Registrar kAccounts(Counted({
    .id = "account_count",
    .name = "Accounts",
    .name_fr = "Comptes",
    .description =
        "Accounts that existed on the last day: from their contract, first subscription or creation here on.",
    .description_fr =
        "Comptes qui existaient le dernier jour : depuis leur contrat, premier abonnement ou création ici.",
    .method = std::make_shared<AccountsMethod<Existing>>(All),
}));

const Registrar kPaying(Counted({
    .id = "paying_account_count",
    .name = "Paying accounts",
    .name_fr = "Comptes payants",
    .description = "Accounts whose ARR on the last day is above 0.",
    .description_fr = "Comptes dont l'ARR du dernier jour est supérieur à 0.",
    .method = std::make_shared<AccountsMethod<Movements>>(Paying),
}));

}  // namespace
}  // namespace folio::indicators
