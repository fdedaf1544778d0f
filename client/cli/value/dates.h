// Dates and times as people write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"

namespace date {
class time_zone;
}

namespace folio::cli {

// Which of two numbers below 13 is the day in "03/04/2024".
enum class DayOrder { kUnknown, kDayFirst, kMonthFirst };

// How dates and times are written. A pattern is made of YYYY YY MM M MMM DD D HH H mm ss SSS Z and other characters,
// which stand for themselves: "DD/MM/YYYY HH:mm". MMM is a month's name, short or long, English or French; SSS a
// fraction of any length; Z an offset or "Z". "unix" and "unix_ms" are seconds and milliseconds since 1970. Without
// patterns, the usual ways of writing are tried.
struct DateStyle {
  std::vector<std::string> patterns;
  DayOrder order = DayOrder::kUnknown;
  const date::time_zone* zone = nullptr;  // for times without an offset; nullptr is UTC
};

// Faults: DATE_MALFORMED, DATE_AMBIGUOUS (the style does not say whether the day or the month comes first). The time of
// day, where there is one, is left out.
absl::StatusOr<google::type::Date> ParseDate(std::string_view text, const DateStyle& style);

// A date alone is the beginning of that day in the style's zone. Faults as above, but TIME_MALFORMED and
// TIME_AMBIGUOUS.
absl::StatusOr<google::protobuf::Timestamp> ParseTime(std::string_view text, const DateStyle& style);

// What a text like "13/04/2024" tells about the order; kUnknown where it tells nothing.
DayOrder OrderEvidence(std::string_view text);

// Fault TIME_ZONE_UNKNOWN where there is no IANA zone of that name. Empty means UTC.
absl::StatusOr<const date::time_zone*> FindZone(std::string_view name);

// "2024-12-31"; empty where the date is not set.
std::string FormatDate(const google::type::Date& date);
// "2024-12-31T10:00:00Z", with as many digits of the second as it takes.
std::string FormatTime(const google::protobuf::Timestamp& time);

}  // namespace folio::cli
