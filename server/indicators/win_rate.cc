// win_rate, win_rate_closed, win_rate_value: how many of the deals are won.
#include "server/indicators/indicator.h"
#include "server/indicators/sales.h"

namespace folio::indicators {
namespace {

struct Outcomes {
  static constexpr std::string_view kId = "deal_outcomes";
  using Row = ledger::Deal;
  using Inputs = NoInputs;

  void Add(const ledger::Deal& deal, const Period& period, const NoInputs&) {
    if (IsOpenAtEnd(deal, period)) {
      ++open;
    } else if (IsIn(deal.closed, period)) {
      ++(deal.won ? won : lost);
    }
  }
  void Merge(const Outcomes& other) {
    won += other.won;
    lost += other.lost;
    open += other.open;
  }
  static int64_t bytes() { return 0; }

  int64_t won = 0;
  int64_t lost = 0;
  int64_t open = 0;
};

void AddParts(const Outcomes& sum, Figure* figure) {
  for (const int64_t count : {sum.won, sum.lost, sum.open}) {
    figure->parts.push_back(PartNumber(static_cast<double>(count)));
  }
}

Figure OfAll(const Outcomes& sum, const Context&) {
  Figure figure = ShareOf(sum.won, sum.won + sum.lost + sum.open, v1::ABSENCE_NO_DENOMINATOR);
  AddParts(sum, &figure);
  return figure;
}

Figure OfClosed(const Outcomes& sum, const Context&) {
  Figure figure = ShareOf(sum.won, sum.won + sum.lost, v1::ABSENCE_NO_DENOMINATOR);
  AddParts(sum, &figure);
  return figure;
}

struct Values {
  static constexpr std::string_view kId = "deal_values";
  using Row = ledger::Deal;
  using Inputs = Worths;

  void Add(const ledger::Deal& deal, const Period& period, const Worths& worths) {
    if (!IsIn(deal.closed, period)) return;
    closed.Add(deal, deal.closed, worths);
    if (deal.won) won.Add(deal, deal.closed, worths);
  }
  void Merge(const Values& other) {
    won.Merge(other.won);
    closed.Merge(other.closed);
  }
  static int64_t bytes() { return 0; }

  DealAmounts won;
  DealAmounts closed;
};

Figure OfValue(const Values& sum, const Context& context) {
  Figure figure{.numerator = UnitsOf(sum.won.sum()),
                .denominator = UnitsOf(sum.closed.sum()),
                .sample_size = sum.closed.count(),
                .fault = sum.closed.fault(context.question)};
  figure.parts = {PartMoney(sum.won.sum()), PartMoney(sum.closed.sum()),
                  PartNumber(static_cast<double>(sum.closed.without_amount))};
  if (sum.closed.sum() == 0) {
    figure.absence = v1::ABSENCE_NO_DENOMINATOR;
  } else {
    figure.number = static_cast<double>(sum.won.sum()) / static_cast<double>(sum.closed.sum());
  }
  return figure;
}

Indicator Rate(Indicator indicator) {
  indicator.category = v1::INDICATOR_CATEGORY_BUSINESS;
  indicator.unit = v1::INDICATOR_UNIT_RATIO;
  indicator.inputs = {"deals"};
  if (indicator.parts.empty()) {
    indicator.interval = v1::INTERVAL_METHOD_WILSON;
    indicator.parts = {{"won", "Won in the period", "Gagnées dans la période"},
                       {"lost", "Lost in the period", "Perdues dans la période"},
                       {"open", "Open at its end", "Ouvertes à la fin"}};
  }
  return indicator;
}

const Registrar kWinRate(Rate({
    .id = "win_rate",
    .name = "Win rate",
    .name_fr = "Taux de réussite",
    .description = "Deals won in the period ÷ all deals: those closed in the period and those open at its end.",
    .description_fr =
        "Affaires gagnées dans la période ÷ toutes les affaires : closes dans la période ou ouvertes à la fin.",
    .formula = "{won} ÷ ({won} + {lost} + {open})",
    .method = std::make_shared<RecordsMethod<Outcomes>>(OfAll),
}));

const Registrar kWinRateClosed(Rate({
    .id = "win_rate_closed",
    .variant_of = "win_rate",
    .name = "Win rate, closed deals",
    .name_fr = "Taux de réussite, affaires closes",
    .description = "Deals won ÷ deals won or lost, by the day on which they closed.",
    .description_fr = "Affaires gagnées ÷ affaires gagnées ou perdues, selon leur jour de clôture.",
    .formula = "{won} ÷ ({won} + {lost})",
    .method = std::make_shared<RecordsMethod<Outcomes>>(OfClosed),
}));

const Registrar kWinRateValue(Rate({
    .id = "win_rate_value",
    .variant_of = "win_rate",
    .name = "Win rate, value",
    .name_fr = "Taux de réussite, valeur",
    .description =
        "Amounts of deals won ÷ amounts of deals won or lost in the period, each at the rate of the day it closed.",
    .description_fr =
        "Montants des affaires gagnées ÷ montants des affaires gagnées ou perdues dans la période, chacun au taux du "
        "jour de clôture.",
    .formula = "{won_value} ÷ {closed_value}",
    .parts = {{"won_value", "Amount won", "Montant gagné", v1::INDICATOR_UNIT_MONEY},
              {"closed_value", "Amount won or lost", "Montant gagné ou perdu", v1::INDICATOR_UNIT_MONEY},
              {"without_amount", "Closed deals without an amount", "Affaires closes sans montant"}},
    .method = std::make_shared<RecordsMethod<Values>>(OfValue),
}));

}  // namespace
}  // namespace folio::indicators
