#include "server/formula/unit.h"

#include <cstdlib>
#include <string_view>

namespace folio::formula {
namespace {

using Plain = Unit::Plain;

void AppendPowers(const Unit& unit, int sign, std::string* text) {
  const auto append = [&](int power, std::string_view name) {
    for (int i = 0; i < sign * power; ++i) {
      if (!text->empty()) *text += sign > 0 ? " * " : " / ";
      *text += name;
    }
  };
  append(unit.money, "money");
  append(unit.duration, "duration");
  append(unit.points, "points");
  append(unit.scale, "scale");
}

// Of a product; and of a quotient of two that differ: a ratio of a count is a count, as many as a count of a ratio.
Plain ProductOf(Plain left, Plain right) {
  if (left == Plain::kNumber) return right;
  if (right == Plain::kNumber) return left;
  return left == Plain::kRatio ? right : left;
}

Plain QuotientOf(Plain left, Plain right) {
  if (right == Plain::kNumber) return left;
  return left == Plain::kCount && right == Plain::kRatio ? Plain::kCount : Plain::kRatio;
}

// Powers that cancel out leave a ratio.
Unit Combined(const Unit& left, const Unit& right, int sign, Plain plain) {
  Unit unit{.money = static_cast<int8_t>(left.money + sign * right.money),
            .duration = static_cast<int8_t>(left.duration + sign * right.duration),
            .points = static_cast<int8_t>(left.points + sign * right.points),
            .scale = static_cast<int8_t>(left.scale + sign * right.scale),
            .plain = plain};
  const bool cancelled = unit.is_plain() && !left.is_plain();
  if (cancelled && plain == Plain::kNumber) unit.plain = Plain::kRatio;
  return unit;
}

}  // namespace

std::string NameOf(const Unit& unit) {
  if (unit.is_plain()) {
    if (unit.plain == Plain::kNumber) return "number";
    return unit.plain == Plain::kRatio ? "ratio" : "count";
  }
  std::string text;
  AppendPowers(unit, 1, &text);
  if (text.empty()) text = "1";
  AppendPowers(unit, -1, &text);
  return text;
}

std::optional<Unit> SumOf(const Unit& left, const Unit& right) {
  if (left == units::kNumber) {
    const bool takes_numbers = right.is_plain() || right == units::kPoints || right == units::kScale;
    return takes_numbers ? std::optional(right) : std::nullopt;
  }
  if (right == units::kNumber) return SumOf(right, left);
  const bool same = left.money == right.money && left.duration == right.duration && left.points == right.points &&
                    left.scale == right.scale;
  if (!same) return std::nullopt;
  if (left.is_plain() && left.plain != right.plain) return std::nullopt;
  return left;
}

Unit ProductOf(const Unit& left, const Unit& right) {
  return Combined(left, right, 1, ProductOf(left.plain, right.plain));
}

Unit QuotientOf(const Unit& left, const Unit& right) {
  return Combined(left, right, -1, QuotientOf(left.plain, right.plain));
}

bool IsUnitOfFigure(const Unit& unit) {
  if (unit.is_plain()) return true;
  const Unit powers{
      .money = unit.money, .duration = unit.duration, .points = unit.points, .scale = unit.scale, .plain = {}};
  constexpr Unit kMoneyPerDay{.money = 1, .duration = -1};
  return powers == units::kMoney || powers == units::kDuration || powers == units::kPoints || powers == units::kScale ||
         powers == kMoneyPerDay;
}

}  // namespace folio::formula
