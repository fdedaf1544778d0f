#include "server/measures/facts.h"

#include <algorithm>
#include <set>
#include <span>

#include "folio/v1/fact.pb.h"
#include "server/account/points.h"

namespace folio::measures {
namespace {

using account::Point;
using account::PointKind;
using account::View;

// Which points of a kind a measure looks at.
enum class Reach {
  kWindow,
  kTwoWindows,    // the window and the one before
  kLastUse,       // the last point with a value
  kLastDay,       // all points of the window's last day that has one
  kOpen,          // points without a closing one of the same fact
  kOpenUrgent,    // the same, of urgent tickets
  kDue,           // as on_time_payment_share counts invoices
  kNamedFeatures  // uses of named features in the window
};

struct Source {
  std::string_view measure;
  PointKind kind;
  Reach reach;
};

constexpr Source kSources[] = {
    {"usage_trend", PointKind::kUsage, Reach::kTwoWindows},
    {"usage_level", PointKind::kUsage, Reach::kWindow},
    {"days_since_last_usage", PointKind::kUsage, Reach::kLastUse},
    {"active_days", PointKind::kUsage, Reach::kWindow},
    {"feature_breadth", PointKind::kUsage, Reach::kNamedFeatures},
    {"active_seat_share", PointKind::kUser, Reach::kWindow},
    {"error_rate", PointKind::kUsage, Reach::kWindow},
    {"meetings", PointKind::kMeeting, Reach::kWindow},
    {"interactions", PointKind::kContact, Reach::kWindow},
    {"days_since_last_contact", PointKind::kContact, Reach::kLastUse},
    {"nps_last", PointKind::kNps, Reach::kLastDay},
    {"nps_mean", PointKind::kNps, Reach::kWindow},
    {"csat_mean", PointKind::kCsat, Reach::kWindow},
    {"ease_mean", PointKind::kEase, Reach::kWindow},
    {"open_tickets", PointKind::kTicketOpened, Reach::kOpen},
    {"open_urgent_tickets", PointKind::kTicketOpened, Reach::kOpenUrgent},
    {"tickets_opened", PointKind::kTicketOpened, Reach::kWindow},
    {"first_response_hours", PointKind::kFirstResponse, Reach::kWindow},
    {"resolution_hours", PointKind::kTicketClosed, Reach::kWindow},
    {"on_time_payment_share", PointKind::kInvoice, Reach::kDue},
    {"usage_change", PointKind::kUsage, Reach::kTwoWindows},
    {"users", PointKind::kUser, Reach::kWindow},
    {"limit_hits", PointKind::kLimitHit, Reach::kWindow},
    {"days_since_last_limit_hit", PointKind::kLimitHit, Reach::kLastUse},
    {"days_since_last_meeting", PointKind::kMeeting, Reach::kLastUse},
    {"days_since_last_nps", PointKind::kNps, Reach::kLastUse},
    {"needs_told", PointKind::kNeed, Reach::kWindow},
    {"days_since_last_need", PointKind::kNeed, Reach::kLastUse},
    {"need_amount", PointKind::kNeedAmount, Reach::kLastDay},
    {"budgets_known", PointKind::kBudget, Reach::kWindow},
    {"days_since_last_budget", PointKind::kBudget, Reach::kLastUse},
    {"budget_amount", PointKind::kBudgetAmount, Reach::kLastDay},
};

std::span<const Point> RunOf(const Source& source, const View& view, int days) {
  switch (source.reach) {
    case Reach::kTwoWindows:
      return account::PointsInLast(view, source.kind, 2 * days);
    case Reach::kLastUse:
    case Reach::kOpen:
    case Reach::kOpenUrgent:
      return account::PointsSoFar(view, source.kind);
    case Reach::kDue:
      return account::PointsBetween(view, source.kind, view.today - days, view.today - 1);
    case Reach::kLastDay: {
      const std::span<const Point> window = account::PointsInLast(view, source.kind, days);
      return window.empty() ? window : account::PointsBetween(view, source.kind, window.back().day, window.back().day);
    }
    case Reach::kWindow:
    case Reach::kNamedFeatures:
      return account::PointsInLast(view, source.kind, days);
  }
  return {};
}

std::set<int64_t> ClosedTickets(const View& view) {
  std::set<int64_t> closed;
  for (const Point& point : account::PointsSoFar(view, PointKind::kTicketClosed)) closed.insert(point.fact);
  return closed;
}

}  // namespace

std::vector<int64_t> FactsBehind(std::string_view measure, const View& view, int window_days, int most) {
  std::vector<int64_t> facts;
  const auto source =
      std::find_if(std::begin(kSources), std::end(kSources), [&](const Source& s) { return s.measure == measure; });
  if (source == std::end(kSources) || most <= 0) return facts;
  const bool open = source->reach == Reach::kOpen || source->reach == Reach::kOpenUrgent;
  std::set<int64_t> seen = open ? ClosedTickets(view) : std::set<int64_t>();
  const std::span<const Point> run = RunOf(*source, view, window_days);
  for (auto point = run.rbegin(); point != run.rend() && facts.size() < static_cast<size_t>(most); ++point) {
    if (source->reach == Reach::kOpenUrgent && point->tag != v1::TICKET_PRIORITY_URGENT) continue;
    if (source->reach == Reach::kNamedFeatures && !account::IsFeatureUse(*point)) continue;
    if (source->reach == Reach::kLastUse && point->value <= 0) continue;
    if (seen.insert(point->fact).second) facts.push_back(point->fact);
    if (source->reach == Reach::kLastUse) break;
  }
  return facts;
}

}  // namespace folio::measures
