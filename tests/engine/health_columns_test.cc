// Score, band, trend, coverage, model and signals are columns like any other: filters, orders, facets and sums know
// them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "server/signals/rule.h"
#include "tests/engine/health_fixture.h"

namespace folio::portfolio {

namespace {

using ::testing::ElementsAre;

class HealthColumnsTest : public HealthTest {
 protected:
  // green: 90, better than a month ago, and it told of a need; red: 20, worse, and its contract ends in ten days; idle:
  // no data; forced: by hand; shop: of another model.
  void SetUp() override {
    ASSERT_TRUE(UpdateModel(std::string("name: 'healthModels/default' display_name: 'M' ") + kTwoMeasures).ok());
    ASSERT_TRUE(Publish("healthModels/default").ok());
    ASSERT_TRUE(CreateModel(std::string("health_model_id: 'shops' health_model { display_name: 'Shops' priority: 2 "
                                        "filter: 'sector = \"Shop\"' ") +
                            kUsage + " }")
                    .ok());
    ASSERT_TRUE(Publish("healthModels/shops").ok());
    const std::string arr = "annual_recurring_revenue { currency_code: 'EUR' units: 1000 } ";
    Account("green", arr);
    Account("red", arr + "renewal_date { year: 2024 month: 6 day: 25 }");
    Account("idle");
    Account("forced");
    Account("shop", "sector: 'Shop'");
    Use("green", "2024-06-10", 9);
    Use("green", "2024-05-05", 1);
    Use("red", "2024-06-10", 2);
    Use("red", "2024-05-05", 8);
    Use("shop", "2024-06-10", 6);
    v1::BatchUpsertFactsResponse told;
    ASSERT_TRUE(
        Do(BatchUpsertFacts,
           Parse<v1::BatchUpsertFactsRequest>("facts { account: 'accounts/green' source_id: 'need' event_time { "
                                              "seconds: 1718000000 } interaction { need_identified: true } }"),
           &told)
            .ok());
    ASSERT_TRUE(Override("allow_missing: true health_override { name: 'healthOverrides/forced' score: 60 reason: 'r' "
                         "expire_date { year: 2024 month: 9 day: 1 } }")
                    .ok());
  }

  // "value:count" of each group, by value.
  std::string Groups(const std::string& column) {
    v1::GetPortfolioSummaryRequest request;
    request.set_group_by(column);
    v1::PortfolioSummary summary;
    const absl::Status status = Summarise(*workspace_, request, &summary);
    if (!status.ok()) return std::string(error::ReasonOf(status));
    std::map<std::string, int64_t> groups;
    for (const v1::PortfolioGroup& group : summary.groups()) groups[group.value()] = group.totals().account_count();
    std::string text;
    for (const auto& [value, count] : groups) text += value + ":" + std::to_string(count) + " ";
    return text;
  }

  std::vector<std::string> Sorted(const std::string& order) {
    v1::ListPortfolioRequest request;
    request.set_order_by(order + ", display_name");
    v1::ListPortfolioResponse response;
    const auto status = ListPortfolio(*workspace_, request, &response);
    EXPECT_TRUE(status.ok()) << order << ": " << status;
    std::vector<std::string> names;
    for (const auto& entry : response.entries()) names.push_back(entry.display_name());
    return names;
  }

  // Its second measure is missing everywhere: coverage is half.
  static constexpr char kTwoMeasures[] =
      "dimensions { id: 'usage' weight: 1 measures { measure: 'usage_level' weight: 1 ramp { zero_at: 0 full_at: 10 } "
      "} measures { measure: 'nps_last' weight: 1 ramp { zero_at: 0 full_at: 10 } } }";
};

TEST_F(HealthColumnsTest, AreFiltered) {
  const std::map<std::string, std::vector<std::string>> expected = {
      {"health = 90", {"green"}},
      {"health < 50", {"red"}},
      {"health_raw >= 59.5", {"green", "shop"}},
      {"band = green", {"green"}},
      {"band = yellow", {"forced", "shop"}},
      {"band = red", {"red"}},
      {"health_trend > 0", {"green"}},
      {"health_trend <= -50", {"red"}},
      {"coverage = 0.5", {"green", "red"}},
      {"coverage = 1", {"shop"}},
      {"health_model = \"shops\"", {"shop"}},
      {"health_model = \"default\" AND health > 0", {"forced", "green", "red"}},
      {"health_overridden = true", {"forced"}},
      {"risk:renewal_near", {"red"}},
      {"risk_severity >= high", {"red"}},
      {"risk_severity = critical AND risk_count >= 1", {"red"}},
      {"opportunity:identified_need", {"green"}},
      {"opportunity_count >= 1 AND opportunity_severity >= low", {"green"}},
      {"risk_count = 0 AND opportunity_count = 0", {"forced", "idle", "shop"}},
  };
  for (const auto& [filter, names] : expected) EXPECT_EQ(NamesWhere(filter), names) << filter;
}

// What can be filtered and sorted by is shown: the account's own columns by the account, computed ones by the row.
TEST_F(HealthColumnsTest, AreShown) {
  const std::map<std::string, std::string> elsewhere = {
      {"health", "health.score"},       {"health_raw", "health.raw"},
      {"band", "health.band"},          {"risk", "risks"},
      {"coverage", "health.coverage"},  {"health_model", "health.model"},
      {"opportunity", "opportunities"}, {"next_renewal", "renewal_date"}};
  const model::Schema& accounts = engine::FindResource(engine::kAccount)->schema;
  const model::ColumnSet& columns = workspace_->portfolio().snapshot()->columns();
  for (int i = 0; i < columns.size(); ++i) {
    const std::string& name = columns.at(i).name;
    if (name == "deleted" || accounts.columns().Find(name)) continue;
    const auto other = elsewhere.find(name);
    const std::string path = other == elsewhere.end() ? name : other->second;
    const size_t dot = path.find('.');
    const auto* field = v1::PortfolioEntry::descriptor()->FindFieldByName(path.substr(0, dot));
    ASSERT_NE(field, nullptr) << name;
    if (dot == std::string::npos) continue;
    EXPECT_NE(field->message_type()->FindFieldByName(path.substr(dot + 1)), nullptr) << name;
  }
}

TEST_F(HealthColumnsTest, AreShownAsTheyAreFilteredBy) {
  for (const char* account : {"forced", "green", "idle", "red", "shop"}) {
    const v1::PortfolioEntry entry = Entry(account);
    EXPECT_EQ(entry.risk_count(), entry.risks_size()) << account;
    EXPECT_EQ(entry.opportunity_count(), entry.opportunities_size()) << account;
    EXPECT_EQ(entry.health_overridden(), std::string(account) == "forced") << account;
    const std::string filter = fmt::format("risk_count = {} AND opportunity_count = {} AND health_overridden = {}",
                                           entry.risk_count(), entry.opportunity_count(), entry.health_overridden());
    EXPECT_THAT(NamesWhere(filter), ::testing::Contains(account)) << filter;
  }
  EXPECT_EQ(Entry("red").risk_count(), 3);
  EXPECT_EQ(Entry("green").opportunity_count(), 1);
}

TEST_F(HealthColumnsTest, EveryRuleOfTheLibraryIsAKindToFilterBy) {
  size_t rules = 0;
  for (const signals::Rule& rule : workspace_->portfolio().signal_rules()->rules()) {
    const char* column = rule.proto().kind() == v1::SIGNAL_KIND_RISK ? "risk:" : "opportunity:";
    const std::string filter = column + std::string(rule.id());
    std::vector<std::string> having;
    for (const char* account : {"forced", "green", "idle", "red", "shop"}) {
      const v1::PortfolioEntry entry = Entry(account);
      for (const auto& name : entry.risks()) having.insert(having.end(), name == rule.id() ? 1 : 0, account);
      for (const auto& name : entry.opportunities()) having.insert(having.end(), name == rule.id() ? 1 : 0, account);
    }
    EXPECT_EQ(NamesWhere(filter), having) << filter;
    ++rules;
  }
  EXPECT_EQ(rules, 18u);
}

TEST_F(HealthColumnsTest, AreSortedByAndWhatIsMissingComesLast) {
  EXPECT_THAT(Sorted("health"), ElementsAre("red", "forced", "shop", "green", "idle"));
  EXPECT_THAT(Sorted("health desc"), ElementsAre("green", "forced", "shop", "red", "idle"));
  EXPECT_THAT(Sorted("health_trend"), ElementsAre("red", "green", "forced", "idle", "shop"));
  EXPECT_THAT(Sorted("band desc"), ElementsAre("green", "forced", "shop", "red", "idle"));
  EXPECT_THAT(Sorted("coverage desc").front(), "shop");
  EXPECT_THAT(Sorted("health_raw desc").front(), "green");
  EXPECT_THAT(Sorted("health_model desc").front(), "shop");
  for (const char* column : {"risk_severity desc", "risk_count desc"}) EXPECT_EQ(Sorted(column).front(), "red");
  for (const char* column : {"opportunity_severity desc", "opportunity_count desc"}) {
    EXPECT_EQ(Sorted(column).front(), "green") << column;
  }
  for (const char* column : {"opportunity_value", "health_overridden"}) {
    EXPECT_EQ(Sorted(column).size(), 5u) << column;
  }
}

TEST_F(HealthColumnsTest, AreFacets) {
  EXPECT_EQ(Groups("band"), ":1 green:1 red:1 yellow:2 ");
  EXPECT_EQ(Groups("health_model"), "default:4 shops:1 ");
  EXPECT_EQ(Groups("health_overridden"), "false:4 true:1 ");
  EXPECT_NE(Groups("risk").find("renewal_near:1"), std::string::npos) << Groups("risk");
  EXPECT_NE(Groups("opportunity").find("identified_need:1"), std::string::npos) << Groups("opportunity");
  EXPECT_NE(Groups("risk_severity").find("critical:1"), std::string::npos) << Groups("risk_severity");
  EXPECT_NE(Groups("opportunity_severity").find(":4"), std::string::npos) << Groups("opportunity_severity");
  EXPECT_EQ(Groups("coverage"), "GROUP_COLUMN_UNKNOWN") << "a number has too many values";
}

TEST_F(HealthColumnsTest, AreSummedUp) {
  v1::PortfolioSummary summary;
  ASSERT_TRUE(Summarise(*workspace_, {}, &summary).ok());
  EXPECT_EQ(summary.totals().scored_count(), 3) << "a score by hand is not one that was computed";
  EXPECT_EQ(summary.totals().at_risk_count(), 1);
  EXPECT_EQ(summary.totals().arr_at_risk().units(), 1000);
  EXPECT_EQ(summary.totals().opportunity_count(), 1);
  std::map<v1::HealthBand, int64_t> bands;
  for (const v1::BandTotals& band : summary.totals().bands()) bands[band.band()] = band.account_count();
  EXPECT_EQ(bands[v1::HEALTH_BAND_YELLOW], 2);
  EXPECT_EQ(bands[v1::HEALTH_BAND_UNSPECIFIED], 1);
}

}  // namespace

}  // namespace folio::portfolio
