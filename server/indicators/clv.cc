// clv: what a customer is worth, from revenue, margin and churn.
#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "server/indicators/accounts_method.h"
#include "server/indicators/function_method.h"
#include "server/indicators/indicator.h"
#include "server/indicators/margin.h"
#include "server/indicators/movements.h"

namespace folio::indicators {
namespace {

Micros MicrosOf(double units) {
  constexpr double kMost = 9e18;
  return static_cast<Micros>(std::llround(std::clamp(units * static_cast<double>(kMicrosPerUnit), -kMost, kMost)));
}

// Revenue per customer × margin ÷ churn, which is what all customers bring × margin ÷ the customers lost.
Figure Value(const Period& period, const Movements& sum, const Margin& margin) {
  const double revenue = UnitsOf(sum.opening) * YearsOf(period);
  const auto customers = static_cast<double>(sum.opening_customers);
  Figure figure{.numerator = revenue * margin.share,
                .denominator = static_cast<double>(sum.lost),
                .sample_size = sum.opening_customers,
                .fault = margin.fault};
  if (sum.opening_customers == 0) {
    figure.absence = v1::ABSENCE_NO_DENOMINATOR;
    return figure;
  }
  const double churn = figure.denominator / customers;
  figure.parts = {{.micros = MicrosOf(revenue / customers)}, PartNumber(margin.share), PartNumber(churn)};
  if (sum.lost == 0) {
    figure.absence = v1::ABSENCE_NO_DENOMINATOR;
    return figure;
  }
  figure.micros = MicrosOf(figure.numerator / figure.denominator);
  const statistics::Interval lost = statistics::WilsonInterval(sum.lost, sum.opening_customers);
  const double gain = figure.numerator / customers;
  figure.interval = statistics::Interval{gain / lost.high, gain / lost.low};
  if (gain < 0) std::swap(figure.interval->low, figure.interval->high);
  return figure;
}

Figures Compute(const Question& question) {
  const auto movements = AccountSums<Movements>::Of(question);
  const auto margins = MarginsOf(question);
  return EachFigure(question,
                    [&](size_t p, uint32_t g) { return Value(question.periods[p], movements[p][g], margins[p][g]); });
}

std::vector<Contribution> Contributors(const Question& question, uint32_t group) {
  const Period& period = question.periods.front();
  const Margin margin = MarginsOf(question).front()[group];
  std::vector<Contribution> contributions;
  VisitAccounts(question, group, period, [&](int64_t account, const account::View& view) {
    Movements alone;
    alone.Add(Movements::Read(view, period));
    Figure figure = Value(period, alone, margin);
    if (Adds(figure)) contributions.push_back({.account = account, .figure = std::move(figure)});
  });
  return contributions;
}

const Registrar kClv({
    .id = "clv",
    .name = "Customer lifetime value",
    .name_fr = "Valeur de la durée de vie",
    .description =
        "Revenue per customer at the start of the period, over its length × gross margin ÷ churn in it. Absent where "
        "nobody was lost: a churn of 0 would make it infinite. The gross margin is that of the settings, else it is "
        "told from costs of category service.",
    .description_fr =
        "Revenu par client au début de la période, sur sa durée × marge brute ÷ attrition dans la période. Absente si "
        "personne n'est parti : une attrition de 0 la rendrait infinie. La marge brute est celle des réglages, sinon "
        "elle vient des coûts de catégorie service.",
    .formula = "{arpa} × {gross_margin} ÷ {churn}",
    .category = v1::INDICATOR_CATEGORY_BUSINESS,
    .unit = v1::INDICATOR_UNIT_MONEY,
    .north_star = true,
    .interval = v1::INTERVAL_METHOD_WILSON,
    .inputs = {"accounts", "subscriptions", "facts.cost", "facts.order", "facts.refund", "exchangeRates"},
    .parts = {{"arpa", "Revenue per customer", "Revenu par client", v1::INDICATOR_UNIT_MONEY},
              {"gross_margin", "Gross margin", "Marge brute", v1::INDICATOR_UNIT_RATIO},
              {"churn", "Churn", "Attrition", v1::INDICATOR_UNIT_RATIO}},
    .method = std::make_shared<FunctionMethod>(Compute, Contributors),
});

}  // namespace
}  // namespace folio::indicators
