// Exact decimal numbers as people write them, in English or in French.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "google/type/money.pb.h"

namespace folio::cli {

// A number with nine digits after the point: what google.type.Money holds.
class Decimal {
 public:
  Decimal() = default;
  static Decimal FromNanos(absl::int128 nanos) { return Decimal(nanos); }
  static Decimal FromUnits(int64_t units) { return Decimal(absl::int128(units) * kNanosPerUnit); }
  static Decimal FromMoney(const google::type::Money& money);

  absl::int128 nanos() const { return nanos_; }
  bool IsWhole() const { return nanos_ % kNanosPerUnit == 0; }
  int64_t units() const { return static_cast<int64_t>(nanos_ / kNanosPerUnit); }
  double ToDouble() const { return static_cast<double>(nanos_) / 1e9; }
  google::type::Money ToMoney(std::string currency) const;

  // With two digits after the point, the nearest; halves go away from zero.
  Decimal RoundedToCents() const;

  // "1234.50": exact, with at least so many digits after the point.
  std::string ToString(int digits) const;

  friend bool operator==(const Decimal&, const Decimal&) = default;

  static constexpr int64_t kNanosPerUnit = 1'000'000'000;

 private:
  explicit Decimal(absl::int128 nanos) : nanos_(nanos) {}

  absl::int128 nanos_ = 0;
};

// How numbers are written. With `mark` ('.' or ',') that character is the decimal mark and the other one groups
// thousands. With 0 it is found out for each number; where both readings are possible ("1,234"), `fallback` is the
// mark.
struct DecimalStyle {
  char mark = 0;
  char fallback = '.';
};

// "1234.5", "12 000,50" (any kind of space), "1,234.56", "1.234,56", "-7", "1'000". Faults: NUMBER_MALFORMED,
// NUMBER_TOO_LARGE (more than 18 digits before the mark), NUMBER_TOO_FINE (more than 9 after it).
absl::StatusOr<Decimal> ParseDecimal(std::string_view text, const DecimalStyle& style = {});

// The product, exactly; faults NUMBER_TOO_LARGE and NUMBER_TOO_FINE.
absl::StatusOr<Decimal> Multiply(Decimal a, Decimal b);

// A number with an optional currency before or after it: "1200 EUR", "EUR 1200", "1 200,50 €", "$1,200". Without one,
// `currency` is taken; where that is empty too: CURRENCY_MISSING. "$" is `currency` where that is some dollar, else
// USD.
absl::StatusOr<google::type::Money> ParseMoney(std::string_view text, const std::string& currency,
                                               const DecimalStyle& style = {});

// Without the spaces (of any kind) around it.
std::string_view Trim(std::string_view text);

}  // namespace folio::cli
