// Measures of what the account has been to us: how long, how much, how faithfully.
#include <algorithm>
#include <vector>

#include "server/account/points.h"
#include "server/account/revenue.h"
#include "server/measures/families.h"

namespace folio::measures {
namespace {

using account::Point;
using account::PointKind;
using account::Term;
using account::View;

constexpr double kDaysPerMonth = 365.2425 / 12;

// Start of the relation: of the contract or the first paid subscription, whichever is earlier; never the day on which
// the account was entered here, which says nothing about it.
Day StartOf(const View& view) {
  Day start = view.contract_start;
  for (const Term& term : view.terms) {
    if (!term.trial && (start == kNoDay || term.start < start)) start = term.start;
  }
  return start;
}

Reading TenureMonths(const View& view, int) {
  const Day start = StartOf(view);
  if (start == kNoDay || start > view.today) return Absent(v1::ABSENCE_NO_DATA);
  return Value((view.today - start) / kDaysPerMonth, 1);
}

Reading ArrTrend(const View& view, int days) {
  const Day then = view.today - days;
  const Day start = StartOf(view);
  if (start == kNoDay) return Absent(v1::ABSENCE_NO_DATA);
  if (start > then) return Absent(v1::ABSENCE_TOO_YOUNG);
  const auto before = static_cast<double>(account::ArrOn(view, then));
  if (before == 0) return Absent(v1::ABSENCE_NO_DENOMINATOR);
  const auto now = static_cast<double>(account::ArrOn(view, view.today));
  return Value((now - before) / before, std::max<int64_t>(1, static_cast<int64_t>(view.terms.size())));
}

// Of the paid subscriptions that were active at some time in the window, the share that still is. One that was replaced
// on the day it ended, by a paid one that is still active, was kept.
Reading SubscriptionsKept(const View& view, int days) {
  const Day first = view.today - days + 1;
  const auto is_replaced = [&view](const Term& ended) {
    return std::any_of(view.terms.begin(), view.terms.end(), [&](const Term& term) {
      return !term.trial && term.start == ended.end && (term.end == kNoDay || term.end > view.today);
    });
  };
  int64_t live = 0;
  int64_t kept = 0;
  for (const Term& term : view.terms) {
    if (term.trial || term.start > view.today || (term.end != kNoDay && term.end < first)) continue;
    ++live;
    if (term.end == kNoDay || term.end > view.today || is_replaced(term)) ++kept;
  }
  if (live == 0) return Absent(v1::ABSENCE_NO_DATA);
  return Value(static_cast<double>(kept) / static_cast<double>(live), live);
}

// Of the invoices that fell due in the window up to yesterday (one due today is not late yet), the share that was paid
// by its due day.
Reading OnTimePaymentShare(const View& view, int days) {
  const Day first = view.today - days;
  const Day last = view.today - 1;
  const auto invoices = static_cast<int64_t>(account::PointsBetween(view, PointKind::kInvoice, first, last).size());
  if (invoices == 0) return Absent(v1::ABSENCE_NO_DATA);
  int64_t on_time = 0;
  for (const Point& payment : account::PointsSoFar(view, PointKind::kPaid)) {
    const double due = payment.day - payment.value;
    if (payment.value <= 0 && due >= first && due <= last) ++on_time;
  }
  return Value(static_cast<double>(on_time) / static_cast<double>(invoices), invoices);
}

Reading DaysToRenewal(const View& view, int) {
  int8_t auto_renew = -1;
  const Day renewal = account::NextRenewal(view, &auto_renew);
  return renewal == kNoDay ? Absent(v1::ABSENCE_NO_DATA) : Value(renewal - view.today, 1);
}

Reading RenewsByItself(const View& view, int) {
  int8_t auto_renew = -1;
  const Day renewal = account::NextRenewal(view, &auto_renew);
  return renewal == kNoDay || auto_renew < 0 ? Absent(v1::ABSENCE_NO_DATA) : Value(auto_renew, 1);
}

bool HasBegun(const View& view) {
  return std::any_of(view.terms.begin(), view.terms.end(),
                     [&view](const Term& term) { return term.start <= view.today; });
}

Reading Arr(const View& view, int) {
  if (!HasBegun(view) && !view.direct_arr.has_value()) return Absent(v1::ABSENCE_NO_DATA);
  const auto arr = static_cast<double>(account::ArrOn(view, view.today));
  return Value(arr / static_cast<double>(kMicrosPerUnit),
               std::max<int64_t>(1, static_cast<int64_t>(view.terms.size())));
}

// Only an account that has had subscriptions can have ended: one without any may be kept in another system.
Reading SubscriptionsEnded(const View& view, int) {
  if (!HasBegun(view)) return Absent(v1::ABSENCE_NO_DATA);
  const bool goes_on = std::any_of(view.terms.begin(), view.terms.end(), [&view](const Term& term) {
    return term.start <= view.today && (term.end == kNoDay || term.end > view.today);
  });
  return Value(goes_on ? 0 : 1, static_cast<int64_t>(view.terms.size()));
}

// Invoices that were due before today and are not paid.
struct Overdue {
  int64_t count = 0;
  Day oldest = kNoDay;
  double amount = 0;
};

Overdue OverdueOf(const View& view, std::span<const Point> due) {
  static thread_local std::vector<int64_t> paid;  // kept, so that rules do not allocate
  paid.clear();
  for (const Point& payment : account::PointsSoFar(view, PointKind::kPaid)) paid.push_back(payment.fact);
  std::sort(paid.begin(), paid.end());
  Overdue overdue;
  for (const Point& invoice : due) {
    if (std::binary_search(paid.begin(), paid.end(), invoice.fact)) continue;
    if (overdue.count == 0) overdue.oldest = invoice.day;
    ++overdue.count;
    overdue.amount += invoice.value;
  }
  return overdue;
}

std::span<const Point> DueInvoices(const View& view) {
  return account::PointsBetween(view, PointKind::kInvoice, kNoDay, view.today - 1);
}

Reading OverdueInvoices(const View& view, int) {
  const std::span<const Point> due = DueInvoices(view);
  if (due.empty()) return Absent(v1::ABSENCE_NO_DATA);
  const int64_t count = OverdueOf(view, due).count;
  return Value(static_cast<double>(count), count);
}

Reading DaysOverdue(const View& view, int) {
  const std::span<const Point> due = DueInvoices(view);
  if (due.empty()) return Absent(v1::ABSENCE_NO_DATA);
  const Overdue overdue = OverdueOf(view, due);
  return overdue.count == 0 ? Value(0, 0) : Value(view.today - overdue.oldest, overdue.count);
}

Reading OverdueAmount(const View& view, int) {
  const std::span<const Point> due = DueInvoices(view);
  if (due.empty()) return Absent(v1::ABSENCE_NO_DATA);
  const Overdue overdue = OverdueOf(view, due);
  return Value(overdue.amount, overdue.count);
}

constexpr Measure kMeasures[] = {
    {"tenure_months", "months", 0, TenureMonths, "Months since the first contract or paid subscription began.",
     "Nombre de mois depuis le début du premier contrat ou abonnement payant."},
    {"arr_trend", "ratio", 365, ArrTrend, "ARR against ARR at the beginning of the window: 0.1 is 10 % more.",
     "ARR comparé à l'ARR en début de période : 0,1 veut dire 10 % de plus."},
    {"subscriptions_kept", "ratio", 365, SubscriptionsKept,
     "Share of the paid subscriptions of the window that are still active.",
     "Part des abonnements payants de la période qui sont toujours actifs."},
    {"on_time_payment_share", "ratio", 365, OnTimePaymentShare,
     "Share of the invoices due in the window that were paid by their due day.",
     "Part des factures échues sur la période qui ont été payées à l'échéance."},
    {"days_to_renewal", "days", 0, DaysToRenewal, "Days until the next renewal.",
     "Nombre de jours jusqu'au prochain renouvellement."},
    {"renews_by_itself", "flag", 0, RenewsByItself, "Whether the next renewal comes about by itself: 1 or 0.",
     "Renouvellement tacite à la prochaine échéance : 1 ou 0."},
    {"arr", "money", 0, Arr, "Annual recurring revenue.", "Revenu annuel récurrent."},
    {"subscriptions_ended", "flag", 0, SubscriptionsEnded,
     "Whether the account had subscriptions and none goes on: 1 or 0.",
     "Tous les abonnements du compte sont terminés : 1 ou 0."},
    {"overdue_invoices", "count", 0, OverdueInvoices, "Invoices that were due before today and are not paid.",
     "Nombre de factures échues avant aujourd'hui et non payées."},
    {"days_overdue", "days", 0, DaysOverdue, "Days since the oldest unpaid invoice was due; 0 where all are paid.",
     "Nombre de jours depuis l'échéance de la plus ancienne facture impayée ; 0 si tout est payé."},
    {"overdue_amount", "money", 0, OverdueAmount, "Sum of the invoices that were due before today and are not paid.",
     "Montant des factures échues avant aujourd'hui et non payées."},
};

}  // namespace

std::span<const Measure> HistoryMeasures() { return kMeasures; }

}  // namespace folio::measures
