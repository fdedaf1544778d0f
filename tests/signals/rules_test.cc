#include "server/signals/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "folio/v1/contact.pb.h"
#include "server/signals/rule_files.h"
#include "tests/account/account_builder.h"

namespace folio::signals {
namespace {

using account::AccountBuilder;
using account::PointKind;
using ::testing::ElementsAre;

constexpr auto kNone = v1::SIGNAL_SEVERITY_UNSPECIFIED;
constexpr auto kLow = v1::SIGNAL_SEVERITY_LOW;
constexpr auto kMedium = v1::SIGNAL_SEVERITY_MEDIUM;
constexpr auto kHigh = v1::SIGNAL_SEVERITY_HIGH;
constexpr auto kCritical = v1::SIGNAL_SEVERITY_CRITICAL;

const Day kToday = account::On(2024, 12, 31);
constexpr Micros kUnit = kMicrosPerUnit;

v1::SignalSeverity Grade(const Rule& rule, const AccountBuilder& account) { return rule.grade(account.view()); }

std::string English(const Rule& rule, const AccountBuilder& account) {
  return Summarise(rule, rule.explain(account.view()), error::Locale::kEnglish);
}
std::string French(const Rule& rule, const AccountBuilder& account) {
  return Summarise(rule, rule.explain(account.view()), error::Locale::kFrench);
}

double Number(const Finding& finding, std::string_view id) {
  for (const v1::SignalEvidence& evidence : finding.evidence) {
    if (evidence.id() == id) return evidence.number();
  }
  ADD_FAILURE() << "no evidence " << id;
  return 0;
}

// `before` uses a day in the window before, `now` a day in the last 30 days.
AccountBuilder Usage(double before, double now) {
  AccountBuilder account(kToday);
  account.AddEach(PointKind::kUsage, kToday - 59, kToday - 30, before);
  account.AddEach(PointKind::kUsage, kToday - 29, kToday, now);
  return account;
}

TEST(Rules, HaveAFixedOrder) {
  std::vector<std::string_view> ids;
  for (const Rule& rule : AllRules()) ids.push_back(rule.id);
  EXPECT_THAT(ids, ElementsAre("usage_drop", "renewal_near", "contact_change", "intensive_usage", "identified_need",
                               "budget_available"));
  EXPECT_EQ(AllRules()[2].kind, v1::SIGNAL_KIND_RISK);
  EXPECT_EQ(AllRules()[3].kind, v1::SIGNAL_KIND_OPPORTUNITY);
}

TEST(Rules, NothingHoldsWithoutData) {
  const AccountBuilder account(kToday);
  EXPECT_EQ(Detect(account.view()), 0u);
  for (const Rule& rule : AllRules()) {
    const Finding finding = rule.explain(account.view());
    EXPECT_EQ(finding.severity, kNone);
    EXPECT_EQ(finding.since, kNoDay);
    EXPECT_TRUE(finding.evidence.empty());
  }
}

TEST(Rules, DetectSetsTheBitOfEachRuleThatHolds) {
  AccountBuilder account = Usage(10, 8);
  account.Add(PointKind::kNeed, kToday - 3);
  EXPECT_EQ(Detect(account.view()), 1u << 0 | 1u << 4);
}

TEST(UsageDrop, EscalatesWithTheDrop) {
  EXPECT_EQ(Grade(kUsageDrop, Usage(10, 10)), kNone);
  EXPECT_EQ(Grade(kUsageDrop, Usage(100, 81)), kNone);
  EXPECT_EQ(Grade(kUsageDrop, Usage(10, 8)), kMedium) << "20 % exactly";
  EXPECT_EQ(Grade(kUsageDrop, Usage(10, 6)), kHigh);
  EXPECT_EQ(Grade(kUsageDrop, Usage(10, 3)), kCritical);
  EXPECT_EQ(Grade(kUsageDrop, Usage(10, 0)), kCritical);
}

TEST(UsageDrop, NeedsABase) {
  AccountBuilder rare(kToday);
  rare.Add(PointKind::kUsage, kToday - 40, 6)
      .Add(PointKind::kUsage, kToday - 41, 6)
      .Add(PointKind::kUsage, kToday - 42, 7);
  EXPECT_EQ(Grade(kUsageDrop, rare), kNone) << "19 uses";
  rare.Add(PointKind::kUsage, kToday - 42, 1);
  EXPECT_EQ(Grade(kUsageDrop, rare), kCritical) << "20 uses on 3 days";
  AccountBuilder burst(kToday);
  burst.Add(PointKind::kUsage, kToday - 40, 500).Add(PointKind::kUsage, kToday - 41, 500);
  EXPECT_EQ(Grade(kUsageDrop, burst), kNone) << "2 days are a burst, not a habit";
}

TEST(UsageDrop, TellsFiguresAndDates) {
  const AccountBuilder account = Usage(10, 6);
  const Finding finding = kUsageDrop.explain(account.view());
  EXPECT_EQ(Number(finding, "usage_last_30_days"), 180);
  EXPECT_EQ(Number(finding, "usage_30_days_before"), 300);
  EXPECT_DOUBLE_EQ(Number(finding, "usage_change"), -0.4);
  EXPECT_FALSE(finding.expected_value.has_value());
  EXPECT_EQ(English(kUsageDrop, account), "Usage fell by 40 % in 30 days: 180 against 300 in the 30 days before.");
  EXPECT_EQ(French(kUsageDrop, account),
            "L'usage a baissé de 40 % en 30 jours : 180 contre 300 sur les 30 jours précédents.");
}

TEST(UsageDrop, SinceIsTheFirstDayOfTheRun) {
  // 10 a day, then nothing from day -19 on: a fifth of 30 days is gone on the sixth day without.
  AccountBuilder account(kToday);
  account.AddEach(PointKind::kUsage, kToday - 200, kToday - 20, 10);
  EXPECT_EQ(kUsageDrop.explain(account.view()).since, kToday - 14);
  account.account().today = kToday - 14;
  EXPECT_EQ(kUsageDrop.explain(account.view()).since, kToday - 14);
  account.account().today = kToday - 15;
  EXPECT_FALSE(kUsageDrop.holds(account.view()));
}

AccountBuilder Renewing(int days, int8_t auto_renew) {
  AccountBuilder account(kToday);
  return account.AddTerm(
      {.start = kToday - 300, .annual = 1'200 * kUnit, .renewal = kToday + days, .auto_renew = auto_renew});
}

TEST(RenewalNear, EscalatesAsItComes) {
  EXPECT_EQ(Grade(kRenewalNear, Renewing(121, 0)), kNone);
  EXPECT_EQ(Grade(kRenewalNear, Renewing(120, 0)), kLow);
  EXPECT_EQ(Grade(kRenewalNear, Renewing(91, -1)), kLow);
  EXPECT_EQ(Grade(kRenewalNear, Renewing(90, 0)), kMedium);
  EXPECT_EQ(Grade(kRenewalNear, Renewing(60, -1)), kHigh);
  EXPECT_EQ(Grade(kRenewalNear, Renewing(30, 0)), kCritical);
  EXPECT_EQ(Grade(kRenewalNear, Renewing(0, 0)), kCritical);
  EXPECT_EQ(Grade(kRenewalNear, Renewing(-1, 0)), kNone);
}

TEST(RenewalNear, IsOneStepLowerWhereItRenewsByItself) {
  EXPECT_EQ(Grade(kRenewalNear, Renewing(120, 1)), kNone);
  EXPECT_EQ(Grade(kRenewalNear, Renewing(90, 1)), kLow);
  EXPECT_EQ(Grade(kRenewalNear, Renewing(60, 1)), kMedium);
  EXPECT_EQ(Grade(kRenewalNear, Renewing(30, 1)), kHigh);
}

TEST(RenewalNear, TellsDateDaysAndAmount) {
  const AccountBuilder account = Renewing(42, 1);
  const Finding finding = kRenewalNear.explain(account.view());
  EXPECT_EQ(Number(finding, "days_to_renewal"), 42);
  EXPECT_EQ(Number(finding, "arr"), 1'200);
  EXPECT_EQ(finding.since, kToday - 48) << "90 days before the renewal";
  EXPECT_EQ(English(kRenewalNear, account),
            "The contract is up for renewal in 42 days, on 2025-02-11; it renews by itself.");
  EXPECT_EQ(French(kRenewalNear, Renewing(1, 0)),
            "Le contrat arrive à renouvellement dans 1 jour, le 01/01/2025 ; il ne se renouvelle pas tout seul.");
  EXPECT_EQ(English(kRenewalNear, Renewing(0, -1)), "The contract is up for renewal today, on 2024-12-31.");
}

TEST(RenewalNear, AnAccountWithoutSubscriptionsHasItsOwn) {
  AccountBuilder account(kToday);
  account.account().renewal = kToday + 20;
  EXPECT_EQ(Grade(kRenewalNear, account), kCritical);
}

TEST(ContactChange, HoldsForThirtyDaysAfterAFact) {
  AccountBuilder account(kToday);
  account.Add(PointKind::kContactLeft, kToday - 30, 1, v1::CONTACT_ROLE_CHAMPION);
  account.Add(PointKind::kContactLeft, kToday - 5, 1, v1::CONTACT_ROLE_USER);
  EXPECT_EQ(Grade(kContactChange, account), kNone);
  account.Add(PointKind::kContactLeft, kToday - 29, 1, v1::CONTACT_ROLE_CHAMPION);
  EXPECT_EQ(Grade(kContactChange, account), kHigh);
  EXPECT_EQ(English(kContactChange, account), "The champion left on 2024-12-02; nobody has the role now.");
  EXPECT_EQ(kContactChange.explain(account.view()).since, kToday - 30) << "the day of the first of the two";
  account.Add(PointKind::kContactArrived, kToday - 1, 1, v1::CONTACT_ROLE_CHAMPION);
  EXPECT_EQ(Grade(kContactChange, account), kMedium) << "succeeded";
}

TEST(ContactChange, HoldsAfterTheEndOfAContactsRole) {
  AccountBuilder account(kToday);
  account.AddContact({.role = v1::CONTACT_ROLE_DECISION_MAKER, .start = kToday - 500, .end = kToday + 1});
  EXPECT_EQ(Grade(kContactChange, account), kNone) << "still there";
  account.account().today = kToday + 1;
  EXPECT_EQ(Grade(kContactChange, account), kHigh);
  EXPECT_EQ(kContactChange.explain(account.view()).since, kToday + 1);
  account.AddContact({.role = v1::CONTACT_ROLE_DECISION_MAKER, .start = kToday});
  EXPECT_EQ(Grade(kContactChange, account), kMedium);
  EXPECT_EQ(French(kContactChange, account),
            "Le décideur est parti le 01/01/2025 ; quelqu'un d'autre a repris le rôle.");
}

TEST(ContactChange, IsCriticalWhereBothRolesAreVacant) {
  AccountBuilder account(kToday);
  account.Add(PointKind::kContactLeft, kToday - 2, 1, v1::CONTACT_ROLE_DECISION_MAKER);
  account.AddContact({.role = v1::CONTACT_ROLE_CHAMPION, .end = kToday});
  EXPECT_EQ(Grade(kContactChange, account), kCritical);
  EXPECT_EQ(English(kContactChange, account),
            "The decision-maker left on 2024-12-29; nobody has the role now. "
            "The champion left on 2024-12-31; nobody has the role now.");
}

TEST(IntensiveUsage, HoldsFromThirtyPercentMore) {
  EXPECT_EQ(Grade(kIntensiveUsage, Usage(100, 129)), kNone);
  EXPECT_EQ(Grade(kIntensiveUsage, Usage(10, 13)), kMedium);
  EXPECT_EQ(Grade(kIntensiveUsage, Usage(10, 20)), kHigh);
  EXPECT_EQ(English(kIntensiveUsage, Usage(10, 13)),
            "Usage grew by 30 % in 30 days: 390 against 300 in the 30 days before.");
  EXPECT_FALSE(kIntensiveUsage.explain(Usage(10, 13).view()).expected_value.has_value());
}

TEST(IntensiveUsage, AnAccountThatHasJustBegunIsNotOne) {
  AccountBuilder account(kToday);
  account.AddEach(PointKind::kUsage, kToday - 40, kToday, 10);
  EXPECT_EQ(Grade(kIntensiveUsage, account), kNone);
}

AccountBuilder WithUsers(int users, int seats) {
  AccountBuilder account(kToday);
  for (int user = 1; user <= users; ++user) account.Add(PointKind::kUser, kToday - user % 7, user);
  return account.AddTerm({.start = kToday - 300, .annual = 1'000 * kUnit, .seats = seats});
}

TEST(IntensiveUsage, HoldsFromFourFifthsOfTheSeats) {
  EXPECT_EQ(Grade(kIntensiveUsage, WithUsers(7, 10)), kNone);
  EXPECT_EQ(Grade(kIntensiveUsage, WithUsers(8, 10)), kMedium);
  EXPECT_EQ(Grade(kIntensiveUsage, WithUsers(10, 10)), kHigh);
  EXPECT_EQ(Grade(kIntensiveUsage, WithUsers(10, -1)), kNone) << "seats are not known";
  EXPECT_EQ(Grade(kIntensiveUsage, WithUsers(10, 0)), kNone);
  EXPECT_EQ(English(kIntensiveUsage, WithUsers(9, 10)), "Seats used in the last 30 days: 9 of 10 (90 %).");
}

TEST(IntensiveUsage, IsWorthTheSeatsThatTakeItBackToFourFifths) {
  // 10 users want 13 seats (12.5): 3 more at 100 each.
  EXPECT_EQ(kIntensiveUsage.explain(WithUsers(10, 10).view()).expected_value, 300 * kUnit);
  EXPECT_EQ(kIntensiveUsage.explain(WithUsers(8, 10).view()).expected_value, 100 * kUnit) << "one at least";
  AccountBuilder without(kToday);
  without.account().seats = 1;
  without.Add(PointKind::kUser, kToday, 1);
  EXPECT_FALSE(kIntensiveUsage.explain(without.view()).expected_value.has_value()) << "no price is known";
}

TEST(IdentifiedNeed, HoldsForNinetyDays) {
  AccountBuilder account(kToday);
  account.Add(PointKind::kNeed, kToday - 90);
  EXPECT_EQ(Grade(kIdentifiedNeed, account), kNone);
  account.Add(PointKind::kNeed, kToday - 89);
  EXPECT_EQ(Grade(kIdentifiedNeed, account), kMedium);
  EXPECT_EQ(English(kIdentifiedNeed, account), "The client told of a need on 2024-10-03.");
  account.Add(PointKind::kNeed, kToday - 1);
  EXPECT_EQ(Grade(kIdentifiedNeed, account), kHigh);
  EXPECT_EQ(French(kIdentifiedNeed, account),
            "Le client a exprimé un besoin 2 fois en 90 jours, la dernière le 30/12/2024.");
}

TEST(BudgetAvailable, ComesFromAnInteractionOrAContact) {
  AccountBuilder account(kToday);
  account.AddContact({.role = v1::CONTACT_ROLE_BILLING, .end = kToday - 15, .budget_available = true});
  EXPECT_EQ(Grade(kBudgetAvailable, account), kNone) << "the contact has left";
  account.AddContact({.role = v1::CONTACT_ROLE_BILLING, .start = kToday - 10, .budget_available = true});
  EXPECT_EQ(Grade(kBudgetAvailable, account), kMedium);
  EXPECT_EQ(kBudgetAvailable.explain(account.view()).since, kToday - 10);
  EXPECT_EQ(French(kBudgetAvailable, account), "Un contact dispose d'un budget.");
  account.Add(PointKind::kBudget, kToday - 2);
  EXPECT_EQ(English(kBudgetAvailable, account), "The client told of a budget on 2024-12-29.");
  account.Add(PointKind::kNeed, kToday - 2);
  EXPECT_EQ(Grade(kBudgetAvailable, account), kHigh);
  EXPECT_EQ(Grade(kIdentifiedNeed, account), kHigh) << "a need with a budget";
}

TEST(Since, LooksBackNoFurtherThanAYear) {
  AccountBuilder account(kToday);
  account.AddContact({.role = v1::CONTACT_ROLE_BILLING, .start = kToday - 1000, .budget_available = true});
  EXPECT_EQ(kBudgetAvailable.explain(account.view()).since, kToday - kLookBackDays);
}

// Whatever an account records: findings are complete, agree with Detect, and depend on nothing after today.
TEST(RulesProperty, FindingsAgreeWithDetectAndWithThePast) {
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
    const uint32_t mask = Detect(view);
    for (size_t i = 0; i < AllRules().size(); ++i) {
      const Rule& rule = AllRules()[i];
      const Finding finding = rule.explain(view);
      ASSERT_EQ((mask >> i & 1) != 0, finding.severity != kNone);
      if (finding.severity == kNone) continue;
      ++holding;
      ASSERT_FALSE(finding.evidence.empty());
      ASSERT_FALSE(Summarise(rule, finding, error::Locale::kEnglish).empty());
      ASSERT_FALSE(Summarise(rule, finding, error::Locale::kFrench).empty());
      account::View past = view;
      for (past.today = finding.since; past.today <= view.today; ++past.today) ASSERT_TRUE(rule.holds(past));
      past.today = finding.since - 1;
      ASSERT_TRUE(!rule.holds(past) || finding.since == view.today - kLookBackDays);
    }
    // Without what lies in the future, all is as before.
    std::vector<account::Point> known;
    for (const account::Point& point : view.points) {
      if (point.day <= view.today) known.push_back(point);
    }
    account::View present = view;
    present.points = known;
    ASSERT_EQ(Detect(present), mask);
  }
  EXPECT_GT(holding, 100) << "too little was tried";
}

}  // namespace
}  // namespace folio::signals
