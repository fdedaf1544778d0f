// usage_drop and intensive_usage: usage of the last 30 days against the 30 days before.
#include <cmath>

#include "fmt/format.h"
#include "server/account/points.h"
#include "server/account/revenue.h"
#include "server/base/int128.h"
#include "server/signals/evidence.h"
#include "server/signals/rule_files.h"

namespace folio::signals {
namespace {

using account::CompareUsage;
using account::PointKind;
using account::UsageComparison;
using account::View;

bool HasBase(const View& view, const UsageComparison& usage) {
  if (usage.before.sum < kUsageBaseCount) return false;
  const Day middle = view.today - kUsageWindowDays;
  const auto before = account::PointsBetween(view, PointKind::kUsage, middle - kUsageWindowDays + 1, middle);
  return account::ActiveDays(before) >= kUsageBaseDays;
}

void AddUsage(const UsageComparison& usage, Finding* finding) {
  AddNumber("usage_last_30_days", usage.now.sum, "count", finding);
  AddNumber("usage_30_days_before", usage.before.sum, "count", finding);
  AddNumber("usage_change", usage.change(), "ratio", finding);
}

v1::SignalSeverity GradeDrop(const View& view) {
  const UsageComparison usage = CompareUsage(view, kUsageWindowDays);
  if (!HasBase(view, usage)) return v1::SIGNAL_SEVERITY_UNSPECIFIED;
  const double drop = -usage.change();
  if (drop >= kDropCriticalFrom) return v1::SIGNAL_SEVERITY_CRITICAL;
  if (drop >= kDropHighFrom) return v1::SIGNAL_SEVERITY_HIGH;
  return drop >= kDropFrom ? v1::SIGNAL_SEVERITY_MEDIUM : v1::SIGNAL_SEVERITY_UNSPECIFIED;
}

void DescribeDrop(const View& view, Finding* finding) {
  AddUsage(CompareUsage(view, kUsageWindowDays), finding);
  AddDate("last_usage", account::PointsSoFar(view, PointKind::kUsage).back().day, finding);
}

std::string SummariseChange(const Finding& finding, error::Locale locale) {
  const double change = NumberIn(finding, "usage_change");
  const std::string percent = TellPercent(std::abs(change));
  const std::string now = TellCount(NumberIn(finding, "usage_last_30_days"));
  const std::string before = TellCount(NumberIn(finding, "usage_30_days_before"));
  if (locale == error::Locale::kFrench) {
    return fmt::format("L'usage a {} de {} en 30 jours : {} contre {} sur les 30 jours précédents.",
                       change < 0 ? "baissé" : "augmenté", percent, now, before);
  }
  return fmt::format("Usage {} by {} in 30 days: {} against {} in the 30 days before.", change < 0 ? "fell" : "grew",
                     percent, now, before);
}

// Different users of the last 30 days, and the seats bought. Without users or without seats, both are 0.
struct SeatUse {
  int64_t users = 0;
  int64_t seats = 0;
  double share() const { return seats == 0 ? 0 : static_cast<double>(users) / static_cast<double>(seats); }
};

SeatUse SeatUseOf(const View& view) {
  const auto users = account::PointsInLast(view, PointKind::kUser, kUsageWindowDays);
  const int64_t seats = users.empty() ? 0 : account::SeatsOn(view, view.today);
  return seats > 0 ? SeatUse{account::DistinctUsers(users), seats} : SeatUse{};
}

// How much usage grew; 0 where it cannot be told, as for an account that has just begun.
double RiseOf(const View& view, const UsageComparison& usage) {
  return usage.covers_both && HasBase(view, usage) ? usage.change() : 0;
}

v1::SignalSeverity GradeIntensive(const View& view) {
  const double rise = RiseOf(view, CompareUsage(view, kUsageWindowDays));
  const double share = SeatUseOf(view).share();
  if (rise >= kRiseHighFrom || share >= kSeatsHighFrom) return v1::SIGNAL_SEVERITY_HIGH;
  return rise >= kRiseFrom || share >= kSeatsFrom ? v1::SIGNAL_SEVERITY_MEDIUM : v1::SIGNAL_SEVERITY_UNSPECIFIED;
}

// What the seats would bring that take the share of used ones back to 80 %, at today's price of a seat.
std::optional<Micros> ValueOfSeats(const View& view, const SeatUse& use) {
  const Micros arr = account::ArrOn(view, view.today);
  if (arr <= 0) return std::nullopt;
  // users / 0.8, rounded up, in whole numbers: 10 users want 13 seats.
  const int64_t wanted = (use.users * 5 + 3) / 4;
  const int64_t more = wanted > use.seats ? wanted - use.seats : 1;
  // 128 bits: ARR times seats can be more than 64 hold. Absent where the value itself is beyond what an amount can be.
  const Int128 value = static_cast<Int128>(arr) * more / use.seats;
  if (value > kMaxMicros) return std::nullopt;
  return static_cast<Micros>(value);
}

void DescribeIntensive(const View& view, Finding* finding) {
  const UsageComparison usage = CompareUsage(view, kUsageWindowDays);
  if (RiseOf(view, usage) >= kRiseFrom) AddUsage(usage, finding);
  const SeatUse use = SeatUseOf(view);
  if (use.share() < kSeatsFrom) return;
  AddNumber("users_last_30_days", static_cast<double>(use.users), "count", finding);
  AddNumber("seats", static_cast<double>(use.seats), "count", finding);
  AddNumber("active_seat_share", use.share(), "ratio", finding);
  finding->expected_value = ValueOfSeats(view, use);
}

std::string SummariseIntensive(const Finding& finding, error::Locale locale) {
  const double seats = NumberIn(finding, "seats");
  if (seats == 0) return SummariseChange(finding, locale);
  const std::string users = TellCount(NumberIn(finding, "users_last_30_days"));
  const std::string share = TellPercent(NumberIn(finding, "active_seat_share"));
  const std::string of_seats =
      locale == error::Locale::kFrench
          ? fmt::format("Licences utilisées sur les 30 derniers jours : {} sur {} ({}).", users, TellCount(seats),
                        share)
          : fmt::format("Seats used in the last 30 days: {} of {} ({}).", users, TellCount(seats), share);
  const bool rises = NumberIn(finding, "usage_change") > 0;
  return rises ? of_seats + " " + SummariseChange(finding, locale) : of_seats;
}

}  // namespace

const Rule kUsageDrop = {"usage_drop", v1::SIGNAL_KIND_RISK, GradeDrop, DescribeDrop, SummariseChange};
const Rule kIntensiveUsage = {"intensive_usage", v1::SIGNAL_KIND_OPPORTUNITY, GradeIntensive, DescribeIntensive,
                              SummariseIntensive};

}  // namespace folio::signals
