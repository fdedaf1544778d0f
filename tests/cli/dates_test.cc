#include "client/cli/value/dates.h"

#include "client/cli/value/fault.h"
#include "gtest/gtest.h"

namespace folio::cli {
namespace {

std::string Day(const std::string& text, const DateStyle& style = {}) {
  const auto date = ParseDate(text, style);
  return date.ok() ? FormatDate(*date) : FaultOf(date.status()).reason;
}

std::string Instant(const std::string& text, const DateStyle& style = {}) {
  const auto time = ParseTime(text, style);
  return time.ok() ? FormatTime(*time) : FaultOf(time.status()).reason;
}

DateStyle Patterns(std::vector<std::string> patterns) { return {.patterns = std::move(patterns)}; }
DateStyle Order(DayOrder order) { return {.order = order}; }
DateStyle Zone(const char* name) { return {.zone = *FindZone(name)}; }

TEST(DatesTest, ReadsTheUsualForms) {
  for (const char* text :
       {"2024-12-31", "2024/12/31", "2024.12.31", "20241231", "31/12/2024", "12/31/2024", "31.12.2024", "31-12-2024",
        "31 décembre 2024", "31 DÉCEMBRE 2024", "31 déc. 2024", "31 dec 2024", "31 December 2024", "December 31, 2024",
        "31-Dec-2024", "31/12/24", " 2024-12-31 ", "2024-12-31 10:00:00", "2024-12-31T10:00:00Z"}) {
    EXPECT_EQ(Day(text), "2024-12-31") << text;
  }
  EXPECT_EQ(Day("1 août 2024"), "2024-08-01");
  EXPECT_EQ(Day("1 AOÛT 2024"), "2024-08-01");
  EXPECT_EQ(Day("3 mars 2024"), "2024-03-03");
  EXPECT_EQ(Day("3 févr. 2024"), "2024-02-03");
  EXPECT_EQ(Day("3 juillet 2024"), "2024-07-03");
}

TEST(DatesTest, RefusesDaysThatDoNotExist) {
  for (const char* text : {"2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "2024-01-00", "yesterday", "",
                           "2024-1-1x", "32/01/2024", "0000-01-01"}) {
    EXPECT_EQ(Day(text), "DATE_MALFORMED") << text;
  }
  EXPECT_EQ(Day("2024-02-29"), "2024-02-29");
}

TEST(DatesTest, RefusesToGuessTheOrder) {
  EXPECT_EQ(Day("03/04/2024"), "DATE_AMBIGUOUS");
  EXPECT_EQ(Day("04/04/2024"), "2024-04-04");
  EXPECT_EQ(Day("03/04/2024", Order(DayOrder::kDayFirst)), "2024-04-03");
  EXPECT_EQ(Day("03/04/2024", Order(DayOrder::kMonthFirst)), "2024-03-04");
  EXPECT_EQ(Day("13/04/2024", Order(DayOrder::kMonthFirst)), "2024-04-13");
  EXPECT_EQ(Instant("03/04/2024 10:00"), "TIME_AMBIGUOUS");
}

TEST(DatesTest, FollowsAPattern) {
  EXPECT_EQ(Day("03/04/2024", Patterns({"DD/MM/YYYY"})), "2024-04-03");
  EXPECT_EQ(Day("03/04/2024", Patterns({"MM/DD/YYYY"})), "2024-03-04");
  EXPECT_EQ(Day("3/4/24", Patterns({"D/M/YY"})), "2024-04-03");
  EXPECT_EQ(Day("3/4/69", Patterns({"D/M/YY"})), "1969-04-03");
  EXPECT_EQ(Day("3/4/2024", Patterns({"DD/MM/YYYY"})), "DATE_MALFORMED");
  EXPECT_EQ(Day("2024-04-03", Patterns({"DD/MM/YYYY"})), "DATE_MALFORMED");
  EXPECT_EQ(Day("2024-04-03", Patterns({"DD/MM/YYYY", "YYYY-MM-DD"})), "2024-04-03");
  EXPECT_EQ(Instant("20241231T235959", Patterns({"YYYYMMDDTHHmmss"})), "2024-12-31T23:59:59Z");
}

TEST(DatesTest, TellsTheOrderFromEvidence) {
  EXPECT_EQ(OrderEvidence("13/04/2024"), DayOrder::kDayFirst);
  EXPECT_EQ(OrderEvidence("04/13/2024"), DayOrder::kMonthFirst);
  EXPECT_EQ(OrderEvidence("04/04/2024"), DayOrder::kUnknown);
  EXPECT_EQ(OrderEvidence("2024-04-13"), DayOrder::kUnknown);
  EXPECT_EQ(OrderEvidence(""), DayOrder::kUnknown);
}

TEST(TimesTest, ReadsTheUsualForms) {
  for (const char* text : {"2024-07-28T03:00:00Z", "2024-07-28 03:00:00", "2024-07-28 03:00", "2024-07-28T03:00:00",
                           "2024-07-28T05:00:00+02:00", "2024-07-28T05:00:00+0200", "2024-07-27T22:00:00-05:00",
                           "28/07/2024 03:00", "28 juillet 2024 3:00"}) {
    EXPECT_EQ(Instant(text), "2024-07-28T03:00:00Z") << text;
  }
  EXPECT_EQ(Instant("2024-07-28T03:00:00.25Z"), "2024-07-28T03:00:00.25Z");
  EXPECT_EQ(Instant("2024-07-28 25:00"), "TIME_MALFORMED");
  EXPECT_EQ(Instant("soon"), "TIME_MALFORMED");
}

TEST(TimesTest, ADayBeginsInItsZone) {
  EXPECT_EQ(Instant("2024-07-28"), "2024-07-28T00:00:00Z");
  EXPECT_EQ(Instant("2024-07-28", Zone("Europe/Paris")), "2024-07-27T22:00:00Z");
  EXPECT_EQ(Instant("2024-01-28", Zone("Europe/Paris")), "2024-01-27T23:00:00Z");
  // An offset is stronger than the zone.
  EXPECT_EQ(Instant("2024-07-28T03:00:00Z", Zone("Europe/Paris")), "2024-07-28T03:00:00Z");
}

TEST(TimesTest, SurvivesTheHoursThatClocksSkipOrRepeat) {
  EXPECT_EQ(Instant("2024-03-31 02:30", Zone("Europe/Paris")), "2024-03-31T01:00:00Z");
  EXPECT_EQ(Instant("2024-10-27 02:30", Zone("Europe/Paris")), "2024-10-27T00:30:00Z");
}

TEST(TimesTest, ReadsSecondsSince1970) {
  EXPECT_EQ(Instant("1700000000", Patterns({"unix"})), "2023-11-14T22:13:20Z");
  EXPECT_EQ(Instant("1700000000500", Patterns({"unix_ms"})), "2023-11-14T22:13:20.5Z");
  EXPECT_EQ(Instant("-500", Patterns({"unix_ms"})), "1969-12-31T23:59:59.5Z");
}

TEST(ZonesTest, AreFoundByName) {
  EXPECT_EQ(*FindZone(""), nullptr);
  EXPECT_EQ(FaultOf(FindZone("Europe/Nowhere").status()).reason, "TIME_ZONE_UNKNOWN");
}

}  // namespace
}  // namespace folio::cli
