#include "client/cli/value/decimal.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "client/cli/value/fault.h"

namespace folio::cli {
namespace {

// Characters that group thousands: spaces of all widths and apostrophes. All become ' '.
constexpr std::array<std::string_view, 6> kGroupMarks = {"\u00a0", "\u202f", "\u2009", "'", "\u2019", " "};
constexpr std::string_view kMinus = "\u2212";
constexpr size_t kWholeDigitsMax = 18;
constexpr size_t kFractionDigitsMax = 9;

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kSymbols = {
    {{"€", "EUR"}, {"£", "GBP"}, {"¥", "JPY"}, {"$", "USD"}}};
constexpr std::array<std::string_view, 6> kDollars = {"USD", "CAD", "AUD", "NZD", "HKD", "SGD"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

absl::Status Malformed(std::string_view text) {
  return BadValue("NUMBER_MALFORMED", Quoted(text) + " is not a number.", Quoted(text) + " n'est pas un nombre.");
}

absl::Status TooLarge(std::string_view text) {
  return BadValue("NUMBER_TOO_LARGE", Quoted(text) + " is too large.", Quoted(text) + " est trop grand.");
}

absl::Status TooFine(std::string_view text) {
  return BadValue("NUMBER_TOO_FINE", Quoted(text) + " has more than 9 digits after the decimal mark.",
                  Quoted(text) + " a plus de 9 chiffres après la virgule.");
}

// Digits and marks only: every group mark a space, every minus a '-'.
std::string Simplify(std::string_view text) {
  std::string simple;
  while (!text.empty()) {
    const auto* group = std::find_if(kGroupMarks.begin(), kGroupMarks.end(),
                                     [&](std::string_view mark) { return text.starts_with(mark); });
    if (group != kGroupMarks.end()) {
      simple += ' ';
      text.remove_prefix(group->size());
    } else if (text.starts_with(kMinus)) {
      simple += '-';
      text.remove_prefix(kMinus.size());
    } else {
      simple += text.front();
      text.remove_prefix(1);
    }
  }
  return simple;
}

// Which character is the decimal mark of a number, 0 where it has none.
char DecimalMark(std::string_view number, const DecimalStyle& style) {
  if (style.mark != 0) return style.mark;
  const size_t point = number.rfind('.');
  const size_t comma = number.rfind(',');
  if (point == std::string_view::npos && comma == std::string_view::npos) return 0;
  if (point != std::string_view::npos && comma != std::string_view::npos) return point > comma ? '.' : ',';
  const char mark = point == std::string_view::npos ? ',' : '.';
  const size_t at = number.find(mark);
  if (number.rfind(mark) != at) return mark == '.' ? ',' : '.';  // twice: it groups
  const bool could_group = number.size() - at - 1 == 3 && at >= 1 && at <= 3 && number[0] != '0';
  if (could_group && mark != style.fallback) return style.fallback;
  return mark;
}

// The digits of the whole part. Groups, where there are any, must be of three digits and all divided by the same mark.
bool ReadWhole(std::string_view text, char decimal_mark, std::string* digits) {
  char group = 0;
  size_t run = 0;
  for (const char c : text) {
    if (IsDigit(c)) {
      *digits += c;
      ++run;
      continue;
    }
    const bool may_group = c == ' ' || ((c == '.' || c == ',') && c != decimal_mark);
    if (!may_group || (group != 0 && (c != group || run != 3)) || run == 0 || run > 3) return false;
    group = c;
    run = 0;
  }
  return group == 0 || run == 3;
}

bool AllDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit); }

// The currency that a text begins or ends with, taken off it; empty where there is none.
std::string TakeCurrency(std::string_view* text, const std::string& currency) {
  for (const auto& [symbol, code] : kSymbols) {
    const bool before = text->starts_with(symbol);
    if (!before && !text->ends_with(symbol)) continue;
    if (before)
      text->remove_prefix(symbol.size());
    else
      text->remove_suffix(symbol.size());
    const bool own_dollar = symbol == "$" && std::find(kDollars.begin(), kDollars.end(), currency) != kDollars.end();
    return own_dollar ? currency : std::string(code);
  }
  const auto is_code = [](std::string_view code) {
    return std::all_of(code.begin(), code.end(), [](unsigned char c) { return c < 128 && std::isalpha(c) != 0; });
  };
  if (text->size() < 4) return "";
  std::string code;
  if (is_code(text->substr(0, 3))) {
    code = text->substr(0, 3);
    text->remove_prefix(3);
  } else if (is_code(text->substr(text->size() - 3))) {
    code = text->substr(text->size() - 3);
    text->remove_suffix(3);
  }
  std::transform(code.begin(), code.end(), code.begin(), [](unsigned char c) { return std::toupper(c); });
  return code;
}

}  // namespace

std::string_view Trim(std::string_view text) {
  constexpr std::array<std::string_view, 7> kSpaces = {" ", "\t", "\r", "\n", "\u00a0", "\u202f", "\ufeff"};
  const auto leading = [&] {
    return std::find_if(kSpaces.begin(), kSpaces.end(), [&](std::string_view s) { return text.starts_with(s); });
  };
  const auto trailing = [&] {
    return std::find_if(kSpaces.begin(), kSpaces.end(), [&](std::string_view s) { return text.ends_with(s); });
  };
  for (const auto* space = leading(); space != kSpaces.end(); space = leading()) text.remove_prefix(space->size());
  for (const auto* space = trailing(); space != kSpaces.end(); space = trailing()) text.remove_suffix(space->size());
  return text;
}

Decimal Decimal::FromMoney(const google::type::Money& money) {
  return FromNanos(absl::int128(money.units()) * kNanosPerUnit + money.nanos());
}

google::type::Money Decimal::ToMoney(std::string currency) const {
  google::type::Money money;
  money.set_currency_code(std::move(currency));
  money.set_units(units());
  money.set_nanos(static_cast<int32_t>(nanos_ % kNanosPerUnit));
  return money;
}

Decimal Decimal::RoundedToCents() const {
  constexpr int64_t kNanosPerCent = kNanosPerUnit / 100;
  const absl::int128 half = nanos_ < 0 ? -kNanosPerCent / 2 : kNanosPerCent / 2;
  return Decimal((nanos_ + half) / kNanosPerCent * kNanosPerCent);
}

std::string Decimal::ToString(int digits) const {
  const absl::int128 magnitude = nanos_ < 0 ? -nanos_ : nanos_;
  std::string fraction = std::to_string(static_cast<int64_t>(magnitude % kNanosPerUnit));
  fraction.insert(0, kFractionDigitsMax - fraction.size(), '0');
  while (static_cast<int>(fraction.size()) > digits && fraction.ends_with('0')) fraction.pop_back();
  std::string text = nanos_ < 0 ? "-" : "";
  text += std::to_string(static_cast<int64_t>(magnitude / kNanosPerUnit));
  if (!fraction.empty()) text += '.' + fraction;
  return text;
}

absl::StatusOr<Decimal> ParseDecimal(std::string_view text, const DecimalStyle& style) {
  const std::string simple = Simplify(Trim(text));
  std::string_view number = simple;
  const bool negative = number.starts_with('-');
  if (negative || number.starts_with('+')) number.remove_prefix(1);
  const char mark = DecimalMark(number, style);
  const size_t at = mark == 0 ? std::string_view::npos : number.rfind(mark);
  std::string whole;
  std::string fraction(at == std::string_view::npos ? std::string_view() : number.substr(at + 1));
  if (!ReadWhole(number.substr(0, at), mark, &whole) || !AllDigits(fraction) || (whole.empty() && fraction.empty())) {
    return Malformed(text);
  }
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  while (fraction.ends_with('0')) fraction.pop_back();
  if (whole.size() > kWholeDigitsMax) return TooLarge(text);
  if (fraction.size() > kFractionDigitsMax) return TooFine(text);
  fraction.append(kFractionDigitsMax - fraction.size(), '0');
  absl::int128 nanos = 0;
  for (const char digit : whole + fraction) nanos = nanos * 10 + (digit - '0');
  return Decimal::FromNanos(negative ? -nanos : nanos);
}

absl::StatusOr<Decimal> Multiply(Decimal a, Decimal b) {
  // Both are below 10^27, so the product could leave 128 bits: whole units first, then what is behind the point.
  const absl::int128 limit = absl::int128(1'000'000'000'000'000'000) * Decimal::kNanosPerUnit;
  const absl::int128 units = a.nanos() / Decimal::kNanosPerUnit;
  const absl::int128 rest = a.nanos() % Decimal::kNanosPerUnit;
  const absl::int128 size = b.nanos() < 0 ? -b.nanos() : b.nanos();
  const absl::int128 count = units < 0 ? -units : units;
  if (size != 0 && count > limit / size) return TooLarge(a.ToString(0));
  if (size > absl::Int128Max() / Decimal::kNanosPerUnit) return TooLarge(b.ToString(0));
  const absl::int128 fine = rest * b.nanos();
  if (fine % Decimal::kNanosPerUnit != 0) return TooFine(a.ToString(0) + " × " + b.ToString(0));
  return Decimal::FromNanos(units * b.nanos() + fine / Decimal::kNanosPerUnit);
}

absl::StatusOr<google::type::Money> ParseMoney(std::string_view text, const std::string& currency,
                                               const DecimalStyle& style) {
  std::string_view number = Trim(text);
  std::string own = TakeCurrency(&number, currency);
  absl::StatusOr<Decimal> amount = ParseDecimal(number, style);
  if (!amount.ok()) return Malformed(text);
  if (own.empty()) own = currency;
  if (own.empty()) {
    return BadValue("CURRENCY_MISSING", Quoted(text) + " has no currency; write it as in '1200 EUR'.",
                    Quoted(text) + " n'a pas de devise ; écrivez par exemple « 1200 EUR ».");
  }
  return amount->ToMoney(std::move(own));
}

}  // namespace folio::cli
