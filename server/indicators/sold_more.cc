// upsell_rate, cross_sell_rate and their variants: how many customers buy more, or something else.
#include <algorithm>
#include <set>

#include "server/indicators/accounts_method.h"
#include "server/indicators/indicator.h"
#include "server/indicators/movements.h"
#include "server/indicators/sales.h"

namespace folio::indicators {
namespace {

// Customers at the start of the period.
Figure Customers(const Movements& sum, const Context&) {
  return {.denominator = static_cast<double>(sum.opening_customers)};
}

// Customers with a deal of a kind that was won in the period ÷ customers at its start.
class CustomersMethod final : public Method {
 public:
  explicit CustomersMethod(v1::DealKind kind) : kind_(kind) {}

  Figures Compute(const Question& question) const override {
    Figures figures = customers_.Compute(question);
    for (size_t p = 0; p < figures.size(); ++p) {
      std::vector<int64_t> buyers(figures[p].size());
      for (const int64_t account : BuyersIn(question, question.periods[p])) {
        for (const uint32_t group : question.scope.Of(account)) ++buyers[group];
      }
      for (size_t group = 0; group < buyers.size(); ++group) {
        const auto customers = static_cast<int64_t>(figures[p][group].denominator);
        figures[p][group] = ShareOf(buyers[group], customers, v1::ABSENCE_NO_DENOMINATOR);
      }
    }
    return figures;
  }

  std::vector<Contribution> ContributionsTo(const Question& question, uint32_t group) const override {
    std::vector<Contribution> contributions = customers_.ContributionsTo(question, group);
    const std::set<int64_t> buyers = BuyersIn(question, question.periods.front());
    for (Contribution& contribution : contributions) {
      contribution.figure = ShareOf(buyers.contains(contribution.account) ? 1 : 0, 1, v1::ABSENCE_NO_DENOMINATOR);
    }
    return contributions;
  }

 private:
  // Accounts that were customers at the start of a period, and bought in it.
  std::set<int64_t> BuyersIn(const Question& question, const Period& period) const {
    std::set<int64_t> buyers;
    using Table = ledger::RowTable<ledger::Deal>;
    Table::ForEach(*question.state.deals, 0, std::ssize(*question.state.deals), [&](const ledger::Deal& deal) {
      if (deal.kind != kind_ || !deal.won || !IsIn(deal.closed, period)) return;
      const ledger::AccountBlock* block = BlockOf(question.state, deal.account);
      if (block == nullptr || question.scope.Of(deal.account).empty()) return;
      const account::View view = block->ViewOf(deal.account, period.last_day);
      if (Movements::Read(view, period).opening > 0) buyers.insert(deal.account);
    });
    return buyers;
  }

  const v1::DealKind kind_;
  const AccountsMethod<Movements> customers_{Customers};
};

// What became of the offers of a kind.
template <v1::DealKind kKind>
struct Offers {
  static constexpr std::string_view kId = kKind == v1::DEAL_KIND_UPSELL ? "upsell_offers" : "cross_sell_offers";
  using Row = ledger::Deal;
  using Inputs = Worths;

  void Add(const ledger::Deal& deal, const Period& period, const Worths& worths) {
    const bool closed = IsIn(deal.closed, period);
    if (closed && deal.won) sold.Add(deal, deal.closed, worths);
    if (deal.kind != kKind) return;
    if (closed) ++(deal.won ? accepted : refused);
    if (closed && deal.won) sold_of_kind.Add(deal, deal.closed, worths);
    if (IsOpenAtEnd(deal, period)) ++pending;
  }
  void Merge(const Offers& other) {
    accepted += other.accepted;
    refused += other.refused;
    pending += other.pending;
    sold.Merge(other.sold);
    sold_of_kind.Merge(other.sold_of_kind);
  }
  static int64_t bytes() { return 0; }

  int64_t accepted = 0;
  int64_t refused = 0;
  int64_t pending = 0;
  DealAmounts sold;  // all that was won, of any kind
  DealAmounts sold_of_kind;
};

template <v1::DealKind kKind>
Figure Accepted(const Offers<kKind>& sum, const Context&) {
  Figure figure = ShareOf(sum.accepted, sum.accepted + sum.refused + sum.pending, v1::ABSENCE_NO_DENOMINATOR);
  figure.parts = {PartNumber(static_cast<double>(sum.refused)), PartNumber(static_cast<double>(sum.pending))};
  return figure;
}

template <v1::DealKind kKind>
Figure OfRevenue(const Offers<kKind>& sum, const Context& context) {
  Figure figure{.numerator = UnitsOf(sum.sold_of_kind.sum()),
                .denominator = UnitsOf(sum.sold.sum()),
                .sample_size = sum.sold.count(),
                .fault = sum.sold.fault(context.question)};
  figure.parts = {PartMoney(sum.sold_of_kind.sum()), PartMoney(sum.sold.sum())};
  if (sum.sold.sum() == 0) {
    figure.absence = v1::ABSENCE_NO_DENOMINATOR;
  } else {
    figure.number = static_cast<double>(sum.sold_of_kind.sum()) / static_cast<double>(sum.sold.sum());
  }
  return figure;
}

Indicator Rate(Indicator indicator) {
  indicator.formula = "{numerator} ÷ {denominator}";
  indicator.category = v1::INDICATOR_CATEGORY_BUSINESS;
  indicator.unit = v1::INDICATOR_UNIT_RATIO;
  return indicator;
}

Indicator OfCustomers(Indicator indicator, v1::DealKind kind) {
  indicator.interval = v1::INTERVAL_METHOD_WILSON;
  indicator.inputs = {"deals", "accounts", "subscriptions"};
  indicator.method = std::make_shared<CustomersMethod>(kind);
  return Rate(std::move(indicator));
}

template <v1::DealKind kKind>
Indicator OfOffers(Indicator indicator) {
  indicator.interval = v1::INTERVAL_METHOD_WILSON;
  indicator.inputs = {"deals"};
  indicator.parts = {{"refused", "Lost in the period", "Perdues dans la période"},
                     {"pending", "Open at its end", "Ouvertes à la fin"}};
  indicator.method = std::make_shared<RecordsMethod<Offers<kKind>>>(Accepted<kKind>);
  return Rate(std::move(indicator));
}

template <v1::DealKind kKind>
Indicator OfMoney(Indicator indicator) {
  indicator.inputs = {"deals", "exchangeRates"};
  indicator.parts = {{"of_kind", "Amount of these", "Montant de celles-ci", v1::INDICATOR_UNIT_MONEY},
                     {"sold", "Amount won in all", "Montant gagné en tout", v1::INDICATOR_UNIT_MONEY}};
  indicator.method = std::make_shared<RecordsMethod<Offers<kKind>>>(OfRevenue<kKind>);
  return Rate(std::move(indicator));
}

const Registrar kUpsell(OfCustomers(
    {
        .id = "upsell_rate",
        .name = "Upsell",
        .name_fr = "Ventes incitatives",
        .description =
            "Customers with an upsell deal won in the period ÷ customers at its start. Who became a customer "
            "in the period is in neither; a price indexation is no deal, and so no upsell.",
        .description_fr = "Clients avec une vente incitative gagnée dans la période ÷ clients au début. Un client "
                          "arrivé dans la période n'est ni en haut ni en bas ; une indexation de prix n'est pas une "
                          "affaire, donc pas une vente incitative.",
    },
    v1::DEAL_KIND_UPSELL));

const Registrar kUpsellAccepted(OfOffers<v1::DEAL_KIND_UPSELL>({
    .id = "upsell_rate_accepted",
    .variant_of = "upsell_rate",
    .name = "Upsell, accepted of offered",
    .name_fr = "Ventes incitatives, acceptées sur proposées",
    .description = "Upsell deals won in the period ÷ all upsell deals closed in it or open at its end.",
    .description_fr = "Ventes incitatives gagnées dans la période ÷ toutes celles closes dans la période ou ouvertes à "
                      "la fin.",
}));

const Registrar kUpsellRevenue(OfMoney<v1::DEAL_KIND_UPSELL>({
    .id = "upsell_rate_revenue",
    .variant_of = "upsell_rate",
    .name = "Upsell, share of revenue",
    .name_fr = "Ventes incitatives, part du chiffre",
    .description = "Amounts of upsell deals won in the period ÷ amounts of all deals won in it.",
    .description_fr = "Montants des ventes incitatives gagnées dans la période ÷ montants de toutes les affaires "
                      "gagnées.",
}));

const Registrar kCrossSell(OfCustomers(
    {
        .id = "cross_sell_rate",
        .name = "Cross-sell",
        .name_fr = "Ventes croisées",
        .description = "Customers with a cross-sell deal won in the period ÷ customers at its start. Who became a "
                       "customer in the period is in neither.",
        .description_fr = "Clients avec une vente croisée gagnée dans la période ÷ clients au début. Un client arrivé "
                          "dans la période n'est ni en haut ni en bas.",
    },
    v1::DEAL_KIND_CROSS_SELL));

const Registrar kCrossSellAccepted(OfOffers<v1::DEAL_KIND_CROSS_SELL>({
    .id = "cross_sell_rate_accepted",
    .variant_of = "cross_sell_rate",
    .name = "Cross-sell, accepted of offered",
    .name_fr = "Ventes croisées, acceptées sur proposées",
    .description = "Cross-sell deals won in the period ÷ all cross-sell deals closed in it or open at its end.",
    .description_fr = "Ventes croisées gagnées dans la période ÷ toutes celles closes dans la période ou ouvertes à la "
                      "fin.",
}));

const Registrar kCrossSellRevenue(OfMoney<v1::DEAL_KIND_CROSS_SELL>({
    .id = "cross_sell_rate_revenue",
    .variant_of = "cross_sell_rate",
    .name = "Cross-sell, share of revenue",
    .name_fr = "Ventes croisées, part du chiffre",
    .description = "Amounts of cross-sell deals won in the period ÷ amounts of all deals won in it.",
    .description_fr = "Montants des ventes croisées gagnées dans la période ÷ montants de toutes les affaires gagnées.",
}));

}  // namespace
}  // namespace folio::indicators
