// What becomes of leads, and how soon: lead_conversion_rate, lead_qualification_rate, lead_response_time.
#include <gtest/gtest.h>

#include "folio/v1/business_calendar.pb.h"
#include "tests/indicators/sales_fixture.h"

namespace folio::indicators {
namespace {

class Leads : public SalesTest {
 protected:
  static std::string Converted(const std::string& day) { return At("convert_time", day); }
  static std::string Contacted(const std::string& time) { return At("first_contact_time", time); }
  // Writes a business calendar of the workspace's time zone.
  void PutCalendar(const std::string& id, const std::string& hours) {
    v1::BusinessCalendar calendar;
    const auto outcome = Run(
        engine::kBusinessCalendar, &engine::Collection::Update,
        Parse<v1::UpdateBusinessCalendarRequest>("allow_missing: true update_mask { paths: '*' } business_calendar { "
                                                 "name: 'businessCalendars/" +
                                                 id + "' display_name: 'Ours' " + hours + " }"),
        &calendar);
    ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  }
  static constexpr char kQualified[] = " qualification: LEAD_QUALIFICATION_QUALIFIED";
  static constexpr char kDisqualified[] = " qualification: LEAD_QUALIFICATION_DISQUALIFIED";
};

TEST_F(Leads, ConvertWithinTheirWindow) {
  AddLead("1", "2024-01-10", Converted("2024-04-09") + Of("a"));  // the 90th day
  AddLead("2", "2024-01-10", Converted("2024-04-10T00:00:01Z"));  // too late for its cohort
  AddLead("3", "2024-01-10");
  AddLead("4", "2023-12-31", Converted("2024-01-02"));  // of another cohort
  const std::string january = Between("2024-01-01", "2024-02-01");
  const v1::IndicatorValue rate = ValueOf("lead_conversion_rate", january);
  EXPECT_EQ(rate.numerator(), 1);
  EXPECT_EQ(rate.denominator(), 3);
  EXPECT_EQ(rate.absence(), v1::ABSENCE_UNSPECIFIED);
  EXPECT_TRUE(rate.has_interval());
  EXPECT_DOUBLE_EQ(ValueOf("lead_conversion_rate", january + "filter: 'sector = FinTech'").number(), 1);
  // By period the same one conversion of January is of December's lead.
  EXPECT_DOUBLE_EQ(ValueOf("lead_conversion_by_period", january).number(), 1.0 / 3);
  EXPECT_DOUBLE_EQ(ValueOf("lead_conversion_by_period", Between("2024-04-01", "2024-05-01")).numerator(), 2);
  EXPECT_EQ(ValueOf("lead_conversion_by_period", Between("2024-04-01", "2024-05-01")).absence(),
            v1::ABSENCE_NO_DENOMINATOR);
}

TEST_F(Leads, OfAnOpenWindowAreNotMatureButShown) {
  AddLead("1", "2024-11-01", Converted("2024-11-20"));
  AddLead("2", "2024-11-01");
  const std::string november = Between("2024-11-01", "2024-12-01");
  const v1::IndicatorValue rate = ValueOf("lead_conversion_rate", november);
  EXPECT_EQ(rate.absence(), v1::ABSENCE_NOT_MATURE);
  EXPECT_DOUBLE_EQ(rate.number(), 0.5);
  EXPECT_EQ(NumberOf(rate, "waiting"), 1);
  // A late answer, and time, make it mature.
  AddLead("2", "2024-11-01", Converted("2024-12-20"));
  EXPECT_EQ(ValueOf("lead_conversion_rate", november).absence(), v1::ABSENCE_UNSPECIFIED);
  EXPECT_DOUBLE_EQ(ValueOf("lead_conversion_rate", november).number(), 1);
  AddLead("3", "2024-11-02");
  EXPECT_EQ(ValueOf("lead_conversion_rate", november).absence(), v1::ABSENCE_NOT_MATURE);
  MoveTo("2025-02-01T12:00:00Z");
  EXPECT_EQ(ValueOf("lead_conversion_rate", november).absence(), v1::ABSENCE_UNSPECIFIED);
}

TEST_F(Leads, ConvertByTheStageThatTheyReached) {
  AddLead(
      "1", "2024-01-01",
      Stage("New", "2024-01-01") + Stage("Demo", "2024-01-02") + Stage("New", "2024-01-03") + Converted("2024-02-01"));
  AddLead("2", "2024-01-01", Stage("New", "2024-01-01"));
  const v1::IndicatorValue rate = ValueOf("lead_conversion_rate");
  ASSERT_EQ(rate.stages_size(), 2);
  EXPECT_EQ(rate.stages(0).stage(), "Demo");
  EXPECT_DOUBLE_EQ(StageOf(rate, "Demo"), 1);
  EXPECT_DOUBLE_EQ(StageOf(rate, "New"), 0.5) << "a stage entered again counts once";
}

TEST_F(Leads, AreQualifiedPendingOrNot) {
  AddLead("1", "2024-01-01", kQualified + At("qualify_time", "2024-02-10"));
  AddLead("2", "2024-01-01", kDisqualified + At("qualify_time", "2024-01-20"));
  AddLead("3", "2024-01-01");
  AddLead("4", "2024-01-01", Converted("2024-01-15"));  // a client was worth it
  AddLead("5", "2023-12-01", kQualified + At("qualify_time", "2024-01-05"));
  const std::string january = Between("2024-01-01", "2024-02-01");
  const v1::IndicatorValue rate = ValueOf("lead_qualification_rate", january);
  EXPECT_DOUBLE_EQ(rate.number(), 0.5);
  EXPECT_EQ(rate.denominator(), 4);
  EXPECT_EQ(NumberOf(rate, "pending"), 1);
  EXPECT_EQ(NumberOf(rate, "disqualified"), 1);
  EXPECT_DOUBLE_EQ(ValueOf("lead_qualification_by_period", january).number(), 0.5) << "5 and 4, of four that arrived";
}

TEST_F(Leads, WaitForAPerson) {
  AddLead("1", "2024-01-01T10:00:00Z", Contacted("2024-01-01T11:00:00Z"));
  AddLead("2", "2024-01-01T10:00:00Z", Contacted("2024-01-01T13:00:00Z"));
  AddLead("3", "2024-01-01T10:00:00Z", Contacted("2024-01-03T12:00:00Z"));
  AddLead("4", "2024-12-31T06:00:00Z");
  AddLead("5", "2024-12-30T00:00:00Z");
  constexpr double kHour = 3'600;
  const v1::IndicatorValue mean = ValueOf("lead_response_time");
  EXPECT_DOUBLE_EQ(mean.number(), 18 * kHour);
  EXPECT_EQ(mean.sample_size(), 3);
  EXPECT_EQ(NumberOf(mean, "unanswered"), 2);
  EXPECT_DOUBLE_EQ(NumberOf(mean, "oldest_unanswered"), 48 * kHour);
  EXPECT_DOUBLE_EQ(ValueOf("lead_response_time_median").number(), 3 * kHour);
  EXPECT_DOUBLE_EQ(ValueOf("lead_response_time_p90").number(), (3 + 0.8 * 47) * kHour);
  // The one of today may still be answered in time; the one of yesterday no more.
  const v1::IndicatorValue in_time = ValueOf("lead_response_in_time");
  EXPECT_DOUBLE_EQ(in_time.number(), 0.5);
  EXPECT_EQ(in_time.denominator(), 4);
}

TEST_F(Leads, WaitInBusinessHours) {
  // Friday 16:00 to Monday 10:00 in Paris.
  AddLead("1", "2024-03-01T15:00:00Z", Contacted("2024-03-04T09:00:00Z"));
  EXPECT_DOUBLE_EQ(ValueOf("lead_response_time_business_hours").number(), 3 * 3'600);
  PutCalendar("weekdays", "");
  const std::string weekdays = std::string(kYear) + "settings { business_calendar: 'businessCalendars/weekdays' }";
  EXPECT_DOUBLE_EQ(ValueOf("lead_response_time_business_hours", weekdays).number(), (9 + 9) * 3'600)
      << "every hour of Monday to Friday, in the zone of the workspace";
}

TEST_F(Leads, AndConversationsWaitByOneCalendar) {
  AddLead("1", "2024-03-01T15:00:00Z", Contacted("2024-03-04T09:00:00Z"));
  AddFact("1", "a", "2024-03-01T15:00:00Z", "ticket { first_response_seconds: " + std::to_string(66 * 3'600) + " }");
  const std::vector<std::string> ids = {"lead_response_time_business_hours", "first_response_time_business"};
  const auto hours = [&](const std::string& query) {
    std::vector<double> told;
    for (const std::string& id : ids) told.push_back(ValueOf(id, std::string(kYear) + query).number() / 3'600);
    return told;
  };
  EXPECT_THAT(hours(""), testing::ElementsAre(3, 3));
  PutCalendar("fr", "opening_hours { day: DAY_OF_WEEK_FRIDAY start_minute: 960 end_minute: 1020 }");
  EXPECT_THAT(hours(""), testing::ElementsAre(1, 1));
  const int64_t then = workspace_->ledger().state()->revision;
  const std::string past = " as_of_revision: " + std::to_string(then);
  PutCalendar("fr", "opening_hours { day: DAY_OF_WEEK_FRIDAY start_minute: 960 end_minute: 1080 }");
  EXPECT_THAT(hours(""), testing::ElementsAre(2, 2));
  EXPECT_THAT(hours(past), testing::ElementsAre(1, 1)) << "the calendar of then";
  EXPECT_THAT(hours(" as_of_revision: " + std::to_string(then - 1)), testing::ElementsAre(3, 3))
      << "nobody had written one yet";
  for (const std::string& id : ids) {
    const auto lost = ValueOf(id, std::string(kYear) + "settings { business_calendar: 'businessCalendars/none' }");
    EXPECT_EQ(lost.fault().reason(), "RESOURCE_NOT_FOUND") << id;
  }
}

TEST_F(Leads, ThatNobodySentHaveNoFigure) {
  for (const char* id : {"lead_conversion_rate", "lead_conversion_by_period", "lead_qualification_rate",
                         "lead_qualification_by_period", "lead_response_in_time"}) {
    EXPECT_EQ(ValueOf(id).absence(), v1::ABSENCE_NO_DENOMINATOR) << id;
  }
  AddLead("1", "2024-03-01T15:00:00Z");
  for (const char* id : {"lead_response_time", "lead_response_time_median", "lead_response_time_p90",
                         "lead_response_time_business_hours"}) {
    EXPECT_EQ(ValueOf(id).absence(), v1::ABSENCE_NO_DATA) << id;
    EXPECT_EQ(NumberOf(ValueOf(id), "unanswered"), 1) << id;
  }
}

TEST_F(Leads, AnsweredBeforeTheyArriveAreRefused) {
  const absl::Status status = TryLead("1", At("entry_time", "2024-03-02") + At("first_contact_time", "2024-03-01"));
  EXPECT_EQ(error::FaultsOf(status).at(0).reason, "DATE_ORDER");
  EXPECT_EQ(error::FaultsOf(status).at(0).field, "lead.first_contact_time");
}

TEST_F(Leads, AreGroupedByTheirSource) {
  AddLead("1", "2024-01-01", " source: 'web'" + Converted("2024-01-05"));
  AddLead("2", "2024-01-01", " source: 'web'");
  AddLead("3", "2024-01-01", " source: 'fair'" + Converted("2024-01-05"));
  const auto values = Values(Asking({"lead_conversion_rate"}, std::string(kYear) + "group_by: 'leads.source'"));
  ASSERT_EQ(values.size(), 3);
  EXPECT_DOUBLE_EQ(values[0].number(), 2.0 / 3);
  EXPECT_EQ(values[1].groups(0), "fair");
  EXPECT_DOUBLE_EQ(values[1].number(), 1);
  EXPECT_DOUBLE_EQ(values[2].number(), 0.5);
  EXPECT_EQ(ValueOf("lead_conversion_rate", std::string(kYear) + "lead_filter: 'source = web'").denominator(), 2);
  EXPECT_EQ(ValueOf("win_rate", std::string(kYear) + "lead_filter: 'source = web'").fault().reason(),
            "RECORDS_NOT_READ");
  EXPECT_EQ(Contributions("lead_conversion_rate").contributions(0).record(), "leads/1");
}

}  // namespace
}  // namespace folio::indicators
