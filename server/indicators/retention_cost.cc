// retention_cost and its variants: what it costs to keep clients.
#include <memory>
#include <utility>

#include "server/indicators/accounts_method.h"
#include "server/indicators/costs.h"
#include "server/indicators/function_method.h"
#include "server/indicators/indicator.h"
#include "server/indicators/margin.h"
#include "server/indicators/movements.h"

namespace folio::indicators {
namespace {

constexpr v1::CostCategory kRetention = v1::COST_CATEGORY_RETENTION;

Figure Amount(const CostSum& cost) {
  return {.micros = PartMoney(cost.micros).micros,
          .numerator = UnitsOf(cost.micros),
          .sample_size = cost.count,
          .fault = cost.fault};
}

Figures Cost(const Question& question) {
  const auto costs = CostsOf(question, kRetention);
  return EachFigure(question, [&](size_t p, uint32_t g) { return Amount(costs[p][g]); });
}

std::vector<Contribution> CostContributors(const Question& question, uint32_t group) {
  return CostContributions(question, kRetention, group);
}

Figures PerCustomer(const Question& question) {
  const auto costs = CostsOf(question, kRetention);
  const auto movements = AccountSums<Movements>::Of(question);
  return EachFigure(question, [&](size_t p, uint32_t g) {
    Figure figure = Amount(costs[p][g]);
    const int64_t customers = movements[p][g].opening_customers;
    figure.denominator = static_cast<double>(customers);
    figure.sample_size = customers;
    if (costs[p][g].count == 0 || customers == 0) {
      figure.absence = customers == 0 ? v1::ABSENCE_NO_DENOMINATOR : v1::ABSENCE_NO_DATA;
      figure.micros = 0;
    } else {
      figure.micros = MeanMicros(costs[p][g].micros, customers);
    }
    return figure;
  });
}

std::vector<Contribution> PerCustomerContributors(const Question& question, uint32_t group) {
  std::vector<Contribution> contributions = CostContributions(question, kRetention, group);
  const Period& period = question.periods.front();
  VisitAccounts(question, group, period, [&](int64_t account, const account::View& view) {
    if (Movements::Read(view, period).opening > 0) {
      contributions.push_back({.account = account, .figure = {.denominator = 1}});
    }
  });
  return contributions;
}

// What the customers at the start still bring, at most what each did, over the period.
Int128 Retained(const Period& period, const Movements& sum) {
  const Int128 kept = sum.opening - sum.churn - sum.contraction;
  return RevenueOver(period, kept, kept);
}

Figures Ratio(const Question& question) {
  const auto costs = CostsOf(question, kRetention);
  const auto movements = AccountSums<Movements>::Of(question);
  return EachFigure(question, [&](size_t p, uint32_t g) {
    Figure figure = Amount(costs[p][g]);
    figure.parts = {{.micros = std::exchange(figure.micros, 0)},
                    PartMoney(Retained(question.periods[p], movements[p][g]))};
    figure.denominator = UnitsOf(figure.parts[1].micros);
    if (figure.denominator == 0 || costs[p][g].count == 0) {
      figure.absence = figure.denominator == 0 ? v1::ABSENCE_NO_DENOMINATOR : v1::ABSENCE_NO_DATA;
    } else {
      figure.number = figure.numerator / figure.denominator;
    }
    return figure;
  });
}

std::vector<Contribution> RatioContributors(const Question& question, uint32_t group) {
  std::vector<Contribution> contributions = CostContributions(question, kRetention, group);
  const Period& period = question.periods.front();
  Movements so_far;
  double told = 0;
  VisitAccounts(question, group, period, [&](int64_t account, const account::View& view) {
    so_far.Add(Movements::Read(view, period));
    const double sum = UnitsOf(Retained(period, so_far));
    if (sum == told) return;
    contributions.push_back({.account = account, .figure = {.denominator = sum - told}});
    told = sum;
  });
  return contributions;
}

Indicator OfCosts(Indicator indicator) {
  indicator.category = v1::INDICATOR_CATEGORY_BUSINESS;
  indicator.higher_is_better = false;
  indicator.inputs = {"facts.cost", "subscriptions", "accounts", "exchangeRates"};
  return indicator;
}

Indicator ByDimension(Indicator indicator) {
  indicator.dimensions = {ledger::Dimension::kCostCategory, ledger::Dimension::kCostSubcategory,
                          ledger::Dimension::kCostCampaign};
  return OfCosts(std::move(indicator));
}

const Registrar kCost(ByDimension({
    .id = "retention_cost",
    .name = "Retention cost",
    .name_fr = "Coûts de fidélisation",
    .description =
        "Costs of category retention in the period: support, loyalty, communication, product. A cost for several days "
        "counts by its days; one of no account is divided among customers as it says.",
    .description_fr =
        "Coûts de catégorie fidélisation dans la période : support, fidélité, communication, produit. Un coût sur "
        "plusieurs jours compte selon ses jours ; un coût sans compte est réparti entre les clients comme il le dit.",
    .formula = "{numerator}",
    .unit = v1::INDICATOR_UNIT_MONEY,
    .additive = true,
    .method = std::make_shared<FunctionMethod>(Cost, CostContributors),
}));

const Registrar kPerCustomer(OfCosts({
    .id = "retention_cost_per_customer",
    .variant_of = "retention_cost",
    .name = "Retention cost per customer",
    .name_fr = "Coût de fidélisation par client",
    .description = "Costs of category retention in the period ÷ customers at its start.",
    .description_fr = "Coûts de catégorie fidélisation dans la période ÷ clients à son début.",
    .formula = "{numerator} ÷ {denominator}",
    .unit = v1::INDICATOR_UNIT_MONEY,
    .method = std::make_shared<FunctionMethod>(PerCustomer, PerCustomerContributors),
}));

const Registrar kRatio(OfCosts({
    .id = "retention_cost_ratio",
    .variant_of = "retention_cost",
    .name = "Retention cost, share of retained revenue",
    .name_fr = "Coûts de fidélisation, part du revenu conservé",
    .description =
        "Costs of category retention in the period ÷ the revenue retained over it: what the customers at its start "
        "still bring, at most what each did, for its days.",
    .description_fr =
        "Coûts de catégorie fidélisation dans la période ÷ le revenu conservé : ce que les clients du début apportent "
        "encore, au plus ce que chacun apportait, pour ses jours.",
    .formula = "{cost} ÷ {retained}",
    .unit = v1::INDICATOR_UNIT_RATIO,
    .parts = {{"cost", "Retention cost", "Coûts de fidélisation", v1::INDICATOR_UNIT_MONEY},
              {"retained", "Retained revenue", "Revenu conservé", v1::INDICATOR_UNIT_MONEY}},
    .method = std::make_shared<FunctionMethod>(Ratio, RatioContributors),
}));

}  // namespace
}  // namespace folio::indicators
