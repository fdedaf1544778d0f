// net_new_revenue: revenue of those who paid for the first time.
#include <algorithm>
#include <memory>
#include <utility>

#include "server/indicators/account_revenue.h"
#include "server/indicators/function_method.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {
namespace {

struct Revenue {
  Int128 all = 0;
  Int128 fresh = 0;  // of accounts whose first payment lies in the period
  int64_t accounts = 0;
  Amounts missing;
};

bool IsFresh(const Receipts& receipts, int64_t account, const Period& period) {
  const Day first = receipts.FirstPaymentOf(account);
  return first >= period.start_day && first <= period.last_day;
}

Figures Compute(const Question& question) {
  const Receipts receipts(question);
  Figures figures;
  for (const Period& period : question.periods) {
    std::vector<Revenue> sums(question.scope.group_count());
    VisitReceipts(question, receipts, period,
                  [&](int64_t account, std::span<const uint32_t> groups, Int128 revenue, const Received& received) {
                    const bool fresh = IsFresh(receipts, account, period);
                    for (const uint32_t group : groups) {
                      sums[group].all += revenue;
                      sums[group].fresh += fresh ? revenue : 0;
                      sums[group].accounts += fresh ? 1 : 0;
                      sums[group].missing.Merge(received.missing);
                    }
                  });
    std::vector<Figure>& row = figures.emplace_back();
    for (const Revenue& sum : sums) {
      row.push_back({.micros = PartMoney(sum.fresh).micros,
                     .numerator = UnitsOf(sum.fresh),
                     .sample_size = sum.accounts,
                     .parts = {PartMoney(sum.all), PartMoney(sum.all - sum.fresh)},
                     .fault = sum.missing.FaultIn(question)});
    }
  }
  return figures;
}

std::vector<Contribution> Contributors(const Question& question, uint32_t group) {
  const Receipts receipts(question);
  const Period& period = question.periods.front();
  std::vector<Contribution> contributions;
  VisitReceipts(
      question, receipts, period,
      [&](int64_t account, std::span<const uint32_t> groups, Int128 revenue, const Received&) {
        if (std::find(groups.begin(), groups.end(), group) == groups.end()) return;
        if (!IsFresh(receipts, account, period)) return;
        contributions.push_back(
            {.account = account, .figure = {.micros = PartMoney(revenue).micros, .numerator = UnitsOf(revenue)}});
      });
  return contributions;
}

const Registrar kNetNewRevenue({
    .id = "net_new_revenue",
    .name = "Net new revenue",
    .name_fr = "Nouveau chiffre d'affaires net",
    .description =
        "Revenue received in the period from accounts whose first payment lies in it: all revenue less that of "
        "existing "
        "accounts. Revenue is paid invoices on the day of payment, or orders of an account without any, less refunds.",
    .description_fr =
        "Revenu reçu dans la période des comptes dont le premier paiement s'y trouve : tout le revenu moins celui des "
        "comptes existants. Le revenu est fait des factures payées, au jour du paiement, ou des commandes "
        "d'un compte sans facture, moins les remboursements.",
    .formula = "{revenue} − {existing}",
    .category = v1::INDICATOR_CATEGORY_BUSINESS,
    .unit = v1::INDICATOR_UNIT_MONEY,
    .additive = true,
    .inputs = {"facts.payment", "facts.order", "facts.refund", "exchangeRates"},
    .parts = {{"revenue", "All revenue", "Tout le revenu", v1::INDICATOR_UNIT_MONEY},
              {"existing", "Of existing accounts", "Des comptes existants", v1::INDICATOR_UNIT_MONEY}},
    .method = std::make_shared<FunctionMethod>(Compute, Contributors),
});

}  // namespace
}  // namespace folio::indicators
