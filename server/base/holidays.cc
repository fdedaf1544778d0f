#include "server/base/holidays.h"

#include <algorithm>
#include <array>

namespace folio {

namespace {

struct FixedDay {
  int month;
  int day;
};
constexpr std::array<FixedDay, 8> kFixed = {{{1, 1}, {5, 1}, {5, 8}, {7, 14}, {8, 15}, {11, 1}, {11, 11}, {12, 25}}};

// Days after Easter Sunday.
constexpr std::array kMovable = {1, 39, 50};

}  // namespace

// The algorithm of Meeus, Jones and Butcher.
Day EasterSunday(int year) {
  const int golden = year % 19;
  const int century = year / 100;
  const int of_century = year % 100;
  const int skipped = (8 * century + 13) / 25;
  const int epact = (19 * golden + century - century / 4 - skipped + 15) % 30;
  const int weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
  const int shift = (golden + 11 * epact + 22 * weekday) / 451;
  const int from_march = epact + weekday - 7 * shift + 114;
  return DayOf({year, from_march / 31, from_march % 31 + 1});
}

bool IsFrenchHoliday(Day day) {
  const YearMonthDay date = DateOf(day);
  if (std::any_of(kFixed.begin(), kFixed.end(),
                  [&](const FixedDay& fixed) { return fixed.month == date.month && fixed.day == date.day; })) {
    return true;
  }
  const Day after_easter = day - EasterSunday(date.year);
  return std::find(kMovable.begin(), kMovable.end(), after_easter) != kMovable.end();
}

}  // namespace folio
