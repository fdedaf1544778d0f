#include "client/cli/value/date_pattern.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

namespace folio::cli {
namespace {

// Beginnings of the months' names without accents, the longest of each first; longer ones before shorter that begin
// them.
constexpr std::array<std::pair<std::string_view, int>, 49> kMonths = {{
    {"january", 1},   {"janvier", 1},   {"janv", 1},    {"jan", 1},       {"february", 2},  {"fevrier", 2},
    {"fevr", 2},      {"feb", 2},       {"fev", 2},     {"march", 3},     {"mars", 3},      {"mar", 3},
    {"april", 4},     {"avril", 4},     {"avr", 4},     {"apr", 4},       {"may", 5},       {"mai", 5},
    {"juin", 6},      {"june", 6},      {"jun", 6},     {"juillet", 7},   {"juil", 7},      {"july", 7},
    {"jul", 7},       {"august", 8},    {"aout", 8},    {"aug", 8},       {"aou", 8},       {"september", 9},
    {"septembre", 9}, {"sept", 9},      {"sep", 9},     {"october", 10},  {"octobre", 10},  {"oct", 10},
    {"november", 11}, {"novembre", 11}, {"nov", 11},    {"december", 12}, {"decembre", 12}, {"dec", 12},
    {"févr", 2},      {"fév", 2},       {"février", 2}, {"août", 8},      {"aoû", 8},       {"décembre", 12},
    {"déc", 12},
}};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Reads between `least` and `most` digits off the front of the text.
bool TakeNumber(std::string_view* text, size_t least, size_t most, int* number) {
  size_t length = 0;
  int value = 0;
  while (length < text->size() && length < most && IsDigit((*text)[length]))
    value = value * 10 + ((*text)[length++] - '0');
  if (length < least) return false;
  text->remove_prefix(length);
  *number = value;
  return true;
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (size_t i = 0; i < lower.size(); ++i) {
    const auto byte = static_cast<unsigned char>(lower[i]);
    if (byte < 0x80) lower[i] = static_cast<char>(std::tolower(byte));
    // Capital letters of Latin-1 lie 32 below the small ones, behind the same lead byte.
    if (byte == 0xc3 && i + 1 < lower.size() && static_cast<unsigned char>(lower[i + 1]) < 0xa0) {
      ++i;
      lower[i] = static_cast<char>(static_cast<unsigned char>(lower[i]) + 0x20);
    }
  }
  return lower;
}

bool TakeMonthName(std::string_view* text, int* month) {
  const std::string lower = LowerCase(*text);
  size_t best = 0;
  for (const auto& [name, number] : kMonths) {
    if (name.size() <= best || !std::string_view(lower).starts_with(name)) continue;
    best = name.size();
    *month = number;
  }
  if (best == 0) return false;
  text->remove_prefix(best);
  if (text->starts_with('.')) text->remove_prefix(1);
  return true;
}

bool TakeFraction(std::string_view* text, int32_t* nanos) {
  size_t length = 0;
  int64_t value = 0;
  for (; length < text->size() && IsDigit((*text)[length]); ++length) {
    if (length < 9) value = value * 10 + ((*text)[length] - '0');
  }
  if (length == 0) return false;
  for (size_t digits = length; digits < 9; ++digits) value *= 10;
  text->remove_prefix(length);
  *nanos = static_cast<int32_t>(value);
  return true;
}

bool TakeOffset(std::string_view* text, std::optional<int>* offset) {
  if (text->starts_with('Z') || text->starts_with('z')) {
    text->remove_prefix(1);
    *offset = 0;
    return true;
  }
  if (!text->starts_with('+') && !text->starts_with('-')) return false;
  const int sign = text->front() == '-' ? -1 : 1;
  text->remove_prefix(1);
  int hours = 0;
  int minutes = 0;
  if (!TakeNumber(text, 2, 2, &hours)) return false;
  if (text->starts_with(':')) text->remove_prefix(1);
  if (!text->empty() && !TakeNumber(text, 2, 2, &minutes)) return false;
  *offset = sign * (hours * 60 + minutes);
  return true;
}

// One element of a pattern, taken off the front of both; false where the text does not fit.
bool TakeElement(std::string_view* pattern, std::string_view* text, DateParts* parts) {
  const auto token = [&](std::string_view name) {
    if (!pattern->starts_with(name)) return false;
    pattern->remove_prefix(name.size());
    return true;
  };
  if (token("YYYY")) return TakeNumber(text, 4, 4, &parts->year);
  if (token("YY")) {
    if (!TakeNumber(text, 2, 2, &parts->year)) return false;
    parts->year += parts->year < 69 ? 2000 : 1900;  // as POSIX reads two digits
    return true;
  }
  if (token("MMMM") || token("MMM")) return TakeMonthName(text, &parts->month);
  if (token("MM")) return TakeNumber(text, 2, 2, &parts->month);
  if (token("M")) return TakeNumber(text, 1, 2, &parts->month);
  if (token("DD")) return TakeNumber(text, 2, 2, &parts->day);
  if (token("D")) return TakeNumber(text, 1, 2, &parts->day);
  if (token("HH")) return TakeNumber(text, 2, 2, &parts->hour);
  if (token("H")) return TakeNumber(text, 1, 2, &parts->hour);
  if (token("mm")) return TakeNumber(text, 2, 2, &parts->minute);
  if (token("ss")) return TakeNumber(text, 2, 2, &parts->second);
  if (token("SSS")) return TakeFraction(text, &parts->nanos);
  if (token("Z")) return TakeOffset(text, &parts->offset_minutes);
  if (text->empty() || text->front() != pattern->front()) return false;
  pattern->remove_prefix(1);
  text->remove_prefix(1);
  return true;
}

}  // namespace

std::optional<DateParts> MatchPattern(std::string_view pattern, std::string_view text) {
  DateParts parts;
  while (!pattern.empty()) {
    if (!TakeElement(&pattern, &text, &parts)) return std::nullopt;
  }
  if (!text.empty()) return std::nullopt;
  return parts;
}

}  // namespace folio::cli
