// Measures of what the account has been to us: how long, how much, how faithfully.
#include <algorithm>

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
};

}  // namespace

std::span<const Measure> HistoryMeasures() { return kMeasures; }

}  // namespace folio::measures
