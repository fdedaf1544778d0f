#include "server/base/date.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>

namespace folio {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kHour = 3600 * kSecond;

Day D(std::string_view text) {
  const auto day = ParseDay(text);
  EXPECT_TRUE(day.ok()) << text;
  return day.ok() ? *day : kNoDay;
}

Instant T(std::string_view text) {
  const auto instant = ParseInstant(text);
  EXPECT_TRUE(instant.ok()) << text;
  return instant.ok() ? *instant : kNoInstant;
}

TEST(DateTest, ParsesAndFormats) {
  EXPECT_EQ(D("1970-01-01"), 0);
  EXPECT_EQ(D("1969-12-31"), -1);
  EXPECT_EQ(D("2000-03-01"), 11'017);
  EXPECT_EQ(D("2024-02-29"), 19'782);
  EXPECT_EQ(D("0001-01-01"), -719'162);
  EXPECT_EQ(D("9999-12-31"), 2'932'896);
  for (const std::string text : {"2024-02-29", "0001-01-01", "9999-12-31", "1900-02-28"}) {
    EXPECT_EQ(FormatDay(D(text)), text);
  }
  EXPECT_EQ(FormatDay(kNoDay), "");
}

TEST(DateTest, RefusesWhatIsNoDate) {
  for (const std::string_view text :
       {"", "2024", "2024-2-29", "2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01", "2024-00-01", "2024-01-00",
        "2024-01-32", "0000-01-01", "10000-01-01", "2024-01-01 ", " 2024-01-01", "2024/01/01", "20240101", "-001-01-01",
        "2024-01-01T00:00:00Z", "+024-01-01"}) {
    EXPECT_FALSE(ParseDay(text).ok()) << text;
    EXPECT_EQ(ParseDay(text).status().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(DateTest, EveryDayOfTheCalendarComesBack) {
  for (Day day = D("0001-01-01"); day <= D("9999-12-31"); day += 13) {
    const YearMonthDay date = DateOf(day);
    ASSERT_EQ(DayOf(date), day);
    ASSERT_EQ(*FromProto(ToProtoDate(day)), day);
  }
}

TEST(DateTest, AddMonthsKeepsTheDayOrTakesTheLast) {
  struct Case {
    std::string_view from;
    int months;
    std::string_view to;
  };
  for (const Case& c : std::vector<Case>{
           {"2024-01-31", 1, "2024-02-29"},
           {"2023-01-31", 1, "2023-02-28"},
           {"2024-02-29", 12, "2025-02-28"},
           {"2024-02-29", 48, "2028-02-29"},
           {"2024-02-29", -12, "2023-02-28"},
           {"2024-03-31", -1, "2024-02-29"},
           {"2024-12-31", 1, "2025-01-31"},
           {"2024-01-15", -1, "2023-12-15"},
           {"2024-01-15", -13, "2022-12-15"},
           {"2024-05-31", 0, "2024-05-31"},
           {"2024-08-31", 6, "2025-02-28"},
       }) {
    EXPECT_EQ(FormatDay(AddMonths(D(c.from), c.months)), c.to) << c.from << " " << c.months;
  }
}

TEST(DateTest, FromProto) {
  struct Case {
    int year, month, day;
    bool ok;
  };
  for (const Case& c : std::vector<Case>{
           {2024, 2, 29, true},
           {2023, 2, 29, false},
           {2024, 0, 0, false},
           {2024, 2, 0, false},
           {0, 2, 29, false},
           {10000, 1, 1, false},
           {2024, 13, 1, false},
           {2024, -1, 1, false},
           {2024, 1, -1, false},
           {2024, 257, 1, false},
           {2024, 1, 257, false},
           {-2024, 1, 1, false},
       }) {
    google::type::Date date;
    date.set_year(c.year);
    date.set_month(c.month);
    date.set_day(c.day);
    EXPECT_EQ(FromProto(date).ok(), c.ok) << c.year << "-" << c.month << "-" << c.day;
  }
  EXPECT_EQ(*FromProto(google::type::Date()), kNoDay);
  EXPECT_EQ(ToProtoDate(kNoDay).ByteSizeLong(), 0u);
}

TEST(InstantTest, ParsesAndFormats) {
  struct Case {
    std::string_view text;
    Instant instant;
    std::string_view formatted;
  };
  for (const Case& c : std::vector<Case>{
           {"1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"},
           {"1969-12-31T23:59:59.999999Z", -1, "1969-12-31T23:59:59.999999Z"},
           {"2024-12-31T10:00:00Z", 1'735'639'200 * kSecond, "2024-12-31T10:00:00Z"},
           {"2024-12-31t10:00:00z", 1'735'639'200 * kSecond, "2024-12-31T10:00:00Z"},
           {"2024-12-31T10:00:00+01:00", 1'735'635'600 * kSecond, "2024-12-31T09:00:00Z"},
           {"2024-12-31T23:30:00-02:30", 1'735'696'800 * kSecond, "2025-01-01T02:00:00Z"},
           {"2024-12-31T10:00:00.5Z", 1'735'639'200 * kSecond + 500'000, "2024-12-31T10:00:00.500Z"},
           {"2024-12-31T10:00:00.000001Z", 1'735'639'200 * kSecond + 1, "2024-12-31T10:00:00.000001Z"},
           {"2024-12-31T10:00:00.1234567891Z", 1'735'639'200 * kSecond + 123'456, "2024-12-31T10:00:00.123456Z"},
           {"9999-12-31T23:59:59.999999Z", 253'402'300'799 * kSecond + 999'999, "9999-12-31T23:59:59.999999Z"},
           {"0001-01-01T00:00:00Z", -62'135'596'800 * kSecond, "0001-01-01T00:00:00Z"},
       }) {
    EXPECT_EQ(T(c.text), c.instant) << c.text;
    EXPECT_EQ(FormatInstant(c.instant), c.formatted);
  }
  EXPECT_EQ(FormatInstant(kNoInstant), "");
}

TEST(InstantTest, RefusesWhatIsNoInstant) {
  for (const std::string_view text :
       {"", "2024-12-31", "2024-12-31T10:00Z", "2024-12-31T10:00:00", "2024-12-31 10:00:00Z", "2024-12-31T24:00:00Z",
        "2024-12-31T10:60:00Z", "2024-12-31T10:00:60Z", "2023-02-29T10:00:00Z", "2024-12-31T10:00:00.Z",
        "2024-12-31T10:00:00+0100", "2024-12-31T10:00:00+24:00", "2024-12-31T10:00:00+01:60", "2024-12-31T10:00:00ZZ",
        "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"}) {
    EXPECT_FALSE(ParseInstant(text).ok()) << text;
  }
}

TEST(InstantTest, TimestampsRoundTripAndNeverOverflow) {
  EXPECT_TRUE(rc::check("an instant survives protobuf", [] {
    const Instant instant = *rc::gen::inRange(T("0001-01-01T00:00:00Z"), T("9999-12-31T23:59:59Z"));
    RC_ASSERT(FromProto(ToProtoTime(instant)) == instant);
    RC_ASSERT(ToProtoTime(instant).nanos() >= 0);
    RC_ASSERT(T(FormatInstant(instant)) == instant);
  }));
  google::protobuf::Timestamp time;
  time.set_seconds(std::numeric_limits<int64_t>::max());
  EXPECT_EQ(FormatInstant(FromProto(time)), "9999-12-31T23:59:59Z");
  time.set_seconds(std::numeric_limits<int64_t>::min());
  time.set_nanos(-1);
  EXPECT_EQ(FormatInstant(FromProto(time)), "0001-01-01T00:00:00Z");
  EXPECT_EQ(ToProtoTime(kNoInstant).ByteSizeLong(), 0u);
}

TEST(TimeZoneTest, Loads) {
  EXPECT_TRUE(TimeZone::Load("").ok());
  EXPECT_TRUE(TimeZone::Load("UTC").ok());
  EXPECT_TRUE(TimeZone::Load("Europe/Paris").ok());
  for (const std::string_view name : {"Europe/Pariis", "Paris", "../etc/passwd", "UTC+1"}) {
    EXPECT_EQ(TimeZone::Load(name).status().code(), absl::StatusCode::kInvalidArgument) << name;
  }
}

TEST(TimeZoneTest, DaysInUtc) {
  const TimeZone utc = *TimeZone::Load("");
  EXPECT_EQ(utc.StartOf(D("2024-02-29")), T("2024-02-29T00:00:00Z"));
  EXPECT_EQ(utc.DayAt(T("2024-02-29T23:59:59.999999Z")), D("2024-02-29"));
  EXPECT_EQ(utc.DayAt(-1), -1);
  EXPECT_EQ(utc.DayAt(0), 0);
}

TEST(TimeZoneTest, DaysInParis) {
  const TimeZone paris = *TimeZone::Load("Europe/Paris");
  EXPECT_EQ(paris.StartOf(D("2024-01-01")), T("2023-12-31T23:00:00Z"));
  EXPECT_EQ(paris.StartOf(D("2024-07-01")), T("2024-06-30T22:00:00Z"));
  EXPECT_EQ(paris.DayAt(T("2024-06-30T21:59:59.999999Z")), D("2024-06-30"));
  EXPECT_EQ(paris.DayAt(T("2024-06-30T22:00:00Z")), D("2024-07-01"));
  // 31 March 2024 has 23 hours, 27 October 25.
  EXPECT_EQ(paris.StartOf(D("2024-04-01")) - paris.StartOf(D("2024-03-31")), 23 * kHour);
  EXPECT_EQ(paris.StartOf(D("2024-10-28")) - paris.StartOf(D("2024-10-27")), 25 * kHour);
}

TEST(TimeZoneTest, DaysThatDoNotBeginAtMidnight) {
  // In Cairo, on 26 April 2024, clocks went from midnight to one o'clock.
  const TimeZone cairo = *TimeZone::Load("Africa/Cairo");
  EXPECT_EQ(cairo.StartOf(D("2024-04-26")), T("2024-04-25T22:00:00Z"));
  EXPECT_EQ(cairo.DayAt(T("2024-04-25T21:59:59Z")), D("2024-04-25"));
  // Samoa had no 30 December 2011.
  const TimeZone apia = *TimeZone::Load("Pacific/Apia");
  EXPECT_EQ(apia.StartOf(D("2011-12-30")), apia.StartOf(D("2011-12-31")));
}

TEST(TimeZoneTest, ADayBeginsOnThatDay) {
  for (const std::string_view name : {"Europe/Paris", "America/New_York", "Africa/Cairo", "Asia/Kolkata"}) {
    const TimeZone zone = *TimeZone::Load(name);
    for (Day day = D("2010-01-01"); day < D("2030-01-01"); ++day) {
      ASSERT_EQ(zone.DayAt(zone.StartOf(day)), day) << name << " " << FormatDay(day);
      ASSERT_EQ(zone.DayAt(zone.StartOf(day) - 1), day - 1) << name << " " << FormatDay(day);
    }
  }
}

}  // namespace
}  // namespace folio
