// Measures of the relation between the two companies.
#include <algorithm>

#include "folio/v1/contact.pb.h"
#include "server/account/points.h"
#include "server/measures/families.h"

namespace folio::measures {
namespace {

using account::ContactTerm;
using account::Point;
using account::PointKind;
using account::View;

Reading CountSinceTracked(const View& view, PointKind kind, int days) {
  if (account::PointsSoFar(view, PointKind::kContact).empty()) return Absent(v1::ABSENCE_NO_DATA);
  const auto count = static_cast<int64_t>(account::PointsInLast(view, kind, days).size());
  return Value(static_cast<double>(count), count);
}

Reading Meetings(const View& view, int days) { return CountSinceTracked(view, PointKind::kMeeting, days); }

Reading Interactions(const View& view, int days) { return CountSinceTracked(view, PointKind::kContact, days); }

Reading DaysSinceLastContact(const View& view, int) {
  const std::span<const Point> all = account::PointsSoFar(view, PointKind::kContact);
  return all.empty() ? Absent(v1::ABSENCE_NO_DATA) : Value(view.today - all.back().day, 1);
}

// Contacts that took up their role after view.today are not known on it.
Reading ChampionPresent(const View& view, int) {
  int64_t known = 0;
  bool present = false;
  for (const ContactTerm& contact : view.contacts) {
    if (contact.start > view.today) continue;
    ++known;
    present = present || (contact.role == v1::CONTACT_ROLE_CHAMPION && account::IsInRole(contact, view.today));
  }
  return known == 0 ? Absent(v1::ABSENCE_NO_DATA) : Value(present ? 1 : 0, known);
}

Reading DaysSinceLast(const View& view, PointKind kind) {
  const std::span<const Point> all = account::PointsSoFar(view, kind);
  return all.empty() ? Absent(v1::ABSENCE_NO_DATA) : Value(view.today - all.back().day, 1);
}

Reading DaysSinceLastMeeting(const View& view, int) { return DaysSinceLast(view, PointKind::kMeeting); }
Reading DaysSinceLastNeed(const View& view, int) { return DaysSinceLast(view, PointKind::kNeed); }
Reading DaysSinceLastBudget(const View& view, int) { return DaysSinceLast(view, PointKind::kBudget); }

// A note may tell of a need too.
Reading NeedsTold(const View& view, int days) {
  if (account::PointsSoFar(view, PointKind::kNeed).empty()) return CountSinceTracked(view, PointKind::kNeed, days);
  const auto count = static_cast<int64_t>(account::PointsInLast(view, PointKind::kNeed, days).size());
  return Value(static_cast<double>(count), count);
}

// Of several on the last day that tells of one, the largest.
Reading LastAmount(const View& view, PointKind kind, int days) {
  const std::span<const Point> told = account::PointsInLast(view, kind, days);
  if (told.empty()) return Absent(v1::ABSENCE_NO_DATA);
  double amount = 0;
  int64_t facts = 0;
  for (const Point& point : told) {
    if (point.day != told.back().day) continue;
    amount = std::max(amount, point.value);
    ++facts;
  }
  return Value(amount, facts);
}

Reading NeedAmount(const View& view, int days) { return LastAmount(view, PointKind::kNeedAmount, days); }
Reading BudgetAmount(const View& view, int days) { return LastAmount(view, PointKind::kBudgetAmount, days); }

int64_t ContactsWithBudget(const View& view) {
  return std::count_if(view.contacts.begin(), view.contacts.end(), [&view](const ContactTerm& contact) {
    return contact.budget_available && account::IsInRole(contact, view.today);
  });
}

// Contacts that took up their role after view.today are not known on it.
bool KnowsContacts(const View& view) {
  return std::any_of(view.contacts.begin(), view.contacts.end(),
                     [&view](const ContactTerm& contact) { return contact.start <= view.today; });
}

Reading BudgetContacts(const View& view, int) {
  if (!KnowsContacts(view)) return Absent(v1::ABSENCE_NO_DATA);
  const int64_t count = ContactsWithBudget(view);
  return Value(static_cast<double>(count), count);
}

Reading BudgetsKnown(const View& view, int days) {
  const bool tracked = !account::PointsSoFar(view, PointKind::kContact).empty() ||
                       !account::PointsSoFar(view, PointKind::kBudget).empty();
  if (!KnowsContacts(view) && !tracked) return Absent(v1::ABSENCE_NO_DATA);
  const auto told = static_cast<int64_t>(account::PointsInLast(view, PointKind::kBudget, days).size());
  const int64_t count = told + ContactsWithBudget(view);
  return Value(static_cast<double>(count), count);
}

// The last departure from a role in the window, told by a fact or by the end of a contact's role; kNoDay where there is
// none.
Day DepartureFrom(v1::ContactRole role, const View& view, int days) {
  const Day first = view.today - days + 1;
  Day left = kNoDay;
  for (const Point& point : account::PointsInLast(view, PointKind::kContactLeft, days)) {
    if (point.tag == role) left = point.day;
  }
  for (const ContactTerm& contact : view.contacts) {
    const bool in_window = contact.end >= first && contact.end <= view.today;
    if (contact.role == role && in_window) left = std::max(left, contact.end);
  }
  return left;
}

Reading DaysSinceLeft(v1::ContactRole role, const View& view, int days) {
  const Day left = DepartureFrom(role, view, days);
  return left == kNoDay ? Absent(v1::ABSENCE_NO_DATA) : Value(view.today - left, 1);
}

// Whether somebody has the role today, or has arrived in it since the departure.
Reading Succeeded(v1::ContactRole role, const View& view, int days) {
  const Day left = DepartureFrom(role, view, days);
  if (left == kNoDay) return Absent(v1::ABSENCE_NO_DATA);
  const auto arrived = account::PointsBetween(view, PointKind::kContactArrived, left, view.today);
  const bool succeeded =
      std::any_of(arrived.begin(), arrived.end(), [role](const Point& point) { return point.tag == role; }) ||
      std::any_of(view.contacts.begin(), view.contacts.end(), [&](const ContactTerm& contact) {
        return contact.role == role && account::IsInRole(contact, view.today);
      });
  return Value(succeeded ? 1 : 0, 1);
}

template <v1::ContactRole role>
Reading DaysSinceRoleLeft(const View& view, int days) {
  return DaysSinceLeft(role, view, days);
}
template <v1::ContactRole role>
Reading RoleSucceeded(const View& view, int days) {
  return Succeeded(role, view, days);
}

// Told by a fact, or by the start of a contact's role.
Reading DaysSinceDecisionMakerArrived(const View& view, int days) {
  const Day first = view.today - days + 1;
  Day arrived = kNoDay;
  for (const Point& point : account::PointsInLast(view, PointKind::kContactArrived, days)) {
    if (point.tag == v1::CONTACT_ROLE_DECISION_MAKER) arrived = point.day;
  }
  for (const ContactTerm& contact : view.contacts) {
    const bool in_window = contact.start >= first && contact.start <= view.today;
    if (contact.role == v1::CONTACT_ROLE_DECISION_MAKER && in_window) arrived = std::max(arrived, contact.start);
  }
  return arrived == kNoDay ? Absent(v1::ABSENCE_NO_DATA) : Value(view.today - arrived, 1);
}

constexpr Measure kMeasures[] = {
    {"meetings", "count", 90, Meetings, "Meetings in the window.", "Nombre de réunions sur la période."},
    {"interactions", "count", 90, Interactions, "Meetings, calls and messages in the window.",
     "Nombre de réunions, d'appels et de messages sur la période."},
    {"days_since_last_contact", "days", 0, DaysSinceLastContact, "Days since the last meeting, call or message.",
     "Nombre de jours depuis la dernière réunion, le dernier appel ou le dernier message."},
    {"champion_present", "flag", 0, ChampionPresent, "Whether somebody at the client's argues for us: 1 or 0.",
     "Présence d'un champion chez le client : 1 ou 0."},
    {"days_since_last_meeting", "days", 0, DaysSinceLastMeeting, "Days since the last meeting.",
     "Nombre de jours depuis la dernière réunion."},
    {"needs_told", "count", 90, NeedsTold, "Interactions in the window in which the client told of a need.",
     "Nombre d'échanges de la période où le client a exprimé un besoin."},
    {"days_since_last_need", "days", 0, DaysSinceLastNeed, "Days since the client last told of a need.",
     "Nombre de jours depuis le dernier besoin exprimé par le client."},
    {"days_since_last_budget", "days", 0, DaysSinceLastBudget, "Days since the client last told of a budget.",
     "Nombre de jours depuis le dernier budget annoncé par le client."},
    {"need_amount", "money", 90, NeedAmount,
     "What the client would spend in a year on the last need told with an amount and without a budget.",
     "Ce que le client dépenserait par an pour le dernier besoin exprimé avec un montant et sans budget."},
    {"budget_amount", "money", 90, BudgetAmount,
     "What the client would spend in a year out of the last budget told with an amount.",
     "Ce que le client dépenserait par an sur le dernier budget annoncé avec un montant."},
    {"budget_contacts", "count", 0, BudgetContacts, "Contacts in office who have a budget.",
     "Nombre de contacts en poste qui disposent d'un budget."},
    {"budgets_known", "count", 90, BudgetsKnown,
     "Interactions in the window in which the client told of a budget, and contacts in office who have one.",
     "Nombre d'échanges de la période où un budget a été annoncé, plus les contacts en poste qui en ont un."},
    {"days_since_champion_left", "days", 30, DaysSinceRoleLeft<v1::CONTACT_ROLE_CHAMPION>,
     "Days since a champion left, where that was in the window.",
     "Nombre de jours depuis le départ d'un champion, s'il a eu lieu sur la période."},
    {"days_since_decision_maker_left", "days", 30, DaysSinceRoleLeft<v1::CONTACT_ROLE_DECISION_MAKER>,
     "Days since a decision-maker left, where that was in the window.",
     "Nombre de jours depuis le départ d'un décideur, s'il a eu lieu sur la période."},
    {"champion_succeeded", "flag", 30, RoleSucceeded<v1::CONTACT_ROLE_CHAMPION>,
     "After a departure in the window: whether somebody is the champion again, 1 or 0.",
     "Après un départ sur la période : un champion à nouveau en place, 1 ou 0."},
    {"decision_maker_succeeded", "flag", 30, RoleSucceeded<v1::CONTACT_ROLE_DECISION_MAKER>,
     "After a departure in the window: whether somebody is the decision-maker again, 1 or 0.",
     "Après un départ sur la période : un décideur à nouveau en place, 1 ou 0."},
    {"days_since_decision_maker_arrived", "days", 30, DaysSinceDecisionMakerArrived,
     "Days since a decision-maker arrived, where that was in the window.",
     "Nombre de jours depuis l'arrivée d'un décideur, si elle a eu lieu sur la période."},
};

}  // namespace

std::span<const Measure> EngagementMeasures() { return kMeasures; }

}  // namespace folio::measures
