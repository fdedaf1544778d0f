// contact_change: a champion or a decision-maker left or was replaced in the last 30 days.
#include <algorithm>

#include "fmt/format.h"
#include "folio/v1/contact.pb.h"
#include "server/account/points.h"
#include "server/signals/evidence.h"
#include "server/signals/rule_files.h"

namespace folio::signals {
namespace {

using account::ContactTerm;
using account::Point;
using account::PointKind;
using account::View;

constexpr v1::ContactRole kRoles[] = {v1::CONTACT_ROLE_DECISION_MAKER, v1::CONTACT_ROLE_CHAMPION};

// The last departure from a role within the window: told by a fact, or by the end of a contact's role.
struct Departure {
  Day day = kNoDay;
  bool succeeded = false;  // somebody else has the role, or has arrived in it since
};

Departure DepartureFrom(v1::ContactRole role, const View& view) {
  const Day first = view.today - kContactChangeDays + 1;
  Departure departure;
  for (const Point& point : account::PointsInLast(view, PointKind::kContactLeft, kContactChangeDays)) {
    if (point.tag == role) departure.day = point.day;
  }
  for (const ContactTerm& contact : view.contacts) {
    const bool in_window = contact.end >= first && contact.end <= view.today;
    if (contact.role == role && in_window) departure.day = std::max(departure.day, contact.end);
  }
  if (departure.day == kNoDay) return departure;
  const auto arrived = account::PointsBetween(view, PointKind::kContactArrived, departure.day, view.today);
  departure.succeeded =
      std::any_of(arrived.begin(), arrived.end(), [role](const Point& point) { return point.tag == role; }) ||
      std::any_of(view.contacts.begin(), view.contacts.end(), [&](const ContactTerm& contact) {
        return contact.role == role && account::IsInRole(contact, view.today);
      });
  return departure;
}

v1::SignalSeverity Grade(const View& view) {
  int left = 0;
  int vacant = 0;
  for (const v1::ContactRole role : kRoles) {
    const Departure departure = DepartureFrom(role, view);
    if (departure.day == kNoDay) continue;
    ++left;
    if (!departure.succeeded) ++vacant;
  }
  if (left == 0) return v1::SIGNAL_SEVERITY_UNSPECIFIED;
  if (vacant == 0) return v1::SIGNAL_SEVERITY_MEDIUM;
  return vacant == 1 ? v1::SIGNAL_SEVERITY_HIGH : v1::SIGNAL_SEVERITY_CRITICAL;
}

std::string PrefixOf(v1::ContactRole role) { return role == v1::CONTACT_ROLE_CHAMPION ? "champion" : "decision_maker"; }

void Describe(const View& view, Finding* finding) {
  for (const v1::ContactRole role : kRoles) {
    const Departure departure = DepartureFrom(role, view);
    if (departure.day == kNoDay) continue;
    AddDate(PrefixOf(role) + "_left", departure.day, finding);
    AddText(PrefixOf(role) + "_succeeded", departure.succeeded ? "yes" : "no", finding);
  }
}

std::string TellDeparture(v1::ContactRole role, const Finding& finding, error::Locale locale) {
  const Day day = DateIn(finding, PrefixOf(role) + "_left");
  if (day == kNoDay) return {};
  const bool succeeded = TextIn(finding, PrefixOf(role) + "_succeeded") == "yes";
  const bool champion = role == v1::CONTACT_ROLE_CHAMPION;
  if (locale == error::Locale::kFrench) {
    return fmt::format("Le {} est parti le {} ; {}.", champion ? "champion" : "décideur", TellDate(day, locale),
                       succeeded ? "quelqu'un d'autre a repris le rôle" : "personne n'a repris le rôle");
  }
  return fmt::format("The {} left on {}; {}.", champion ? "champion" : "decision-maker", TellDate(day, locale),
                     succeeded ? "somebody else has the role" : "nobody has the role now");
}

std::string Summarise(const Finding& finding, error::Locale locale) {
  std::string summary;
  for (const v1::ContactRole role : kRoles) {
    const std::string sentence = TellDeparture(role, finding, locale);
    if (!summary.empty() && !sentence.empty()) summary += " ";
    summary += sentence;
  }
  return summary;
}

}  // namespace

const Rule kContactChange = {"contact_change", v1::SIGNAL_KIND_RISK, Grade, Describe, Summarise};

}  // namespace folio::signals
