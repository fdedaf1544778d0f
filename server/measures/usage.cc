// Measures of how much, how widely and how well the product is used.
#include <algorithm>

#include "server/account/points.h"
#include "server/account/revenue.h"
#include "server/measures/families.h"

namespace folio::measures {
namespace {

using account::CompareUsage;
using account::Point;
using account::PointKind;
using account::PointsInLast;
using account::PointsSoFar;
using account::Tally;
using account::TallyOf;
using account::View;

bool IsUse(const Point& point) { return point.value > 0; }

Reading UsageTrend(const View& view, int days) {
  const account::UsageComparison usage = CompareUsage(view, days);
  if (PointsSoFar(view, PointKind::kUsage).empty()) return Absent(v1::ABSENCE_NO_DATA);
  if (!usage.covers_both) return Absent(v1::ABSENCE_TOO_YOUNG);
  if (usage.before.sum == 0) return Absent(v1::ABSENCE_NO_DENOMINATOR);
  return Value(usage.change(), usage.now.facts + usage.before.facts);
}

Reading UsageLevel(const View& view, int days) {
  if (PointsSoFar(view, PointKind::kUsage).empty()) return Absent(v1::ABSENCE_NO_DATA);
  const Tally used = TallyOf(PointsInLast(view, PointKind::kUsage, days));
  return Value(used.sum, used.facts);
}

Reading DaysSinceLastUsage(const View& view, int) {
  const std::span<const Point> all = PointsSoFar(view, PointKind::kUsage);
  const auto last = std::find_if(all.rbegin(), all.rend(), IsUse);
  return last == all.rend() ? Absent(v1::ABSENCE_NO_DATA) : Value(view.today - last->day, 1);
}

Reading ActiveDays(const View& view, int days) {
  if (PointsSoFar(view, PointKind::kUsage).empty()) return Absent(v1::ABSENCE_NO_DATA);
  const std::span<const Point> window = PointsInLast(view, PointKind::kUsage, days);
  return Value(static_cast<double>(account::ActiveDays(window)), static_cast<int64_t>(window.size()));
}

Reading FeatureBreadth(const View& view, int days) {
  const std::span<const Point> window = PointsInLast(view, PointKind::kUsage, days);
  const int64_t used = account::DistinctFeatures(window);
  if (used > 0) return Value(static_cast<double>(used), static_cast<int64_t>(window.size()));
  // None used lately is a figure, but only where features are recorded at all.
  const std::span<const Point> all = PointsSoFar(view, PointKind::kUsage);
  return std::any_of(all.begin(), all.end(), account::IsFeatureUse) ? Value(0, 0) : Absent(v1::ABSENCE_NO_DATA);
}

Reading ActiveSeatShare(const View& view, int days) {
  if (PointsSoFar(view, PointKind::kUser).empty()) return Absent(v1::ABSENCE_NO_DATA);
  const int64_t seats = account::SeatsOn(view, view.today);
  if (seats <= 0) return Absent(v1::ABSENCE_NO_DENOMINATOR);
  const std::span<const Point> window = PointsInLast(view, PointKind::kUser, days);
  const auto users = static_cast<double>(account::DistinctUsers(window));
  return Value(users / static_cast<double>(seats), static_cast<int64_t>(window.size()));
}

Reading ErrorRate(const View& view, int days) {
  if (PointsSoFar(view, PointKind::kUsageErrors).empty()) return Absent(v1::ABSENCE_NO_DATA);
  const Tally used = TallyOf(PointsInLast(view, PointKind::kUsage, days));
  if (used.sum == 0) return Absent(v1::ABSENCE_NO_DENOMINATOR);
  return Value(TallyOf(PointsInLast(view, PointKind::kUsageErrors, days)).sum / used.sum, used.facts);
}

Reading UsageChange(const View& view, int days) {
  if (PointsSoFar(view, PointKind::kUsage).empty()) return Absent(v1::ABSENCE_NO_DATA);
  const account::UsageComparison usage = CompareUsage(view, days);
  if (usage.before.sum == 0) return Absent(v1::ABSENCE_NO_DENOMINATOR);
  return Value(usage.change(), usage.now.facts + usage.before.facts);
}

// The window of the same length before the window.
std::span<const Point> UsageBeforeWindow(const View& view, int days) {
  const Day middle = view.today - days;
  return account::PointsBetween(view, PointKind::kUsage, middle - days + 1, middle);
}

Reading UsageBefore(const View& view, int days) {
  if (PointsSoFar(view, PointKind::kUsage).empty()) return Absent(v1::ABSENCE_NO_DATA);
  const Tally used = TallyOf(UsageBeforeWindow(view, days));
  return Value(used.sum, used.facts);
}

Reading ActiveDaysBefore(const View& view, int days) {
  if (PointsSoFar(view, PointKind::kUsage).empty()) return Absent(v1::ABSENCE_NO_DATA);
  const std::span<const Point> window = UsageBeforeWindow(view, days);
  return Value(static_cast<double>(account::ActiveDays(window)), static_cast<int64_t>(window.size()));
}

Reading Users(const View& view, int days) {
  if (PointsSoFar(view, PointKind::kUser).empty()) return Absent(v1::ABSENCE_NO_DATA);
  const std::span<const Point> window = PointsInLast(view, PointKind::kUser, days);
  return Value(static_cast<double>(account::DistinctUsers(window)), static_cast<int64_t>(window.size()));
}

Reading Seats(const View& view, int) {
  const int64_t seats = account::SeatsOn(view, view.today);
  return seats < 0 ? Absent(v1::ABSENCE_NO_DATA) : Value(static_cast<double>(seats), 1);
}

Reading LimitHits(const View& view, int days) {
  if (PointsSoFar(view, PointKind::kLimitHit).empty()) return Absent(v1::ABSENCE_NO_DATA);
  const Tally hits = TallyOf(PointsInLast(view, PointKind::kLimitHit, days));
  return Value(hits.sum, hits.facts);
}

Reading DaysSinceLastLimitHit(const View& view, int) {
  const std::span<const Point> all = PointsSoFar(view, PointKind::kLimitHit);
  return all.empty() ? Absent(v1::ABSENCE_NO_DATA) : Value(view.today - all.back().day, 1);
}

constexpr Measure kMeasures[] = {
    {"usage_trend", "ratio", 30, UsageTrend,
     "Usage in the window against the window of the same length before: -0.2 is 20 % less.",
     "Usage sur la période comparé à la période de même durée qui précède : -0,2 veut dire 20 % de moins."},
    {"usage_level", "count", 30, UsageLevel, "How many times the product was used in the window.",
     "Nombre d'utilisations du produit sur la période."},
    {"days_since_last_usage", "days", 0, DaysSinceLastUsage, "Days since the product was last used.",
     "Nombre de jours depuis la dernière utilisation du produit."},
    {"active_days", "days", 30, ActiveDays, "Days of the window on which the product was used.",
     "Nombre de jours de la période où le produit a été utilisé."},
    {"feature_breadth", "count", 90, FeatureBreadth, "Different features used in the window.",
     "Nombre de fonctionnalités différentes utilisées sur la période."},
    {"active_seat_share", "ratio", 30, ActiveSeatShare, "Different users in the window for each seat bought.",
     "Nombre d'utilisateurs différents sur la période rapporté aux licences achetées."},
    {"error_rate", "ratio", 30, ErrorRate, "Errors met for each use in the window.",
     "Nombre d'erreurs rencontrées par utilisation sur la période."},
    {"usage_change", "ratio", 30, UsageChange,
     "As usage_trend, also where usage is not known over the whole window before.",
     "Comme usage_trend, même si l'usage n'est pas connu sur toute la période qui précède."},
    {"usage_before", "count", 30, UsageBefore, "Usage in the window of the same length before the window.",
     "Usage sur la période de même durée qui précède la période."},
    {"active_days_before", "days", 30, ActiveDaysBefore,
     "Days of the window before the window on which the product was used.",
     "Nombre de jours d'utilisation sur la période de même durée qui précède la période."},
    {"users", "count", 30, Users, "Different users in the window.", "Nombre d'utilisateurs différents sur la période."},
    {"seats", "count", 0, Seats, "Seats bought.", "Nombre de licences achetées."},
    {"limit_hits", "count", 90, LimitHits, "How many times users met a limit of what was bought, in the window.",
     "Nombre de fois où une limite de l'offre a été atteinte sur la période."},
    {"days_since_last_limit_hit", "days", 0, DaysSinceLastLimitHit, "Days since a limit of what was bought was met.",
     "Nombre de jours depuis la dernière fois où une limite de l'offre a été atteinte."},
};

}  // namespace

std::span<const Measure> UsageMeasures() { return kMeasures; }

}  // namespace folio::measures
