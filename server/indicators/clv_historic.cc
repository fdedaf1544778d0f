// clv_historic: what clients have brought so far.
#include <algorithm>
#include <memory>
#include <utility>

#include "server/indicators/account_revenue.h"
#include "server/indicators/function_method.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {
namespace {

struct Brought {
  Int128 revenue = 0;
  int64_t accounts = 0;
  Amounts missing;
};

// Everything up to the end of a period.
Period UntilEndOf(const Question& question, Period period) {
  period.start_day = DayOf({1, 1, 1});
  period.start = question.portfolio.zone().StartOf(period.start_day);
  return period;
}

Figure Mean(const Brought& sum, const Question& question) {
  Figure figure{.numerator = UnitsOf(sum.revenue),
                .denominator = static_cast<double>(sum.accounts),
                .sample_size = sum.accounts,
                .fault = sum.missing.FaultIn(question)};
  if (sum.accounts == 0) {
    figure.absence = v1::ABSENCE_NO_DATA;
  } else {
    figure.micros = MeanMicros(sum.revenue, sum.accounts);
  }
  return figure;
}

Figures Compute(const Question& question) {
  const Receipts receipts(question);
  Figures figures;
  for (const Period& period : question.periods) {
    std::vector<Brought> sums(question.scope.group_count());
    VisitReceipts(question, receipts, UntilEndOf(question, period),
                  [&](int64_t, std::span<const uint32_t> groups, Int128 revenue, const Received& received) {
                    for (const uint32_t group : groups) {
                      sums[group].revenue += revenue;
                      ++sums[group].accounts;
                      sums[group].missing.Merge(received.missing);
                    }
                  });
    std::vector<Figure>& row = figures.emplace_back();
    for (const Brought& sum : sums) row.push_back(Mean(sum, question));
  }
  return figures;
}

std::vector<Contribution> Contributors(const Question& question, uint32_t group) {
  const Receipts receipts(question);
  std::vector<Contribution> contributions;
  VisitReceipts(
      question, receipts, UntilEndOf(question, question.periods.front()),
      [&](int64_t account, std::span<const uint32_t> groups, Int128 revenue, const Received&) {
        if (std::find(groups.begin(), groups.end(), group) == groups.end()) return;
        contributions.push_back({.account = account, .figure = {.numerator = UnitsOf(revenue), .denominator = 1}});
      });
  return contributions;
}

const Registrar kHistoric({
    .id = "clv_historic",
    .variant_of = "clv",
    .name = "Customer lifetime value, so far",
    .name_fr = "Valeur de la durée de vie, à ce jour",
    .description =
        "Revenue received up to the last day ÷ accounts that it came from. Revenue is that of net_new_revenue; no "
        "margin is taken off, and nothing is expected.",
    .description_fr =
        "Revenu reçu jusqu'au dernier jour ÷ comptes dont il vient. Le revenu est celui de net_new_revenue ; aucune "
        "marge n'est déduite, et rien n'est prévu.",
    .formula = "{numerator} ÷ {denominator}",
    .category = v1::INDICATOR_CATEGORY_BUSINESS,
    .unit = v1::INDICATOR_UNIT_MONEY,
    .timing = v1::INDICATOR_TIMING_END,
    .inputs = {"facts.payment", "facts.order", "facts.refund", "exchangeRates"},
    .method = std::make_shared<FunctionMethod>(Compute, Contributors),
});

}  // namespace
}  // namespace folio::indicators
