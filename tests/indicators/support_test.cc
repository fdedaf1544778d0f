// How clients are answered, and whether they take part: response_time, fcr, engagement_rate.
#include <gtest/gtest.h>

#include <cctype>

#include "tests/indicators/indicator_fixture.h"

namespace folio::indicators {
namespace {

class Support : public IndicatorTest {
 protected:
  Support() {
    AddAccount("a", "FinTech");
    AddAccount("b", "EdTech");
  }

  static std::string TimeText(const std::string& instant) {
    return "{ seconds: " + std::to_string(ParseInstant(instant).value() / 1'000'000) + " }";
  }
  // A message of "client", "agent" or "bot".
  static std::string Message(const std::string& author, const std::string& time) {
    std::string name = author;
    for (char& c : name) c = static_cast<char>(std::toupper(c));
    return "messages { author: MESSAGE_AUTHOR_" + name + " send_time " + TimeText(time) + " } ";
  }
  void AddConversation(const std::string& id, const std::string& account, const std::string& time,
                       const std::string& detail) {
    AddFact(id, account, time, "conversation { " + detail + " }");
  }

  // A ticket of 1 May that took so many contacts, 0 where nobody counted, and was resolved on a day of May.
  void AddTicket(const std::string& id, const std::string& account, int contacts, int resolved_on,
                 const std::string& more = "") {
    const std::string day = (resolved_on < 10 ? "0" : "") + std::to_string(resolved_on);
    AddFact(id, account, "2024-05-01T10:00:00Z",
            "ticket { " + (contacts == 0 ? "" : "contact_count: " + std::to_string(contacts)) + " close_time " +
                TimeText("2024-05-" + day + "T12:00:00Z") + more + " }");
  }
};

TEST_F(Support, ResponsesAreTimedFromTheFirstMessageThatWaits) {
  AddConversation("1", "a", "2024-05-06T10:00:00Z",
                  "channel: 'chat' " + Message("client", "2024-05-06T10:00:00Z") +
                      Message("bot", "2024-05-06T10:00:01Z") + Message("client", "2024-05-06T10:05:00Z") +
                      Message("agent", "2024-05-06T10:10:00Z") + Message("agent", "2024-05-06T10:30:00Z") +
                      Message("client", "2024-05-06T11:00:00Z") + Message("agent", "2024-05-06T11:30:00Z"));
  AddConversation(
      "2", "b", "2024-05-06T10:00:00Z",
      "channel: 'email' " + Message("client", "2024-05-06T10:00:00Z") + Message("agent", "2024-05-06T11:20:00Z"));
  const v1::IndicatorValue mean = Reconciled("response_time");
  EXPECT_EQ(mean.sample_size(), 3);
  EXPECT_DOUBLE_EQ(mean.number(), (10 + 30 + 80) * 60 / 3.0);
  EXPECT_DOUBLE_EQ(ValueOf("response_time_median").number(), 30 * 60);
  EXPECT_DOUBLE_EQ(ValueOf("response_time_p90").number(), 30 * 60 + 0.8 * 50 * 60);
  const auto by_channel = Values(Asking({"response_time"}, std::string(kYear) + " group_by: 'conversation.channel'"));
  ASSERT_EQ(by_channel.size(), 4);
  EXPECT_EQ(by_channel[2].groups(0), "chat");
  EXPECT_DOUBLE_EQ(by_channel[2].number(), 20 * 60);
  EXPECT_DOUBLE_EQ(by_channel[3].number(), 80 * 60);
  EXPECT_EQ(by_channel[1].absence(), v1::ABSENCE_NO_DATA);
}

TEST_F(Support, AReopeningStartsTheClockAnew) {
  // Days lie between; the answer took ten minutes.
  AddConversation("1", "a", "2024-05-06T10:00:00Z",
                  Message("client", "2024-05-06T10:00:00Z") + Message("agent", "2024-05-10T09:10:00Z") +
                      "reopen_times " + TimeText("2024-05-10T09:00:00Z"));
  AddConversation("2", "a", "2024-05-06T10:00:00Z",
                  Message("agent", "2024-05-12T09:10:00Z") + "reopen_times " + TimeText("2024-05-12T09:00:00Z"));
  const v1::IndicatorValue mean = ValueOf("response_time");
  EXPECT_DOUBLE_EQ(mean.number(), 600);
  EXPECT_EQ(mean.sample_size(), 2);
}

TEST_F(Support, WhatIsNotAnsweredIsToldBesideWithItsAge) {
  AddConversation("1", "a", "2024-12-30T00:00:00Z", Message("client", "2024-12-30T00:00:00Z"));
  AddConversation("2", "a", "2024-12-30T00:00:00Z",
                  Message("client", "2024-12-30T00:00:00Z") + Message("bot", "2024-12-30T00:00:01Z"));
  AddConversation("3", "a", "2024-12-30T00:00:00Z",
                  Message("client", "2024-12-30T00:00:00Z") + "close_time " + TimeText("2024-12-30T01:00:00Z"));
  const v1::IndicatorValue mean = ValueOf("response_time");
  EXPECT_EQ(mean.absence(), v1::ABSENCE_NO_DATA);
  EXPECT_EQ(NumberOf(mean, "unanswered"), 2);
  EXPECT_EQ(NumberOf(mean, "oldest_unanswered"), 2 * 24 * 3'600) << "by the end of the day";
}

TEST_F(Support, BusinessHoursCountOnlyWhatIsWorked) {
  // Friday evening to Monday morning in France: half an hour before closing, and ten minutes after opening. 1 May, a
  // Wednesday in 2024, is not worked.
  AddConversation("1", "a", "2024-05-03T15:30:00Z",
                  Message("client", "2024-05-03T15:30:00Z") + Message("agent", "2024-05-06T07:10:00Z"));
  EXPECT_DOUBLE_EQ(ValueOf("response_time_business").number(), 40 * 60);
  EXPECT_GT(ValueOf("response_time").number(), 48 * 3'600);
  AddFact("2", "a", "2024-04-30T15:30:00Z", "ticket { first_response_seconds: " + std::to_string(41 * 3'600) + " }");
  EXPECT_DOUBLE_EQ(ValueOf("first_response_time_business").number(), (30 + 90) * 60) << "to 2 May, 10:30 in Paris";
}

TEST_F(Support, FirstContactResolutionIsSeventyPercent) {
  for (int i = 0; i < 400; ++i) {
    AddTicket(std::to_string(i), "a", i < 280 ? 1 : 2, 2, " topic: '" + std::to_string(i) + "'");
  }
  const v1::IndicatorValue fcr = ValueOf("fcr");
  EXPECT_DOUBLE_EQ(fcr.number(), 0.7);
  EXPECT_EQ(fcr.numerator(), 280);
  EXPECT_EQ(fcr.denominator(), 400);
  EXPECT_EQ(fcr.interval().method(), v1::INTERVAL_METHOD_WILSON);
  EXPECT_EQ(fcr.absence(), v1::ABSENCE_UNSPECIFIED);
}

TEST_F(Support, ARepeatOrAReopeningIsNoResolution) {
  AddTicket("1", "a", 1, 2, " topic: 'login'");
  AddTicket("2", "b", 1, 2, " topic: 'login'");                                                  // of another account
  AddTicket("3", "a", 1, 2, " topic: 'bill' reopen_times " + TimeText("2024-05-04T10:00:00Z"));  // again
  AddTicket("4", "a", 1, 2, " topic: 'slow' reopen_times " + TimeText("2024-05-20T10:00:00Z"));  // long after
  AddTicket("5", "a", 0, 2, " topic: 'other'");                                                  // not counted
  AddFact("6", "b", "2024-05-01T11:00:00Z", "ticket { contact_count: 1 topic: 'open' }");
  v1::IndicatorValue fcr = Reconciled("fcr");
  EXPECT_DOUBLE_EQ(fcr.number(), 3.0 / 4);
  EXPECT_EQ(NumberOf(fcr, "repeated"), 1);
  EXPECT_EQ(NumberOf(fcr, "uncounted"), 1);
  EXPECT_DOUBLE_EQ(Reconciled("fcr_all_contacts").number(), 3.0 / 5) << "the open one has not been resolved";
  // A late ticket within the week makes the first one a repeat; with a shorter window it is none.
  AddFact("7", "a", "2024-05-08T10:00:00Z", "ticket { topic: 'login' }");
  EXPECT_DOUBLE_EQ(ValueOf("fcr").number(), 2.0 / 4);
  EXPECT_DOUBLE_EQ(ValueOf("fcr", std::string(kYear) + " settings { repeat_contact_days: 3 }").number(), 3.0 / 4);
  EXPECT_EQ(ValueOf("fcr", "filter: 'country = FR'").absence(), v1::ABSENCE_NO_DATA);
}

TEST_F(Support, ResolutionsOfTheLastDaysAreNotMature) {
  AddFact("1", "a", "2024-12-29T10:00:00Z",
          "ticket { contact_count: 1 close_time " + TimeText("2024-12-30T10:00:00Z") + " }");
  const v1::IndicatorValue fcr = ValueOf("fcr");
  EXPECT_EQ(fcr.absence(), v1::ABSENCE_NOT_MATURE);
  EXPECT_DOUBLE_EQ(fcr.number(), 1);
  EXPECT_EQ(NumberOf(fcr, "window_open"), 1);
  MoveTo("2025-01-10T12:00:00Z");
  EXPECT_EQ(ValueOf("fcr").absence(), v1::ABSENCE_UNSPECIFIED);
}

TEST_F(Support, EngagedIsWhoActsOftenEnough) {
  AddAccount("c");
  AddSubscription("a", "a", "2024-01-01", "", 100);
  AddSubscription("b", "b", "2024-01-01", "", 100);
  AddFact("1", "a", "2024-03-01T10:00:00Z", "engagement { type: 'webinar' contact: 'ann' }");
  AddFact("2", "a", "2024-03-02T10:00:00Z", "engagement { type: 'poll' contact: 'ann' }");
  AddFact("3", "b", "2024-03-02T10:00:00Z", "engagement { type: 'poll' contact: 'bob' weight: 5 }");
  AddFact("4", "c", "2024-03-02T10:00:00Z", "engagement { type: 'poll' }");  // no active account
  EXPECT_DOUBLE_EQ(Reconciled("engagement_rate").number(), 1);
  const auto with = [this](const std::string& id, const std::string& settings) {
    return Reconciled(id, std::string(kYear) + " settings { " + settings + " }");
  };
  EXPECT_DOUBLE_EQ(with("engagement_rate", "engagement_action_count: 2").number(), 0.5);
  EXPECT_DOUBLE_EQ(with("engagement_rate_weighted", "engagement_action_count: 3").number(), 0.5);
  EXPECT_DOUBLE_EQ(with("engagement_rate", "engagement_types: 'webinar'").number(), 0.5);
  EXPECT_DOUBLE_EQ(with("engagement_rate", "engagement_window_days: 30").number(), 0);
  EXPECT_DOUBLE_EQ(with("engagement_rate_contacts", "engagement_action_count: 2").number(), 0.5);
  EXPECT_EQ(ValueOf("engagement_rate", "filter: 'country = FR'").absence(), v1::ABSENCE_NO_DENOMINATOR);
}

}  // namespace
}  // namespace folio::indicators
