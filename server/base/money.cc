#include "server/base/money.h"

#include <charconv>
#include <cstdlib>

namespace folio {
namespace {

constexpr int kNanosPerMicro = 1'000;
constexpr size_t kDecimalsMax = 6;
constexpr size_t kDecimalsMin = 2;
// Digits of the largest accepted units.
constexpr size_t kUnitDigitsMax = 10;

absl::Status Malformed() { return absl::InvalidArgumentError("not an amount"); }

// A number of digits only; false for anything else, the empty text too.
bool ParseDigits(std::string_view text, int64_t* value) {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return std::from_chars(text.data(), text.data() + text.size(), *value).ec == std::errc();
}

}  // namespace

absl::StatusOr<Micros> FromProto(const google::type::Money& money) {
  const int64_t units = money.units();
  const int64_t nanos = money.nanos();
  constexpr int64_t kMaxUnits = kMaxMicros / kMicrosPerUnit;
  if (units < -kMaxUnits || units > kMaxUnits || std::abs(nanos) >= kMicrosPerUnit * kNanosPerMicro) return Malformed();
  if ((units > 0 && nanos < 0) || (units < 0 && nanos > 0) || nanos % kNanosPerMicro != 0) return Malformed();
  const Micros micros = units * kMicrosPerUnit + nanos / kNanosPerMicro;
  if (micros < -kMaxMicros || micros > kMaxMicros) return Malformed();
  return micros;
}

google::type::Money ToProtoMoney(Micros micros, std::string_view currency) {
  google::type::Money money;
  money.set_currency_code(std::string(currency));
  money.set_units(micros / kMicrosPerUnit);
  money.set_nanos(static_cast<int32_t>(micros % kMicrosPerUnit) * kNanosPerMicro);
  return money;
}

absl::StatusOr<Micros> ParseMicros(std::string_view decimal) {
  const bool negative = decimal.starts_with('-');
  if (negative) decimal.remove_prefix(1);
  const size_t point = decimal.find('.');
  std::string_view whole = decimal.substr(0, point);
  while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
  std::string fraction(point == std::string_view::npos ? "0" : decimal.substr(point + 1));
  if (fraction.empty()) return Malformed();
  while (fraction.size() > kDecimalsMax && fraction.back() == '0') fraction.pop_back();
  int64_t units = 0;
  int64_t millionths = 0;
  if (whole.size() > kUnitDigitsMax || fraction.size() > kDecimalsMax) return Malformed();
  fraction.resize(kDecimalsMax, '0');
  if (!ParseDigits(whole, &units) || !ParseDigits(fraction, &millionths)) return Malformed();
  const Micros micros = units * kMicrosPerUnit + millionths;
  if (micros > kMaxMicros) return Malformed();
  return negative ? -micros : micros;
}

std::string FormatMicros(Micros micros) {
  // Unsigned, for the smallest integer has no positive counterpart.
  const uint64_t size = micros < 0 ? 0 - static_cast<uint64_t>(micros) : static_cast<uint64_t>(micros);
  std::string fraction = std::to_string(size % kMicrosPerUnit);
  fraction.insert(0, kDecimalsMax - fraction.size(), '0');
  while (fraction.size() > kDecimalsMin && fraction.back() == '0') fraction.pop_back();
  return (micros < 0 ? "-" : "") + std::to_string(size / kMicrosPerUnit) + "." + fraction;
}

Micros Twelfth(Micros micros) {
  constexpr int64_t kTwelve = 12;
  const Micros quotient = micros / kTwelve;
  const int64_t twice_rest = std::abs(micros % kTwelve) * 2;
  const bool away = twice_rest > kTwelve || (twice_rest == kTwelve && quotient % 2 != 0);
  if (!away) return quotient;
  return micros < 0 ? quotient - 1 : quotient + 1;
}

}  // namespace folio
