// Units of figures, and what becomes of them in arithmetic.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace folio::formula {

// A product of powers. Where all are 0, `plain` says what kind of number it is.
struct Unit {
  enum class Plain : uint8_t {
    kNumber,  // written in a formula: takes the unit of what it is added to, unless that is money or a duration
    kRatio,
    kCount,
  };

  int8_t money = 0;     // in the workspace's currency
  int8_t duration = 0;  // in days
  int8_t points = 0;
  int8_t scale = 0;  // answers on a scale from 1 to 7
  Plain plain = Plain::kNumber;

  bool is_plain() const { return money == 0 && duration == 0 && points == 0 && scale == 0; }
  bool operator==(const Unit&) const = default;
};

namespace units {
inline constexpr Unit kNumber{};
inline constexpr Unit kRatio{.plain = Unit::Plain::kRatio};
inline constexpr Unit kCount{.plain = Unit::Plain::kCount};
inline constexpr Unit kMoney{.money = 1};
inline constexpr Unit kDuration{.duration = 1};
inline constexpr Unit kPoints{.points = 1};
inline constexpr Unit kScale{.scale = 1};
}  // namespace units

// "money", "ratio", "count", "duration", "points", "scale", "number"; of others "money / duration", "money * money".
std::string NameOf(const Unit& unit);

// Of a sum, a difference, or a choice of two; absent where they do not go together: money and a count, a ratio and a
// count, money and a number.
std::optional<Unit> SumOf(const Unit& left, const Unit& right);

// Money over money is a ratio, money over a count is money, a ratio of money is money.
Unit ProductOf(const Unit& left, const Unit& right);
Unit QuotientOf(const Unit& left, const Unit& right);

// Whether a figure can be in that unit: money, a ratio, a count, a duration, points, an answer on a scale, or money a
// day. A number that came of numbers alone is a ratio.
bool IsUnitOfFigure(const Unit& unit);

}  // namespace folio::formula
