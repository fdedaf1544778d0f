// Matches a text with a pattern of value/dates.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace folio::cli {

// What a pattern has read. Numbers are as written: nothing says that the day exists.
struct DateParts {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int32_t nanos = 0;
  std::optional<int> offset_minutes;
};

// Nothing where the text, from end to end, is not of that form.
std::optional<DateParts> MatchPattern(std::string_view pattern, std::string_view text);

}  // namespace folio::cli
