#include "client/cli/value/dates.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <optional>

#include "client/cli/value/date_pattern.h"
#include "client/cli/value/decimal.h"
#include "client/cli/value/fault.h"
#include "date/date.h"
#include "date/tz.h"

namespace folio::cli {
namespace {

using google::protobuf::Timestamp;
using google::type::Date;

// Ways of writing a day that leave no doubt.
constexpr std::array<std::string_view, 7> kPlainDays = {"YYYY-MM-DD", "YYYY/MM/DD",  "YYYY.MM.DD", "YYYYMMDD",
                                                        "D MMM YYYY", "MMM D, YYYY", "D-MMM-YYYY"};
constexpr std::array<std::string_view, 4> kDayFirst = {"D/M/YYYY", "D.M.YYYY", "D-M-YYYY", "D/M/YY"};
constexpr std::array<std::string_view, 4> kMonthFirst = {"M/D/YYYY", "M.D.YYYY", "M-D-YYYY", "M/D/YY"};
// What may follow a day.
constexpr std::array<std::string_view, 13> kClocks = {
    "",      "THH:mm:ssZ", "THH:mm:ss.SSSZ", " HH:mm:ss",     " HH:mm",   "THH:mm:ss",     " HH:mm:ssZ",
    " H:mm", "THH:mm",     " HH:mm:ss.SSS",  "THH:mm:ss.SSS", " H:mm:ss", " HH:mm:ss.SSSZ"};

bool Exists(const DateParts& parts) {
  if (parts.year < 1 || parts.month < 1 || parts.day < 1) return false;
  const date::year_month_day day{date::year(parts.year), date::month(static_cast<unsigned>(parts.month)),
                                 date::day(static_cast<unsigned>(parts.day))};
  return day.ok() && parts.hour < 24 && parts.minute < 60 && parts.second < 61;
}

template <size_t N>
std::optional<DateParts> MatchAny(const std::array<std::string_view, N>& days, std::string_view text) {
  std::string pattern;
  const bool has_clock = text.find(':') != std::string_view::npos;
  for (const std::string_view clock : kClocks) {
    if (clock.empty() == has_clock) continue;
    for (const std::string_view day : days) {
      pattern.assign(day);
      pattern += clock;
      const std::optional<DateParts> parts = MatchPattern(pattern, text);
      if (parts && Exists(*parts)) return parts;
    }
  }
  return std::nullopt;
}

// The words in which a fault is told for a date or for a time.
struct Kind {
  std::string_view reason;
  std::string_view english;
  std::string_view french;
};
constexpr Kind kDate = {"DATE", "date", "une date"};
constexpr Kind kTime = {"TIME", "time", "une heure datée"};

absl::Status Malformed(std::string_view text, const Kind& kind) {
  return BadValue(std::string(kind.reason) + "_MALFORMED",
                  Quoted(text) + " is not a " + std::string(kind.english) + ".",
                  Quoted(text) + " n'est pas " + std::string(kind.french) + ".");
}

absl::Status Ambiguous(std::string_view text, const Kind& kind) {
  return BadValue(std::string(kind.reason) + "_AMBIGUOUS",
                  Quoted(text) + " may be read day first or month first; say which, for example \"DD/MM/YYYY\".",
                  Quoted(text) + " se lit jour ou mois d'abord ; précisez, par exemple « DD/MM/YYYY ».");
}

absl::StatusOr<DateParts> ReadParts(std::string_view text, const DateStyle& style, const Kind& kind) {
  text = Trim(text);
  for (const std::string& pattern : style.patterns) {
    const std::optional<DateParts> parts = MatchPattern(pattern, text);
    if (parts && Exists(*parts)) return *parts;
  }
  if (!style.patterns.empty()) return Malformed(text, kind);
  if (const std::optional<DateParts> parts = MatchAny(kPlainDays, text)) return *parts;
  const std::optional<DateParts> day_first = MatchAny(kDayFirst, text);
  const std::optional<DateParts> month_first = MatchAny(kMonthFirst, text);
  if (!day_first && !month_first) return Malformed(text, kind);
  if (style.order == DayOrder::kDayFirst && day_first) return *day_first;
  if (style.order == DayOrder::kMonthFirst && month_first) return *month_first;
  if (day_first && month_first && day_first->day != month_first->day) return Ambiguous(text, kind);
  return day_first ? *day_first : *month_first;
}

// Seconds or milliseconds since 1970, where the style says so.
std::optional<Timestamp> ReadUnix(std::string_view text, const DateStyle& style) {
  for (const std::string& pattern : style.patterns) {
    if (pattern != "unix" && pattern != "unix_ms") continue;
    const std::string_view digits = Trim(text);
    int64_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc() || end != digits.data() + digits.size()) continue;
    Timestamp time;
    const int64_t scale = pattern == "unix" ? 1 : 1000;
    int64_t seconds = number / scale;
    int64_t rest = number % scale;
    if (rest < 0) {
      rest += scale;
      --seconds;
    }
    time.set_seconds(seconds);
    time.set_nanos(static_cast<int32_t>(rest * 1'000'000));
    return time;
  }
  return std::nullopt;
}

Timestamp ToInstant(const DateParts& parts, const date::time_zone* zone) {
  const date::year_month_day day{date::year(parts.year), date::month(static_cast<unsigned>(parts.month)),
                                 date::day(static_cast<unsigned>(parts.day))};
  const date::local_seconds local = date::local_days(day) + std::chrono::hours(parts.hour) +
                                    std::chrono::minutes(parts.minute) + std::chrono::seconds(parts.second);
  date::sys_seconds instant(local.time_since_epoch());
  if (parts.offset_minutes) {
    instant -= std::chrono::minutes(*parts.offset_minutes);
  } else if (zone != nullptr) {
    instant = std::chrono::time_point_cast<std::chrono::seconds>(zone->to_sys(local, date::choose::earliest));
  }
  Timestamp time;
  time.set_seconds(instant.time_since_epoch().count());
  time.set_nanos(parts.nanos);
  return time;
}

}  // namespace

absl::StatusOr<Date> ParseDate(std::string_view text, const DateStyle& style) {
  absl::StatusOr<DateParts> parts = ReadParts(text, style, kDate);
  if (!parts.ok()) return parts.status();
  Date result;
  result.set_year(parts->year);
  result.set_month(parts->month);
  result.set_day(parts->day);
  return result;
}

absl::StatusOr<Timestamp> ParseTime(std::string_view text, const DateStyle& style) {
  if (const std::optional<Timestamp> time = ReadUnix(text, style)) return *time;
  absl::StatusOr<DateParts> parts = ReadParts(text, style, kTime);
  if (!parts.ok()) return parts.status();
  return ToInstant(*parts, style.zone);
}

DayOrder OrderEvidence(std::string_view text) {
  text = Trim(text);
  if (MatchAny(kPlainDays, text)) return DayOrder::kUnknown;
  const bool day_first = MatchAny(kDayFirst, text).has_value();
  const bool month_first = MatchAny(kMonthFirst, text).has_value();
  if (day_first == month_first) return DayOrder::kUnknown;
  return day_first ? DayOrder::kDayFirst : DayOrder::kMonthFirst;
}

absl::StatusOr<const date::time_zone*> FindZone(std::string_view name) {
  if (name.empty() || name == "UTC") return nullptr;
  try {
    return date::locate_zone(std::string(name));
  } catch (const std::exception&) {
    return BadValue("TIME_ZONE_UNKNOWN", "There is no time zone " + Quoted(name) + "; for example \"Europe/Paris\".",
                    "Le fuseau horaire " + Quoted(name) + " n'existe pas ; par exemple « Europe/Paris ».");
  }
}

std::string FormatDate(const Date& date) {
  if (date.year() == 0) return "";
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", date.year(), date.month(), date.day());
  return text.data();
}

std::string FormatTime(const Timestamp& time) {
  const date::sys_seconds instant{std::chrono::seconds(time.seconds())};
  std::string text = date::format("%FT%T", instant);
  if (time.nanos() != 0) {
    std::string fraction = std::to_string(time.nanos());
    fraction.insert(0, 9 - fraction.size(), '0');
    while (fraction.ends_with('0')) fraction.pop_back();
    text += '.' + fraction;
  }
  return text + 'Z';
}

}  // namespace folio::cli
