// The portfolio as a projection: rebuilt at start it is what it was, and days move it.
#include <random>

#include "folio/v1/signal.pb.h"
#include "server/base/money.h"
#include "server/model/page_token.h"
#include "server/portfolio/facts.h"
#include "server/portfolio/health.h"
#include "server/portfolio/queries.h"
#include "server/portfolio/signals.h"
#include "tests/engine/workspace_fixture.h"

namespace folio::portfolio {

namespace {

class PortfolioTest : public WorkspaceTest {
 protected:
  v1::ListPortfolioResponse List(const std::string& filter = "", const std::string& order = "") {
    v1::ListPortfolioRequest request;
    request.set_filter(filter);
    request.set_order_by(order);
    request.set_page_size(1000);
    request.set_with_total_size(true);
    v1::ListPortfolioResponse response;
    const auto status = ListPortfolio(*workspace_, request, &response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }

  void Subscribe(const std::string& id, const std::string& account, const std::string& start, const std::string& end,
                 int64_t annual) {
    v1::CreateSubscriptionRequest request;
    request.set_subscription_id(id);
    v1::Subscription* subscription = request.mutable_subscription();
    subscription->set_account("accounts/" + account);
    *subscription->mutable_start_date() = ToProtoDate(ParseDay(start).value());
    if (!end.empty()) *subscription->mutable_end_date() = ToProtoDate(ParseDay(end).value());
    *subscription->mutable_annual_amount() = ToProtoMoney(annual * kMicrosPerUnit, "EUR");
    v1::Subscription stored;
    const auto outcome = Run(engine::kSubscription, &engine::Collection::Create, request, &stored);
    ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  }

  void AddUsage(const std::string& account, const std::string& id, const std::string& time, int64_t count) {
    v1::BatchUpsertFactsRequest request;
    v1::Fact* fact = request.add_facts();
    fact->set_account("accounts/" + account);
    fact->set_source_id(id);
    *fact->mutable_event_time() = ToProtoTime(ParseInstant(time).value());
    fact->mutable_usage()->set_count(count);
    v1::BatchUpsertFactsResponse response;
    std::promise<absl::Status> promise;
    BatchUpsertFacts(*workspace_, kActor, request, &response,
                     [&](const engine::Outcome& outcome) { promise.set_value(outcome.status); });
    const auto status = promise.get_future().get();
    ASSERT_TRUE(status.ok()) << status;
  }
};

TEST_F(PortfolioTest, RevenueComesFromSubscriptionsAndMovesWithTheDay) {
  ASSERT_TRUE(CreateAccount(R"(account_id: "acme" account { display_name: "Acme" })").ok());
  Subscribe("s1", "acme", "2023-01-01", "", 12000);
  Subscribe("s2", "acme", "2024-01-01", "2024-07-01", 600);
  auto entry = List().entries(0);
  EXPECT_EQ(entry.arr().units(), 12600);
  EXPECT_EQ(entry.mrr().units(), 1050);
  EXPECT_DOUBLE_EQ(entry.growth().value(), 0.05);
  EXPECT_EQ(entry.arr_year_ago().units(), 12000);
  clock_.Set(ParseInstant("2024-07-02T00:30:00Z").value());
  workspace_->Tick();
  Settle();
  EXPECT_EQ(List().entries(0).arr().units(), 12000);
  // The day stays over a restart, even with a clock that has gone back.
  clock_.Set(ParseInstant("2024-06-15T00:00:00Z").value());
  Open();
  EXPECT_EQ(List().entries(0).arr().units(), 12000);
}

TEST_F(PortfolioTest, SummaryOfAPastDayIsSummedOverSubscriptions) {
  ASSERT_TRUE(CreateAccount(R"(account_id: "a" account { display_name: "A" sector: "X" })").ok());
  ASSERT_TRUE(CreateAccount(R"(account_id: "b" account { display_name: "B" sector: "Y" })").ok());
  Subscribe("s1", "a", "2023-01-01", "2024-03-31", 1000);
  Subscribe("s2", "b", "2024-02-01", "", 500);
  v1::GetPortfolioSummaryRequest request;
  request.set_group_by("sector");
  *request.mutable_as_of() = ToProtoDate(ParseDay("2024-02-15").value());
  v1::PortfolioSummary summary;
  ASSERT_TRUE(Summarise(*workspace_, request, &summary).ok());
  EXPECT_EQ(summary.totals().arr().units(), 1500);
  ASSERT_EQ(summary.groups_size(), 2);
  EXPECT_EQ(summary.groups(0).value(), "X");
  EXPECT_EQ(summary.groups(0).totals().arr().units(), 1000);
  request.clear_as_of();
  summary.Clear();
  ASSERT_TRUE(Summarise(*workspace_, request, &summary).ok());
  EXPECT_EQ(summary.totals().arr().units(), 500);
  EXPECT_EQ(summary.totals().account_count(), 2);
}

// Groups of the summary as "value: accounts".
std::vector<std::string> GroupsOf(const v1::PortfolioSummary& summary) {
  std::vector<std::string> groups;
  for (const v1::PortfolioGroup& group : summary.groups()) {
    groups.push_back(group.value() + ": " + std::to_string(group.totals().account_count()));
  }
  return groups;
}

TEST_F(PortfolioTest, APastDayHasTheGroupsOfToday) {
  v1::CustomField field;
  const auto define = Parse<v1::CreateCustomFieldRequest>(
      R"(custom_field_id: "pilot" custom_field { collection: "accounts" display_name: "Pilot"
         type: CUSTOM_FIELD_TYPE_FLAG })");
  ASSERT_TRUE(Run(engine::kCustomField, &engine::Collection::Create, define, &field).status.ok());
  ASSERT_TRUE(
      CreateAccount(R"(account_id: "a" account { display_name: "A" tags: "vip" tags: "new" size: ACCOUNT_SIZE_SMALL
                               custom_fields { key: "pilot" value { flag: true } } })")
          .ok());
  ASSERT_TRUE(CreateAccount(R"(account_id: "b" account { display_name: "B" tags: "vip"
                               custom_fields { key: "pilot" value { flag: false } } })")
                  .ok());
  ASSERT_TRUE(CreateAccount(R"(account_id: "c" account { display_name: "C" })").ok());
  for (const char* group_by : {"tag", "size", "sector", "custom.pilot"}) {
    v1::GetPortfolioSummaryRequest request;
    request.set_group_by(group_by);
    v1::PortfolioSummary today;
    ASSERT_TRUE(Summarise(*workspace_, request, &today).ok());
    *request.mutable_as_of() = ToProtoDate(ParseDay("2024-02-15").value());
    v1::PortfolioSummary past;
    ASSERT_TRUE(Summarise(*workspace_, request, &past).ok());
    EXPECT_GE(today.groups_size(), 1);
    EXPECT_THAT(GroupsOf(past), ::testing::UnorderedElementsAreArray(GroupsOf(today))) << group_by;
  }
}

TEST_F(PortfolioTest, OnlyAFacetIsSuggestedToGroupBy) {
  v1::GetPortfolioSummaryRequest request;
  v1::PortfolioSummary summary;
  const auto nearest = [&](const std::string& group_by) {
    request.set_group_by(group_by);
    const absl::Status status = Summarise(*workspace_, request, &summary);
    EXPECT_EQ(error::ReasonOf(status), "GROUP_COLUMN_UNKNOWN");
    const error::Fault fault = error::FaultsOf(status).at(0);
    for (const auto& [name, value] : fault.details) {
      if (name == "nearest") return value;
    }
    return std::string();
  };
  EXPECT_EQ(nearest("sectr"), "sector");
  EXPECT_EQ(nearest("arr"), "") << "a column, but none to group by";
  EXPECT_EQ(nearest("renewal"), "");
}

TEST_F(PortfolioTest, GrowthOfASumSaysWhyItIsAbsent) {
  ASSERT_TRUE(CreateAccount(R"(account_id: "young" account { display_name: "Y" sector: "X" })").ok());
  Subscribe("s1", "young", "2024-02-01", "", 1000);
  const auto growth = [&](const std::string& filter) {
    v1::GetPortfolioSummaryRequest request;
    request.set_filter(filter);
    v1::PortfolioSummary summary;
    EXPECT_TRUE(Summarise(*workspace_, request, &summary).ok());
    return summary.totals().growth();
  };
  EXPECT_EQ(growth("").absence(), v1::ABSENCE_TOO_YOUNG);
  EXPECT_EQ(List().entries(0).growth().absence(), v1::ABSENCE_TOO_YOUNG);
  EXPECT_FALSE(List().entries(0).has_arr_year_ago());
  EXPECT_EQ(growth("sector = None").absence(), v1::ABSENCE_NO_DENOMINATOR);

  // Had left, and came back.
  ASSERT_TRUE(CreateAccount(R"(account_id: "back" account { display_name: "B" })").ok());
  Subscribe("s2", "back", "2022-01-01", "2023-01-01", 1000);
  Subscribe("s3", "back", "2024-01-01", "", 1000);
  EXPECT_EQ(growth("").absence(), v1::ABSENCE_NO_DENOMINATOR);
  EXPECT_EQ(List().entries(1).growth().absence(), v1::ABSENCE_NO_DENOMINATOR);
  EXPECT_TRUE(List().entries(1).has_arr_year_ago()) << "nothing, which is known";
  EXPECT_EQ(growth("sector = X").absence(), v1::ABSENCE_TOO_YOUNG);

  ASSERT_TRUE(CreateAccount(R"(account_id: "old" account { display_name: "O" })").ok());
  Subscribe("s4", "old", "2022-01-01", "", 1000);
  EXPECT_DOUBLE_EQ(growth("").value(), 2);
}

TEST_F(PortfolioTest, ContributionsSumToTheScoreOfThePortfolio) {
  ASSERT_TRUE(CreateAccount(R"(account_id: "acme" account { display_name: "Acme" })").ok());
  Subscribe("s1", "acme", "2023-01-01", "", 12000);
  for (int day = 1; day <= 14; ++day) {
    AddUsage("acme", "u" + std::to_string(day),
             "2024-06-" + std::string(day < 10 ? "0" : "") + std::to_string(day) + "T09:00:00Z", day);
  }
  v1::ExplainHealthRequest request;
  request.set_account("accounts/acme");
  v1::HealthScore score;
  ASSERT_TRUE(ExplainHealth(*workspace_, request, error::Locale::kFrench, &score).ok());
  double sum = 0;
  for (const auto& contribution : score.contributions()) sum += contribution.points();
  EXPECT_DOUBLE_EQ(sum, score.raw());
  EXPECT_GT(score.coverage(), 0);
  EXPECT_EQ(List().entries(0).health().score(), score.score());
}

TEST_F(PortfolioTest, DismissedSignalStaysAway) {
  ASSERT_TRUE(CreateAccount(
                  R"(account_id: "acme" account { display_name: "Acme" renewal_date { year: 2024 month: 7 day: 1 } })")
                  .ok());
  ASSERT_EQ(List("risk:renewal_near").entries_size(), 1);
  v1::UpdateSignalRequest request;
  request.mutable_signal()->set_name("signals/renewal_near~acme");
  request.mutable_signal()->set_state(v1::SIGNAL_STATE_DISMISSED);
  v1::Signal signal;
  std::promise<absl::Status> promise;
  UpdateSignal(*workspace_, kActor, error::Locale::kEnglish, request, &signal,
               [&](const engine::Outcome& outcome) { promise.set_value(outcome.status); });
  const auto status = promise.get_future().get();
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(List("risk:renewal_near").entries_size(), 0);
  Open();
  EXPECT_EQ(List("risk:renewal_near").entries_size(), 0);
  v1::ListSignalsRequest list;
  v1::ListSignalsResponse signals;
  ASSERT_TRUE(ListSignals(*workspace_, list, error::Locale::kEnglish, &signals).ok());
  EXPECT_EQ(signals.signals_size(), 0);
  list.set_show_dismissed(true);
  ASSERT_TRUE(ListSignals(*workspace_, list, error::Locale::kEnglish, &signals).ok());
  ASSERT_EQ(signals.signals_size(), 1);
  EXPECT_EQ(signals.signals(0).state(), v1::SIGNAL_STATE_DISMISSED);
}

TEST_F(PortfolioTest, CustomFieldsAreColumns) {
  v1::CustomField field;
  const auto define = Parse<v1::CreateCustomFieldRequest>(
      R"(custom_field_id: "region" custom_field { collection: "accounts" display_name: "Region"
         type: CUSTOM_FIELD_TYPE_CHOICE choices: "north" choices: "south" })");
  ASSERT_TRUE(Run(engine::kCustomField, &engine::Collection::Create, define, &field).status.ok());
  ASSERT_TRUE(CreateAccount(R"(account_id: "n" account { display_name: "N" custom_fields { key: "region"
                               value { choice: "north" } } })")
                  .ok());
  ASSERT_TRUE(CreateAccount(R"(account_id: "s" account { display_name: "S" custom_fields { key: "region"
                               value { choice: "south" } } })")
                  .ok());
  EXPECT_EQ(List(R"(custom.region = "north")").entries_size(), 1);
  Open();
  EXPECT_EQ(List(R"(custom.region = "south")").entries(0).account(), "accounts/s");
  const auto wrong =
      CreateAccount(R"(account { display_name: "W" custom_fields { key: "region" value { choice: "west" } } })");
  EXPECT_EQ(error::ReasonOf(wrong.status()), "CHOICE_UNKNOWN");
  const auto unknown =
      CreateAccount(R"(account { display_name: "U" custom_fields { key: "other" value { text: "x" } } })");
  EXPECT_EQ(error::ReasonOf(unknown.status()), "CUSTOM_FIELD_UNKNOWN");
}

TEST_F(PortfolioTest, ForgedPageTokensAreHarmless) {
  for (const char* name : {"B", "A", "C"}) {
    ASSERT_TRUE(CreateAccount("account { display_name: \"" + std::string(name) + "\" sector: \"S\" }").ok());
  }
  const std::vector<model::Cell> cells = {std::monostate(), int64_t{7}, 1.5, std::string("S"),
                                          std::vector<std::string>{"x"}};
  for (const std::string order : {"display_name", "sector", "arr", "growth", "size"}) {
    for (const model::Cell& cell : cells) {
      v1::ListPortfolioRequest request;
      request.set_order_by(order);
      request.set_page_token(
          model::EncodePageToken({.values = {cell}, .key = 1}, model::BindingOf({"portfolio", "", order})));
      v1::ListPortfolioResponse response;
      EXPECT_TRUE(ListPortfolio(*workspace_, request, &response).ok()) << order;
    }
  }
  v1::ListSignalsRequest request;
  request.set_page_token(model::EncodePageToken(
      {.values = {std::string("x")}, .key = 1},
      model::BindingOf({"signals", "", "SIGNAL_KIND_UNSPECIFIED", "", "", "", "0 false false 0 "})));
  v1::ListSignalsResponse response;
  const auto status = ListSignals(*workspace_, request, error::Locale::kEnglish, &response);
  EXPECT_EQ(error::ReasonOf(status), "PAGE_TOKEN_MALFORMED");
}

// Whatever has happened, a workspace that is opened again shows what it showed before.
TEST_F(PortfolioTest, RebuiltPortfolioIsTheSame) {
  const char* seed_text = std::getenv("FOLIO_SEED");
  const auto seed = seed_text == nullptr ? std::random_device()() : static_cast<unsigned>(std::stoul(seed_text));
  SCOPED_TRACE("FOLIO_SEED=" + std::to_string(seed));
  std::mt19937 random(seed);
  const auto pick = [&random](int bound) { return static_cast<int>(random() % static_cast<unsigned>(bound)); };
  constexpr int kAccounts = 12;
  for (int i = 0; i < kAccounts; ++i) {
    ASSERT_TRUE(CreateAccount("account_id: \"a" + std::to_string(i) + "\" account { display_name: \"A" +
                              std::to_string(i) + "\" sector: \"S" + std::to_string(i % 3) + "\" }")
                    .ok());
  }
  for (int step = 0; step < 150; ++step) {
    const std::string account = "a" + std::to_string(pick(kAccounts));
    switch (pick(6)) {
      case 0:
        Subscribe("s" + std::to_string(step), account, "2023-0" + std::to_string(1 + pick(9)) + "-01",
                  pick(2) == 0 ? "" : "2024-0" + std::to_string(1 + pick(9)) + "-01", 100 + pick(10000));
        break;
      case 1:
        AddUsage(account, "u" + std::to_string(pick(40)), "2024-0" + std::to_string(1 + pick(6)) + "-10T08:00:00Z",
                 pick(50));
        break;
      case 2:
        ASSERT_TRUE(UpdateAccount("account { name: \"accounts/" + account + "\" city: \"C" + std::to_string(pick(5)) +
                                  "\" renewal_date { year: 2024 month: " + std::to_string(6 + pick(6)) + " day: 1 } }")
                        .ok());
        break;
      case 3:
        ASSERT_TRUE(UpdateAccount("account { name: \"accounts/" + account +
                                  "\" seat_count: " + std::to_string(1 + pick(3)) +
                                  " contract_start_date { year: 2023 month: " + std::to_string(1 + pick(3)) +
                                  " day: 1 } annual_recurring_revenue { units: " + std::to_string(1000 * pick(3)) +
                                  " currency_code: \"EUR\" } }")
                        .ok());
        break;
      case 4:
        if (pick(10) == 0) {
          clock_.Set(clock_.Now() + Instant{86'400} * 1'000'000);
          workspace_->Tick();
        }
        break;
      default:
        AddUsage(account, "v" + std::to_string(step), "2024-06-14T08:00:00Z", 1 + pick(20));
    }
  }
  workspace_->signal_writer().Drain();
  auto before = List("", "display_name");
  Open();
  auto after = List("", "display_name");
  EXPECT_EQ(before.DebugString(), after.DebugString());
}

}  // namespace

}  // namespace folio::portfolio
