// Exchange of money at a rate, exactly.
#pragma once

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "server/base/money.h"

namespace folio {

// Units of one currency for a unit of another, in billionths: always above zero.
using Rate = int64_t;
inline constexpr Rate kRateOne = 1'000'000'000;

// "1.0837" (exactly, no exponent, at most nine digits before the point and nine behind it). INVALID_ARGUMENT (no
// details) for anything else, and for zero.
absl::StatusOr<Rate> ParseRate(std::string_view decimal);

// What an amount is worth at a rate, and what an amount at a rate came of (the rate read backwards), rounded half to
// even to millionths. OUT_OF_RANGE (no details) where that is beyond kMaxMicros.
absl::StatusOr<Micros> Exchange(Micros amount, Rate rate);
absl::StatusOr<Micros> ExchangeBack(Micros amount, Rate rate);

}  // namespace folio
