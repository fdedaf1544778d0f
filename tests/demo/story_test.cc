// The story that the demonstration tells, as Folio itself reads it: validation, the default health model, the signals.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>

#include "server/account/revenue.h"
#include "server/model/schema.h"
#include "server/scoring/score.h"
#include "server/signals/rule.h"
#include "tests/demo/view_of_client.h"

namespace folio::demo {
namespace {

constexpr Day kToday = 20'454;  // 2026-01-01

Generator TestGenerator(int64_t accounts) {
  Options options;
  options.accounts = accounts;
  options.as_of = kToday;
  return Generator(options);
}

// Health under the default model.
class Health final : public signals::AccountSource {
 public:
  measures::Reading HealthOn(const account::View& view) const override {
    const scoring::Score score = model_.Run(view, nullptr);
    if (score.absent) return {};
    return {static_cast<double>(score.score), v1::ABSENCE_UNSPECIFIED, 0};
  }

 private:
  const scoring::Model model_ = scoring::Model::Compile(scoring::DefaultModel()).value();
};

std::vector<std::string> RulesOf(const account::View& view) {
  static const Health* const health = new Health;
  const auto set = signals::RuleSet::Default();
  signals::Sheet sheet = set->NewSheet();
  sheet.Turn(view, *health);
  std::vector<std::string> rules;
  for (const signals::Rule& rule : set->rules()) {
    if (rule.Judge(sheet).begins != v1::SIGNAL_SEVERITY_UNSPECIFIED) rules.push_back(rule.id());
  }
  return rules;
}

std::set<std::string> RisksOfTheLibrary() {
  std::set<std::string> risks;
  for (const signals::Rule& rule : signals::RuleSet::Default()->rules()) {
    if (rule.kind() == v1::SIGNAL_KIND_RISK) risks.insert(rule.id());
  }
  return risks;
}

TEST(Contract, EverythingGeneratedIsValid) {
  Generator generator = TestGenerator(300);
  Client client;
  while (generator.Next(&client)) {
    EXPECT_TRUE(model::Validate(client.account, "account").ok()) << client.account.ShortDebugString();
    for (const auto& contact : client.contacts) {
      EXPECT_TRUE(model::Validate(contact, "contact").ok()) << contact.ShortDebugString();
    }
    for (const auto& subscription : client.subscriptions) {
      EXPECT_TRUE(model::Validate(subscription, "subscription").ok()) << subscription.ShortDebugString();
    }
    for (const auto& fact : client.facts) {
      EXPECT_TRUE(model::Validate(fact, "fact").ok()) << fact.ShortDebugString();
    }
    for (const auto& task : client.tasks) {
      EXPECT_TRUE(model::Validate(task, "task").ok()) << task.ShortDebugString();
    }
  }
}

// Percent of each band by archetype, under the default model; "all" for the portfolio.
class Bands {
 public:
  explicit Bands(int64_t accounts) {
    const scoring::Model model = scoring::Model::Compile(scoring::DefaultModel()).value();
    Generator generator = TestGenerator(accounts);
    Client client;
    while (generator.Next(&client)) {
      const ClientView view(client, kToday);
      const scoring::Score score = model.Run(view.view(), nullptr);
      ++counts_[std::string(NameOf(client.archetype))][score.band];
      ++counts_["all"][score.band];
    }
  }

  double Percent(const std::string& archetype, v1::HealthBand band) const {
    const std::array<int, 4>& counts = counts_.at(archetype);
    return 100.0 * counts[static_cast<size_t>(band)] / (counts[0] + counts[1] + counts[2] + counts[3]);
  }

  std::string Describe() const {
    std::string text;
    for (const auto& [archetype, counts] : counts_) {
      text += archetype + ": " + std::to_string(counts[v1::HEALTH_BAND_GREEN]) + " green, " +
              std::to_string(counts[v1::HEALTH_BAND_YELLOW]) + " yellow, " +
              std::to_string(counts[v1::HEALTH_BAND_RED]) + " red, " + std::to_string(counts[0]) + " without\n";
    }
    return text;
  }

 private:
  std::map<std::string, std::array<int, 4>> counts_;
};

TEST(Story, MostOfThePortfolioIsGreenAndAnEighthIsRed) {
  const Bands bands(2'000);
  SCOPED_TRACE(bands.Describe());
  EXPECT_NEAR(bands.Percent("all", v1::HEALTH_BAND_GREEN), 72, 5);
  EXPECT_NEAR(bands.Percent("all", v1::HEALTH_BAND_YELLOW), 15, 4);
  EXPECT_NEAR(bands.Percent("all", v1::HEALTH_BAND_RED), 13, 4);
  EXPECT_GT(bands.Percent("thriving", v1::HEALTH_BAND_GREEN), 90);
  EXPECT_GT(bands.Percent("about_to_churn", v1::HEALTH_BAND_RED), 90);
  EXPECT_LT(bands.Percent("sliding", v1::HEALTH_BAND_GREEN), 20);
}

TEST(Story, HeroesAboutToChurnAreRedAndShowEveryRisk) {
  const scoring::Model model = scoring::Model::Compile(scoring::DefaultModel()).value();
  const Generator generator = TestGenerator(static_cast<int64_t>(Heroes().size()));
  Client client;
  for (size_t i = 0; i < Heroes().size(); ++i) {
    generator.Make(static_cast<int64_t>(i), &client);
    const ClientView view(client, kToday);
    const v1::HealthBand band = model.Run(view.view(), nullptr).band;
    SCOPED_TRACE(std::string(Heroes()[i].display_name));
    if (Heroes()[i].archetype == Archetype::kAboutToChurn) {
      EXPECT_EQ(band, v1::HEALTH_BAND_RED);
      EXPECT_THAT(RulesOf(view.view()), testing::IsSupersetOf({"usage_drop", "renewal_near", "contact_change"}));
    } else {
      EXPECT_EQ(band, v1::HEALTH_BAND_GREEN);
      EXPECT_THAT(RulesOf(view.view()),
                  testing::IsSupersetOf({"intensive_usage", "identified_need", "budget_available"}));
    }
  }
}

TEST(Story, SignalsAreForTheFew) {
  constexpr int64_t kAccounts = 1'000;
  Generator generator = TestGenerator(kAccounts);
  std::map<std::string, int64_t> counts;
  int64_t at_risk = 0;
  const std::set<std::string> risks = RisksOfTheLibrary();
  Client client;
  while (generator.Next(&client)) {
    const ClientView view(client, kToday);
    const auto rules = RulesOf(view.view());
    for (const std::string& rule : rules) ++counts[rule];
    at_risk += std::any_of(rules.begin(), rules.end(), [&](const auto& rule) { return risks.contains(rule); }) ? 1 : 0;
  }
  std::string text;
  for (const auto& [rule, count] : counts) text += rule + ": " + std::to_string(count) + "\n";
  SCOPED_TRACE(text);
  const auto percent = [&](const char* rule) { return counts[rule] * 100 / kAccounts; };
  EXPECT_NEAR(100.0 * static_cast<double>(at_risk) / kAccounts, 24, 4);
  EXPECT_THAT(percent("usage_drop"), testing::AllOf(testing::Ge(10), testing::Le(30)));
  EXPECT_THAT(percent("renewal_near"), testing::AllOf(testing::Ge(10), testing::Le(35)));
  EXPECT_THAT(percent("contact_change"), testing::AllOf(testing::Ge(3), testing::Le(12)));
  EXPECT_THAT(percent("intensive_usage"), testing::AllOf(testing::Ge(4), testing::Le(15)));
  EXPECT_THAT(percent("identified_need"), testing::AllOf(testing::Ge(4), testing::Le(12)));
  EXPECT_THAT(percent("budget_available"), testing::AllOf(testing::Ge(4), testing::Le(12)));
}

TEST(Story, RevenueGrowsAndSomeOfItIsLost) {
  Generator generator = TestGenerator(1'000);
  Micros now = 0;
  Micros then = 0;
  int churned = 0;
  Client client;
  while (generator.Next(&client)) {
    const ClientView view(client, kToday);
    const Micros arr = account::ArrOn(view.view(), kToday);
    now += arr;
    then += account::ArrOn(view.view(), kToday - 365);
    churned += arr == 0 ? 1 : 0;
    EXPECT_EQ(arr == 0, client.archetype == Archetype::kChurned) << client.account.name();
  }
  EXPECT_GT(now, then);
  EXPECT_LT(now, then * 3 / 2);
  EXPECT_NEAR(churned, 50, 20);
}

}  // namespace
}  // namespace folio::demo
