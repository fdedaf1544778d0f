// cac and its variants, acquisition_cost, new_customer_count: what it costs to win clients.
#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "server/indicators/costs.h"
#include "server/indicators/customers.h"
#include "server/indicators/entries_method.h"
#include "server/indicators/function_method.h"
#include "server/indicators/indicator.h"
#include "server/indicators/margin.h"

namespace folio::indicators {
namespace {

constexpr v1::CostCategory kAcquisition = v1::COST_CATEGORY_ACQUISITION;
constexpr int kDefaultLagDays = 30;

// An amount for each of some clients.
Figure Each(const CostSum& cost, int64_t clients) {
  Figure figure{.numerator = UnitsOf(cost.micros),
                .denominator = static_cast<double>(clients),
                .sample_size = clients,
                .fault = cost.fault};
  if (cost.count == 0) {
    figure.absence = v1::ABSENCE_NO_DATA;
  } else if (clients == 0) {
    figure.absence = v1::ABSENCE_NO_DENOMINATOR;
  } else {
    figure.micros = MeanMicros(cost.micros, clients);
  }
  return figure;
}

std::vector<Contribution> Joined(std::vector<Contribution> costs, std::vector<Contribution> clients) {
  std::move(clients.begin(), clients.end(), std::back_inserter(costs));
  return costs;
}

Figures Cac(const Question& question) {
  const auto costs = CostsOf(question, kAcquisition);
  const auto clients = NewCustomers(question).Sums();
  return EachFigure(question, [&](size_t p, uint32_t g) { return Each(costs[p][g], clients[p][g].count); });
}

std::vector<Contribution> CacContributions(const Question& question, uint32_t group) {
  return Joined(CostContributions(question, kAcquisition, group), NewCustomers(question).Contributions(group));
}

// The periods in which the costs of a lagged figure lie.
std::vector<Period> LaggedPeriods(const Question& question) {
  const int lag =
      question.settings.has_acquisition_lag_days() ? question.settings.acquisition_lag_days() : kDefaultLagDays;
  const TimeZone& zone = question.portfolio.zone();
  std::vector<Period> periods(question.periods.begin(), question.periods.end());
  for (Period& period : periods) {
    const Instant back = period.start - zone.StartOf(period.start_day);  // a range may begin within a day
    for (Day* day : {&period.start_day, &period.end_day, &period.last_day}) *day -= lag;
    period.start = zone.StartOf(period.start_day) + back;
    period.read_end = zone.StartOf(period.last_day + 1);
    period.end = zone.StartOf(period.end_day);
  }
  return periods;
}

Question Lagged(const Question& question, const std::vector<Period>& periods) {
  Question lagged = question;
  lagged.periods = periods;
  return lagged;
}

Figures CacLagged(const Question& question) {
  const std::vector<Period> before = LaggedPeriods(question);
  const auto costs = CostsOf(Lagged(question, before), kAcquisition);
  const auto clients = NewCustomers(question).Sums();
  return EachFigure(question, [&](size_t p, uint32_t g) { return Each(costs[p][g], clients[p][g].count); });
}

std::vector<Contribution> CacLaggedContributions(const Question& question, uint32_t group) {
  const std::vector<Period> before = LaggedPeriods(question);
  return Joined(CostContributions(Lagged(question, before), kAcquisition, group),
                NewCustomers(question).Contributions(group));
}

// Cost ÷ (what new customers bring a month × margin): the number of customers goes out.
Figures Payback(const Question& question) {
  const auto costs = CostsOf(question, kAcquisition);
  const auto clients = NewCustomers(question).Sums();
  const auto margins = MarginsOf(question);
  return EachFigure(question, [&](size_t p, uint32_t g) {
    constexpr double kMonths = 12;
    Figure figure = Each(costs[p][g], clients[p][g].count);
    const Micros cac = std::exchange(figure.micros, 0);
    figure.fault.Update(margins[p][g].fault);
    const double mrr = UnitsOf(clients[p][g].arr) / kMonths;
    figure.denominator = mrr * margins[p][g].share;
    const auto count = static_cast<double>(std::max<int64_t>(clients[p][g].count, 1));
    figure.parts = {{.micros = cac},
                    PartMoney(static_cast<Int128>(std::llround(mrr / count * static_cast<double>(kMicrosPerUnit)))),
                    PartNumber(margins[p][g].share)};
    if (!figure.has_value()) return figure;
    if (figure.denominator <= 0) {
      figure.absence = v1::ABSENCE_NO_DENOMINATOR;
    } else {
      figure.number = figure.numerator / figure.denominator;
    }
    return figure;
  });
}

// Facts add their costs; what they are divided by is made of several indicators.
std::vector<Contribution> CostOnly(const Question& question, uint32_t group) {
  return CostContributions(question, kAcquisition, group);
}

Figures AcquisitionCost(const Question& question) {
  const auto costs = CostsOf(question, kAcquisition);
  return EachFigure(question, [&](size_t p, uint32_t g) {
    const CostSum& cost = costs[p][g];
    return Figure{.micros = PartMoney(cost.micros).micros,
                  .numerator = UnitsOf(cost.micros),
                  .sample_size = cost.count,
                  .fault = cost.fault};
  });
}

Figure CountOf(int64_t count) {
  return {.number = static_cast<double>(count), .numerator = static_cast<double>(count), .sample_size = count};
}

Figures NewCustomerCount(const Question& question) {
  const auto clients = NewCustomers(question).Sums();
  return EachFigure(question, [&](size_t p, uint32_t g) { return CountOf(clients[p][g].count); });
}

std::vector<Contribution> NewCustomersOnly(const Question& question, uint32_t group) {
  std::vector<Contribution> contributions = NewCustomers(question).Contributions(group);
  for (Contribution& contribution : contributions) contribution.figure = CountOf(1);
  return contributions;
}

// Costs of acquisition with the clients that their source attributes to them.
struct Attributed {
  static constexpr std::string_view kId = "attributed_costs";
  static constexpr std::array kKinds = {ledger::EntryKind::kCost};
  using Adapter = InOwnCurrency;

  void Add(ledger::EntryKind, const ledger::Entry& entry) {
    if (ledger::CostCategoryOf(entry) != kAcquisition) return;
    amounts.Add(entry);
    clients += ledger::AttributedClientsOf(entry);
  }
  void Merge(const Attributed& other) {
    amounts.Merge(other.amounts);
    clients += other.clients;
  }
  bool Counts(const ledger::Entry& entry) const { return ledger::CostCategoryOf(entry) == kAcquisition; }
  int64_t bytes() const { return 0; }

  Amounts amounts;
  int64_t clients = 0;
};

Figure AttributedCac(const Attributed& sum, const EntriesContext& context) {
  return Each({sum.amounts.tally.sum, sum.amounts.tally.count, sum.amounts.FaultIn(context.currencies)}, sum.clients);
}

Indicator OfCosts(Indicator indicator) {
  indicator.category = v1::INDICATOR_CATEGORY_BUSINESS;
  indicator.higher_is_better = false;
  indicator.inputs = {"facts.cost", "facts.order", "facts.payment", "subscriptions", "accounts", "exchangeRates"};
  return indicator;
}

const Registrar kCac(OfCosts({
    .id = "cac",
    .name = "Acquisition cost",
    .name_fr = "Coût d'acquisition",
    .description =
        "Costs of category acquisition in the period ÷ accounts that became customers in it. Who was one before and "
        "comes back is not new.",
    .description_fr =
        "Coûts de catégorie acquisition dans la période ÷ comptes devenus clients dans la période. Un ancien client "
        "qui revient n'est pas nouveau.",
    .formula = "{numerator} ÷ {denominator}",
    .unit = v1::INDICATOR_UNIT_MONEY,
    .north_star = true,
    .method = std::make_shared<FunctionMethod>(Cac, CacContributions),
}));

const Registrar kLagged(OfCosts({
    .id = "cac_lagged",
    .variant_of = "cac",
    .name = "Acquisition cost, lagged",
    .name_fr = "Coût d'acquisition, décalé",
    .description =
        "As cac, with the costs of as many days before as the settings say (acquisition_lag_days): it takes time "
        "until a client is won.",
    .description_fr =
        "Comme cac, avec les coûts d'autant de jours plus tôt que le disent les réglages (acquisition_lag_days) : "
        "gagner un client prend du temps.",
    .formula = "{numerator} ÷ {denominator}",
    .unit = v1::INDICATOR_UNIT_MONEY,
    .method = std::make_shared<FunctionMethod>(CacLagged, CacLaggedContributions),
}));

const Registrar kPayback(OfCosts({
    .id = "cac_payback",
    .variant_of = "cac",
    .name = "Payback of acquisition",
    .name_fr = "Retour sur coût d'acquisition",
    .description =
        "Months until a new customer has brought back what it cost: acquisition cost ÷ (its monthly recurring revenue "
        "× gross margin).",
    .description_fr =
        "Mois jusqu'à ce qu'un nouveau client ait rapporté son coût : coût d'acquisition ÷ (son revenu récurrent "
        "mensuel × marge brute).",
    .formula = "{cac} ÷ ({new_mrr} × {gross_margin})",
    .unit = v1::INDICATOR_UNIT_MONTHS,
    .parts = {{"cac", "Acquisition cost", "Coût d'acquisition", v1::INDICATOR_UNIT_MONEY},
              {"new_mrr", "MRR of a new customer", "MRR d'un nouveau client", v1::INDICATOR_UNIT_MONEY},
              {"gross_margin", "Gross margin", "Marge brute", v1::INDICATOR_UNIT_RATIO}},
    .method = std::make_shared<FunctionMethod>(Payback, CostOnly),
}));

Indicator ByCost(Indicator indicator) {
  indicator = OfCosts(std::move(indicator));
  indicator.variant_of = "cac";
  indicator.unit = v1::INDICATOR_UNIT_MONEY;
  indicator.inputs = {"facts.cost", "exchangeRates"};
  indicator.dimensions = {ledger::Dimension::kCostCategory, ledger::Dimension::kCostSubcategory,
                          ledger::Dimension::kCostCampaign};
  return indicator;
}

const Registrar kAttributed(ByCost({
    .id = "cac_attributed",
    .name = "Acquisition cost, by attribution",
    .name_fr = "Coût d'acquisition, par attribution",
    .description =
        "Costs of category acquisition ÷ the new clients that their source attributes to them: by campaign or "
        "subcategory, where which account came of which is not known.",
    .description_fr =
        "Coûts de catégorie acquisition ÷ les nouveaux clients que leur source leur attribue : par campagne ou "
        "sous-catégorie, quand on ne sait pas quel compte en vient.",
    .formula = "{numerator} ÷ {denominator}",
    .method = std::make_shared<EntriesMethod<Attributed>>(AttributedCac),
}));

const Registrar kCost(ByCost({
    .id = "acquisition_cost",
    .name = "Costs of acquisition",
    .name_fr = "Coûts d'acquisition",
    .description = "Costs of category acquisition in the period; those over several days, by their days.",
    .description_fr = "Coûts de catégorie acquisition dans la période ; ceux sur plusieurs jours, selon leurs jours.",
    .formula = "{numerator}",
    .additive = true,
    .method = std::make_shared<FunctionMethod>(AcquisitionCost, CostOnly),
}));

Indicator Counted(Indicator indicator) {
  indicator = OfCosts(std::move(indicator));
  indicator.variant_of = "cac";
  indicator.inputs = {"facts.order", "facts.payment", "subscriptions", "accounts"};
  indicator.higher_is_better = true;
  return indicator;
}

const Registrar kNew(Counted({
    .id = "new_customer_count",
    .name = "New customers",
    .name_fr = "Nouveaux clients",
    .description =
        "Accounts whose first subscription that is no trial, paid invoice or order lies in the period, whichever came "
        "first.",
    .description_fr =
        "Comptes dont le premier abonnement hors essai, la première facture payée ou la première commande, selon ce "
        "qui est venu d'abord, est dans la période.",
    .formula = "{numerator}",
    .unit = v1::INDICATOR_UNIT_COUNT,
    .additive = true,
    .method = std::make_shared<FunctionMethod>(NewCustomerCount, NewCustomersOnly),
}));

}  // namespace
}  // namespace folio::indicators
