// identified_need and budget_available: the client has told of a need, or of a budget.
#include <algorithm>

#include "fmt/format.h"
#include "server/account/points.h"
#include "server/signals/evidence.h"
#include "server/signals/rule_files.h"

namespace folio::signals {
namespace {

using account::ContactTerm;
using account::Point;
using account::PointKind;
using account::View;

std::span<const Point> Told(const View& view, PointKind kind) {
  return account::PointsInLast(view, kind, kInterestDays);
}

bool HasBudgetContact(const View& view) {
  return std::any_of(view.contacts.begin(), view.contacts.end(), [&view](const ContactTerm& contact) {
    return contact.budget_available && account::IsInRole(contact, view.today);
  });
}

bool HasBudget(const View& view) { return !Told(view, PointKind::kBudget).empty() || HasBudgetContact(view); }

// A need that is told again, or for which there is a budget, is the more promising.
v1::SignalSeverity GradeNeed(const View& view) {
  const size_t times = Told(view, PointKind::kNeed).size();
  if (times == 0) return v1::SIGNAL_SEVERITY_UNSPECIFIED;
  return times > 1 || HasBudget(view) ? v1::SIGNAL_SEVERITY_HIGH : v1::SIGNAL_SEVERITY_MEDIUM;
}

void DescribeNeed(const View& view, Finding* finding) {
  const std::span<const Point> needs = Told(view, PointKind::kNeed);
  AddNumber("needs_last_90_days", static_cast<double>(needs.size()), "count", finding);
  AddDate("last_need", needs.back().day, finding);
}

std::string SummariseNeed(const Finding& finding, error::Locale locale) {
  const double times = NumberIn(finding, "needs_last_90_days");
  const std::string date = TellDate(DateIn(finding, "last_need"), locale);
  if (locale == error::Locale::kFrench) {
    return times > 1 ? fmt::format("Le client a exprimé un besoin {} fois en 90 jours, la dernière le {}.",
                                   TellCount(times), date)
                     : fmt::format("Le client a exprimé un besoin le {}.", date);
  }
  return times > 1 ? fmt::format("The client told of a need {} times in 90 days, last on {}.", TellCount(times), date)
                   : fmt::format("The client told of a need on {}.", date);
}

v1::SignalSeverity GradeBudget(const View& view) {
  if (!HasBudget(view)) return v1::SIGNAL_SEVERITY_UNSPECIFIED;
  return Told(view, PointKind::kNeed).empty() ? v1::SIGNAL_SEVERITY_MEDIUM : v1::SIGNAL_SEVERITY_HIGH;
}

void DescribeBudget(const View& view, Finding* finding) {
  const std::span<const Point> budgets = Told(view, PointKind::kBudget);
  if (!budgets.empty()) AddDate("budget_told", budgets.back().day, finding);
  if (HasBudgetContact(view)) AddText("contact_with_budget", "yes", finding);
}

std::string SummariseBudget(const Finding& finding, error::Locale locale) {
  const bool french = locale == error::Locale::kFrench;
  const Day day = DateIn(finding, "budget_told");
  if (day == kNoDay) {
    return french ? "Un contact dispose d'un budget." : "A contact has a budget available.";
  }
  return french ? fmt::format("Le client a annoncé un budget le {}.", TellDate(day, locale))
                : fmt::format("The client told of a budget on {}.", TellDate(day, locale));
}

}  // namespace

const Rule kIdentifiedNeed = {"identified_need", v1::SIGNAL_KIND_OPPORTUNITY, GradeNeed, DescribeNeed, SummariseNeed};
const Rule kBudgetAvailable = {"budget_available", v1::SIGNAL_KIND_OPPORTUNITY, GradeBudget, DescribeBudget,
                               SummariseBudget};

}  // namespace folio::signals
