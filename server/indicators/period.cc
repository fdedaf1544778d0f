#include "server/indicators/period.h"

#include <algorithm>
#include <optional>
#include <string>

#include "server/base/error.h"

namespace folio::indicators {
namespace {

constexpr int kMonthsInQuarter = 3;
constexpr int kMonthsInYear = 12;
constexpr int kDaysInYearOfWeeks = 52 * 7;

// Months of a grain; 0 for those that are no whole months.
int MonthsOf(v1::PeriodGrain grain) {
  switch (grain) {
    case v1::PERIOD_GRAIN_MONTH:
      return 1;
    case v1::PERIOD_GRAIN_QUARTER:
      return kMonthsInQuarter;
    case v1::PERIOD_GRAIN_YEAR:
      return kMonthsInYear;
    default:
      return 0;
  }
}

Day NextOf(Day start, v1::PeriodGrain grain) {
  if (grain == v1::PERIOD_GRAIN_WEEK) return start + 7;
  const int months = MonthsOf(grain);
  return months == 0 ? start + 1 : AddMonths(start, months);
}

Period Between(Instant start, Instant end, const Calendar& calendar) {
  Period period{.start = start, .end = end};
  period.read_end = std::min(end, calendar.zone.StartOf(calendar.today + 1));
  period.start_day = calendar.zone.DayAt(start);
  period.end_day = calendar.zone.DayAt(end - 1) + 1;
  period.last_day = std::min(period.end_day - 1, calendar.today);
  period.partial = period.read_end < end;
  return period;
}

// One end of the range, as an instant; nothing where it is not given.
absl::StatusOr<std::optional<Instant>> EndOf(bool has_date, const google::type::Date& date, bool has_time,
                                             const google::protobuf::Timestamp& time, const Calendar& calendar,
                                             const std::string& field) {
  if (has_date && has_time)
    return error::InvalidField("query." + field + "_time", "FIELD_EXCLUSIVE", {{"other", field + "_date"}});
  if (has_time) return FromProto(time);
  if (!has_date) return std::nullopt;
  const absl::StatusOr<Day> day = FromProto(date);
  if (!day.ok() || *day == kNoDay) return error::InvalidField("query." + field + "_date", "DATE_INVALID");
  return calendar.zone.StartOf(*day);
}

}  // namespace

Day FirstDayOf(Day day, v1::PeriodGrain grain, int fiscal_start) {
  if (grain == v1::PERIOD_GRAIN_WEEK) {
    constexpr int kThursdayToMonday = 3;  // day 0 was a Thursday
    return day - ((day + kThursdayToMonday) % 7 + 7) % 7;
  }
  const int months = MonthsOf(grain);
  if (months == 0) return day;
  const YearMonthDay date = DateOf(day);
  const int since = ((date.month - fiscal_start) % months + months) % months;
  return AddMonths(DayOf({date.year, date.month, 1}), -since);
}

absl::StatusOr<std::vector<Period>> PeriodsOf(const v1::IndicatorQuery& query, const Calendar& asked) {
  Calendar calendar = asked;
  if (query.fiscal_year_start_month() != 0) calendar.fiscal_year_start_month = query.fiscal_year_start_month();
  const auto first =
      EndOf(query.has_start_date(), query.start_date(), query.has_start_time(), query.start_time(), calendar, "start");
  if (!first.ok()) return first.status();
  const auto last =
      EndOf(query.has_end_date(), query.end_date(), query.has_end_time(), query.end_time(), calendar, "end");
  if (!last.ok()) return last.status();
  const TimeZone& zone = calendar.zone;
  const v1::PeriodGrain grain = query.grain();
  const Day current = FirstDayOf(calendar.today, grain, calendar.fiscal_year_start_month);
  const Instant end = last->value_or(zone.StartOf(NextOf(current, grain)));
  const Instant start =
      first->value_or(zone.StartOf(FirstDayOf(zone.DayAt(end - 1), grain, calendar.fiscal_year_start_month)));
  const std::string start_field = query.has_start_time() ? "query.start_time" : "query.start_date";
  if (zone.DayAt(start) > calendar.today) {
    return error::InvalidField(start_field, "FUTURE_DATE", {{"value", FormatInstant(start)}});
  }
  if (start >= end) {
    return error::InvalidField(query.has_end_time() ? "query.end_time" : "query.end_date", "DATE_ORDER",
                               {{"other", FormatInstant(start)}});
  }
  if (grain == v1::PERIOD_GRAIN_UNSPECIFIED) return std::vector<Period>{Between(start, end, calendar)};
  std::vector<Period> periods;
  for (Day day = FirstDayOf(zone.DayAt(start), grain, calendar.fiscal_year_start_month);
       day <= calendar.today && zone.StartOf(day) < end; day = NextOf(day, grain)) {
    if (std::ssize(periods) == kPeriodsMax) {
      return error::InvalidField("query.grain", "FIELD_TOO_MANY_ITEMS", {{"maximum", std::to_string(kPeriodsMax)}});
    }
    periods.push_back(
        Between(std::max(start, zone.StartOf(day)), std::min(end, zone.StartOf(NextOf(day, grain))), calendar));
  }
  return periods;
}

Period ComparedWith(const Period& period, v1::ComparisonBase base, v1::PeriodGrain grain, bool whole,
                    const Calendar& calendar) {
  const TimeZone& zone = calendar.zone;
  // Whole days and grains move by the calendar, over changes of the clock; anything else moves by its length.
  const auto shifted = [&zone](Instant instant, int months, int days) {
    const Day day = zone.DayAt(instant);
    return zone.StartOf(AddMonths(day, months) + days) + (instant - zone.StartOf(day));
  };
  Instant start = period.start - (period.end - period.start);
  Instant end = period.start;
  if (base == v1::COMPARISON_BASE_YEAR_BEFORE) {
    const bool weeks = grain == v1::PERIOD_GRAIN_WEEK;  // a week keeps its days
    start = shifted(period.start, weeks ? 0 : -kMonthsInYear, weeks ? -kDaysInYearOfWeeks : 0);
    end = shifted(period.end, weeks ? 0 : -kMonthsInYear, weeks ? -kDaysInYearOfWeeks : 0);
  } else if (MonthsOf(grain) != 0 && zone.StartOf(NextOf(period.start_day, grain)) == period.end) {
    start = shifted(period.start, -MonthsOf(grain), 0);
  } else if (zone.StartOf(period.start_day) == period.start && zone.StartOf(period.end_day) == period.end) {
    start = zone.StartOf(period.start_day - period.days());
  }
  Period other = Between(start, end, calendar);
  if (!period.partial || whole) return other;
  other.last_day = std::min(other.last_day, other.start_day + period.elapsed_days() - 1);
  other.read_end = std::min(other.read_end, zone.StartOf(other.last_day + 1));
  other.partial = other.read_end < other.end;
  return other;
}

void FillPeriod(const Period& period, v1::IndicatorPeriod* message) {
  *message->mutable_start_time() = ToProtoTime(period.start);
  *message->mutable_end_time() = ToProtoTime(period.end);
  *message->mutable_start_date() = ToProtoDate(period.start_day);
  *message->mutable_end_date() = ToProtoDate(period.end_day);
  message->set_partial(period.partial);
  message->set_elapsed_share(period.partial ? static_cast<double>(period.elapsed_days()) / period.days() : 1);
}

}  // namespace folio::indicators
