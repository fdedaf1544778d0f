#include "tests/signals/library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "folio/v1/contact.pb.h"
#include "folio/v1/fact.pb.h"
#include "server/model/schema.h"

namespace folio::signals {
namespace {

using account::AccountBuilder;
using account::PointKind;
using ::testing::UnorderedElementsAre;

constexpr auto kNone = v1::SIGNAL_SEVERITY_UNSPECIFIED;
constexpr auto kLow = v1::SIGNAL_SEVERITY_LOW;
constexpr auto kMedium = v1::SIGNAL_SEVERITY_MEDIUM;
constexpr auto kHigh = v1::SIGNAL_SEVERITY_HIGH;
constexpr auto kCritical = v1::SIGNAL_SEVERITY_CRITICAL;

const Day kToday = account::On(2024, 12, 31);
constexpr Micros kUnit = kMicrosPerUnit;

// `before` uses a day in the window before, `now` a day in the last 30 days.
AccountBuilder Usage(double before, double now) {
  AccountBuilder account(kToday);
  account.AddEach(PointKind::kUsage, kToday - 59, kToday - 30, before);
  account.AddEach(PointKind::kUsage, kToday - 29, kToday, now);
  return account;
}

TEST(Library, IsWholeAndValid) {
  std::vector<std::string> risks;
  std::vector<std::string> opportunities;
  for (const v1::SignalRule& rule : Library()) {
    EXPECT_TRUE(CheckRule(rule).ok()) << rule.name() << ": " << CheckRule(rule);
    EXPECT_TRUE(model::Validate(rule, "signal_rule").ok()) << model::Validate(rule, "signal_rule");
    EXPECT_TRUE(rule.built_in());
    EXPECT_NE(rule.display_name(), rule.display_name_fr());
    EXPECT_NE(rule.description(), "");
    for (const v1::SignalAlternative& alternative : rule.alternatives()) {
      EXPECT_EQ(alternative.summary().empty(), alternative.summary_fr().empty()) << rule.name();
      for (const v1::SignalCondition& condition : alternative.conditions()) {
        EXPECT_NE(condition.reason(), "") << rule.name() << " " << condition.measure();
      }
    }
    (rule.kind() == v1::SIGNAL_KIND_RISK ? risks : opportunities).emplace_back(RuleIdOf(rule.name()));
  }
  EXPECT_THAT(risks, UnorderedElementsAre("usage_drop", "renewal_near", "contact_change", "health_drop", "band_red",
                                          "no_login", "low_seat_share", "nps_detractor", "urgent_tickets",
                                          "many_tickets", "payment_late", "no_meeting"));
  EXPECT_THAT(opportunities, UnorderedElementsAre("intensive_usage", "identified_need", "budget_available",
                                                  "promoter_usage_up", "new_decision_maker", "feature_limit_hits"));
}

TEST(Library, SaysNothingWithoutData) {
  const AccountBuilder account(kToday);
  for (const Rule& rule : RuleSet::Default()->rules()) {
    EXPECT_EQ(Grade(rule.id(), account), kNone) << rule.id();
    EXPECT_EQ(Stay(rule.id(), account), kNone) << rule.id();
    EXPECT_EQ(SinceOf(rule.id(), account), kNoDay) << rule.id();
  }
}

TEST(UsageDrop, EscalatesWithTheDrop) {
  EXPECT_EQ(Grade("usage_drop", Usage(10, 10)), kNone);
  EXPECT_EQ(Grade("usage_drop", Usage(100, 81)), kNone);
  EXPECT_EQ(Grade("usage_drop", Usage(10, 8)), kMedium) << "20 % exactly";
  EXPECT_EQ(Grade("usage_drop", Usage(10, 6)), kHigh);
  EXPECT_EQ(Grade("usage_drop", Usage(10, 3)), kCritical);
  EXPECT_EQ(Grade("usage_drop", Usage(10, 0)), kCritical);
}

TEST(UsageDrop, NeedsABase) {
  AccountBuilder rare(kToday);
  rare.Add(PointKind::kUsage, kToday - 40, 6)
      .Add(PointKind::kUsage, kToday - 41, 6)
      .Add(PointKind::kUsage, kToday - 42, 7);
  EXPECT_EQ(Grade("usage_drop", rare), kNone) << "19 uses";
  rare.Add(PointKind::kUsage, kToday - 42, 1);
  EXPECT_EQ(Grade("usage_drop", rare), kCritical) << "20 uses on 3 days";
  AccountBuilder burst(kToday);
  burst.Add(PointKind::kUsage, kToday - 40, 500).Add(PointKind::kUsage, kToday - 41, 500);
  EXPECT_EQ(Grade("usage_drop", burst), kNone) << "2 days are a burst, not a habit";
}

TEST(UsageDrop, TellsFiguresAndDates) {
  const AccountBuilder account = Usage(10, 6);
  const Finding finding = Explain("usage_drop", account.view());
  EXPECT_EQ(Number(finding, "usage_last_30_days"), 180);
  EXPECT_EQ(Number(finding, "usage_30_days_before"), 300);
  EXPECT_DOUBLE_EQ(Number(finding, "usage_change"), -0.4);
  EXPECT_FALSE(finding.expected_value.has_value());
  EXPECT_EQ(English("usage_drop", account), "Usage fell by 40 % in 30 days: 180 against 300 in the 30 days before.");
  EXPECT_EQ(French("usage_drop", account),
            "L'usage a baissé de 40 % en 30 jours : 180 contre 300 sur les 30 jours précédents.");
}

TEST(UsageDrop, SinceIsTheFirstDayOfTheRun) {
  // 10 a day, then nothing from day -19 on: a fifth of 30 days is gone on the sixth day without.
  AccountBuilder account(kToday);
  account.AddEach(PointKind::kUsage, kToday - 200, kToday - 20, 10);
  EXPECT_EQ(SinceOf("usage_drop", account), kToday - 14);
  account.account().today = kToday - 14;
  EXPECT_EQ(SinceOf("usage_drop", account), kToday - 14);
  account.account().today = kToday - 15;
  EXPECT_EQ(Grade("usage_drop", account), kNone);
}

AccountBuilder Renewing(int days, int8_t auto_renew) {
  AccountBuilder account(kToday);
  return account.AddTerm(
      {.start = kToday - 300, .annual = 1'200 * kUnit, .renewal = kToday + days, .auto_renew = auto_renew});
}

TEST(RenewalNear, EscalatesAsItComes) {
  EXPECT_EQ(Grade("renewal_near", Renewing(121, 0)), kNone);
  EXPECT_EQ(Grade("renewal_near", Renewing(120, 0)), kLow);
  EXPECT_EQ(Grade("renewal_near", Renewing(91, -1)), kLow);
  EXPECT_EQ(Grade("renewal_near", Renewing(90, 0)), kMedium);
  EXPECT_EQ(Grade("renewal_near", Renewing(60, -1)), kHigh);
  EXPECT_EQ(Grade("renewal_near", Renewing(30, 0)), kCritical);
  EXPECT_EQ(Grade("renewal_near", Renewing(0, 0)), kCritical);
  EXPECT_EQ(Grade("renewal_near", Renewing(-1, 0)), kNone);
}

TEST(RenewalNear, IsOneStepLowerWhereItRenewsByItself) {
  EXPECT_EQ(Grade("renewal_near", Renewing(120, 1)), kNone);
  EXPECT_EQ(Grade("renewal_near", Renewing(90, 1)), kLow);
  EXPECT_EQ(Grade("renewal_near", Renewing(60, 1)), kMedium);
  EXPECT_EQ(Grade("renewal_near", Renewing(30, 1)), kHigh);
}

TEST(RenewalNear, TellsDateDaysAndAmount) {
  const AccountBuilder account = Renewing(42, 1);
  const Finding finding = Explain("renewal_near", account.view());
  EXPECT_EQ(Number(finding, "days_to_renewal"), 42);
  EXPECT_EQ(Number(finding, "arr"), 1'200);
  EXPECT_EQ(SinceOf("renewal_near", account), kToday - 48) << "90 days before the renewal";
  EXPECT_EQ(English("renewal_near", account),
            "The contract is up for renewal in 42 days, on 2025-02-11; it renews by itself.");
  EXPECT_EQ(French("renewal_near", Renewing(1, 0)),
            "Le contrat arrive à renouvellement dans 1 jour, le 01/01/2025 ; rien n'indique qu'il se renouvelle tout "
            "seul.");
  EXPECT_EQ(English("renewal_near", Renewing(0, -1)),
            "The contract is up for renewal in 0 days, on 2024-12-31; it does not renew by itself as far as is known.");
}

TEST(RenewalNear, AnAccountWithoutSubscriptionsHasItsOwn) {
  AccountBuilder account(kToday);
  account.account().renewal = kToday + 20;
  EXPECT_EQ(Grade("renewal_near", account), kCritical);
}

TEST(ContactChange, HoldsForThirtyDaysAfterAFact) {
  AccountBuilder account(kToday);
  account.Add(PointKind::kContactLeft, kToday - 30, 1, v1::CONTACT_ROLE_CHAMPION);
  account.Add(PointKind::kContactLeft, kToday - 5, 1, v1::CONTACT_ROLE_USER);
  EXPECT_EQ(Grade("contact_change", account), kNone);
  account.Add(PointKind::kContactLeft, kToday - 29, 1, v1::CONTACT_ROLE_CHAMPION);
  EXPECT_EQ(Grade("contact_change", account), kHigh);
  EXPECT_EQ(English("contact_change", account), "The champion left on 2024-12-02; nobody has the role now.");
  EXPECT_EQ(SinceOf("contact_change", account), kToday - 30) << "the day of the first of the two";
  account.Add(PointKind::kContactArrived, kToday - 1, 1, v1::CONTACT_ROLE_CHAMPION);
  EXPECT_EQ(Grade("contact_change", account), kMedium) << "succeeded";
}

TEST(ContactChange, HoldsAfterTheEndOfAContactsRole) {
  AccountBuilder account(kToday);
  account.AddContact({.role = v1::CONTACT_ROLE_DECISION_MAKER, .start = kToday - 500, .end = kToday + 1});
  EXPECT_EQ(Grade("contact_change", account), kNone) << "still there";
  account.account().today = kToday + 1;
  EXPECT_EQ(Grade("contact_change", account), kHigh);
  EXPECT_EQ(SinceOf("contact_change", account), kToday + 1);
  account.AddContact({.role = v1::CONTACT_ROLE_DECISION_MAKER, .start = kToday});
  EXPECT_EQ(Grade("contact_change", account), kMedium);
  EXPECT_EQ(French("contact_change", account),
            "Le décideur est parti le 01/01/2025 ; quelqu'un d'autre a repris le rôle.");
}

TEST(ContactChange, IsCriticalWhereBothRolesAreVacant) {
  AccountBuilder account(kToday);
  account.Add(PointKind::kContactLeft, kToday - 2, 1, v1::CONTACT_ROLE_DECISION_MAKER);
  account.AddContact({.role = v1::CONTACT_ROLE_CHAMPION, .end = kToday});
  EXPECT_EQ(Grade("contact_change", account), kCritical);
  EXPECT_EQ(English("contact_change", account),
            "The decision-maker left on 2024-12-29; nobody has the role now. "
            "The champion left on 2024-12-31; nobody has the role now.");
}

TEST(IntensiveUsage, HoldsFromThirtyPercentMore) {
  EXPECT_EQ(Grade("intensive_usage", Usage(100, 129)), kNone);
  EXPECT_EQ(Grade("intensive_usage", Usage(10, 13)), kMedium);
  EXPECT_EQ(Grade("intensive_usage", Usage(10, 20)), kHigh);
  EXPECT_EQ(English("intensive_usage", Usage(10, 13)),
            "Usage grew by 30 % in 30 days: 390 against 300 in the 30 days before.");
  EXPECT_FALSE(Explain("intensive_usage", Usage(10, 13).view()).expected_value.has_value());
}

TEST(IntensiveUsage, AnAccountThatHasJustBegunIsNotOne) {
  AccountBuilder account(kToday);
  account.AddEach(PointKind::kUsage, kToday - 40, kToday, 10);
  EXPECT_EQ(Grade("intensive_usage", account), kNone);
}

AccountBuilder WithUsers(int users, int seats) {
  AccountBuilder account(kToday);
  for (int user = 1; user <= users; ++user) account.Add(PointKind::kUser, kToday - user % 7, user);
  return account.AddTerm({.start = kToday - 300, .annual = 1'000 * kUnit, .seats = seats});
}

TEST(IntensiveUsage, HoldsFromFourFifthsOfTheSeats) {
  EXPECT_EQ(Grade("intensive_usage", WithUsers(7, 10)), kNone);
  EXPECT_EQ(Grade("intensive_usage", WithUsers(8, 10)), kMedium);
  EXPECT_EQ(Grade("intensive_usage", WithUsers(10, 10)), kHigh);
  EXPECT_EQ(Grade("intensive_usage", WithUsers(10, -1)), kNone) << "seats are not known";
  EXPECT_EQ(Grade("intensive_usage", WithUsers(10, 0)), kNone);
  EXPECT_EQ(English("intensive_usage", WithUsers(9, 10)), "Seats used in the last 30 days: 9 of 10 (90 %).");
}

TEST(IntensiveUsage, IsWorthTheSeatsThatTakeItBackToFourFifths) {
  // 10 users want 13 seats (12.5): 3 more at 100 each.
  EXPECT_EQ(Explain("intensive_usage", WithUsers(10, 10).view()).expected_value, 300 * kUnit);
  EXPECT_EQ(Explain("intensive_usage", WithUsers(8, 10).view()).expected_value, 100 * kUnit) << "one at least";
  AccountBuilder without(kToday);
  without.account().seats = 1;
  without.Add(PointKind::kUser, kToday, 1);
  EXPECT_FALSE(Explain("intensive_usage", without.view()).expected_value.has_value()) << "no price is known";
}

TEST(IdentifiedNeed, HoldsForNinetyDays) {
  AccountBuilder account(kToday);
  account.Add(PointKind::kContact, kToday - 90).Add(PointKind::kNeed, kToday - 90);
  EXPECT_EQ(Grade("identified_need", account), kNone);
  account.Add(PointKind::kNeed, kToday - 89);
  EXPECT_EQ(Grade("identified_need", account), kMedium);
  EXPECT_EQ(English("identified_need", account), "The client told of a need, last on 2024-10-03 (1 in 90 days).");
  account.Add(PointKind::kNeed, kToday - 1);
  EXPECT_EQ(Grade("identified_need", account), kHigh);
  EXPECT_EQ(French("identified_need", account),
            "Le client a exprimé un besoin, la dernière fois le 30/12/2024 (2 en 90 jours).");
}

TEST(BudgetAvailable, ComesFromAnInteractionOrAContact) {
  AccountBuilder account(kToday);
  account.AddContact({.role = v1::CONTACT_ROLE_BILLING, .end = kToday - 15, .budget_available = true});
  EXPECT_EQ(Grade("budget_available", account), kNone) << "the contact has left";
  account.AddContact({.role = v1::CONTACT_ROLE_BILLING, .start = kToday - 10, .budget_available = true});
  EXPECT_EQ(Grade("budget_available", account), kMedium);
  EXPECT_EQ(SinceOf("budget_available", account), kToday - 10);
  EXPECT_EQ(French("budget_available", account), "Un contact dispose d'un budget.");
  account.Add(PointKind::kBudget, kToday - 2);
  EXPECT_EQ(English("budget_available", account),
            "The client told of a budget on 2024-12-29. A contact has a budget available.");
  account.Add(PointKind::kContact, kToday - 2).Add(PointKind::kNeed, kToday - 2);
  EXPECT_EQ(Grade("budget_available", account), kHigh);
  EXPECT_EQ(Grade("identified_need", account), kHigh) << "a need with a budget";
}

TEST(Since, LooksBackNoFurtherThanAYear) {
  AccountBuilder account(kToday);
  account.AddContact({.role = v1::CONTACT_ROLE_BILLING, .start = kToday - 1000, .budget_available = true});
  EXPECT_EQ(SinceOf("budget_available", account), kToday - kLookBackDays);
}

// Whatever an account records: findings are complete, in both languages, and depend on nothing after today.
TEST(LibraryProperty, FindingsAreCompleteAndKnowNothingOfTheFuture) {
  int holding = 0;
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 random(seed);
    const auto below = [&random](int bound) { return static_cast<int>(random() % static_cast<uint64_t>(bound)); };
    AccountBuilder account(kToday);
    for (int i = 0; i < 60; ++i) {
      account.Add(static_cast<PointKind>(below(static_cast<int>(PointKind::kUsage) + 1)), kToday - below(150) + 10,
                  below(12), below(6));
      account.Add(PointKind::kUsage, kToday - below(100), below(30), below(4));
    }
    account.AddContact({.role = v1::CONTACT_ROLE_CHAMPION, .start = kToday - 400, .end = kToday - below(100) + 10});
    account.AddTerm({.start = kToday - 400, .annual = kUnit, .renewal = kToday + below(200) - 50, .seats = below(9)});
    const account::View view = account.view();
    std::vector<account::Point> known;
    for (const account::Point& point : view.points) {
      if (point.day <= view.today) known.push_back(point);
    }
    account::View present = view;
    present.points = known;
    for (const Rule& rule : RuleSet::Default()->rules()) {
      const Verdict verdict = Judge(rule.id(), view);
      ASSERT_GE(verdict.stays, verdict.begins);
      ASSERT_EQ(Judge(rule.id(), present).begins, verdict.begins) << rule.id();
      if (verdict.begins == kNone) continue;
      ++holding;
      const Finding finding = Explain(rule.id(), view);
      ASSERT_FALSE(finding.evidence.empty()) << rule.id();
      ASSERT_FALSE(finding.summary.empty()) << rule.id();
      ASSERT_EQ(finding.summary.find('?'), std::string::npos) << finding.summary;
      ASSERT_FALSE(Explain(rule.id(), view, error::Locale::kFrench).summary.empty());
    }
  }
  EXPECT_GT(holding, 100) << "too little was tried";
}

}  // namespace
}  // namespace folio::signals
