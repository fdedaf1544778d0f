// Days and instants, as numbers. A day is a calendar date of the workspace; an instant is UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"

namespace folio {

// Days since 1970-01-01; kNoDay where there is none.
using Day = int32_t;
inline constexpr Day kNoDay = INT32_MIN;

// Microseconds since 1970-01-01T00:00:00Z; kNoInstant where there is none.
using Instant = int64_t;
inline constexpr Instant kNoInstant = INT64_MIN;

// A calendar date, taken apart.
struct YearMonthDay {
  int year = 0;
  int month = 0;
  int day = 0;
};

Day DayOf(YearMonthDay date);
YearMonthDay DateOf(Day day);

// The same day so many months later or earlier, or the month's last day where it has no such day.
Day AddMonths(Day day, int months);

// "2024-12-31"; INVALID_ARGUMENT (no details) where it is not a date of that form that exists.
absl::StatusOr<Day> ParseDay(std::string_view text);
std::string FormatDay(Day day);

// kNoDay for an unset date. INVALID_ARGUMENT (no details) where it is not a whole date that exists, year 1 to 9999.
absl::StatusOr<Day> FromProto(const google::type::Date& date);
google::type::Date ToProtoDate(Day day);

Instant FromProto(const google::protobuf::Timestamp& time);
google::protobuf::Timestamp ToProtoTime(Instant instant);

// RFC 3339, "2024-12-31T10:00:00Z" or with an offset; INVALID_ARGUMENT (no details) otherwise.
absl::StatusOr<Instant> ParseInstant(std::string_view text);
std::string FormatInstant(Instant instant);

// A time zone, for turning instants into days.
class TimeZone {
 public:
  // INVALID_ARGUMENT (no details) where there is no IANA zone of that name. Empty means UTC.
  static absl::StatusOr<TimeZone> Load(std::string_view name);

  // The calendar day on which an instant falls.
  Day DayAt(Instant instant) const;

  // The instant at which a day begins.
  Instant StartOf(Day day) const;

 private:
  explicit TimeZone(const void* zone) : zone_(zone) {}
  const void* zone_;  // a date::time_zone, which lives for ever; nullptr for UTC
};

}  // namespace folio
