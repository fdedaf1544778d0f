// Measures of what the client thinks, and of the support that it got.
#include "folio/v1/fact.pb.h"
#include "server/account/points.h"
#include "server/measures/families.h"

namespace folio::measures {
namespace {

using account::Point;
using account::PointKind;
using account::PointsInLast;
using account::PointsSoFar;
using account::Tally;
using account::View;

// Mean of the points in the window, times `scale`.
Reading Mean(const View& view, PointKind kind, int days, double scale) {
  const Tally tally = account::TallyOf(PointsInLast(view, kind, days));
  if (tally.facts == 0) return Absent(v1::ABSENCE_NO_DATA);
  return Value(scale * tally.sum / static_cast<double>(tally.facts), tally.facts);
}

Reading CsatMean(const View& view, int days) { return Mean(view, PointKind::kCsat, days, 100); }
Reading EaseMean(const View& view, int days) { return Mean(view, PointKind::kEase, days, 100); }
Reading NpsMean(const View& view, int days) { return Mean(view, PointKind::kNps, days, 1); }
Reading FirstResponseHours(const View& view, int days) {
  return Mean(view, PointKind::kFirstResponse, days, 1 / 3600.0);
}
Reading ResolutionHours(const View& view, int days) { return Mean(view, PointKind::kTicketClosed, days, 1 / 3600.0); }

// The mean of the last day's answers: which of two came first on a day is not known.
Reading NpsLast(const View& view, int days) {
  const std::span<const Point> window = PointsInLast(view, PointKind::kNps, days);
  if (window.empty()) return Absent(v1::ABSENCE_NO_DATA);
  const Day last = window.back().day;
  const Tally tally = account::TallyOf(account::PointsBetween(view, PointKind::kNps, last, last));
  return Value(tally.sum / static_cast<double>(tally.facts), tally.facts);
}

Reading DaysSinceLastNps(const View& view, int) {
  const std::span<const Point> all = PointsSoFar(view, PointKind::kNps);
  return all.empty() ? Absent(v1::ABSENCE_NO_DATA) : Value(view.today - all.back().day, 1);
}

int64_t CountUrgent(std::span<const Point> tickets) {
  int64_t count = 0;
  for (const Point& ticket : tickets) count += ticket.tag == v1::TICKET_PRIORITY_URGENT ? 1 : 0;
  return count;
}

Reading OpenUrgentTickets(const View& view, int) {
  const std::span<const Point> opened = PointsSoFar(view, PointKind::kTicketOpened);
  if (opened.empty()) return Absent(v1::ABSENCE_NO_DATA);
  const int64_t open = CountUrgent(opened) - CountUrgent(PointsSoFar(view, PointKind::kTicketClosed));
  return Value(static_cast<double>(open), open);
}

Reading OpenTickets(const View& view, int) {
  const std::span<const Point> opened = PointsSoFar(view, PointKind::kTicketOpened);
  if (opened.empty()) return Absent(v1::ABSENCE_NO_DATA);
  const size_t open = opened.size() - PointsSoFar(view, PointKind::kTicketClosed).size();
  return Value(static_cast<double>(open), static_cast<int64_t>(open));
}

Reading TicketsOpened(const View& view, int days) {
  if (PointsSoFar(view, PointKind::kTicketOpened).empty()) return Absent(v1::ABSENCE_NO_DATA);
  const size_t opened = PointsInLast(view, PointKind::kTicketOpened, days).size();
  return Value(static_cast<double>(opened), static_cast<int64_t>(opened));
}

constexpr Measure kMeasures[] = {
    {"nps_last", "points", 365, NpsLast, "Last answer, 0 to 10, to whether the client would recommend us.",
     "Dernière réponse, de 0 à 10, à la question de la recommandation."},
    {"nps_mean", "points", 365, NpsMean, "Mean answer, 0 to 10, to whether the client would recommend us.",
     "Réponse moyenne, de 0 à 10, à la question de la recommandation."},
    {"days_since_last_nps", "days", 0, DaysSinceLastNps,
     "Days since the client last answered whether it would recommend us.",
     "Nombre de jours depuis la dernière réponse à la question de la recommandation."},
    {"csat_mean", "points", 90, CsatMean, "Mean satisfaction in surveys and on tickets, on a scale of 0 to 100.",
     "Satisfaction moyenne, enquêtes et tickets, ramenée à une échelle de 0 à 100."},
    {"ease_mean", "points", 180, EaseMean, "Mean ease told in effort surveys, 100 for no effort at all.",
     "Facilité moyenne selon les enquêtes d'effort, 100 pour aucun effort."},
    {"open_tickets", "count", 0, OpenTickets, "Tickets that are open.", "Nombre de tickets ouverts."},
    {"open_urgent_tickets", "count", 0, OpenUrgentTickets, "Urgent tickets that are open.",
     "Nombre de tickets urgents ouverts."},
    {"tickets_opened", "count", 30, TicketsOpened, "Tickets opened in the window.",
     "Nombre de tickets ouverts pendant la période."},
    {"first_response_hours", "hours", 90, FirstResponseHours, "Mean time to the first answer to a ticket.",
     "Délai moyen de première réponse à un ticket."},
    {"resolution_hours", "hours", 90, ResolutionHours, "Mean time from a ticket's opening to its close.",
     "Délai moyen entre l'ouverture et la clôture d'un ticket."},
};

}  // namespace

std::span<const Measure> SatisfactionMeasures() { return kMeasures; }

}  // namespace folio::measures
