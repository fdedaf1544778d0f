#include "server/account/timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "server/account/points.h"
#include "tests/account/account_builder.h"

namespace folio::account {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

bool Same(const Point& a, const Point& b) {
  return a.fact == b.fact && a.day == b.day && a.kind == b.kind && a.tag == b.tag && a.value == b.value;
}

MATCHER_P(IsPoint, expected, "is the same point") { return Same(arg, expected); }

bool SamePoints(std::span<const Point> a, std::span<const Point> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), Same);
}

v1::Fact FactAt(std::string_view time) {
  v1::Fact fact;
  *fact.mutable_event_time() = ToProtoTime(ParseInstant(time).value());
  return fact;
}

class PointsOfFact : public ::testing::Test {
 protected:
  std::vector<Point> Of(const v1::Fact& fact, std::string_view zone = "") {
    std::vector<Point> points;
    PointsOf(fact, 5, TimeZone::Load(zone).value(), features_, &points);
    return points;
  }
  FeatureNames features_;
};

constexpr int64_t kFact = 5;

TEST_F(PointsOfFact, UsageTellsCountErrorsAndUser) {
  v1::Fact fact = FactAt("2024-12-31T10:00:00Z");
  fact.mutable_usage()->set_feature("export");
  fact.mutable_usage()->set_count(12);
  const Day day = On(2024, 12, 31);
  EXPECT_THAT(Of(fact), ElementsAre(IsPoint(Point{kFact, day, PointKind::kUsage, 1, 12})));

  fact.mutable_usage()->set_error_count(3);
  fact.mutable_usage()->set_user("ann@example.com");
  const std::vector<Point> points = Of(fact);
  ASSERT_EQ(points.size(), 3u);
  EXPECT_THAT(points[1], IsPoint(Point{kFact, day, PointKind::kUsageErrors, 1, 3}));
  EXPECT_EQ(points[2].kind, PointKind::kUser);
  fact.mutable_usage()->set_user("bob@example.com");
  EXPECT_NE(Of(fact)[2].value, points[2].value);
  fact.mutable_usage()->set_user("ann@example.com");
  EXPECT_EQ(Of(fact)[2].value, points[2].value);
}

TEST_F(PointsOfFact, ADayIsTheWorkspaces) {
  v1::Fact fact = FactAt("2024-12-31T23:30:00Z");
  fact.mutable_usage()->set_count(1);
  EXPECT_EQ(Of(fact)[0].day, On(2024, 12, 31));
  EXPECT_EQ(Of(fact, "Europe/Paris")[0].day, On(2025, 1, 1));
}

TEST_F(PointsOfFact, InteractionsTellContactMeetingNeedAndBudget) {
  v1::Fact fact = FactAt("2024-12-31T10:00:00Z");
  const Day day = On(2024, 12, 31);
  fact.mutable_interaction()->set_type(v1::INTERACTION_TYPE_MEETING);
  EXPECT_THAT(Of(fact), ElementsAre(IsPoint(Point{kFact, day, PointKind::kMeeting, 0, 1}),
                                    IsPoint(Point{kFact, day, PointKind::kContact, 0, 1})));
  fact.mutable_interaction()->set_type(v1::INTERACTION_TYPE_EMAIL);
  EXPECT_THAT(Of(fact), ElementsAre(IsPoint(Point{kFact, day, PointKind::kContact, 0, 1})));
  fact.mutable_interaction()->set_type(v1::INTERACTION_TYPE_NOTE);
  const auto note = IsPoint(Point{kFact, day, PointKind::kNote, 0, 1});
  EXPECT_THAT(Of(fact), ElementsAre(note));
  fact.mutable_interaction()->set_need_identified(true);
  fact.mutable_interaction()->set_budget_available(true);
  EXPECT_THAT(Of(fact), ElementsAre(note, IsPoint(Point{kFact, day, PointKind::kNeed, 0, 1}),
                                    IsPoint(Point{kFact, day, PointKind::kBudget, 0, 1})));
}

TEST_F(PointsOfFact, TicketsTellNothingBeforeItHappened) {
  v1::Fact fact = FactAt("2024-12-30T22:00:00Z");
  v1::Ticket& ticket = *fact.mutable_ticket();
  ticket.set_priority(v1::TICKET_PRIORITY_URGENT);
  EXPECT_THAT(Of(fact), ElementsAre(IsPoint(Point{kFact, On(2024, 12, 30), PointKind::kTicketOpened, 4, 1})));

  *ticket.mutable_close_time() = ToProtoTime(ParseInstant("2025-01-01T01:00:00Z").value());
  ticket.set_first_response_seconds(3 * 3600);
  ticket.set_satisfaction(4);
  EXPECT_THAT(Of(fact), ElementsAre(IsPoint(Point{kFact, On(2024, 12, 30), PointKind::kTicketOpened, 4, 1}),
                                    IsPoint(Point{kFact, On(2025, 1, 1), PointKind::kTicketClosed, 4, 27 * 3600.0}),
                                    IsPoint(Point{kFact, On(2024, 12, 31), PointKind::kFirstResponse, 0, 3 * 3600.0}),
                                    IsPoint(Point{kFact, On(2025, 1, 1), PointKind::kCsat, 0, 0.75})));
}

TEST_F(PointsOfFact, AResponseTimeBeyondReasonDoesNotLeaveTheCalendar) {
  v1::Fact fact = FactAt("2024-12-30T22:00:00Z");
  fact.mutable_ticket()->set_first_response_seconds(INT64_MAX);
  ASSERT_EQ(Of(fact).size(), 2u);
  EXPECT_LT(Of(fact)[1].day, On(2036, 1, 1));
}

TEST_F(PointsOfFact, SurveysAreReadOnTheirScale) {
  v1::Fact fact = FactAt("2024-12-31T10:00:00Z");
  v1::SurveyAnswer& answer = *fact.mutable_survey_answer();
  const Day day = On(2024, 12, 31);
  answer.set_kind(v1::SURVEY_KIND_NPS);
  answer.set_score(9);
  EXPECT_THAT(Of(fact), ElementsAre(IsPoint(Point{kFact, day, PointKind::kNps, 0, 9})));

  answer.set_kind(v1::SURVEY_KIND_CSAT);
  answer.set_score(4);
  EXPECT_THAT(Of(fact), IsEmpty()) << "a scale without extent says nothing";
  answer.set_scale_min(1);
  answer.set_scale_max(5);
  EXPECT_THAT(Of(fact), ElementsAre(IsPoint(Point{kFact, day, PointKind::kCsat, 0, 0.75})));

  answer.set_kind(v1::SURVEY_KIND_CES);
  EXPECT_THAT(Of(fact), ElementsAre(IsPoint(Point{kFact, day, PointKind::kEase, 0, 0.75})));
  answer.set_low_is_easy(true);
  EXPECT_THAT(Of(fact), ElementsAre(IsPoint(Point{kFact, day, PointKind::kEase, 0, 0.25})));
}

TEST_F(PointsOfFact, PaymentsTellTheInvoiceAndHowLateItWasPaid) {
  v1::Fact fact = FactAt("2024-12-01T10:00:00Z");
  v1::Payment& payment = *fact.mutable_payment();
  payment.mutable_amount()->set_units(100);
  payment.mutable_amount()->set_nanos(500'000'000);
  *payment.mutable_due_date() = ToProtoDate(On(2024, 12, 31));
  EXPECT_THAT(Of(fact), ElementsAre(IsPoint(Point{kFact, On(2024, 12, 31), PointKind::kInvoice, 0, 100.5})));
  *payment.mutable_paid_date() = ToProtoDate(On(2025, 1, 3));
  EXPECT_THAT(Of(fact), ElementsAre(IsPoint(Point{kFact, On(2024, 12, 31), PointKind::kInvoice, 0, 100.5}),
                                    IsPoint(Point{kFact, On(2025, 1, 3), PointKind::kPaid, 0, 3})));
}

TEST_F(PointsOfFact, ContactsArriveLeaveOrAreReplaced) {
  v1::Fact fact = FactAt("2024-12-31T10:00:00Z");
  fact.mutable_contact_change()->set_role(v1::CONTACT_ROLE_CHAMPION);
  fact.mutable_contact_change()->set_type(v1::CONTACT_CHANGE_TYPE_ARRIVED);
  EXPECT_EQ(Of(fact)[0].kind, PointKind::kContactArrived);
  fact.mutable_contact_change()->set_type(v1::CONTACT_CHANGE_TYPE_LEFT);
  EXPECT_EQ(Of(fact)[0].kind, PointKind::kContactLeft);
  fact.mutable_contact_change()->set_type(v1::CONTACT_CHANGE_TYPE_REPLACED);
  EXPECT_THAT(Of(fact), ElementsAre(IsPoint(Point{kFact, On(2024, 12, 31), PointKind::kContactLeft, 2, 1})));
}

TEST(FeatureNames, NumbersNamesOnceAndKeepsZeroForNone) {
  FeatureNames names;
  EXPECT_EQ(names.NumberOf(""), 0);
  EXPECT_EQ(names.NumberOf("export"), 1);
  EXPECT_EQ(names.NumberOf("import"), 2);
  EXPECT_EQ(names.NumberOf("export"), 1);
  EXPECT_EQ(names.NameOf(2), "import");
  EXPECT_EQ(names.NameOf(3), "");
  EXPECT_EQ(names.size(), 3);
}

TEST(FeatureNames, BeyondTheLastNumberAllShareIt) {
  FeatureNames names;
  for (int i = 1; i <= 65'535; ++i) ASSERT_EQ(names.NumberOf("f" + std::to_string(i)), i);
  EXPECT_EQ(names.NumberOf("one more"), 65'535);
  EXPECT_EQ(names.NumberOf("f7"), 7);
}

// What a workspace may record of one account, as (points of) facts with keys from 1.
std::vector<std::vector<Point>> RandomFacts(std::mt19937_64& random, int count) {
  std::vector<std::vector<Point>> facts;
  for (int key = 1; key <= count; ++key) {
    const auto day = static_cast<Day>(19'000 + random() % 6);
    const auto tag = static_cast<uint16_t>(random() % 3);
    facts.push_back({{key, day, static_cast<PointKind>(random() % 17), tag, static_cast<double>(random() % 4) / 3}});
    if (random() % 3 == 0) facts.back().push_back({key, day + 1, PointKind::kTicketClosed, tag, 1});
  }
  return facts;
}

std::vector<Point> WithKey(std::vector<Point> points, int64_t key) {
  for (Point& point : points) point.fact = key;
  return points;
}

TEST(Timeline, OrderOfArrivalDoesNotMatter) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    auto facts = RandomFacts(random, 40);
    Timeline in_order;
    for (const auto& points : facts) in_order.Put(points[0].fact, points);
    ASSERT_TRUE(std::is_sorted(in_order.points().begin(), in_order.points().end(), Precedes));

    std::shuffle(facts.begin(), facts.end(), random);
    Timeline shuffled;
    for (const auto& points : facts) {
      // Some facts come first with other content, are taken away, and come again.
      if (random() % 4 == 0) shuffled.Put(points[0].fact, WithKey(facts[random() % facts.size()], points[0].fact));
      if (random() % 4 == 0) shuffled.Remove(points[0].fact);
      if (random() % 4 == 0) shuffled.Put(points[0].fact, points);
    }
    for (const auto& points : facts) shuffled.Put(points[0].fact, points);
    ASSERT_TRUE(SamePoints(in_order.points(), shuffled.points()));
  }
}

TEST(Timeline, AReplacedFactLeavesNothingBehind) {
  Timeline timeline;
  const Point first[] = {{7, 100, PointKind::kUsage, 1, 5}, {7, 100, PointKind::kUsageErrors, 1, 1}};
  const Point other[] = {{8, 100, PointKind::kUsage, 1, 2}};
  const Point second[] = {{7, 90, PointKind::kUsage, 2, 6}};
  timeline.Put(7, first);
  timeline.Put(8, other);
  timeline.Put(7, second);
  EXPECT_THAT(timeline.points(), ElementsAre(IsPoint(second[0]), IsPoint(other[0])));
  timeline.Remove(7);
  timeline.Remove(9);
  EXPECT_THAT(timeline.points(), ElementsAre(IsPoint(other[0])));
  timeline.Put(7, second);
  EXPECT_EQ(timeline.points().size(), 2u) << "a fact may come back after its removal";
}

TEST(Points, WindowsAreOfOneKindAndEndToday) {
  const AccountBuilder account = AccountBuilder(100)
                                     .AddEach(PointKind::kUsage, 60, 110, 1)
                                     .AddEach(PointKind::kMeeting, 99, 101, 1)
                                     .Add(PointKind::kUsage, 100, 10, 3);
  const View view = account.view();
  EXPECT_EQ(PointsInLast(view, PointKind::kUsage, 30).size(), 31u);
  EXPECT_EQ(PointsInLast(view, PointKind::kUsage, 30).front().day, 71);
  EXPECT_EQ(PointsInLast(view, PointKind::kUsage, 30).back().day, 100);
  EXPECT_EQ(PointsSoFar(view, PointKind::kMeeting).size(), 2u);
  EXPECT_THAT(PointsInLast(view, PointKind::kNps, 30), IsEmpty());
  EXPECT_THAT(PointsBetween(view, PointKind::kUsage, 101, 110), IsEmpty());
  EXPECT_EQ(TallyOf(PointsInLast(view, PointKind::kUsage, 2)).sum, 12);
}

TEST(Points, FeaturesAndUsersAreCountedOnce) {
  const AccountBuilder account = AccountBuilder(100)
                                     .Add(PointKind::kUsage, 99, 1, 7)
                                     .Add(PointKind::kUsage, 100, 5, 7)
                                     .Add(PointKind::kUsage, 100, 5, 8)
                                     .Add(PointKind::kUsage, 100, 0, 9)
                                     .Add(PointKind::kUsage, 100, 5, 0)
                                     .AddEach(PointKind::kUser, 90, 95, 1e15)
                                     .Add(PointKind::kUser, 97, 1e15 + 1);
  const View view = account.view();
  EXPECT_EQ(DistinctFeatures(PointsSoFar(view, PointKind::kUsage)), 2) << "neither a login nor a record of no use";
  EXPECT_EQ(DistinctUsers(PointsSoFar(view, PointKind::kUser)), 2);
  EXPECT_EQ(DistinctUsers({}), 0);
}

TEST(Points, UsageIsComparedWithTheWindowBefore) {
  AccountBuilder builder(100);
  builder.AddEach(PointKind::kUsage, 71, 100, 3).AddEach(PointKind::kUsage, 42, 70, 2);
  EXPECT_FALSE(CompareUsage(builder.view(), 30).covers_both) << "usage began on the second day of the window before";
  builder.Add(PointKind::kUsage, 41, 2);
  const UsageComparison comparison = CompareUsage(builder.view(), 30);
  EXPECT_TRUE(comparison.covers_both);
  EXPECT_EQ(comparison.now.sum, 90);
  EXPECT_EQ(comparison.before.sum, 60);
  EXPECT_EQ(comparison.before.facts, 30);
  EXPECT_DOUBLE_EQ(comparison.change(), 0.5);
}

}  // namespace
}  // namespace folio::account
