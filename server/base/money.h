// Money as an exact integer: millionths of the currency's unit. The currency is known from the context.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/type/money.pb.h"

namespace folio {

using Micros = int64_t;
inline constexpr Micros kMicrosPerUnit = 1'000'000;
// Largest amount accepted, either way: 9e9 units, so that a thousand such amounts still sum without overflow.
inline constexpr Micros kMaxMicros = 9'000'000'000 * kMicrosPerUnit;

// INVALID_ARGUMENT (no details) where units and nanos differ in sign, nanos are not whole millionths, or the amount is
// beyond kMaxMicros.
absl::StatusOr<Micros> FromProto(const google::type::Money& money);
google::type::Money ToProtoMoney(Micros micros, std::string_view currency);

// "1234.5" (exactly, no exponent) to micros and back with at least two decimals. INVALID_ARGUMENT (no details)
// otherwise.
absl::StatusOr<Micros> ParseMicros(std::string_view decimal);
std::string FormatMicros(Micros micros);

// A twelfth, rounded half to even.
Micros Twelfth(Micros micros);

}  // namespace folio
