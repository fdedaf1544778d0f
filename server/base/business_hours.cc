#include "server/base/business_hours.h"

#include <algorithm>
#include <utility>

#include "date/tz.h"
#include "server/base/holidays.h"

namespace folio {

namespace {

constexpr int kDaysPerWeek = 7;
constexpr int kFriday = 4;
constexpr int kMinutesPerDay = 24 * 60;

// 1970-01-01 was a Thursday.
int WeekdayOf(Day day) { return ((day + 3) % kDaysPerWeek + kDaysPerWeek) % kDaysPerWeek; }

}  // namespace

absl::StatusOr<BusinessHours> BusinessHours::Make(std::string_view zone, const std::vector<Open>& week,
                                                  bool french_holidays, std::map<Day, bool> special) {
  const auto loaded = TimeZone::Load(zone);
  if (!loaded.ok()) return loaded.status();
  const bool utc = zone.empty() || zone == "UTC";
  BusinessHours hours(*loaded, utc ? nullptr : date::locate_zone(zone));
  hours.french_holidays_ = french_holidays;
  hours.special_ = std::move(special);
  for (const Open& open : week) hours.week_[static_cast<size_t>(open.weekday)].push_back(open);
  for (int day = 0; week.empty() && day <= kFriday; ++day) {
    hours.week_[static_cast<size_t>(day)].push_back({day, 0, kMinutesPerDay});
  }
  return hours;
}

// The instant at which the clock on the wall shows so many minutes after midnight. Where it shows that twice, the first
// one; where it never does, the one at which it skips it.
Instant BusinessHours::At(Day day, int minute) const {
  using std::chrono::microseconds;
  const date::local_time<microseconds> local = date::local_days{date::days(day)} + std::chrono::minutes(minute);
  if (zone_data_ == nullptr) return local.time_since_epoch().count();
  const date::local_info info = static_cast<const date::time_zone*>(zone_data_)->get_info(local);
  if (info.result == date::local_info::nonexistent) {
    return std::chrono::duration_cast<microseconds>(info.second.begin.time_since_epoch()).count();
  }
  return std::chrono::duration_cast<microseconds>(local.time_since_epoch() - info.first.offset).count();
}

bool BusinessHours::IsWorked(Day day) const {
  if (const auto known = special_.find(day); known != special_.end()) return known->second;
  if (french_holidays_ && IsFrenchHoliday(day)) return false;
  return !week_[static_cast<size_t>(WeekdayOf(day))].empty();
}

const std::vector<BusinessHours::Open>& BusinessHours::HoursOn(Day day) const {
  const auto& hours = week_[static_cast<size_t>(WeekdayOf(day))];
  return hours.empty() ? week_.front() : hours;
}

int64_t BusinessHours::Between(Instant from, Instant to) const {
  int64_t worked = 0;
  if (to <= from) return worked;
  const Day last = zone_.DayAt(to - 1);
  for (Day day = zone_.DayAt(from); day <= last; ++day) {
    if (!IsWorked(day)) continue;
    for (const Open& open : HoursOn(day)) {
      const Instant start = std::max(from, At(day, open.start));
      const Instant end = std::min(to, At(day, open.end));
      worked += std::max<int64_t>(0, end - start);
    }
  }
  return worked;
}

}  // namespace folio
