// What was known at a past revision: whatever comes later, it is answered as it was then.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "tests/indicators/indicator_fixture.h"

namespace folio::indicators {
namespace {

class AsOf : public IndicatorTest {
 protected:
  static constexpr int kAccounts = 8;

  int Below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  std::string SomeAccount() { return "a" + std::to_string(Below(accounts_)); }
  std::string SomeDay() { return FormatDay(ParseDay("2023-09-01").value() + Below(480)); }
  std::string SomeTime() { return SomeDay() + (Below(2) == 0 ? "T00:30:00Z" : "T22:45:00Z"); }

  void AddSomeAccount() {
    AddAccount("a" + std::to_string(accounts_), Below(2) == 0 ? "FinTech" : "EdTech",
               Below(2) == 0 ? "seat_count: " + std::to_string(1 + Below(40)) : "");
    ++accounts_;
  }

  void DoSomething() {
    const std::string id = std::to_string(Below(30));
    switch (Below(9)) {
      case 0:
        return AddNps(id, SomeAccount(), SomeTime(), Below(11), "who" + std::to_string(Below(3)));
      case 1:
        return AddFact(id, SomeAccount(), SomeTime(),
                       "ticket { first_response_seconds: " + std::to_string(Below(100'000)) +
                           " satisfaction: " + std::to_string(1 + Below(5)) + " }");
      case 2:
        return AddFact(id, SomeAccount(), SomeTime(), "usage { count: 1 user: 'u" + std::to_string(Below(4)) + "' }");
      case 3:
        return AddFact("c" + id, SomeAccount(), SomeTime(),
                       "survey_answer { kind: SURVEY_KIND_CES scale_min: 1 scale_max: 7 score: " +
                           std::to_string(1 + Below(7)) + " }");
      case 4:
        return DeleteWhereThere(std::string(Below(2) == 0 ? "ticket" : "survey_answer") + "~default~" + id);
      case 5:
        return AddSomeAccount();
      case 6:
        return ChangeAccount(SomeAccount());
      default:
        return PutSubscription(Below(20));
    }
  }

  void DeleteWhereThere(const std::string& fact) {
    v1::GetFactRequest request;
    request.set_name("facts/" + fact);
    v1::Fact found;
    if (portfolio::GetFact(*workspace_, request, &found).ok()) DeleteFact(request.name());
  }

  void ChangeAccount(const std::string& id) {
    const std::string name = "'accounts/" + id + "'";
    v1::Account account;
    if (deleted_[id]) {
      const auto request = Parse<v1::UndeleteAccountRequest>("name: " + name);
      ASSERT_TRUE(Run(engine::kAccount, &engine::Collection::Undelete, request, &account).status.ok());
      deleted_[id] = false;
    } else if (Below(4) == 0) {
      const auto request = Parse<v1::DeleteAccountRequest>("name: " + name);
      ASSERT_TRUE(Run(engine::kAccount, &engine::Collection::Delete, request, &account).status.ok());
      deleted_[id] = true;
    } else {
      const std::string sector = Below(2) == 0 ? "FinTech" : "BioTech";
      const auto changed = UpdateAccount("account { name: " + name + " sector: '" + sector +
                                         "' seat_count: " + std::to_string(Below(50)) +
                                         " } update_mask { paths: 'sector' paths: 'seat_count' }");
      ASSERT_TRUE(changed.ok()) << changed.status();
    }
  }

  // A subscription keeps its account, which must not be deleted when it is written.
  void PutSubscription(int number) {
    const std::string account = "a" + std::to_string(number % kAccounts);
    if (deleted_[account]) return;
    const std::string start = SomeDay();
    const std::string end = Below(2) == 0 ? "" : FormatDay(ParseDay(start).value() + Below(300));
    AddSubscription("s" + std::to_string(number), account, start, end, Below(5'000));
  }

  // Every indicator that can be told of the past, by sector and month, with and without a filter.
  std::vector<std::string> Everything(int64_t revision) {
    std::vector<std::string> ids;
    for (const Indicator& indicator : AllIndicators()) {
      if (indicator.id != "health") ids.emplace_back(indicator.id);
    }
    std::vector<std::string> told;
    for (const std::string filter : {"", "filter: 'sector = \"FinTech\" OR seats > 20'"}) {
      for (const v1::IndicatorValue& value :
           Values(Asking(ids,
                         "start_date { year: 2024 month: 1 day: 10 } group_by: 'sector' grain: PERIOD_GRAIN_QUARTER "
                         "comparison: COMPARISON_BASE_PREVIOUS_PERIOD " +
                             filter + " as_of_revision: " + std::to_string(revision)))) {
        told.push_back(value.ShortDebugString());
      }
    }
    return told;
  }

  // What is answered now, and the revision that it is of: signals are written beside, and may come between two
  // questions.
  std::pair<int64_t, std::vector<std::string>> EverythingNow() {
    workspace_->Tick();  // the scores that are shown, and their history, are one
    while (true) {
      const int64_t before = Now();
      std::vector<std::string> told = Everything(0);
      if (Now() == before) return {before, std::move(told)};
    }
  }

  // "" where there is none.
  static std::string FirstDifference(const std::vector<std::string>& now, const std::vector<std::string>& then) {
    if (now.size() != then.size()) return "not as many values";
    const auto [a, b] = std::mismatch(now.begin(), now.end(), then.begin());
    return a == now.end() ? "" : *a + "\n  instead of\n" + *b;
  }

  std::string CodeOf(int64_t revision) {
    v1::ComputeIndicatorsResponse response;
    const auto request = Asking({"mrr"}, "as_of_revision: " + std::to_string(revision));
    const absl::Status status = Compute(*workspace_, request, error::Locale::kEnglish, &response);
    return absl::StatusCodeToString(status.code()) + (status.ok() ? "" : " " + error::ReasonOf(status));
  }

  int64_t Now() { return workspace_->ledger().state()->revision; }

  const unsigned seed_ = std::random_device()();
  std::mt19937 random_{seed_};
  int accounts_ = 0;
  std::map<std::string, bool> deleted_;
};

TEST_F(AsOf, IsAnsweredAsItWasThen) {
  SCOPED_TRACE(testing::Message() << "seed " << seed_);
  for (int i = 0; i < kAccounts; ++i) AddSomeAccount();
  std::map<int64_t, std::vector<std::string>> answers;
  for (int round = 0; round < 6; ++round) {
    for (int i = 0; i < 25; ++i) DoSomething();
    // The day moves on, too.
    if (round == 2) MoveTo("2025-01-15T12:00:00Z");
    const auto [now, told] = EverythingNow();
    answers[now] = told;
    ASSERT_EQ(FirstDifference(Everything(now), told), "") << "nothing has come since";
  }
  for (int i = 0; i < 25; ++i) DoSomething();
  for (const auto& [revision, then] : answers) ASSERT_EQ(FirstDifference(Everything(revision), then), "") << revision;
  MoveTo("2025-02-20T12:00:00Z");
  for (const auto& [revision, then] : answers) {
    ASSERT_EQ(FirstDifference(Everything(revision), then), "") << revision << " after another start";
  }
}

TEST_F(AsOf, LeavesWhatIsKnownNowAlone) {
  AddAccount("a", "FinTech");
  AddNps("1", "a", "2024-03-01T10:00:00Z", 10);
  const int64_t then = Now();
  AddNps("1", "a", "2024-03-01T10:00:00Z", 0);
  AddNps("2", "a", "2024-04-01T10:00:00Z", 0);
  const std::string past = std::string(kYear) + " as_of_revision: " + std::to_string(then);
  EXPECT_DOUBLE_EQ(ValueOf("nps").number(), -100);
  EXPECT_DOUBLE_EQ(ValueOf("nps", past).number(), 100);
  EXPECT_EQ(ValueOf("nps", past).as_of_revision(), then);
  EXPECT_DOUBLE_EQ(ValueOf("nps").number(), -100);
}

TEST_F(AsOf, TellsWhatItCannotTell) {
  AddAccount("a", "FinTech");
  const int64_t then = Now();
  AddAccount("b", "EdTech");
  EXPECT_EQ(CodeOf(then), "OK");
  EXPECT_EQ(CodeOf(Now() + 5), "FAILED_PRECONDITION REVISION_NOT_REACHED");
  const std::string past = " as_of_revision: " + std::to_string(then);
  EXPECT_EQ(ValueOf("health", past).fault().reason(), "AS_OF_UNKNOWN");
  EXPECT_EQ(FaultOf(Asking({"mrr"}, "filter: 'arr > 10'" + past)), "query.filter AS_OF_COLUMN");
  EXPECT_EQ(FaultOf(Asking({"mrr"}, "group_by: 'band'" + past)), "query.group_by AS_OF_COLUMN");
  ASSERT_TRUE(store_.Compact(then + 1).ok());
  EXPECT_EQ(CodeOf(then), "OUT_OF_RANGE REVISION_COMPACTED");
  EXPECT_EQ(CodeOf(then + 1), "OK");
}

}  // namespace
}  // namespace folio::indicators
