// churn_rate, churn_rate_mrr_gross, churn_rate_mrr_net, grr, nrr: what became of the customers at the period's start.
#include "server/indicators/accounts_method.h"
#include "server/indicators/indicator.h"
#include "server/indicators/movements.h"

namespace folio::indicators {
namespace {

Figure Customers(const Movements& sum, const Context&) {
  return ShareOf(sum.lost, sum.opening_customers, v1::ABSENCE_NO_DENOMINATOR);
}

// A share of the revenue at the start. It is no sample: what it tells is all there was.
Figure OfOpening(const Movements& sum, Int128 amount) {
  Figure figure = RatioOf(UnitsOf(amount), UnitsOf(sum.opening), sum.opening_customers);
  figure.parts = {PartMoney(sum.opening), PartMoney(sum.churn), PartMoney(sum.contraction), PartMoney(sum.expansion)};
  return figure;
}

Figure Gross(const Movements& sum, const Context&) { return OfOpening(sum, sum.churn + sum.contraction); }
Figure Net(const Movements& sum, const Context&) { return OfOpening(sum, sum.churn + sum.contraction - sum.expansion); }
Figure Grr(const Movements& sum, const Context&) { return OfOpening(sum, sum.opening - sum.churn - sum.contraction); }
Figure Nrr(const Movements& sum, const Context&) {
  return OfOpening(sum, sum.opening - sum.churn - sum.contraction + sum.expansion);
}

Indicator Rate(Indicator indicator) {
  indicator.category = v1::INDICATOR_CATEGORY_BUSINESS;
  indicator.unit = v1::INDICATOR_UNIT_RATIO;
  indicator.inputs = {"accounts", "subscriptions"};
  indicator.dimensions = {ledger::Dimension::kRevenueCurrency};
  return indicator;
}

Indicator OfRevenue(Indicator indicator) {
  constexpr v1::IndicatorUnit kMoney = v1::INDICATOR_UNIT_MONEY;
  indicator.variant_of = "churn_rate";
  indicator.parts = {{"opening", "ARR at the start", "ARR au début", kMoney},
                     {"churn", "Churn", "Attrition", kMoney},
                     {"contraction", "Contraction", "Contraction", kMoney},
                     {"expansion", "Expansion", "Expansion", kMoney}};
  return Rate(std::move(indicator));
}

const Registrar kChurn(Rate({
    .id = "churn_rate",
    .name = "Customer churn",
    .name_fr = "Taux d'attrition",
    .description =
        "Customers lost in the period ÷ customers at its start. A customer has an ARR above 0; one that keeps "
        "another subscription contracts and is not lost.",
    .description_fr =
        "Clients perdus dans la période ÷ clients à son début. Un client a un ARR supérieur à 0 ; s'il garde "
        "un autre abonnement, il se contracte et n'est pas perdu.",
    .formula = "{numerator} ÷ {denominator}",
    .higher_is_better = false,
    .interval = v1::INTERVAL_METHOD_WILSON,
    .method = std::make_shared<AccountsMethod<Movements>>(Customers),
}));

const Registrar kGross(OfRevenue({
    .id = "churn_rate_mrr_gross",
    .name = "Gross revenue churn",
    .name_fr = "Attrition brute du revenu",
    .description = "(Churn + contraction) ÷ recurring revenue at the start.",
    .description_fr = "(Attrition + contraction) ÷ revenu récurrent au début.",
    .formula = "({churn} + {contraction}) ÷ {opening}",
    .higher_is_better = false,
    .method = std::make_shared<AccountsMethod<Movements>>(Gross),
}));

const Registrar kNet(OfRevenue({
    .id = "churn_rate_mrr_net",
    .name = "Net revenue churn",
    .name_fr = "Attrition nette du revenu",
    .description =
        "(Churn + contraction − expansion) ÷ recurring revenue at the start. Below 0 where expansion is more.",
    .description_fr =
        "(Attrition + contraction − expansion) ÷ revenu récurrent au début. Sous 0 si l'expansion l'emporte.",
    .formula = "({churn} + {contraction} − {expansion}) ÷ {opening}",
    .higher_is_better = false,
    .method = std::make_shared<AccountsMethod<Movements>>(Net),
}));

const Registrar kGrr(OfRevenue({
    .id = "grr",
    .name = "Gross revenue retention",
    .name_fr = "Rétention brute du revenu",
    .description = "Recurring revenue kept of the customers at the start, at most what each had ÷ what they had.",
    .description_fr =
        "Revenu récurrent conservé des clients du début, au plus ce que chacun avait ÷ ce qu'ils avaient.",
    .formula = "({opening} − {churn} − {contraction}) ÷ {opening}",
    .method = std::make_shared<AccountsMethod<Movements>>(Grr),
}));

const Registrar kNrr(OfRevenue({
    .id = "nrr",
    .name = "Net revenue retention",
    .name_fr = "Rétention nette du revenu",
    .description = "Recurring revenue at the end of the customers at the start ÷ what they had then.",
    .description_fr = "Revenu récurrent à la fin des clients du début ÷ ce qu'ils avaient alors.",
    .formula = "({opening} − {churn} − {contraction} + {expansion}) ÷ {opening}",
    .method = std::make_shared<AccountsMethod<Movements>>(Nrr),
}));

}  // namespace
}  // namespace folio::indicators
