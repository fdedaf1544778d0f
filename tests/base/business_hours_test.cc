#include "server/base/business_hours.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "server/base/holidays.h"

namespace folio {
namespace {

constexpr int64_t kHour = 3'600'000'000;

constexpr char kParis[] = "Europe/Paris";

Instant At(const char* text) { return ParseInstant(text).value(); }

BusinessHours French(std::map<Day, bool> special = {}) {
  std::vector<BusinessHours::Open> week;
  for (int day = 0; day < 5; ++day) week.push_back({day, 9 * 60, 18 * 60});
  return BusinessHours::Make(kParis, week, true, std::move(special)).value();
}

TEST(HolidaysTest, EasterOfManyYears) {
  for (const char* easter : {"1943-04-25", "1961-04-02", "2000-04-23", "2008-03-23", "2011-04-24", "2016-03-27",
                             "2019-04-21", "2024-03-31", "2025-04-20", "2026-04-05", "2038-04-25", "2285-03-22"}) {
    const Day day = ParseDay(easter).value();
    EXPECT_EQ(FormatDay(EasterSunday(DateOf(day).year)), easter);
  }
}

TEST(HolidaysTest, FranceHasElevenDays) {
  std::vector<std::string> found;
  for (Day day = ParseDay("2024-01-01").value(); day < ParseDay("2025-01-01").value(); ++day) {
    if (IsFrenchHoliday(day)) found.push_back(FormatDay(day));
  }
  const std::vector<std::string> expected = {"2024-01-01", "2024-04-01", "2024-05-01", "2024-05-08",
                                             "2024-05-09", "2024-05-20", "2024-07-14", "2024-08-15",
                                             "2024-11-01", "2024-11-11", "2024-12-25"};
  EXPECT_EQ(found, expected);
}

TEST(BusinessHoursTest, CountsHoursOfTheWeek) {
  const BusinessHours hours = French();
  // Friday 17:00 to Monday 10:00 in Paris: one hour of each.
  EXPECT_EQ(hours.Between(At("2024-06-14T15:00:00Z"), At("2024-06-17T08:00:00Z")), 2 * kHour);
  EXPECT_EQ(hours.Between(At("2024-06-15T08:00:00Z"), At("2024-06-16T20:00:00Z")), 0);
  EXPECT_EQ(hours.Between(At("2024-06-17T10:00:00Z"), At("2024-06-17T10:00:00Z")), 0);
  EXPECT_EQ(hours.Between(At("2024-06-17T10:00:00Z"), At("2024-06-14T10:00:00Z")), 0);
  EXPECT_EQ(hours.Between(At("2024-06-10T00:00:00Z"), At("2024-06-17T00:00:00Z")), 45 * kHour);
}

TEST(BusinessHoursTest, SkipsHolidaysUnlessTheyAreWorked) {
  // Wednesday 8 May and Ascension on Thursday 9 May 2024.
  const Instant start = At("2024-05-07T22:00:00Z");
  const Instant end = At("2024-05-09T22:00:00Z");
  EXPECT_EQ(French().Between(start, end), 0);
  EXPECT_EQ(French({{ParseDay("2024-05-08").value(), true}}).Between(start, end), 9 * kHour);
  EXPECT_EQ(French({{ParseDay("2024-05-10").value(), false}}).Between(end, At("2024-05-13T00:00:00Z")), 0);
  // A Saturday that is worked has the hours of Monday.
  EXPECT_EQ(
      French({{ParseDay("2024-05-11").value(), true}}).Between(At("2024-05-10T22:00:00Z"), At("2024-05-11T22:00:00Z")),
      9 * kHour);
}

TEST(BusinessHoursTest, KeepsToTheClockOnTheWallWhenItChanges) {
  // In 2024 clocks went forward on 31 March and back on 27 October, both Sundays: 23 and 25 hours.
  const BusinessHours sundays = BusinessHours::Make(kParis, {{6, 0, 24 * 60}}, false, {}).value();
  EXPECT_EQ(sundays.Between(At("2024-03-30T00:00:00Z"), At("2024-04-02T00:00:00Z")), 23 * kHour);
  EXPECT_EQ(sundays.Between(At("2024-10-26T00:00:00Z"), At("2024-10-29T00:00:00Z")), 25 * kHour);
  const BusinessHours night = BusinessHours::Make(kParis, {{6, 2 * 60, 4 * 60}}, false, {}).value();
  EXPECT_EQ(night.Between(At("2024-03-30T00:00:00Z"), At("2024-04-02T00:00:00Z")), kHour);
}

TEST(BusinessHoursTest, RefusesAZoneThatDoesNotExist) {
  EXPECT_FALSE(BusinessHours::Make("Europe/Pariss", {}, false, {}).ok());
}

TEST(BusinessHoursTest, WithoutHoursMondayToFridayIsWorked) {
  const BusinessHours hours = BusinessHours::Make("UTC", {}, false, {}).value();
  EXPECT_EQ(hours.Between(At("2024-06-10T00:00:00Z"), At("2024-06-17T00:00:00Z")), 5 * 24 * kHour);
}

RC_GTEST_PROP(BusinessHoursTest, PartsSumToTheWhole, ()) {
  const Instant a = At("2024-01-01T00:00:00Z") + *rc::gen::inRange<int64_t>(0, 400 * 24) * kHour / 7;
  const Instant b = a + *rc::gen::inRange<int64_t>(0, 60 * 24) * kHour / 11;
  const Instant c = b + *rc::gen::inRange<int64_t>(0, 60 * 24) * kHour / 13;
  const BusinessHours hours = French();
  RC_ASSERT(hours.Between(a, b) + hours.Between(b, c) == hours.Between(a, c));
  RC_ASSERT(hours.Between(a, c) <= c - a);
}

}  // namespace
}  // namespace folio
