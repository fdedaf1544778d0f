#include <cmath>

#include "server/indicators/indicator.h"
#include "server/indicators/sales.h"

namespace folio::indicators {
namespace {

struct Velocity {
  static constexpr std::string_view kId = "sales_velocity";
  using Row = ledger::Deal;
  using Inputs = Worths;

  void Add(const ledger::Deal& deal, const Period& period, const Worths& worths) {
    if (IsOpenAtEnd(deal, period)) {
      ++open;
    } else if (IsIn(deal.closed, period)) {
      ++closed;
      if (!deal.won) return;
      ++won;
      value.Add(deal, deal.closed, worths);
      micros += deal.closed - (deal.contacted == kNoInstant ? deal.opened : deal.contacted);
    }
  }
  void Merge(const Velocity& other) {
    open += other.open;
    closed += other.closed;
    won += other.won;
    value.Merge(other.value);
    micros += other.micros;
  }
  static int64_t bytes() { return 0; }

  int64_t open = 0;
  int64_t closed = 0;
  int64_t won = 0;
  DealAmounts value;  // of those won
  Int128 micros = 0;  // their cycles, as of sales_cycle
};

// Value won and days that it took, times the wins that the open deals promise. Numerator and denominator are the first
// two, which add up over deals.
Figure PerDay(const Velocity& sum, const Context& context) {
  const auto days = static_cast<long double>(sum.micros) / kMicrosPerDay;
  Figure figure{.numerator = UnitsOf(sum.value.sum()),
                .denominator = static_cast<double>(days),
                .sample_size = sum.open + sum.closed,
                .fault = sum.value.fault(context.question)};
  const auto value = static_cast<long double>(sum.value.sum());
  const auto won = static_cast<long double>(sum.won);
  const long double mean = sum.value.count() == 0 ? 0 : value / static_cast<long double>(sum.value.count());
  const long double rate = sum.closed == 0 ? 0 : won / static_cast<long double>(sum.closed);
  const long double cycle = sum.won == 0 ? 0 : days / won;
  figure.parts = {PartNumber(static_cast<double>(sum.open)), PartNumber(static_cast<double>(rate)),
                  PartMoney(static_cast<Int128>(std::roundl(mean))), PartNumber(static_cast<double>(cycle)),
                  PartNumber(static_cast<double>(sum.value.without_amount))};
  if (sum.open + sum.closed == 0) {
    figure.absence = v1::ABSENCE_NO_DATA;
  } else if (cycle == 0 || sum.value.count() == 0) {
    figure.absence = v1::ABSENCE_NO_DENOMINATOR;
  } else {
    figure.micros =
        PartMoney(static_cast<Int128>(std::roundl(static_cast<long double>(sum.open) * rate * mean / cycle))).micros;
  }
  return figure;
}

const Registrar kSalesVelocity({
    .id = "sales_velocity",
    .variant_of = "pipeline_velocity",
    .name = "Sales velocity",
    .name_fr = "Vélocité commerciale",
    .description = "Money a day that the open deals promise: deals open at the end of the period × win rate of those "
                   "closed in it × mean amount won ÷ mean days from first contact to won.",
    .description_fr = "Argent par jour que promettent les affaires ouvertes : affaires ouvertes à la fin de la période "
                      "× part gagnée de celles closes × montant moyen gagné ÷ nombre moyen de jours du premier contact "
                      "au gain.",
    .formula = "{open} × {win_rate} × {mean_value} ÷ {cycle}",
    .category = v1::INDICATOR_CATEGORY_BUSINESS,
    .unit = v1::INDICATOR_UNIT_MONEY_PER_DAY,
    .inputs = {"deals", "exchangeRates"},
    .parts = {{"open", "Open deals", "Affaires ouvertes"},
              {"win_rate", "Won of the closed deals", "Part gagnée des affaires closes", v1::INDICATOR_UNIT_RATIO},
              {"mean_value", "Mean amount won", "Montant moyen gagné", v1::INDICATOR_UNIT_MONEY},
              {"cycle", "Mean days to win", "Jours moyens pour gagner", v1::INDICATOR_UNIT_DAYS},
              {"without_amount", "Won deals without an amount", "Affaires gagnées sans montant"}},
    .method = std::make_shared<RecordsMethod<Velocity>>(PerDay),
});

}  // namespace
}  // namespace folio::indicators
