// Measures of the relation between the two companies.
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

constexpr Measure kMeasures[] = {
    {"meetings", "count", 90, Meetings, "Meetings in the window.", "Nombre de réunions sur la période."},
    {"interactions", "count", 90, Interactions, "Meetings, calls and messages in the window.",
     "Nombre de réunions, d'appels et de messages sur la période."},
    {"days_since_last_contact", "days", 0, DaysSinceLastContact, "Days since the last meeting, call or message.",
     "Nombre de jours depuis la dernière réunion, le dernier appel ou le dernier message."},
    {"champion_present", "flag", 0, ChampionPresent, "Whether somebody at the client's argues for us: 1 or 0.",
     "Présence d'un champion chez le client : 1 ou 0."},
};

}  // namespace

std::span<const Measure> EngagementMeasures() { return kMeasures; }

}  // namespace folio::measures
