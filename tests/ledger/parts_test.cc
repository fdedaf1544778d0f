// Blocks of accounts, memos, and the entries of facts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/money.h"
#include "server/ledger/account_block.h"
#include "server/ledger/entry.h"
#include "server/ledger/memos.h"
#include "server/ledger/numbers.h"

namespace folio::ledger {
namespace {

using ::testing::ElementsAre;

TEST(AccountBlock, KeepsEachAccountsTermsApart) {
  AccountBlock block(1);
  block.SetRow(129, {.direct_arr = 7, .created = 3});
  block.PutTerm(130, {.key = 2, .start = 0, .annual = 20});
  block.PutTerm(129, {.key = 5, .start = 0, .annual = 50});
  block.PutTerm(130, {.key = 1, .start = 0, .annual = 10});
  block.PutTerm(130, {.key = 2, .start = 0, .annual = 25});
  ASSERT_EQ(block.ViewOf(129, 9).terms.size(), 1);
  EXPECT_EQ(block.ViewOf(129, 9).terms[0].annual, 50);
  EXPECT_EQ(block.ViewOf(129, 9).direct_arr, 7);
  ASSERT_EQ(block.ViewOf(130, 9).terms.size(), 2);
  EXPECT_EQ(block.ViewOf(130, 9).terms[0].annual, 10);
  EXPECT_EQ(block.ViewOf(130, 9).terms[1].annual, 25);
  EXPECT_FALSE(block.ViewOf(130, 9).direct_arr.has_value());
  EXPECT_TRUE(block.ViewOf(131, 9).terms.empty());

  const AccountBlock published(block, 1);
  block.DropTerm(130, 1);
  block.DropTerm(130, 77);
  EXPECT_EQ(block.ViewOf(130, 9).terms.size(), 1);
  EXPECT_EQ(published.ViewOf(130, 9).terms.size(), 2);
}

std::shared_ptr<const void> Result(int value) { return std::make_shared<const int>(value); }
int ValueOf(const std::shared_ptr<const void>& result) { return *static_cast<const int*>(result.get()); }

TEST(Memos, AnswerForTheirVersionOnly) {
  Memos memos(1'000);
  const MemoKey key{.component = 1, .scope = 2, .part = 3};
  memos.Put(key, 7, Result(42), 10);
  EXPECT_EQ(ValueOf(memos.Find(key, 7)), 42);
  EXPECT_EQ(memos.Find(key, 8), nullptr);
  EXPECT_EQ(memos.Find({.component = 1, .scope = 2, .part = 4}, 7), nullptr);
  EXPECT_EQ(memos.hits(), 1);
  EXPECT_EQ(memos.misses(), 2);
}

TEST(Memos, ForgetWhatWasNotAskedForLately) {
  Memos memos(200);
  for (int i = 0; i < 100; ++i) {
    memos.Put({.part = i}, 1, Result(i), 10);
    EXPECT_NE(memos.Find({.part = 0}, 1), nullptr) << "asked for each time, after " << i;
  }
  EXPECT_EQ(memos.Find({.part = 50}, 1), nullptr);
  EXPECT_NE(memos.Find({.part = 99}, 1), nullptr);
}

std::vector<EntryKind> KindsMadeOf(const v1::Fact& fact) {
  Numbers numbers("EUR");
  std::vector<KindedEntry> entries;
  EntriesOf(fact, TimeZone::Load("").value(), numbers, &entries);
  std::vector<EntryKind> kinds;
  for (const KindedEntry& made : entries) {
    kinds.push_back(made.kind);
    const auto possible = KindsOf(fact.detail_case());
    EXPECT_NE(std::find(possible.begin(), possible.end(), made.kind), possible.end());
  }
  return kinds;
}

TEST(Entries, OfATicketLieWhereTheyHappened) {
  v1::Fact fact;
  fact.mutable_event_time()->set_seconds(1'000);
  EXPECT_THAT(KindsMadeOf(fact), ElementsAre());
  fact.mutable_ticket();
  EXPECT_THAT(KindsMadeOf(fact), ElementsAre(EntryKind::kTicket));
  fact.mutable_ticket()->mutable_close_time()->set_seconds(1'600);
  fact.mutable_ticket()->set_satisfaction(4);
  EXPECT_THAT(KindsMadeOf(fact), ElementsAre(EntryKind::kTicket, EntryKind::kResolution, EntryKind::kCsat));
  Numbers numbers("EUR");
  std::vector<KindedEntry> entries;
  EntriesOf(fact, TimeZone::Load("").value(), numbers, &entries);
  EXPECT_EQ(entries[0].entry.value, kNoValue);
  EXPECT_EQ(entries[0].entry.mark, kTicketClosed);
  EXPECT_EQ(entries[1].entry.time, 1'600 * kMillion);
  EXPECT_EQ(entries[1].entry.value, kNoValue) << "nobody counted its contacts";
  EXPECT_EQ(entries[2].entry.value, 750'000) << "4 of 1 to 5";
  EXPECT_EQ(entries[2].entry.time, 1'600 * kMillion) << "asked when it was closed";
}

TEST(Entries, OfAnswersKeepTheirScaleAndRespondent) {
  v1::Fact fact;
  v1::SurveyAnswer& answer = *fact.mutable_survey_answer();
  answer.set_kind(v1::SURVEY_KIND_CES);
  answer.set_score(2);
  answer.set_scale_min(1);
  answer.set_scale_max(7);
  answer.set_respondent("contacts/x");
  Numbers numbers("EUR");
  std::vector<KindedEntry> entries;
  EntriesOf(fact, TimeZone::Load("").value(), numbers, &entries);
  answer.set_low_is_easy(true);
  EntriesOf(fact, TimeZone::Load("").value(), numbers, &entries);
  EntriesOf(fact, TimeZone::Load("").value(), numbers, &entries);
  ASSERT_EQ(entries.size(), 3);
  EXPECT_EQ(entries[0].entry.mark, 0);
  EXPECT_EQ(entries[1].entry.mark, 1) << "another direction is another scale";
  EXPECT_EQ(entries[2].entry.mark, 1);
  EXPECT_NE(entries[0].entry.who, 0);
  EXPECT_THAT(numbers.scales(), ElementsAre(Scale{1, 7, false}, Scale{1, 7, true}));
}

TEST(Entries, OfACostOverDaysSumToIt) {
  v1::Fact fact;
  v1::Cost& cost = *fact.mutable_cost();
  cost.set_category(v1::COST_CATEGORY_RETENTION);
  cost.mutable_amount()->set_units(100);
  cost.mutable_amount()->set_currency_code("USD");
  cost.set_attributed_client_count(5);
  *cost.mutable_start_date() = ToProtoDate(DayOf({2024, 2, 28}));
  *cost.mutable_end_date() = ToProtoDate(DayOf({2024, 3, 2}));
  Numbers numbers("EUR");
  std::vector<KindedEntry> entries;
  EntriesOf(fact, TimeZone::Load("").value(), numbers, &entries);
  ASSERT_EQ(entries.size(), 3);
  Micros sum = 0;
  uint32_t clients = 0;
  for (const KindedEntry& made : entries) {
    EXPECT_EQ(made.kind, EntryKind::kCost);
    EXPECT_EQ(made.entry.tag, 1) << "not in the workspace's currency";
    EXPECT_EQ(CostCategoryOf(made.entry), v1::COST_CATEGORY_RETENTION);
    sum += made.entry.value;
    clients += AttributedClientsOf(made.entry);
  }
  EXPECT_EQ(sum, 100 * kMicrosPerUnit);
  EXPECT_EQ(clients, 5);
  EXPECT_NE(entries[0].entry.time, entries[2].entry.time);
}

}  // namespace
}  // namespace folio::ledger
