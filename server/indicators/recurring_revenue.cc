// arr, mrr, net_new_arr, net_new_mrr: recurring revenue, and how it moved.
#include "server/indicators/accounts_method.h"
#include "server/indicators/indicator.h"
#include "server/indicators/movements.h"

namespace folio::indicators {
namespace {

// A year's amount as a month's: rounded half to even.
Micros Monthly(Int128 annual) { return Twelfth(PartMoney(annual).micros); }

// The steps from the opening to the closing amount, in the order of the parts.
std::vector<Int128> StepsOf(const Movements& sum) {
  return {sum.fresh, sum.reactivation, sum.expansion, -sum.contraction, -sum.churn, sum.between_currencies};
}

Figure Amount(const Movements& sum, Micros micros) {
  return {.micros = micros, .numerator = UnitsOf(micros), .sample_size = sum.accounts};
}

Figure Arr(const Movements& sum, const Context&) { return Amount(sum, PartMoney(sum.closing).micros); }
Figure Mrr(const Movements& sum, const Context&) { return Amount(sum, Monthly(sum.closing)); }

void AddCounts(const Movements& sum, Figure* figure) {
  for (const int64_t count : {sum.new_customers, sum.reactivated, sum.expanded, sum.contracted, sum.lost}) {
    figure->parts.push_back(PartNumber(static_cast<double>(count)));
  }
}

Figure NetNewArr(const Movements& sum, const Context&) {
  Figure figure = Amount(sum, PartMoney(sum.closing - sum.opening).micros);
  figure.parts = {PartMoney(sum.opening)};
  for (const Int128 step : StepsOf(sum)) figure.parts.push_back(PartMoney(step));
  figure.parts.push_back(PartMoney(sum.closing));
  AddCounts(sum, &figure);
  return figure;
}

// Each step is the difference of two rounded amounts, so that the steps lead from the opening to the closing one.
Figure NetNewMrr(const Movements& sum, const Context&) {
  Figure figure = Amount(sum, Monthly(sum.closing) - Monthly(sum.opening));
  figure.parts = {PartMoney(Monthly(sum.opening))};
  Int128 so_far = sum.opening;
  for (const Int128 step : StepsOf(sum)) {
    figure.parts.push_back(PartMoney(Monthly(so_far + step) - Monthly(so_far)));
    so_far += step;
  }
  figure.parts.push_back(PartMoney(Monthly(sum.closing)));
  AddCounts(sum, &figure);
  return figure;
}

Indicator Revenue(Indicator indicator) {
  indicator.category = v1::INDICATOR_CATEGORY_BUSINESS;
  indicator.unit = v1::INDICATOR_UNIT_MONEY;
  indicator.additive = true;
  indicator.inputs = {"accounts", "subscriptions"};
  indicator.dimensions = {ledger::Dimension::kRevenueCurrency};
  return indicator;
}

Indicator WithSteps(Indicator indicator) {
  constexpr v1::IndicatorUnit kMoney = v1::INDICATOR_UNIT_MONEY;
  indicator.parts = {{"opening", "At the start", "Au début", kMoney},
                     {"new", "New", "Nouveaux", kMoney},
                     {"reactivation", "Reactivation", "Réactivation", kMoney},
                     {"expansion", "Expansion", "Expansion", kMoney},
                     {"contraction", "Contraction", "Contraction", kMoney},
                     {"churn", "Churn", "Attrition", kMoney},
                     {"between_currencies", "Between currencies", "Entre devises", kMoney},
                     {"closing", "At the end", "À la fin", kMoney},
                     {"new_customers", "New customers", "Nouveaux clients"},
                     {"reactivated_customers", "Reactivated customers", "Clients réactivés"},
                     {"expanded_customers", "Expanded customers", "Clients en expansion"},
                     {"contracted_customers", "Contracted customers", "Clients en contraction"},
                     {"lost_customers", "Lost customers", "Clients perdus"}};
  indicator.formula = "{new} + {reactivation} + {expansion} + {contraction} + {churn} + {between_currencies}";
  return Revenue(std::move(indicator));
}

const Registrar kArr(Revenue({
    .id = "arr",
    .name = "Annual recurring revenue",
    .name_fr = "Revenu récurrent annuel",
    .description = "Sum of the annual amounts of the subscriptions active on the last day, trials left out.",
    .description_fr = "Somme des montants annuels des abonnements actifs le dernier jour, hors périodes d'essai.",
    .formula = "{numerator}",
    .timing = v1::INDICATOR_TIMING_END,
    .method = std::make_shared<AccountsMethod<Movements>>(Arr),
}));

const Registrar kMrr(Revenue({
    .id = "mrr",
    .name = "Monthly recurring revenue",
    .name_fr = "Revenu récurrent mensuel",
    .description = "ARR ÷ 12, rounded half to even to a millionth of the unit.",
    .description_fr = "ARR ÷ 12, arrondi au millionième de l'unité, le demi vers le pair.",
    .formula = "{numerator}",
    .timing = v1::INDICATOR_TIMING_END,
    .method = std::make_shared<AccountsMethod<Movements>>(Mrr),
}));

const Registrar kNetNewArr(WithSteps({
    .id = "net_new_arr",
    .variant_of = "net_new_revenue",
    .name = "Net new ARR",
    .name_fr = "ARR net nouveau",
    .description = "New + reactivated + expansion − contraction − churn: ARR at the end less ARR at the start.",
    .description_fr = "Nouveaux + réactivés + expansion − contraction − attrition : ARR à la fin moins ARR au début.",
    .method = std::make_shared<AccountsMethod<Movements>>(NetNewArr),
}));

const Registrar kNetNewMrr(WithSteps({
    .id = "net_new_mrr",
    .variant_of = "net_new_revenue",
    .name = "Net new MRR",
    .name_fr = "MRR net nouveau",
    .description = "The twelfth of net new ARR, in steps that lead from MRR at the start to MRR at the end.",
    .description_fr = "Le douzième de l'ARR net nouveau, en étapes qui mènent du MRR au début au MRR à la fin.",
    .method = std::make_shared<AccountsMethod<Movements>>(NetNewMrr),
}));

}  // namespace
}  // namespace folio::indicators
