// What a watch of the portfolio tells, whatever happens and whatever is lost on the way.
#include "server/portfolio/telling.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "tests/engine/health_fixture.h"

namespace folio::portfolio {

namespace {

// Without what tells when a row was computed.
std::string Shown(v1::PortfolioEntry entry) {
  entry.mutable_health()->clear_computed_through();
  entry.mutable_health()->clear_as_of();
  return entry.ShortDebugString();
}

// What a reader of a watch knows.
struct Reader {
  std::map<std::string, std::string> rows;  // by account
  bool initial_complete = false;
  int64_t number = 0;  // of the last message that came

  // Takes a message; each of its rows must be news of the right kind.
  void Take(const v1::WatchPortfolioResponse& message, int64_t its_number) {
    number = its_number;
    std::set<std::string> seen;
    for (const v1::PortfolioChange& change : message.changes()) {
      const std::string& account = change.entry().account();
      ASSERT_TRUE(seen.insert(account).second) << account << " twice in a message";
      const bool known = rows.contains(account);
      const std::string shown = Shown(change.entry());
      switch (change.type()) {
        case v1::PORTFOLIO_CHANGE_TYPE_INITIAL:
          ASSERT_FALSE(initial_complete) << account;
          ASSERT_FALSE(known) << account;
          break;
        case v1::PORTFOLIO_CHANGE_TYPE_ENTERED:
          ASSERT_TRUE(initial_complete) << account;
          ASSERT_FALSE(known) << account;
          break;
        case v1::PORTFOLIO_CHANGE_TYPE_CHANGED:
          ASSERT_TRUE(known) << account;
          break;
        default:
          ASSERT_EQ(change.type(), v1::PORTFOLIO_CHANGE_TYPE_LEFT);
          ASSERT_TRUE(known) << account;
          rows.erase(account);
          continue;
      }
      rows[account] = shown;
    }
    if (message.initial_complete()) {
      ASSERT_FALSE(initial_complete);
      initial_complete = true;
    }
  }
};

class TellingTest : public HealthTest {
 protected:
  PortfolioTelling Begin(const std::string& filter) {
    auto parsed = AccountFilter(*workspace_, *workspace_->portfolio().snapshot(), filter);
    EXPECT_TRUE(parsed.ok()) << parsed.status();
    return PortfolioTelling(*std::move(parsed));
  }

  // Everything that is to be told now.
  v1::WatchPortfolioResponse All(PortfolioTelling& telling) {
    v1::WatchPortfolioResponse all;
    while (const auto message = telling.Next(workspace_->portfolio())) all.MergeFrom(*message);
    return all;
  }

  // "entered acme, left globex" of what is to be told now.
  std::string Told(PortfolioTelling& telling) {
    std::string told;
    const v1::WatchPortfolioResponse all = All(telling);
    for (const v1::PortfolioChange& change : all.changes()) {
      const std::string type = v1::PortfolioChangeType_Name(change.type());
      told += (told.empty() ? "" : ", ") + type.substr(type.rfind('_') + 1) + " " + change.entry().account().substr(9);
    }
    return told;
  }

  std::map<std::string, std::string> Listed(const std::string& filter) {
    v1::ListPortfolioRequest request;
    request.set_page_size(1'000);
    request.set_filter(filter);
    v1::ListPortfolioResponse response;
    EXPECT_TRUE(ListPortfolio(*workspace_, request, &response).ok());
    std::map<std::string, std::string> rows;
    for (const v1::PortfolioEntry& entry : response.entries()) rows[entry.account()] = Shown(entry);
    return rows;
  }

  void PublishUsage(int full_at) {
    // One that shows nothing else than the last is not published again.
    const std::string name = "'M" + std::to_string(++published_) + "'";
    const std::string model = "name: 'healthModels/default' display_name: " + name +
                              " dimensions { id: 'usage' weight: 1 measures { measure: 'usage_level' weight: 1 ramp { "
                              "zero_at: 0 full_at: " +
                              std::to_string(full_at) + " } } }";
    ASSERT_TRUE(UpdateModel(model).ok());
    ASSERT_TRUE(Publish("healthModels/default").ok());
  }

  int published_ = 0;
};

TEST_F(TellingTest, RowsEnterChangeAndLeave) {
  PublishUsage(10);
  Account("acme", "sector: 'Bank'");
  Account("globex", "sector: 'Shop'");
  Use("acme", "2024-06-10", 9);
  PortfolioTelling telling = Begin("health >= 50");
  v1::WatchPortfolioResponse first = All(telling);
  ASSERT_EQ(first.changes_size(), 1);
  EXPECT_EQ(first.changes(0).type(), v1::PORTFOLIO_CHANGE_TYPE_INITIAL);
  EXPECT_EQ(first.changes(0).entry().health().score(), 90);
  EXPECT_TRUE(first.initial_complete());
  EXPECT_EQ(first.revision(), workspace_->portfolio().snapshot()->revision());
  EXPECT_EQ(Told(telling), "");
  EXPECT_TRUE(telling.IsUpToDate(workspace_->portfolio()));

  Use("globex", "2024-06-10", 6);
  Use("acme", "2024-06-10", 8);
  Use("acme", "2024-06-10", 7);
  EXPECT_FALSE(telling.IsUpToDate(workspace_->portfolio()));
  EXPECT_EQ(Told(telling), "CHANGED acme, ENTERED globex");
  ASSERT_TRUE(UpdateAccount("account { name: 'accounts/acme' owner: 'ann' } update_mask { paths: 'owner' }").ok());
  EXPECT_EQ(Told(telling), "CHANGED acme");
  Use("acme", "2024-06-10", 1);
  EXPECT_EQ(Told(telling), "LEFT acme");
  Use("acme", "2024-06-10", 2);
  EXPECT_EQ(Told(telling), "") << "what does not match is of no interest";
}

TEST_F(TellingTest, ScoresBandsTrendsModelsAndSignalsAreTold) {
  PublishUsage(10);
  Account("acme", "renewal_date { year: 2024 month: 12 day: 31 }");
  Use("acme", "2024-06-10", 9);
  PortfolioTelling telling = Begin("");
  All(telling);
  const auto entry = [&] {
    const v1::WatchPortfolioResponse told = All(telling);
    EXPECT_EQ(told.changes_size(), 1);
    return told.changes_size() == 1 ? told.changes(0).entry() : v1::PortfolioEntry();
  };
  Use("acme", "2024-05-10", 3);
  EXPECT_EQ(entry().health_trend(), 60);
  PublishUsage(10);
  EXPECT_EQ(entry().health().model_version(), 3) << "the score is the same";
  PublishUsage(30);
  const v1::PortfolioEntry red = entry();
  EXPECT_EQ(red.health().band(), v1::HEALTH_BAND_RED);
  EXPECT_GT(red.health().coverage(), 0);
  ASSERT_TRUE(UpdateAccount("account { name: 'accounts/acme' renewal_date { year: 2024 month: 6 day: 20 } } "
                            "update_mask { paths: 'renewal_date' }")
                  .ok());
  const v1::PortfolioEntry at_risk = entry();
  EXPECT_THAT(at_risk.risks(), testing::Contains("renewal_near"));
  EXPECT_EQ(at_risk.risk_severity(), v1::SIGNAL_SEVERITY_CRITICAL);
}

TEST_F(TellingTest, AnotherDayTellsOnlyWhatItChanges) {
  PublishUsage(10);
  Account("acme");
  Account("globex");
  Use("globex", "2024-06-10", 9);
  PortfolioTelling telling = Begin("");
  All(telling);
  GoTo("2024-06-16");
  EXPECT_EQ(Told(telling), "");
  EXPECT_EQ(All(telling).changes_size(), 0);
  GoTo("2024-07-20");
  EXPECT_EQ(Told(telling), "CHANGED globex") << "its use is more than a month ago";
}

TEST_F(TellingTest, WhatWasLostIsToldAgainAsItIsNow) {
  PublishUsage(10);
  for (const char* account : {"a", "b", "c"}) Account(account);
  PortfolioTelling telling = Begin("health >= 50");
  All(telling);
  const int64_t read = telling.number();
  Use("a", "2024-06-10", 9);
  EXPECT_EQ(Told(telling), "ENTERED a");
  Use("b", "2024-06-10", 9);
  Use("a", "2024-06-10", 1);
  EXPECT_EQ(Told(telling), "LEFT a, ENTERED b");
  ASSERT_TRUE(telling.GoBackTo(read));
  EXPECT_EQ(Told(telling), "ENTERED b") << "a came and went while nobody heard";
  const int64_t again = telling.number();
  EXPECT_FALSE(telling.GoBackTo(read + 1)) << "that message was lost";
  EXPECT_FALSE(telling.GoBackTo(again + 1)) << "that one was never sent";
  ASSERT_TRUE(telling.GoBackTo(again));
  EXPECT_EQ(Told(telling), "");
}

// Random writes, a reader that takes some messages, and a network that swallows others.
TEST_F(TellingTest, AReaderKnowsExactlyWhatMatches) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  const auto below = [&random](int bound) { return static_cast<int>(random() % static_cast<uint64_t>(bound)); };
  constexpr int kAccounts = 30;
  PublishUsage(10);
  for (int i = 0; i < kAccounts; ++i) Account("c" + std::to_string(i), "sector: 'Bank'");
  const std::string filter = "health >= 50 OR sector = \"Shop\"";
  PortfolioTelling telling = Begin(filter);
  Reader reader;
  for (int round = 0; round < 150; ++round) {
    for (int writes = below(4); writes > 0; --writes) {
      const std::string id = "c" + std::to_string(below(kAccounts));
      if (below(15) == 0) PublishUsage(5 + below(10));
      if (below(4) == 0) {
        const std::string sector = below(2) == 0 ? "Shop" : "Bank";
        ASSERT_TRUE(UpdateAccount("account { name: 'accounts/" + id + "' sector: '" + sector +
                                  "' } update_mask { paths: 'sector' }")
                        .ok());
      } else {
        Use(id, "2024-06-1" + std::to_string(below(4)), below(12));
      }
    }
    bool lost = false;
    for (int messages = below(3); messages > 0; --messages) {
      const auto message = telling.Next(workspace_->portfolio());
      if (!message) break;
      lost = lost || below(4) == 0;
      if (!lost) {
        ASSERT_NO_FATAL_FAILURE(reader.Take(*message, telling.number()));
      }
    }
    if (lost) {
      ASSERT_TRUE(telling.GoBackTo(reader.number));
    }
  }
  while (const auto message = telling.Next(workspace_->portfolio())) {
    ASSERT_NO_FATAL_FAILURE(reader.Take(*message, telling.number()));
  }
  EXPECT_EQ(reader.rows, Listed(filter));
}

TEST_F(TellingTest, ManyRowsComeInMessagesOfBoundedSize) {
  constexpr int kAccounts = 3'000;
  std::string tags;
  for (const char c : {'a', 'b', 'c', 'd', 'e', 'f'}) tags += "tags: '" + std::string(60, c) + "' ";
  for (int i = 0; i < kAccounts; ++i) Account("account-" + std::to_string(i), tags);
  PortfolioTelling telling = Begin("");
  Reader reader;
  int messages = 0;
  while (const auto message = telling.Next(workspace_->portfolio())) {
    ASSERT_NO_FATAL_FAILURE(reader.Take(*message, telling.number()));
    EXPECT_LT(message->ByteSizeLong(), 400u << 10);
    EXPECT_EQ(message->revision() == 0, !reader.initial_complete);
    ++messages;
    // Lost in the middle of a block of accounts, and in the middle of the first rows.
    if (messages == 2) {
      ASSERT_TRUE(telling.Next(workspace_->portfolio()));
      Use("account-3", "2024-06-10", 9);
      Use("account-2500", "2024-06-10", 9);
      ASSERT_TRUE(telling.GoBackTo(reader.number));
    }
  }
  EXPECT_GT(messages, 3);
  EXPECT_TRUE(reader.initial_complete);
  EXPECT_EQ(reader.rows.size(), size_t{kAccounts});
  EXPECT_EQ(reader.rows.at("accounts/account-2500"), Listed("display_name = \"account-2500\"").begin()->second);
}

}  // namespace

}  // namespace folio::portfolio
