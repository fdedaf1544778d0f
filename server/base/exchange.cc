#include "server/base/exchange.h"

#include <charconv>
#include <string>

#include "server/base/int128.h"

namespace folio {

namespace {

constexpr size_t kDigitsMax = 9;

bool AllDigits(std::string_view text) {
  return !text.empty() && text.size() <= kDigitsMax && text.find_first_not_of("0123456789") == std::string_view::npos;
}

int64_t NumberOf(std::string_view digits) {
  int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// Half to even. `divisor` is above zero.
absl::StatusOr<Micros> Divide(Int128 dividend, Int128 divisor) {
  const bool negative = dividend < 0;
  const Int128 size = negative ? -dividend : dividend;
  Int128 quotient = size / divisor;
  const Int128 twice_the_rest = (size % divisor) * 2;
  if (twice_the_rest > divisor || (twice_the_rest == divisor && quotient % 2 == 1)) ++quotient;
  if (quotient > kMaxMicros) return absl::OutOfRangeError("an amount beyond the largest");
  return static_cast<Micros>(negative ? -quotient : quotient);
}

}  // namespace

absl::StatusOr<Rate> ParseRate(std::string_view decimal) {
  const size_t point = decimal.find('.');
  const std::string_view whole = decimal.substr(0, point);
  std::string fraction(point == std::string_view::npos ? "0" : decimal.substr(point + 1));
  if (!AllDigits(whole) || !AllDigits(fraction)) return absl::InvalidArgumentError("not a rate");
  fraction.resize(kDigitsMax, '0');
  const Rate rate = NumberOf(whole) * kRateOne + NumberOf(fraction);
  if (rate == 0) return absl::InvalidArgumentError("a rate of zero");
  return rate;
}

absl::StatusOr<Micros> Exchange(Micros amount, Rate rate) { return Divide(Int128{amount} * rate, kRateOne); }

absl::StatusOr<Micros> ExchangeBack(Micros amount, Rate rate) { return Divide(Int128{amount} * kRateOne, rate); }

}  // namespace folio
