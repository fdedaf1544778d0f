#include "server/base/date.h"

#include <date/date.h>
#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace folio {
namespace {

using std::chrono::microseconds;
using SysMicros = std::chrono::time_point<std::chrono::system_clock, microseconds>;

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kSecondsPerDay = 86'400;
constexpr int64_t kMicrosPerDay = kSecondsPerDay * kMicrosPerSecond;
constexpr int kNanosPerMicro = 1'000;
constexpr int kYearMin = 1;
constexpr int kYearMax = 9999;
// The years 1 to 9999, which is what timestamps may tell.
constexpr int64_t kSecondsMin = -62'135'596'800;
constexpr int64_t kSecondsMax = 253'402'300'799;

absl::Status Malformed(const char* what) { return absl::InvalidArgumentError(what); }

date::year_month_day Calendar(YearMonthDay date) {
  return date::year(date.year) / date::month(static_cast<unsigned>(date.month)) /
         date::day(static_cast<unsigned>(date.day));
}

date::year_month_day Calendar(Day day) { return date::sys_days(date::days(day)); }

Day DayNumber(const date::year_month_day& date) {
  return static_cast<Day>(date::sys_days(date).time_since_epoch().count());
}

// Nothing where it is not a date that exists, of the years 1 to 9999.
std::optional<Day> CheckedDay(YearMonthDay date) {
  if (date.year < kYearMin || date.year > kYearMax || date.month < 1 || date.month > 12 || date.day < 1 ||
      date.day > 31 || !Calendar(date).ok()) {
    return std::nullopt;
  }
  return DayOf(date);
}

// Reads a text from its beginning to its end; each step is false where the text is not as expected.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool Digits(size_t count, int* value) {
    const std::string_view digits = rest_.substr(0, count);
    if (digits.size() < count || digits.find_first_not_of("0123456789") != std::string_view::npos) return false;
    rest_.remove_prefix(count);
    return std::from_chars(digits.data(), digits.data() + count, *value).ec == std::errc();
  }

  bool OneOf(std::string_view accepted, char* which = nullptr) {
    if (rest_.empty() || accepted.find(rest_.front()) == std::string_view::npos) return false;
    if (which != nullptr) *which = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }

  bool Date(YearMonthDay* date) {
    return Digits(4, &date->year) && OneOf("-") && Digits(2, &date->month) && OneOf("-") && Digits(2, &date->day);
  }

  // ".25" as microseconds, further digits cut off; nothing read is 0.
  bool Fraction(int* micros) {
    *micros = 0;
    if (!OneOf(".")) return true;
    size_t count = 0;
    for (int digit; Digits(1, &digit); ++count) {
      if (count < 6) *micros = *micros * 10 + digit;
    }
    for (size_t i = count; i < 6; ++i) *micros *= 10;
    return count > 0;
  }

  // "Z" or "+01:30", as minutes.
  bool Offset(int* minutes) {
    char sign = 0;
    if (!OneOf("Zz+-", &sign)) return false;
    *minutes = 0;
    if (sign != '+' && sign != '-') return true;
    int hours = 0;
    if (!Digits(2, &hours) || !OneOf(":") || !Digits(2, minutes) || hours > 23 || *minutes > 59) return false;
    *minutes = (hours * 60 + *minutes) * (sign == '-' ? -1 : 1);
    return true;
  }

  bool AtEnd() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

Day FloorDay(int64_t micros) { return static_cast<Day>(date::floor<date::days>(microseconds(micros)).count()); }

const date::time_zone& Zone(const void* zone) { return *static_cast<const date::time_zone*>(zone); }

}  // namespace

Day DayOf(YearMonthDay date) { return DayNumber(Calendar(date)); }

YearMonthDay DateOf(Day day) {
  const date::year_month_day date = Calendar(day);
  return {static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
          static_cast<int>(static_cast<unsigned>(date.day()))};
}

Day AddMonths(Day day, int months) {
  const date::year_month_day moved = Calendar(day) + date::months(months);
  return DayNumber(moved.ok() ? moved : date::year_month_day(moved.year() / moved.month() / date::last));
}

absl::StatusOr<Day> ParseDay(std::string_view text) {
  Reader reader(text);
  YearMonthDay date;
  if (!reader.Date(&date) || !reader.AtEnd()) return Malformed("not a date");
  const std::optional<Day> day = CheckedDay(date);
  if (!day) return Malformed("no such date");
  return *day;
}

std::string FormatDay(Day day) {
  if (day == kNoDay) return "";
  const YearMonthDay date = DateOf(day);
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

absl::StatusOr<Day> FromProto(const google::type::Date& date) {
  if (date.year() == 0 && date.month() == 0 && date.day() == 0) return kNoDay;
  const std::optional<Day> day = CheckedDay({date.year(), date.month(), date.day()});
  if (!day) return Malformed("no such date");
  return *day;
}

google::type::Date ToProtoDate(Day day) {
  google::type::Date proto;
  if (day == kNoDay) return proto;
  const YearMonthDay date = DateOf(day);
  proto.set_year(date.year);
  proto.set_month(date.month);
  proto.set_day(date.day);
  return proto;
}

Instant FromProto(const google::protobuf::Timestamp& time) {
  // Held within the years 1 to 9999, so that no number of a client overflows.
  const int64_t seconds = std::clamp(time.seconds(), kSecondsMin, kSecondsMax);
  return seconds * kMicrosPerSecond + std::clamp(time.nanos(), 0, 999'999'999) / kNanosPerMicro;
}

google::protobuf::Timestamp ToProtoTime(Instant instant) {
  google::protobuf::Timestamp time;
  if (instant == kNoInstant) return time;
  const auto seconds = date::floor<std::chrono::seconds>(microseconds(instant));
  time.set_seconds(seconds.count());
  time.set_nanos(static_cast<int32_t>(instant - seconds.count() * kMicrosPerSecond) * kNanosPerMicro);
  return time;
}

absl::StatusOr<Instant> ParseInstant(std::string_view text) {
  Reader reader(text);
  YearMonthDay date;
  int hour = 0, minute = 0, second = 0, micros = 0, offset = 0;
  const bool formed = reader.Date(&date) && reader.OneOf("Tt") && reader.Digits(2, &hour) && reader.OneOf(":") &&
                      reader.Digits(2, &minute) && reader.OneOf(":") && reader.Digits(2, &second) &&
                      reader.Fraction(&micros) && reader.Offset(&offset) && reader.AtEnd();
  if (!formed) return Malformed("not an instant");
  const std::optional<Day> day = CheckedDay(date);
  if (!day || hour > 23 || minute > 59 || second > 59) return Malformed("no such instant");
  const int64_t seconds = *day * kSecondsPerDay + hour * 3600 + (minute - offset) * 60 + second;
  if (seconds < kSecondsMin || seconds > kSecondsMax) return Malformed("an instant beyond the years 1 to 9999");
  return seconds * kMicrosPerSecond + micros;
}

std::string FormatInstant(Instant instant) {
  if (instant == kNoInstant) return "";
  const Day day = FloorDay(instant);
  const int64_t rest = instant - day * kMicrosPerDay;
  const int64_t second = rest / kMicrosPerSecond;
  const int64_t micros = rest % kMicrosPerSecond;
  std::string text = fmt::format("{}T{:02}:{:02}:{:02}", FormatDay(day), second / 3600, second / 60 % 60, second % 60);
  if (micros % 1000 != 0) {
    text += fmt::format(".{:06}", micros);
  } else if (micros != 0) {
    text += fmt::format(".{:03}", micros / 1000);
  }
  return text + "Z";
}

absl::StatusOr<TimeZone> TimeZone::Load(std::string_view name) {
  if (name.empty() || name == "UTC") return TimeZone(nullptr);
  try {
    return TimeZone(date::locate_zone(name));
  } catch (const std::runtime_error&) {
    return Malformed("no such time zone");
  }
}

Day TimeZone::DayAt(Instant instant) const {
  if (zone_ == nullptr) return FloorDay(instant);
  const auto local = Zone(zone_).to_local(SysMicros(microseconds(instant)));
  return FloorDay(local.time_since_epoch().count());
}

Instant TimeZone::StartOf(Day day) const {
  if (zone_ == nullptr) return day * kMicrosPerDay;
  // Where clocks go forward at midnight the day begins when they do; where midnight comes twice, at the first.
  const date::local_days midnight{date::days(day)};
  const date::local_info info = Zone(zone_).get_info(midnight);
  if (info.result == date::local_info::nonexistent) {
    return std::chrono::duration_cast<microseconds>(info.second.begin.time_since_epoch()).count();
  }
  const auto seconds = midnight.time_since_epoch() - info.first.offset;
  return std::chrono::duration_cast<microseconds>(seconds).count();
}

}  // namespace folio
