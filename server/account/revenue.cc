#include "server/account/revenue.h"

#include <algorithm>

namespace folio::account {
namespace {

bool IsActive(const Term& term, Day day) { return term.start <= day && (term.end == kNoDay || term.end > day); }

bool Brings(const Term& term, Day day) { return !term.trial && IsActive(term, day); }

// Whether the account's own amount counts on a day: it has no subscription, and the day is not before its contract.
bool HasOwnAmount(const View& view, Day day) {
  return view.terms.empty() && view.direct_arr.has_value() && FirstRevenueDay(view) <= day;
}

Day LastDayOfMonth(Day day) {
  const YearMonthDay date = DateOf(day);
  return AddMonths(DayOf({date.year, date.month, 1}), 1) - 1;
}

}  // namespace

Micros ArrOn(const View& view, Day day) {
  if (HasOwnAmount(view, day)) return *view.direct_arr;
  Micros arr = 0;
  for (const Term& term : view.terms) {
    if (Brings(term, day)) arr += term.annual;
  }
  return arr;
}

std::vector<HeldArr> ArrByCurrencyOn(const View& view, Day day) {
  if (HasOwnAmount(view, day)) return {{view.direct_currency, *view.direct_arr}};
  std::vector<HeldArr> held;
  for (const Term& term : view.terms) {
    if (!Brings(term, day)) continue;
    const auto known = std::ranges::find(held, term.currency, &HeldArr::currency);
    if (known == held.end()) {
      held.push_back({term.currency, term.annual});
    } else {
      known->arr += term.annual;
    }
  }
  return held;
}

bool IsActiveOn(const View& view, Day day) {
  if (HasOwnAmount(view, day)) return *view.direct_arr > 0;
  return std::any_of(view.terms.begin(), view.terms.end(), [day](const Term& term) { return IsActive(term, day); });
}

int64_t SeatsOn(const View& view, Day day) {
  int64_t seats = 0;
  bool known = false;
  for (const Term& term : view.terms) {
    if (!Brings(term, day)) continue;
    if (term.seats < 0) return view.seats;  // a sum with a gap would tell too few
    seats += term.seats;
    known = true;
  }
  return known ? seats : view.seats;
}

Day NextRenewal(const View& view, int8_t* auto_renew) {
  const Term* next = nullptr;
  for (const Term& term : view.terms) {
    if (term.renewal == kNoDay || term.renewal < view.today || !Brings(term, view.today)) continue;
    if (next == nullptr || term.renewal < next->renewal) next = &term;
    // Of two on one day, the one that does not renew by itself is the one to look after.
    if (term.renewal == next->renewal && term.auto_renew == 0) next = &term;
  }
  if (next != nullptr) {
    *auto_renew = next->auto_renew;
    return next->renewal;
  }
  *auto_renew = view.auto_renew;
  return view.renewal >= view.today ? view.renewal : kNoDay;
}

Day FirstRevenueDay(const View& view) {
  Day first = kNoDay;
  for (const Term& term : view.terms) {
    if (!term.trial && (first == kNoDay || term.start < first)) first = term.start;
  }
  if (first != kNoDay) return first;
  return view.contract_start != kNoDay ? view.contract_start : view.created;
}

Growth GrowthOn(const View& view, Day day) {
  const Day then = AddMonths(day, -12);
  Growth growth;
  growth.arr_then = ArrOn(view, then);
  if (FirstRevenueDay(view) > then) {
    growth.absence = GrowthAbsence::kTooYoung;
  } else if (growth.arr_then == 0) {
    growth.absence = GrowthAbsence::kNoDenominator;
  } else {
    const double before = static_cast<double>(growth.arr_then);
    growth.value = (static_cast<double>(ArrOn(view, day)) - before) / before;
  }
  return growth;
}

std::vector<Micros> MonthlyArr(const View& view, Day day, int months) {
  const YearMonthDay date = DateOf(day);
  const Day first_of_month = DayOf({date.year, date.month, 1});
  std::vector<Micros> amounts;
  for (int back = months - 1; back > 0; --back) {
    amounts.push_back(ArrOn(view, LastDayOfMonth(AddMonths(first_of_month, -back))));
  }
  if (months > 0) amounts.push_back(ArrOn(view, day));
  return amounts;
}

}  // namespace folio::account
