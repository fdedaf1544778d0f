#include "server/indicators/margin.h"

#include "server/base/error.h"
#include "server/indicators/accounts_method.h"
#include "server/indicators/costs.h"
#include "server/indicators/entries_method.h"
#include "server/indicators/movements.h"
#include "server/indicators/orders.h"

namespace folio::indicators {
namespace {

constexpr double kDaysInYear = 365.25;
constexpr double kMonthsInYear = 12;

bool BeginsMonth(Day day) { return DateOf(day).day == 1; }

}  // namespace

double YearsOf(const Period& period) {
  const Day end = period.last_day + 1;
  if (!BeginsMonth(period.start_day) || !BeginsMonth(end)) return period.elapsed_days() / kDaysInYear;
  return (ledger::MonthOf(end) - ledger::MonthOf(period.start_day)) / kMonthsInYear;
}

Int128 RevenueOver(const Period& period, Int128 opening_arr, Int128 closing_arr) {
  constexpr int kTwoYears = 2 * 365;
  return (opening_arr + closing_arr) * period.elapsed_days() / kTwoYears;
}

std::vector<std::vector<Margin>> MarginsOf(const Question& question) {
  std::vector<std::vector<Margin>> margins(question.periods.size(), std::vector<Margin>(question.scope.group_count()));
  if (question.settings.has_gross_margin()) {
    for (auto& row : margins) {
      for (Margin& margin : row) margin.share = question.settings.gross_margin();
    }
    return margins;
  }
  const auto costs = CostsOf(question, v1::COST_CATEGORY_SERVICE);
  const auto movements = AccountSums<Movements>::Of(question);
  for (size_t p = 0; p < margins.size(); ++p) {
    const std::vector<Sales> sales = EntrySums<Sales>::Of(question, question.periods[p]);
    for (size_t g = 0; g < margins[p].size(); ++g) {
      const Int128 recurring = RevenueOver(question.periods[p], movements[p][g].opening, movements[p][g].closing);
      const double revenue = UnitsOf(recurring + sales[g].revenue());
      Margin& margin = margins[p][g];
      margin.fault =
          FirstOf({costs[p][g].fault, sales[g].orders.FaultIn(question), sales[g].refunds.FaultIn(question)});
      if (costs[p][g].count == 0 || revenue <= 0) {
        margin.fault.Update(error::Precondition("MARGIN_UNKNOWN", {}));
      } else {
        margin.share = 1 - UnitsOf(costs[p][g].micros) / revenue;
      }
    }
  }
  return margins;
}

}  // namespace folio::indicators
