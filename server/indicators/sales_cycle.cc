// sales_cycle and its variants: how long deals take from the first contact.
#include "server/indicators/sales_cycle.h"

#include <algorithm>
#include <vector>

#include "server/indicators/indicator.h"

namespace folio::indicators {

void Cycles::Add(const ledger::Deal& deal, const Period& period, const NoInputs&) {
  if (!IsIn(deal.closed, period)) return;
  const bool told = deal.contacted != kNoInstant;
  const int64_t micros = deal.closed - (told ? deal.contacted : deal.opened);
  closed.push_back({DaysInMillionths(micros), deal.won, told});
}

void Cycles::Merge(const Cycles& other) { closed.insert(closed.end(), other.closed.begin(), other.closed.end()); }

namespace {

struct Selected {
  std::vector<int64_t> days;
  int64_t without_contact = 0;
};

Selected Select(const Cycles& sum, bool won_only) {
  Selected selected;
  for (const Cycles::Cycle& cycle : sum.closed) {
    if (won_only && !cycle.won) continue;
    selected.days.push_back(cycle.days);
    if (!cycle.contact_told) ++selected.without_contact;
  }
  return selected;
}

Figure Mean(const Cycles& sum, bool won_only) {
  const Selected selected = Select(sum, won_only);
  Tally tally;
  for (const int64_t days : selected.days) tally.Add(days);
  Figure figure = MeanOf(tally);
  figure.parts = {PartNumber(static_cast<double>(selected.without_contact))};
  return figure;
}

Figure MeanWon(const Cycles& sum, const Context&) { return Mean(sum, true); }
Figure MeanClosed(const Cycles& sum, const Context&) { return Mean(sum, false); }

Figure MedianWon(const Cycles& sum, const Context&) {
  Selected selected = Select(sum, true);
  std::sort(selected.days.begin(), selected.days.end());
  Figure figure = QuantileOf(selected.days, 0.5);
  figure.parts = {PartNumber(static_cast<double>(selected.without_contact))};
  return figure;
}

Indicator Cycle(Indicator indicator) {
  indicator.category = v1::INDICATOR_CATEGORY_BUSINESS;
  indicator.unit = v1::INDICATOR_UNIT_DAYS;
  indicator.higher_is_better = false;
  indicator.inputs = {"deals"};
  indicator.parts = {{"without_first_contact", "Measured from when they came up: no first contact is known",
                      "Mesurées depuis leur apparition : premier contact inconnu"}};
  return indicator;
}

const Registrar kMean(Cycle({
    .id = "sales_cycle",
    .name = "Sales cycle",
    .name_fr = "Durée du cycle commercial",
    .description = "Mean days from the first contact to the close of the deals won in the period. Where no first "
                   "contact is known the deal counts from when it came up, and is told beside.",
    .description_fr = "Nombre moyen de jours entre le premier contact et la clôture des affaires gagnées dans la "
                      "période. Sans premier contact connu, l'affaire compte depuis son apparition, et figure à côté.",
    .formula = "{numerator} ÷ {n}",
    .interval = v1::INTERVAL_METHOD_STUDENT,
    .method = std::make_shared<RecordsMethod<Cycles>>(MeanWon),
}));

const Registrar kAllClosed(Cycle({
    .id = "sales_cycle_all_closed",
    .variant_of = "sales_cycle",
    .name = "Sales cycle, all closed deals",
    .name_fr = "Durée du cycle commercial, toutes affaires closes",
    .description = "The same mean of all deals won or lost in the period.",
    .description_fr = "La même moyenne sur toutes les affaires gagnées ou perdues dans la période.",
    .formula = "{numerator} ÷ {n}",
    .interval = v1::INTERVAL_METHOD_STUDENT,
    .method = std::make_shared<RecordsMethod<Cycles>>(MeanClosed),
}));

const Registrar kMedian(Cycle({
    .id = "sales_cycle_median",
    .variant_of = "sales_cycle",
    .name = "Sales cycle, median",
    .name_fr = "Durée du cycle commercial, médiane",
    .description = "Half of the deals won in the period took less days.",
    .description_fr = "La moitié des affaires gagnées dans la période ont pris moins de jours.",
    .formula = "median({n})",
    .interval = v1::INTERVAL_METHOD_RANKS,
    .method = std::make_shared<RecordsMethod<Cycles>>(MedianWon),
}));

}  // namespace
}  // namespace folio::indicators
