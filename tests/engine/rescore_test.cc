// A publication scores all accounts from columns of figures. What it shows is what each account alone is scored to, as
// a start computes it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "server/portfolio/overrides.h"
#include "server/portfolio/preview.h"
#include "tests/engine/health_fixture.h"

namespace folio::portfolio {

namespace {

constexpr const char* kSectors[] = {"Bank", "Shop", ""};

class RescoreTest : public HealthTest {
 protected:
  int Below(int bound) { return static_cast<int>(random_() % static_cast<uint64_t>(bound)); }

  std::string NameOf(int account) { return "client" + std::to_string(account); }

  void MakeAccounts(int count) {
    for (int i = 0; i < count; ++i) {
      std::string more = "sector: '" + std::string(kSectors[i % 3]) + "' ";
      if (Below(2) == 0) more += "annual_recurring_revenue { currency_code: 'EUR' units: 1000 } ";
      if (Below(2) == 0) more += "seat_count: " + std::to_string(1 + Below(9)) + " ";
      if (Below(2) == 0)
        more += "contract_start_date { year: 2023 month: " + std::to_string(1 + Below(12)) + " day: 1 }";
      Account(NameOf(i), more);
      if (Below(2) == 0) UseSomewhen(i);
    }
  }

  void UseSomewhen(int account) {
    const int day = 1 + Below(14);
    const std::string month = Below(3) == 0 ? "04" : "06";
    Use(NameOf(account), "2024-" + month + (day < 10 ? "-0" : "-") + std::to_string(day), 1 + Below(12));
  }

  std::string Model(const std::string& id, const std::string& rest) {
    const auto number = [this](int bound) { return std::to_string(1 + Below(bound)); };
    return "name: 'healthModels/" + id + "' display_name: 'M' " + rest +
           " dimensions { id: 'usage' weight: " + number(9) +
           " measures { measure: 'usage_level' weight: 2 ramp { zero_at: 0 full_at: " + number(12) + " } }" +
           " measures { measure: 'days_since_last_usage' weight: " + number(5) +
           " three_state { good_from: 3 bad_from: 20 } missing: " + std::to_string(Below(4)) + " } }" +
           " dimensions { id: 'rest' weight: 3 combination: " + std::to_string(1 + Below(3)) +
           " measures { measure: 'seats' weight: 0.4 tiers { below: 0.1 tiers { from: " + number(6) +
           " credit: 0.7 } } } measures { measure: 'tenure_months' weight: 0.5 ramp { zero_at: 0 full_at: 24 } } }";
  }

  void PublishSome(const std::string& id, const std::string& rest) {
    const std::string text = Model(id, rest);
    if (id == "default" || !created_.insert(id).second) {
      const auto updated = UpdateModel(text);
      ASSERT_TRUE(updated.ok()) << updated.status();
    } else {
      const auto made = CreateModel("health_model_id: '" + id + "' health_model { " + text + " }");
      ASSERT_TRUE(made.ok()) << made.status();
    }
    const auto published = Publish("healthModels/" + id);
    ASSERT_TRUE(published.ok()) << published.status();
  }

  // All rows, but for what tells when they were computed.
  std::string Rows() {
    v1::ListPortfolioRequest request;
    request.set_page_size(1'000);
    request.set_order_by("display_name");
    v1::ListPortfolioResponse response;
    EXPECT_TRUE(ListPortfolio(*workspace_, request, &response).ok());
    std::string text;
    for (v1::PortfolioEntry& entry : *response.mutable_entries()) {
      entry.mutable_health()->clear_computed_through();
      text += entry.ShortDebugString() + "\n";
    }
    return text;
  }

  std::map<std::string, v1::PortfolioEntry> Entries() {
    v1::ListPortfolioRequest request;
    request.set_page_size(1'000);
    v1::ListPortfolioResponse response;
    EXPECT_TRUE(ListPortfolio(*workspace_, request, &response).ok());
    std::map<std::string, v1::PortfolioEntry> entries;
    for (const v1::PortfolioEntry& entry : response.entries()) entries[entry.account()] = entry;
    return entries;
  }

  std::mt19937_64 random_{11};
  std::set<std::string> created_;
};

TEST_F(RescoreTest, ShowsWhatEachAccountAloneIsScoredTo) {
  constexpr int kAccounts = 60;
  MakeAccounts(kAccounts);
  ASSERT_TRUE(Override("allow_missing: true health_override { name: 'healthOverrides/client3' score: 20 reason: 'r' "
                       "expire_date { year: 2024 month: 9 day: 1 } }")
                  .ok());
  std::string last;
  for (int round = 0; round < 12; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    if (round == 6) GoTo("2024-06-20");
    if (round % 4 == 3) {
      PublishSome("banks", "priority: " + std::to_string(round) + " filter: 'sector = \"Bank\" AND seats > 2'");
    } else {
      PublishSome("default", "");
    }
    const std::string rows = Rows();
    EXPECT_NE(rows, last) << "every model is another one";
    workspace_->signal_writer().Drain();
    Open();
    EXPECT_EQ(Rows(), rows) << "as a start computes it";
    last = rows;
    // Between two publications without a start, so that columns are there to be kept right.
    PublishSome("default", "");
    for (int i = 0; i < 10; ++i) UseSomewhen(Below(kAccounts));
    Account(NameOf(kAccounts + round), "seat_count: 4");
    if (HasFatalFailure()) return;
  }
}

// What a preview says is what comes of publishing, which scores as each account alone is scored.
TEST_F(RescoreTest, APreviewSaysExactlyWhatPublishingDoes) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  random_.seed(seed);
  MakeAccounts(60);
  const std::string shop = "filter: 'sector = \"Shop\"' priority: 2";
  PublishSome("shops", shop);
  ASSERT_TRUE(Override("allow_missing: true health_override { name: 'healthOverrides/client7' score: 33 reason: 'r' "
                       "expire_date { year: 2024 month: 9 day: 1 } }")
                  .ok());
  for (int round = 0; round < 12; ++round) {
    const bool of_shops = Below(2) == 0;
    const std::string id = of_shops ? "shops" : "default";
    const std::string text = Model(id, of_shops ? shop : "");
    v1::PreviewHealthModelRequest request;
    request.set_model("healthModels/" + id);
    ASSERT_TRUE(UpdateModel(text).ok());
    const auto preview = PreviewHealthModel(*workspace_, request, [](int64_t, int64_t) { return true; });
    ASSERT_TRUE(preview.ok()) << preview.status();
    const std::map<std::string, v1::PortfolioEntry> before = Entries();
    ASSERT_TRUE(Publish("healthModels/" + id).ok());
    std::map<std::pair<int, int>, int64_t> moves;
    int64_t changed = 0;
    double sum = 0;
    int64_t scored = 0;
    for (const auto& [account, after] : Entries()) {
      const v1::HealthScore& then = before.at(account).health();
      ++moves[{then.band(), after.health().band()}];
      changed += then.band() != after.health().band() || then.score() != after.health().score() ? 1 : 0;
      sum += after.health().score();
      scored += after.health().band() != v1::HEALTH_BAND_UNSPECIFIED ? 1 : 0;
    }
    std::map<std::pair<int, int>, int64_t> foretold;
    for (const v1::BandMigration& move : preview->migrations())
      foretold[{move.from(), move.to()}] = move.account_count();
    EXPECT_EQ(foretold, moves);
    EXPECT_EQ(preview->changed_count(), changed);
    EXPECT_EQ(preview->mean_after(), scored == 0 ? 0 : sum / static_cast<double>(scored));
  }
}

TEST_F(RescoreTest, EachChangeOfAPublicationIsInTheHistory) {
  Account("acme");
  Account("idle");
  Use("acme", "2024-06-10", 5);
  workspace_->Tick();
  ASSERT_TRUE(UpdateModel(std::string("name: 'healthModels/default' ") + kUsage).ok());
  ASSERT_TRUE(Publish("healthModels/default").ok());
  workspace_->Tick();
  const auto scores = History("acme");
  ASSERT_GE(scores.size(), 2u);
  EXPECT_EQ(scores[0].model_version(), 2);
  EXPECT_EQ(scores[0].score(), 50);
  EXPECT_EQ(scores[0].raw(), 50);
  EXPECT_EQ(scores[0].coverage(), 1);
  EXPECT_EQ(scores[1].model_version(), 1);
  EXPECT_TRUE(History("idle").empty()) << "nothing was ever known of it";
}

TEST_F(RescoreTest, SignalsFollowThePublishedModel) {
  Account("acme");
  Use("acme", "2024-06-10", 5);
  // Green by this model, red by the next.
  const auto model = [](const std::string& full_at) {
    return "name: 'healthModels/default' dimensions { id: 'usage' weight: 1 measures { measure: 'usage_level' weight: "
           "1 "
           "ramp { zero_at: 0 full_at: " +
           full_at + " } } }";
  };
  ASSERT_TRUE(UpdateModel(model("5")).ok());
  ASSERT_TRUE(Publish("healthModels/default").ok());
  EXPECT_EQ(Entry("acme").health().band(), v1::HEALTH_BAND_GREEN);
  const auto has_red = [this] {
    const auto entry = Entry("acme");
    return std::count(entry.risks().begin(), entry.risks().end(), "band_red") > 0;
  };
  EXPECT_FALSE(has_red());
  ASSERT_TRUE(UpdateModel(model("50")).ok());
  ASSERT_TRUE(Publish("healthModels/default").ok());
  EXPECT_EQ(Entry("acme").health().band(), v1::HEALTH_BAND_RED);
  EXPECT_TRUE(has_red());
}

}  // namespace

}  // namespace folio::portfolio
