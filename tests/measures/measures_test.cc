#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "folio/v1/contact.pb.h"
#include "folio/v1/fact.pb.h"
#include "server/measures/measure.h"
#include "tests/account/account_builder.h"

namespace folio::measures {
namespace {

using account::AccountBuilder;
using account::PointKind;

constexpr Day kToday = 20'000;
constexpr Micros kUnit = kMicrosPerUnit;

Reading Read(std::string_view name, const AccountBuilder& account, int window_days = 0) {
  const Measure* measure = FindMeasure(name);
  if (measure == nullptr) {
    ADD_FAILURE() << "no measure " << name;
    return {};
  }
  return measure->read(account.view(), window_days > 0 ? window_days : measure->default_window_days);
}

// Has a value, read from so many facts.
MATCHER_P2(Reads, value, facts, "") {
  *result_listener << "value " << arg.value << ", absence " << arg.absence << ", facts " << arg.fact_count;
  return !arg.missing() && std::abs(arg.value - value) < 1e-9 && arg.fact_count == facts;
}
MATCHER_P(IsAbsent, why, "") {
  *result_listener << "value " << arg.value << ", absence " << arg.absence;
  return arg.absence == why && arg.value == 0;
}

TEST(Registry, IsSortedDescribedAndFindable) {
  std::set<std::string_view> units;
  const std::span<const Measure> all = AllMeasures();
  for (size_t i = 0; i < all.size(); ++i) {
    EXPECT_TRUE(i == 0 || all[i - 1].name < all[i].name) << all[i].name;
    EXPECT_EQ(FindMeasure(all[i].name), &all[i]);
    EXPECT_NE(all[i].description, "");
    EXPECT_NE(all[i].description_fr, "");
    EXPECT_NE(all[i].description, all[i].description_fr);
    units.insert(all[i].unit);
  }
  EXPECT_THAT(units, ::testing::IsSubsetOf({"ratio", "days", "count", "points", "hours", "months", "money", "flag"}));
  EXPECT_EQ(FindMeasure("usage"), nullptr);
  EXPECT_EQ(FindMeasure(""), nullptr);
}

TEST(Registry, NoMeasureInventsAFigureForAnAccountWithoutData) {
  const AccountBuilder nothing(kToday);
  AccountBuilder later(kToday);  // all that it has is in the future
  for (int kind = 0; kind <= static_cast<int>(PointKind::kUsage); ++kind) {
    later.Add(static_cast<PointKind>(kind), kToday + 1, 1, 1);
  }
  later.AddTerm({.start = kToday + 1, .annual = kUnit});
  for (const Measure& measure : AllMeasures()) {
    EXPECT_TRUE(Read(measure.name, nothing).missing()) << measure.name;
    EXPECT_TRUE(Read(measure.name, later).missing()) << measure.name;
  }
}

// What a back-test of a past day must not see: not only facts, but how terms and roles end, and which follow.
TEST(Registry, NoMeasureReadsWhatComesLater) {
  AccountBuilder then(kToday);
  AccountBuilder now(kToday);
  for (AccountBuilder* account : {&then, &now}) {
    for (int kind = 0; kind <= static_cast<int>(PointKind::kUsage); ++kind) {
      account->AddEach(static_cast<PointKind>(kind), kToday - 100, kToday, 1, 1);
    }
    account->AddTerm({.key = 1, .start = kToday - 800, .end = kToday - 400, .annual = kUnit, .seats = 4});
    account->account().renewal = kToday + 30;
    account->account().auto_renew = 1;
    for (const auto role : {v1::CONTACT_ROLE_CHAMPION, v1::CONTACT_ROLE_DECISION_MAKER}) {
      account->AddContact({.role = static_cast<uint8_t>(role), .start = kToday - 500, .end = kToday - 10});
    }
    account->AddContact({.role = v1::CONTACT_ROLE_DECISION_MAKER, .start = kToday - 10, .budget_available = true});
  }
  then.AddTerm({.key = 2, .start = kToday - 400, .annual = kUnit, .seats = 5});
  then.AddContact({.key = 1, .role = v1::CONTACT_ROLE_CHAMPION, .start = kToday - 50});
  now.AddTerm({.key = 2, .start = kToday - 400, .end = kToday + 1, .annual = kUnit, .seats = 5});
  now.AddTerm({.key = 3, .start = kToday + 1, .end = kToday + 90, .annual = 9 * kUnit, .seats = 9});
  now.AddContact({.key = 1, .role = v1::CONTACT_ROLE_CHAMPION, .start = kToday - 50, .end = kToday + 1});
  now.AddContact({.key = 2, .role = v1::CONTACT_ROLE_CHAMPION, .start = kToday + 1});
  for (int kind = 0; kind <= static_cast<int>(PointKind::kUsage); ++kind) {
    now.AddEach(static_cast<PointKind>(kind), kToday + 1, kToday + 50, 7, 2);
  }
  for (const Measure& measure : AllMeasures()) {
    const Reading known = Read(measure.name, then);
    EXPECT_FALSE(known.missing()) << measure.name;
    EXPECT_EQ(Read(measure.name, now).value, known.value) << measure.name;
    EXPECT_EQ(Read(measure.name, now).absence, known.absence) << measure.name;
  }
}

TEST(ChampionPresent, IsNotKnownBeforeAnyContactIs) {
  AccountBuilder account(kToday);
  account.AddContact({.key = 1, .role = v1::CONTACT_ROLE_CHAMPION, .start = kToday + 1});
  EXPECT_THAT(Read("champion_present", account), IsAbsent(v1::ABSENCE_NO_DATA));
}

TEST(UsageTrend, ComparesWithTheWindowBefore) {
  AccountBuilder account(kToday);
  account.AddEach(PointKind::kUsage, kToday - 59, kToday - 30, 10).AddEach(PointKind::kUsage, kToday - 29, kToday, 8);
  EXPECT_THAT(Read("usage_trend", account), Reads(-0.2, 60));
  EXPECT_THAT(Read("usage_trend", account, 10), Reads(0.0, 20));
  EXPECT_THAT(Read("usage_trend", account, 31), IsAbsent(v1::ABSENCE_TOO_YOUNG));
}

TEST(UsageTrend, HasNoDenominatorAfterASilence) {
  AccountBuilder account(kToday);
  account.Add(PointKind::kUsage, kToday - 100, 10).Add(PointKind::kUsage, kToday, 10);
  EXPECT_THAT(Read("usage_trend", account), IsAbsent(v1::ABSENCE_NO_DENOMINATOR));
}

TEST(UsageLevel, IsZeroOnceUsageWasRecorded) {
  AccountBuilder account(kToday);
  account.Add(PointKind::kUsage, kToday - 30, 10);
  EXPECT_THAT(Read("usage_level", account), Reads(0.0, 0));
  account.Add(PointKind::kUsage, kToday - 29, 5).Add(PointKind::kUsage, kToday, 7);
  EXPECT_THAT(Read("usage_level", account), Reads(12.0, 2));
}

TEST(LastUsage, ARecordOfNoUseIsNoUse) {
  AccountBuilder account(kToday);
  account.Add(PointKind::kUsage, kToday - 3, 0);
  EXPECT_THAT(Read("days_since_last_usage", account), IsAbsent(v1::ABSENCE_NO_DATA));
  EXPECT_THAT(Read("active_days", account), Reads(0.0, 1)) << "but it is data";
  account.Add(PointKind::kUsage, kToday - 8, 1).Add(PointKind::kUsage, kToday - 8, 2);
  EXPECT_THAT(Read("days_since_last_usage", account), Reads(8.0, 1));
  EXPECT_THAT(Read("active_days", account), Reads(1.0, 3));
}

TEST(FeatureBreadth, IsMissingWhereOnlyLoginsAreRecorded) {
  AccountBuilder account(kToday);
  account.AddEach(PointKind::kUsage, kToday - 5, kToday, 1, 0);
  EXPECT_THAT(Read("feature_breadth", account), IsAbsent(v1::ABSENCE_NO_DATA));
  account.Add(PointKind::kUsage, kToday - 90, 1, 3);
  EXPECT_THAT(Read("feature_breadth", account), Reads(0.0, 0)) << "a feature was used once, none lately";
  account.Add(PointKind::kUsage, kToday - 89, 1, 3).Add(PointKind::kUsage, kToday, 1, 3);
  account.Add(PointKind::kUsage, kToday, 1, 4).Add(PointKind::kUsage, kToday, 0, 5);
  EXPECT_THAT(Read("feature_breadth", account), Reads(2.0, 10));
}

TEST(ActiveSeatShare, NeedsUsersAndSeats) {
  AccountBuilder account(kToday);
  account.account().seats = 4;
  EXPECT_THAT(Read("active_seat_share", account), IsAbsent(v1::ABSENCE_NO_DATA));
  account.Add(PointKind::kUser, kToday, 111).Add(PointKind::kUser, kToday, 222).Add(PointKind::kUser, kToday - 1, 111);
  EXPECT_THAT(Read("active_seat_share", account), Reads(0.5, 3));
  account.account().seats = 0;
  EXPECT_THAT(Read("active_seat_share", account), IsAbsent(v1::ABSENCE_NO_DENOMINATOR));
  account.account().seats = -1;
  EXPECT_THAT(Read("active_seat_share", account), IsAbsent(v1::ABSENCE_NO_DENOMINATOR));
  account.AddTerm({.start = kToday - 10, .seats = 2});
  EXPECT_THAT(Read("active_seat_share", account), Reads(1.0, 3));
}

TEST(ErrorRate, IsMissingWhereNoErrorWasEverRecorded) {
  AccountBuilder account(kToday);
  account.AddEach(PointKind::kUsage, kToday - 40, kToday - 20, 10);
  EXPECT_THAT(Read("error_rate", account), IsAbsent(v1::ABSENCE_NO_DATA));
  account.Add(PointKind::kUsageErrors, kToday - 25, 11);
  EXPECT_THAT(Read("error_rate", account), Reads(0.11, 10));
  EXPECT_THAT(Read("error_rate", account, 10), IsAbsent(v1::ABSENCE_NO_DENOMINATOR));
}

TEST(Engagement, CountsMeetingsOnceInteractionsAreRecorded) {
  AccountBuilder account(kToday);
  account.Add(PointKind::kContact, kToday - 200);
  EXPECT_THAT(Read("meetings", account), Reads(0.0, 0));
  EXPECT_THAT(Read("interactions", account), Reads(0.0, 0));
  EXPECT_THAT(Read("days_since_last_contact", account), Reads(200.0, 1));
  account.Add(PointKind::kContact, kToday - 89).Add(PointKind::kMeeting, kToday - 89).Add(PointKind::kContact, kToday);
  EXPECT_THAT(Read("meetings", account), Reads(1.0, 1));
  EXPECT_THAT(Read("interactions", account), Reads(2.0, 2));
  EXPECT_THAT(Read("days_since_last_contact", account), Reads(0.0, 1));
}

TEST(Champion, IsPresentWhileInTheRole) {
  AccountBuilder account(kToday);
  account.AddContact({.role = v1::CONTACT_ROLE_MAIN});
  EXPECT_THAT(Read("champion_present", account), Reads(0.0, 1));
  account.AddContact({.role = v1::CONTACT_ROLE_CHAMPION, .start = kToday - 10, .end = kToday});
  EXPECT_THAT(Read("champion_present", account), Reads(0.0, 2)) << "the end is the first day after the role";
  account.AddContact({.role = v1::CONTACT_ROLE_CHAMPION});
  EXPECT_THAT(Read("champion_present", account), Reads(1.0, 3));
}

TEST(Satisfaction, AveragesAnswersOfTheWindow) {
  AccountBuilder account(kToday);
  account.Add(PointKind::kCsat, kToday - 90, 0)
      .Add(PointKind::kCsat, kToday - 89, 0.5)
      .Add(PointKind::kCsat, kToday, 1);
  EXPECT_THAT(Read("csat_mean", account), Reads(75.0, 2));
  EXPECT_THAT(Read("csat_mean", account, 91), Reads(50.0, 3));
  account.Add(PointKind::kEase, kToday, 0.25);
  EXPECT_THAT(Read("ease_mean", account), Reads(25.0, 1));
}

TEST(Nps, TheLastAnswerIsTheMeanOfItsDay) {
  AccountBuilder account(kToday);
  account.Add(PointKind::kNps, kToday - 366, 10);
  EXPECT_THAT(Read("nps_last", account), IsAbsent(v1::ABSENCE_NO_DATA)) << "too old to count";
  account.Add(PointKind::kNps, kToday - 10, 2).Add(PointKind::kNps, kToday - 3, 9).Add(PointKind::kNps, kToday - 3, 6);
  EXPECT_THAT(Read("nps_last", account), Reads(7.5, 2));
  EXPECT_THAT(Read("nps_mean", account), Reads(17.0 / 3, 3));
}

TEST(Tickets, NoTicketEverIsNotAFigure) {
  AccountBuilder account(kToday);
  account.AddEach(PointKind::kUsage, kToday - 50, kToday, 1);
  for (const char* name : {"open_urgent_tickets", "open_tickets", "tickets_opened", "resolution_hours"}) {
    EXPECT_THAT(Read(name, account), IsAbsent(v1::ABSENCE_NO_DATA)) << name;
  }
}

TEST(Tickets, AreOpenUntilTheDayOfTheirClose) {
  AccountBuilder account(kToday);
  const int urgent = v1::TICKET_PRIORITY_URGENT;
  account.Add(PointKind::kTicketOpened, kToday - 300, 1, urgent).Add(PointKind::kTicketOpened, kToday - 3, 1, urgent);
  account.Add(PointKind::kTicketOpened, kToday - 2, 1, v1::TICKET_PRIORITY_LOW);
  account.Add(PointKind::kTicketClosed, kToday + 1, 3600, urgent);
  EXPECT_THAT(Read("open_urgent_tickets", account), Reads(2.0, 2));
  EXPECT_THAT(Read("open_tickets", account), Reads(3.0, 3));
  EXPECT_THAT(Read("tickets_opened", account), Reads(2.0, 2));
  account.account().today = kToday + 1;
  EXPECT_THAT(Read("open_urgent_tickets", account), Reads(1.0, 1));
  EXPECT_THAT(Read("resolution_hours", account), Reads(1.0, 1));
  account.Add(PointKind::kFirstResponse, kToday, 1800).Add(PointKind::kFirstResponse, kToday, 5400);
  EXPECT_THAT(Read("first_response_hours", account), Reads(1.0, 2));
}

TEST(Tenure, BeginsWithTheContractOrTheFirstPaidSubscription) {
  AccountBuilder account(kToday);
  account.account().created = kToday - 1000;
  EXPECT_THAT(Read("tenure_months", account), IsAbsent(v1::ABSENCE_NO_DATA)) << "being entered here is no beginning";
  account.AddTerm({.start = kToday - 900, .trial = true}).AddTerm({.start = kToday - 365});
  EXPECT_NEAR(Read("tenure_months", account).value, 12, 0.02);
  account.account().contract_start = kToday - 731;
  EXPECT_NEAR(Read("tenure_months", account).value, 24, 0.04);
}

TEST(ArrTrend, ComparesWithTheStartOfTheWindow) {
  AccountBuilder account(kToday);
  EXPECT_THAT(Read("arr_trend", account), IsAbsent(v1::ABSENCE_NO_DATA));
  account.AddTerm({.start = kToday - 364, .annual = 100 * kUnit});
  EXPECT_THAT(Read("arr_trend", account), IsAbsent(v1::ABSENCE_TOO_YOUNG));
  account.AddTerm({.start = kToday - 500, .end = kToday - 400, .annual = 100 * kUnit});
  EXPECT_THAT(Read("arr_trend", account), IsAbsent(v1::ABSENCE_NO_DENOMINATOR));
  account.AddTerm({.start = kToday - 365, .end = kToday, .annual = 200 * kUnit});
  EXPECT_THAT(Read("arr_trend", account), Reads(-0.5, 3));
}

TEST(SubscriptionsKept, CountsWhatWasLiveInTheWindow) {
  AccountBuilder account(kToday);
  account.AddTerm({.start = kToday - 800, .end = kToday - 365});
  account.AddTerm({.start = kToday - 10, .trial = true});
  EXPECT_THAT(Read("subscriptions_kept", account), IsAbsent(v1::ABSENCE_NO_DATA));
  account.AddTerm({.start = kToday - 800, .end = kToday - 364}).AddTerm({.start = kToday - 10});
  EXPECT_THAT(Read("subscriptions_kept", account), Reads(0.5, 2));
  account.AddTerm({.start = kToday - 364, .end = kToday + 1});
  EXPECT_THAT(Read("subscriptions_kept", account), Reads(1.0, 3)) << "it took over on the day the other ended";
}

TEST(OnTimePayments, CountInvoicesDueUpToYesterday) {
  AccountBuilder account(kToday);
  account.Add(PointKind::kInvoice, kToday, 100);
  EXPECT_THAT(Read("on_time_payment_share", account), IsAbsent(v1::ABSENCE_NO_DATA)) << "it may still be paid today";
  account.Add(PointKind::kInvoice, kToday - 1, 100);
  EXPECT_THAT(Read("on_time_payment_share", account), Reads(0.0, 1)) << "due yesterday and not paid";
  account.Add(PointKind::kInvoice, kToday - 40, 100).Add(PointKind::kPaid, kToday - 45, -5);
  account.Add(PointKind::kInvoice, kToday - 60, 100).Add(PointKind::kPaid, kToday - 50, 10);
  account.Add(PointKind::kInvoice, kToday - 80, 100).Add(PointKind::kPaid, kToday - 80, 0);
  EXPECT_THAT(Read("on_time_payment_share", account), Reads(0.5, 4));
  account.Add(PointKind::kInvoice, kToday - 366, 100).Add(PointKind::kPaid, kToday - 366, 0);
  EXPECT_THAT(Read("on_time_payment_share", account), Reads(0.5, 4)) << "before the window";
}

TEST(UsageChange, NeedsNoWholeWindowBefore) {
  AccountBuilder account(kToday);
  account.Add(PointKind::kUsage, kToday - 40, 20).Add(PointKind::kUsage, kToday - 3, 10);
  EXPECT_THAT(Read("usage_change", account), Reads(-0.5, 2));
  EXPECT_THAT(Read("usage_trend", account), IsAbsent(v1::ABSENCE_TOO_YOUNG));
  EXPECT_THAT(Read("usage_before", account), Reads(20, 1));
  EXPECT_THAT(Read("active_days_before", account), Reads(1, 1));
}

TEST(LimitHits, AreKnownWhereTheyAreReported) {
  AccountBuilder account(kToday);
  account.Add(PointKind::kUsage, kToday, 5);
  EXPECT_THAT(Read("limit_hits", account), IsAbsent(v1::ABSENCE_NO_DATA));
  account.Add(PointKind::kLimitHit, kToday - 29, 2).Add(PointKind::kLimitHit, kToday - 30, 4);
  EXPECT_THAT(Read("limit_hits", account, 30), Reads(2, 1));
  EXPECT_THAT(Read("days_since_last_limit_hit", account), Reads(29, 1));
}

TEST(Overdue, CountsInvoicesThatWereDueBeforeTodayAndAreNotPaid) {
  AccountBuilder account(kToday);
  account.Add(PointKind::kInvoice, kToday, 100);
  EXPECT_THAT(Read("overdue_invoices", account), IsAbsent(v1::ABSENCE_NO_DATA)) << "due today is not late yet";
  account.Add(PointKind::kInvoice, kToday - 1, 200).Add(PointKind::kInvoice, kToday - 20, 50);
  EXPECT_THAT(Read("overdue_invoices", account), Reads(2, 2));
  EXPECT_THAT(Read("overdue_amount", account), Reads(250, 2));
  EXPECT_THAT(Read("days_overdue", account), Reads(20, 2));
}

TEST(DaysToRenewal, LooksAheadAndTellsHow) {
  AccountBuilder account(kToday);
  EXPECT_THAT(Read("days_to_renewal", account), IsAbsent(v1::ABSENCE_NO_DATA));
  account.AddTerm({.start = kToday - 100, .annual = kUnit, .renewal = kToday + 12, .auto_renew = 1});
  EXPECT_THAT(Read("days_to_renewal", account), Reads(12, 1));
  EXPECT_THAT(Read("renews_by_itself", account), Reads(1, 1));
}

TEST(SubscriptionsEnded, TellsAClientWhoHasGone) {
  AccountBuilder account(kToday);
  EXPECT_THAT(Read("subscriptions_ended", account), IsAbsent(v1::ABSENCE_NO_DATA));
  account.AddTerm({.start = kToday - 100, .end = kToday, .annual = kUnit});
  EXPECT_THAT(Read("subscriptions_ended", account), Reads(1, 1));
  account.AddTerm({.start = kToday - 10, .annual = kUnit});
  EXPECT_THAT(Read("subscriptions_ended", account), Reads(0, 2));
}

TEST(Departures, TellWhoLeftAndWhetherSomebodyHasTheRole) {
  AccountBuilder account(kToday);
  account.AddContact({.role = v1::CONTACT_ROLE_CHAMPION, .start = kToday - 90, .end = kToday - 4});
  EXPECT_THAT(Read("days_since_champion_left", account), Reads(4, 1));
  EXPECT_THAT(Read("champion_succeeded", account), Reads(0, 1));
  EXPECT_THAT(Read("days_since_champion_left", account, 4), IsAbsent(v1::ABSENCE_NO_DATA)) << "before the window";
  account.Add(PointKind::kContactArrived, kToday - 1, 1, v1::CONTACT_ROLE_CHAMPION);
  EXPECT_THAT(Read("champion_succeeded", account), Reads(1, 1));
  account.Add(PointKind::kContactArrived, kToday - 2, 1, v1::CONTACT_ROLE_DECISION_MAKER);
  EXPECT_THAT(Read("days_since_decision_maker_arrived", account), Reads(2, 1));
}

}  // namespace
}  // namespace folio::measures
