#include "tools/demo/generator.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <thread>

namespace folio::demo {
namespace {

constexpr int32_t kToday = 20'454;  // 2026-01-01

Options TestOptions(int64_t accounts) {
  Options options;
  options.accounts = accounts;
  options.as_of = kToday;
  return options;
}

// FNV-1a over the text form, which, unlike the wire format, is fixed.
void Digest(const google::protobuf::Message& message, uint64_t* digest) {
  google::protobuf::TextFormat::Printer printer;
  printer.SetSingleLineMode(true);
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  ASSERT_TRUE(printer.PrintToString(message, &text));
  for (const char c : text) *digest = (*digest ^ static_cast<unsigned char>(c)) * 0x100000001B3;
}

uint64_t DigestOf(const Client& client) {
  uint64_t digest = 0xCBF29CE484222325;
  Digest(client.account, &digest);
  for (const auto& contact : client.contacts) Digest(contact, &digest);
  for (const auto& subscription : client.subscriptions) Digest(subscription, &digest);
  for (const auto& lead : client.leads) Digest(lead, &digest);
  for (const auto& deal : client.deals) Digest(deal, &digest);
  for (const auto& fact : client.facts) Digest(fact, &digest);
  for (const auto& task : client.tasks) Digest(task, &digest);
  return digest;
}

uint64_t DigestOf(Generator generator) {
  uint64_t digest = 0;
  Client client;
  while (generator.Next(&client)) digest = digest * 31 + DigestOf(client);
  return digest;
}

int32_t DayOf(const google::protobuf::Timestamp& time) { return static_cast<int32_t>(time.seconds() / 86'400); }

// Uses counted from `from` to `to` days ago.
int64_t UsesBetween(const Client& client, int32_t from, int32_t to) {
  int64_t count = 0;
  for (const auto& fact : client.facts) {
    const int32_t ago = kToday - DayOf(fact.event_time());
    if (fact.has_usage() && ago >= from && ago <= to) count += fact.usage().count();
  }
  return count;
}

TEST(Generator, SameOptionsGiveTheSamePortfolioOnEveryMachine) {
  // A change of these numbers is a change of everybody's demonstration: make it knowingly.
  EXPECT_EQ(DigestOf(Generator(TestOptions(300))), 12347471483261943048u);
  Options small = TestOptions(3'000);
  small.accounts_only = true;
  EXPECT_EQ(DigestOf(Generator(small)), 16619995163185330918u);
}

TEST(Generator, AnotherSeedGivesAnotherPortfolio) {
  Options other = TestOptions(50);
  other.seed = 2;
  EXPECT_NE(DigestOf(Generator(TestOptions(50))), DigestOf(Generator(other)));
}

TEST(Generator, AnAccountDependsOnNothingButOptionsAndIndex) {
  const Generator generator(TestOptions(100));
  uint64_t alone = 0;
  std::thread thread([&] {
    Client client;
    generator.Make(77, &client);
    alone = DigestOf(client);
  });
  Client client;
  for (int64_t i = 0; i <= 77; ++i) generator.Make(i, &client);
  thread.join();
  EXPECT_EQ(DigestOf(client), alone);
}

TEST(Generator, NamesAndIdentifiersAreUnique) {
  Options options = TestOptions(20'000);
  options.accounts_only = true;
  Generator generator(options);
  std::set<std::string> seen;
  Client client;
  int64_t expected = 0;
  while (generator.Next(&client)) {
    seen.insert(client.account.name());
    for (const auto& id : client.account.external_ids()) seen.insert(id.system() + "/" + id.id());
    expected += 1 + client.account.external_ids_size();
  }
  EXPECT_EQ(static_cast<int64_t>(seen.size()), expected);
}

TEST(Generator, EverythingBelongsToItsAccountAndHasHappened) {
  Generator generator(TestOptions(500));
  std::set<std::string> names;
  Client client;
  while (generator.Next(&client)) {
    const std::string& account = client.account.name();
    std::set<std::string> contacts;
    for (const auto& contact : client.contacts) {
      EXPECT_EQ(contact.account(), account);
      EXPECT_TRUE(contacts.insert(contact.name()).second);
    }
    for (const auto& subscription : client.subscriptions) {
      EXPECT_EQ(subscription.account(), account);
      EXPECT_TRUE(names.insert(subscription.name()).second) << subscription.name();
      EXPECT_GT(subscription.annual_amount().units(), 0);
    }
    for (const auto& task : client.tasks) {
      EXPECT_EQ(task.account(), account);
      EXPECT_TRUE(names.insert(task.name()).second) << task.name();
    }
    for (const auto& fact : client.facts) {
      EXPECT_EQ(fact.account(), account);
      EXPECT_TRUE(names.insert("facts/" + std::to_string(fact.detail_case()) + fact.source() + fact.source_id()).second)
          << fact.source_id();
      EXPECT_LT(DayOf(fact.event_time()), kToday);
      EXPECT_NE(fact.detail_case(), v1::Fact::DETAIL_NOT_SET);
      if (fact.has_interaction()) {
        EXPECT_TRUE(contacts.contains(fact.interaction().contact()));
      }
      if (fact.ticket().has_close_time()) {
        EXPECT_GE(fact.ticket().close_time().seconds(), fact.event_time().seconds());
        EXPECT_LT(DayOf(fact.ticket().close_time()), kToday);
      }
    }
  }
}

TEST(Generator, SalesHaveHappenedInTheirOrder) {
  Generator generator(TestOptions(500));
  Client client;
  std::map<v1::DealState, int> states;
  while (generator.Next(&client)) {
    for (const auto& lead : client.leads) {
      EXPECT_EQ(lead.converted_account(), client.account.name());
      EXPECT_GE(lead.first_contact_time().seconds(), lead.entry_time().seconds());
      EXPECT_GE(lead.convert_time().seconds(), lead.entry_time().seconds());
    }
    for (const auto& deal : client.deals) {
      ++states[deal.state()];
      EXPECT_EQ(deal.has_close_time(), deal.state() != v1::DEAL_STATE_OPEN);
      EXPECT_LT(DayOf(deal.close_time()), kToday);
      ASSERT_FALSE(deal.stage_history().empty());
      int64_t last = deal.open_time().seconds();
      for (const auto& entry : deal.stage_history()) {
        EXPECT_GE(entry.enter_time().seconds(), last);
        last = entry.enter_time().seconds();
      }
      EXPECT_LT(last / 86'400, kToday);
      if (deal.has_close_time()) {
        EXPECT_GE(deal.close_time().seconds(), last);
      }
    }
  }
  EXPECT_GT(states[v1::DEAL_STATE_WON], states[v1::DEAL_STATE_LOST]);
  EXPECT_GT(states[v1::DEAL_STATE_LOST], 20);
  EXPECT_GT(states[v1::DEAL_STATE_OPEN], 50);
}

TEST(Generator, BooksBelongToNoAccount) {
  const Books books = Generator(TestOptions(100)).MakeBooks();
  EXPECT_EQ(books.costs.size(), 24 * 4);
  EXPECT_EQ(books.leads.size(), 50);
  EXPECT_EQ(books.exchange_rates.size(), 3 * 731);
  std::set<std::string> ids;
  for (const auto& cost : books.costs) {
    EXPECT_TRUE(cost.account().empty());
    EXPECT_TRUE(ids.insert(cost.source_id()).second);
    EXPECT_LT(DayOf(cost.event_time()), kToday);
  }
}

TEST(Generator, FactsAreModestInNumber) {
  Generator generator(TestOptions(1'000));
  Client client;
  size_t facts = 0;
  while (generator.Next(&client)) facts += static_cast<size_t>(client.facts.size());
  EXPECT_GE(facts / 1'000, 60u);
  EXPECT_LE(facts / 1'000, 130u);
}

TEST(Generator, AccountsOnlyHaveRevenueOfTheirOwn) {
  Options options = TestOptions(200);
  options.accounts_only = true;
  Generator generator(options);
  Client client;
  while (generator.Next(&client)) {
    EXPECT_TRUE(client.contacts.empty() && client.subscriptions.empty() && client.facts.empty() &&
                client.tasks.empty());
    EXPECT_TRUE(client.account.has_annual_recurring_revenue());
    EXPECT_EQ(client.account.annual_recurring_revenue().currency_code(), "EUR");
    EXPECT_EQ(client.account.annual_recurring_revenue().units() == 0, client.archetype == Archetype::kChurned);
  }
}

TEST(Story, TheHeroesAreWhoTheyAreSaidToBe) {
  Generator generator(TestOptions(6));
  ASSERT_EQ(Heroes().size(), 6u);
  Client client;
  for (const Hero& hero : Heroes()) {
    ASSERT_TRUE(generator.Next(&client));
    EXPECT_EQ(client.account.display_name(), hero.display_name);
    EXPECT_EQ(client.account.name(), "accounts/" + std::string(hero.id));
    EXPECT_EQ(client.archetype, hero.archetype);
    const int64_t last = UsesBetween(client, 0, 30);
    const int64_t before = UsesBetween(client, 31, 60);
    if (hero.archetype == Archetype::kAboutToChurn) {
      EXPECT_LT(last * 100, before * 70) << hero.display_name;
      EXPECT_TRUE(std::any_of(client.facts.begin(), client.facts.end(), [](const v1::Fact& fact) {
        return fact.contact_change().type() == v1::CONTACT_CHANGE_TYPE_LEFT && kToday - DayOf(fact.event_time()) <= 30;
      })) << hero.display_name;
    } else {
      EXPECT_GT(last * 100, before * 130) << hero.display_name;
      EXPECT_TRUE(std::any_of(client.facts.begin(), client.facts.end(), [](const v1::Fact& fact) {
        return fact.interaction().need_identified() && kToday - DayOf(fact.event_time()) <= 30;
      })) << hero.display_name;
    }
  }
}

TEST(Story, ArchetypesComeInTheirProportions) {
  constexpr int64_t kAccounts = 20'000;
  Options options = TestOptions(kAccounts);
  options.accounts_only = true;
  Generator generator(options);
  std::array<int64_t, kArchetypeCount> counts{};
  Client client;
  while (generator.Next(&client)) ++counts[static_cast<size_t>(client.archetype)];
  const auto percent = [&](std::initializer_list<Archetype> archetypes) {
    int64_t sum = 0;
    for (const Archetype archetype : archetypes) sum += counts[static_cast<size_t>(archetype)];
    return sum * 100 / kAccounts;
  };
  EXPECT_NEAR(percent({Archetype::kThriving, Archetype::kSteady, Archetype::kReadyToGrow}), 69, 2);
  EXPECT_NEAR(percent({Archetype::kNew, Archetype::kSliding}), 18, 2);
  EXPECT_NEAR(percent({Archetype::kAboutToChurn, Archetype::kDormant, Archetype::kChurned}), 13, 2);
}

TEST(Story, UsageTellsTheArchetypesApart) {
  Generator generator(TestOptions(1'500));
  std::array<int64_t, kArchetypeCount> last{}, before{};
  Client client;
  while (generator.Next(&client)) {
    last[static_cast<size_t>(client.archetype)] += UsesBetween(client, 0, 30);
    before[static_cast<size_t>(client.archetype)] += UsesBetween(client, 31, 60);
  }
  const auto percent = [&](Archetype archetype) {
    return last[static_cast<size_t>(archetype)] * 100 / before[static_cast<size_t>(archetype)];
  };
  EXPECT_THAT(percent(Archetype::kThriving), testing::AllOf(testing::Ge(100), testing::Le(112)));
  EXPECT_THAT(percent(Archetype::kSteady), testing::AllOf(testing::Ge(95), testing::Le(106)));
  EXPECT_GE(percent(Archetype::kReadyToGrow), 130);
  EXPECT_LE(percent(Archetype::kSliding), 85);
  EXPECT_LE(percent(Archetype::kAboutToChurn), 65);
}

}  // namespace
}  // namespace folio::demo
