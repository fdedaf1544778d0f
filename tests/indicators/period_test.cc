// Periods: grains, fiscal years, changes of the clock, what is over of them, and what they are compared with.
#include "server/indicators/period.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "server/base/error.h"

namespace folio::indicators {
namespace {

using ::testing::ElementsAre;

constexpr int64_t kHour = 3'600'000'000;

Day On(const std::string& text) { return ParseDay(text).value(); }

class Periods : public ::testing::Test {
 protected:
  static v1::IndicatorQuery Query(const std::string& text) {
    v1::IndicatorQuery query;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &query)) << text;
    return query;
  }
  std::vector<Period> Of(const std::string& query) {
    const auto periods = PeriodsOf(Query(query), calendar_);
    EXPECT_TRUE(periods.ok()) << periods.status();
    return *periods;
  }
  // As "2024-01-01 2024-02-01".
  std::vector<std::string> Days(const std::string& query) {
    std::vector<std::string> days;
    for (const Period& period : Of(query)) {
      days.push_back(FormatDay(period.start_day) + " " + FormatDay(period.end_day) +
                     (period.partial ? " partial" : ""));
    }
    return days;
  }
  std::string FaultOf(const std::string& query) {
    const auto periods = PeriodsOf(Query(query), calendar_);
    if (periods.ok()) return "OK";
    const error::Fault fault = error::FaultsOf(periods.status()).at(0);
    return fault.field + " " + fault.reason;
  }
  Period Compared(const Period& period, v1::ComparisonBase base, v1::PeriodGrain grain, bool whole = false) {
    return ComparedWith(period, base, grain, whole, calendar_);
  }

  const TimeZone zone_ = TimeZone::Load("Europe/Paris").value();
  Calendar calendar_{.zone = zone_, .today = On("2024-12-20")};
};

TEST_F(Periods, OfTheCurrentDayWhereNothingIsGiven) {
  EXPECT_THAT(Days(""), ElementsAre("2024-12-20 2024-12-21"));
  EXPECT_THAT(Days("grain: PERIOD_GRAIN_MONTH"), ElementsAre("2024-12-01 2025-01-01 partial"));
  EXPECT_THAT(Days("grain: PERIOD_GRAIN_WEEK"), ElementsAre("2024-12-16 2024-12-23 partial"));
  EXPECT_THAT(Days("grain: PERIOD_GRAIN_DAY"), ElementsAre("2024-12-20 2024-12-21"));
}

TEST_F(Periods, OfAGrainAreCutToTheRange) {
  EXPECT_THAT(Days("start_date { year: 2024 month: 10 day: 15 } end_date { year: 2024 month: 12 day: 5 } "
                   "grain: PERIOD_GRAIN_MONTH"),
              ElementsAre("2024-10-15 2024-11-01", "2024-11-01 2024-12-01", "2024-12-01 2024-12-05"));
  EXPECT_THAT(Days("start_date { year: 2024 month: 11 day: 1 } grain: PERIOD_GRAIN_MONTH"),
              ElementsAre("2024-11-01 2024-12-01", "2024-12-01 2025-01-01 partial"));
  EXPECT_THAT(Days("start_date { year: 2024 month: 12 day: 9 } end_date { year: 2025 month: 6 day: 1 } "
                   "grain: PERIOD_GRAIN_WEEK"),
              ElementsAre("2024-12-09 2024-12-16", "2024-12-16 2024-12-23 partial"))
      << "those that have not begun are left out";
}

TEST_F(Periods, OfAFiscalYearBeginInItsMonth) {
  calendar_.fiscal_year_start_month = 4;
  EXPECT_THAT(Days("start_date { year: 2023 month: 4 day: 1 } grain: PERIOD_GRAIN_YEAR"),
              ElementsAre("2023-04-01 2024-04-01", "2024-04-01 2025-04-01 partial"));
  EXPECT_THAT(Days("start_date { year: 2024 month: 5 day: 1 } end_date { year: 2024 month: 10 day: 1 } "
                   "grain: PERIOD_GRAIN_QUARTER fiscal_year_start_month: 3"),
              ElementsAre("2024-05-01 2024-06-01", "2024-06-01 2024-09-01", "2024-09-01 2024-10-01"))
      << "what the query says goes before the workspace";
}

TEST_F(Periods, KeepTheirDaysWhenTheClockChanges) {
  const Period spring = Of("start_date { year: 2024 month: 3 day: 31 } grain: PERIOD_GRAIN_DAY").front();
  EXPECT_EQ(spring.end - spring.start, 23 * kHour);
  const Period autumn =
      Of("start_date { year: 2024 month: 10 day: 27 } end_date { year: 2024 month: 10 day: 28 }").front();
  EXPECT_EQ(autumn.end - autumn.start, 25 * kHour);
  EXPECT_EQ(autumn.days(), 1);
  const Period month = Of("start_date { year: 2024 month: 3 day: 1 } end_date { year: 2024 month: 4 day: 1 }").front();
  EXPECT_EQ(month.end - month.start, 31 * 24 * kHour - kHour);
}

TEST_F(Periods, BetweenTwoInstants) {
  const Period period = Of("start_time { seconds: 1704103200 } end_time { seconds: 1704189600 }").front();
  EXPECT_EQ(period.start, 1'704'103'200'000'000);
  EXPECT_EQ(period.end, 1'704'189'600'000'000);
  EXPECT_EQ(period.days(), 2);
}

TEST_F(Periods, TellWhatIsOver) {
  const Period period = Of("grain: PERIOD_GRAIN_MONTH").front();
  EXPECT_EQ(period.elapsed_days(), 20);
  EXPECT_EQ(period.days(), 31);
  EXPECT_EQ(period.read_end, zone_.StartOf(On("2024-12-21")));
  v1::IndicatorPeriod message;
  FillPeriod(period, &message);
  EXPECT_TRUE(message.partial());
  EXPECT_DOUBLE_EQ(message.elapsed_share(), 20.0 / 31);
}

TEST_F(Periods, AreComparedLikeForLike) {
  const Period month = Of("grain: PERIOD_GRAIN_MONTH").front();
  const Period before = Compared(month, v1::COMPARISON_BASE_PREVIOUS_PERIOD, v1::PERIOD_GRAIN_MONTH);
  EXPECT_EQ(FormatDay(before.start_day), "2024-11-01");
  EXPECT_EQ(FormatDay(before.last_day), "2024-11-20") << "as many days";
  EXPECT_EQ(before.read_end, zone_.StartOf(On("2024-11-21")));
  const Period whole = Compared(month, v1::COMPARISON_BASE_PREVIOUS_PERIOD, v1::PERIOD_GRAIN_MONTH, true);
  EXPECT_EQ(FormatDay(whole.last_day), "2024-11-30");
  EXPECT_FALSE(whole.partial);
  const Period year = Compared(month, v1::COMPARISON_BASE_YEAR_BEFORE, v1::PERIOD_GRAIN_MONTH);
  EXPECT_EQ(FormatDay(year.start_day), "2023-12-01");
  EXPECT_EQ(FormatDay(year.last_day), "2023-12-20");
}

TEST_F(Periods, AreComparedByTheCalendar) {
  const Period march = Of("start_date { year: 2024 month: 3 day: 1 } end_date { year: 2024 month: 4 day: 1 } "
                          "grain: PERIOD_GRAIN_MONTH")
                           .front();
  const Period february = Compared(march, v1::COMPARISON_BASE_PREVIOUS_PERIOD, v1::PERIOD_GRAIN_MONTH);
  EXPECT_EQ(FormatDay(february.start_day), "2024-02-01");
  EXPECT_EQ(february.days(), 29);
  const Period days = Of("start_date { year: 2024 month: 4 day: 1 } end_date { year: 2024 month: 4 day: 8 }").front();
  const Period before = Compared(days, v1::COMPARISON_BASE_PREVIOUS_PERIOD, v1::PERIOD_GRAIN_UNSPECIFIED);
  EXPECT_EQ(FormatDay(before.start_day), "2024-03-25");
  EXPECT_EQ(before.start, zone_.StartOf(before.start_day)) << "over the change of the clock";
  const Period week = Of("start_date { year: 2024 month: 12 day: 9 } end_date { year: 2024 month: 12 day: 16 } "
                         "grain: PERIOD_GRAIN_WEEK")
                          .front();
  EXPECT_EQ(FormatDay(Compared(week, v1::COMPARISON_BASE_YEAR_BEFORE, v1::PERIOD_GRAIN_WEEK).start_day), "2023-12-11")
      << "a Monday";
}

TEST_F(Periods, AreRefusedWhereTheyCannotBe) {
  EXPECT_EQ(FaultOf("start_date { year: 2025 month: 1 day: 1 }"), "query.start_date FUTURE_DATE");
  EXPECT_EQ(FaultOf("start_date { year: 2024 month: 2 day: 30 }"), "query.start_date DATE_INVALID");
  EXPECT_EQ(FaultOf("start_date { year: 2024 month: 3 day: 2 } end_date { year: 2024 month: 3 day: 2 }"),
            "query.end_date DATE_ORDER");
  EXPECT_EQ(FaultOf("start_date { year: 2024 month: 3 day: 2 } start_time { seconds: 1 }"),
            "query.start_time FIELD_EXCLUSIVE");
  EXPECT_EQ(FaultOf("start_date { year: 1990 month: 1 day: 1 } grain: PERIOD_GRAIN_DAY"),
            "query.grain FIELD_TOO_MANY_ITEMS");
}

}  // namespace
}  // namespace folio::indicators
