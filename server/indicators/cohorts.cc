// Cohorts: customers by the month of their first revenue, and what is left of them month after month.
#include <algorithm>
#include <map>
#include <vector>

#include "server/account/revenue.h"
#include "server/indicators/accounts_method.h"
#include "server/indicators/compute.h"
#include "server/indicators/question.h"

namespace folio::indicators {
namespace {

constexpr int kMonthsDefault = 12;

// The first day on which an account brings revenue; kNoDay where there is none.
Day FirstPaidDay(const account::View& view) {
  if (view.terms.empty()) return view.direct_arr.value_or(0) > 0 ? account::FirstRevenueDay(view) : kNoDay;
  Day first = kNoDay;
  for (const account::Term& term : view.terms) {
    const bool pays = !term.trial && term.annual > 0 && (term.end == kNoDay || term.end > term.start);
    if (pays && (first == kNoDay || term.start < first)) first = term.start;
  }
  return first;
}

// A cohort on the last day of a month.
struct Standing {
  int64_t customers = 0;
  Int128 arr = 0;
  Int128 kept = 0;  // of each customer at most what it had at the end of the first month
};

struct Cohort {
  int64_t size = 0;
  std::vector<Standing> months;
};

// The months that a request is about.
struct Span {
  ledger::Month first = 0;    // of the first cohort
  ledger::Month end = 0;      // after the last one
  ledger::Month current = 0;  // that holds the current day
  Day today = kNoDay;
  int followed = 0;  // months after a cohort's own

  ledger::Month LastOf(ledger::Month cohort) const { return std::min(cohort + followed, current); }
  Day DayOf(ledger::Month month) const { return std::min(ledger::FirstDayOf(month + 1) - 1, today); }
};

absl::StatusOr<Span> SpanOf(const v1::ComputeCohortsRequest& request, Day today) {
  Span span{.current = ledger::MonthOf(today),
            .today = today,
            .followed = request.months() == 0 ? kMonthsDefault : request.months()};
  span.first = span.current - kMonthsDefault;
  span.end = span.current + 1;
  if (request.has_start_date()) {
    const auto day = FromProto(request.start_date());
    if (!day.ok() || *day == kNoDay) return error::InvalidField("start_date", "DATE_INVALID");
    span.first = ledger::MonthOf(*day);
  }
  if (request.has_end_date()) {
    const auto day = FromProto(request.end_date());
    if (!day.ok() || *day == kNoDay) return error::InvalidField("end_date", "DATE_INVALID");
    span.end = std::min(span.end, ledger::MonthOf(*day - 1) + 1);
  }
  if (span.first >= span.end) return error::InvalidField("end_date", "DATE_ORDER", {{"other", "start_date"}});
  if (span.end - span.first > kPeriodsMax) {
    return error::InvalidField(
        "start_date", "FIELD_TOO_MANY_ITEMS",
        {{"count", std::to_string(span.end - span.first)}, {"maximum", std::to_string(kPeriodsMax)}});
  }
  return span;
}

void AddAccount(const account::View& view, const Span& span, std::map<ledger::Month, Cohort>* cohorts) {
  const Day first = FirstPaidDay(view);
  if (first == kNoDay || first > span.today) return;
  const ledger::Month month = ledger::MonthOf(first);
  if (month < span.first || month >= span.end) return;
  Cohort& cohort = (*cohorts)[month];
  ++cohort.size;
  cohort.months.resize(static_cast<size_t>(span.LastOf(month) - month + 1));
  Micros opening = 0;
  for (size_t i = 0; i < cohort.months.size(); ++i) {
    const Micros arr = account::ArrOn(view, span.DayOf(month + static_cast<ledger::Month>(i)));
    if (i == 0) opening = arr;
    Standing& standing = cohort.months[i];
    standing.arr += arr;
    standing.kept += std::min(arr, opening);
    if (arr > 0) ++standing.customers;
  }
}

void FillRatio(double numerator, double denominator, v1::Ratio* ratio) {
  if (denominator == 0) {
    ratio->set_absence(v1::ABSENCE_NO_DENOMINATOR);
  } else {
    ratio->set_value(numerator / denominator);
  }
}

}  // namespace

absl::Status ComputeCohorts(const portfolio::Workspace& workspace, const v1::ComputeCohortsRequest& request,
                            error::Locale, v1::ComputeCohortsResponse* response) {
  v1::IndicatorQuery query;
  query.set_filter(request.filter());
  query.set_as_of_revision(request.as_of_revision());
  const auto asked = Asked::From(workspace, query);
  if (!asked.ok()) return asked.status();
  const Question question = asked->question();
  const auto span = SpanOf(request, question.calendar.today);
  if (!span.ok()) return span.status();

  std::map<ledger::Month, Cohort> cohorts;
  for (int64_t account = 1; account <= question.scope.last_account(); ++account) {
    const ledger::AccountBlock* block = question.scope.Of(account).empty() ? nullptr : BlockOf(question.state, account);
    if (block != nullptr) AddAccount(block->ViewOf(account, span->today), *span, &cohorts);
  }
  for (const auto& [month, cohort] : cohorts) {
    const Standing& opening = cohort.months.front();
    for (size_t i = 0; i < cohort.months.size(); ++i) {
      const Standing& standing = cohort.months[i];
      const ledger::Month at = month + static_cast<ledger::Month>(i);
      v1::CohortMonth& told = *response->add_months();
      *told.mutable_cohort_date() = ToProtoDate(ledger::FirstDayOf(month));
      told.set_month(static_cast<int32_t>(i));
      *told.mutable_date() = ToProtoDate(span->DayOf(at));
      told.set_partial(span->DayOf(at) + 1 < ledger::FirstDayOf(at + 1));
      told.set_size(cohort.size);
      told.set_customers(standing.customers);
      *told.mutable_mrr() = ToProtoMoney(Twelfth(PartMoney(standing.arr).micros), workspace.portfolio().currency());
      FillRatio(static_cast<double>(standing.customers), static_cast<double>(cohort.size),
                told.mutable_customer_retention());
      FillRatio(UnitsOf(standing.kept), UnitsOf(opening.arr), told.mutable_gross_revenue_retention());
      FillRatio(UnitsOf(standing.arr), UnitsOf(opening.arr), told.mutable_net_revenue_retention());
    }
  }
  response->set_revision(asked->revision());
  return absl::OkStatus();
}

}  // namespace folio::indicators
