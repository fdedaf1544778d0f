// Recurring revenue in other currencies than the workspace's: booked at the rate of its start, exactly, and for good.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/indicators/indicator_fixture.h"

namespace folio::indicators {
namespace {

constexpr Micros kUnit = kMicrosPerUnit;

class Currencies : public IndicatorTest {
 protected:
  Currencies() {
    for (const char* id : {"a", "b", "c"}) AddAccount(id, id == std::string("c") ? "EdTech" : "FinTech");
  }

  void PutRate(const std::string& day, const std::string& rate) {
    v1::ExchangeRate put;
    const auto outcome = Run(engine::kExchangeRate, &engine::Collection::Update,
                             Parse<v1::UpdateExchangeRateRequest>("update_mask { paths: 'rate' } exchange_rate { name: "
                                                                  "'exchangeRates/USD-EUR-" +
                                                                  day + "' rate: '" + rate + "' }"),
                             &put);
    ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  }
  void DropRate(const std::string& name) {
    google::protobuf::Empty nothing;
    const auto request = Parse<v1::DeleteExchangeRateRequest>("name: 'exchangeRates/" + name + "'");
    ASSERT_TRUE(Run(engine::kExchangeRate, &engine::Collection::Delete, request, &nothing).status.ok());
  }
  static error::Fault FirstFaultOf(const absl::Status& status) {
    const std::vector<error::Fault> faults = error::FaultsOf(status);
    return faults.empty() ? error::Fault() : faults.front();
  }
  Micros ArrOn(const std::string& day) {
    return MicrosOf(ValueOf("arr", Between(day, FormatDay(ParseDay(day).value() + 1))));
  }
};

TEST_F(Currencies, AreBookedAtTheRateOfTheStart) {
  AddRate("USD", "EUR", "2024-01-05", "0.9");
  AddRate("USD", "EUR", "2024-06-03", "0.5");
  const auto put = PutSubscription("1", "a", "2024-01-08", 1'000, "USD");
  ASSERT_TRUE(put.ok()) << put.status();
  EXPECT_EQ(put->currency_code(), "USD");
  EXPECT_EQ(put->annual_amount().units(), 1'000) << "it keeps its own";
  EXPECT_EQ(FromProto(put->booked_annual_amount()).value(), 900 * kUnit) << "over the weekend the rate of Friday holds";
  EXPECT_EQ(put->booked_annual_amount().currency_code(), "EUR");
  AddSubscription("2", "b", "2024-01-08", "", 100);
  EXPECT_EQ(ArrOn("2024-01-07"), 0);
  EXPECT_EQ(ArrOn("2024-01-08"), 1'000 * kUnit);
  EXPECT_EQ(ArrOn("2024-12-01"), 1'000 * kUnit) << "a rate that moves is no movement";
  const v1::IndicatorValue moved = ValueOf("net_new_arr", Between("2024-06-01", "2024-07-01"));
  EXPECT_EQ(MicrosOf(moved), 0);
  EXPECT_EQ(NumberOf(moved, "contracted_customers"), 0);
  EXPECT_EQ(MicrosOf(Reconciled("mrr")), Twelfth(1'000 * kUnit));
}

TEST_F(Currencies, OfTheNextContractAreBookedAtItsOwnStart) {
  AddRate("EUR", "USD", "2024-01-05", "1.25");  // read backwards
  AddRate("USD", "EUR", "2024-06-03", "0.5");
  ASSERT_TRUE(PutSubscription("1", "a", "2024-01-05", 1'000, "USD", "end_date " + DateText("2024-06-03")).ok());
  ASSERT_TRUE(PutSubscription("2", "a", "2024-06-03", 1'000, "USD").ok());
  EXPECT_EQ(ArrOn("2024-06-02"), 800 * kUnit);
  const v1::IndicatorValue moved = ValueOf("net_new_arr", Between("2024-06-01", "2024-07-01"));
  EXPECT_EQ(AmountOf(moved, "contraction"), -300 * kUnit);
  EXPECT_EQ(AmountOf(moved, "closing"), 500 * kUnit);
}

TEST_F(Currencies, WithoutARateAreRefusedWithThePairAndTheDay) {
  AddRate("USD", "EUR", "2024-01-05", "0.9");
  const auto refused = PutSubscription("1", "a", "2024-01-13", 1'000, "USD");
  const error::Fault fault = FirstFaultOf(refused.status());
  EXPECT_EQ(fault.reason, "RATE_MISSING");
  EXPECT_THAT(fault.details, testing::UnorderedElementsAre(testing::Pair("base", "USD"), testing::Pair("quote", "EUR"),
                                                           testing::Pair("date", "2024-01-13")));
  EXPECT_EQ(ArrOn("2024-06-01"), 0);
  EXPECT_EQ(FirstFaultOf(PutSubscription("1", "a", "2024-01-05", 1, "XXY").status()).reason, "CURRENCY_UNKNOWN");
  EXPECT_TRUE(PutSubscription("1", "a", "2024-01-12", 1'000, "USD").ok()) << "a rate holds for seven days";
}

TEST_F(Currencies, StayAsTheyWereBookedUntilTheyChange) {
  AddRate("USD", "EUR", "2024-01-05", "0.9");
  ASSERT_TRUE(PutSubscription("1", "a", "2024-01-05", 1'000, "USD").ok());
  const int64_t then = workspace_->ledger().state()->revision;
  PutRate("2024-01-05", "0.8");
  EXPECT_EQ(ArrOn("2024-06-01"), 900 * kUnit);
  ASSERT_TRUE(PutSubscription("1", "a", "2024-01-05", 1'000, "USD", "plan: 'gold'").ok());
  EXPECT_EQ(ArrOn("2024-06-01"), 800 * kUnit) << "booked anew by the rate as it has been corrected";
  EXPECT_EQ(MicrosOf(ValueOf("arr", std::string(kYear) + "as_of_revision: " + std::to_string(then))), 900 * kUnit);
  DropRate("USD-EUR-2024-01-05");
  ASSERT_TRUE(PutSubscription("1", "a", "2024-01-05", 1'000, "USD", "plan: 'silver'").ok());
  EXPECT_EQ(ArrOn("2024-06-01"), 800 * kUnit) << "nothing that is booked depends on it any more";
  EXPECT_EQ(FirstFaultOf(PutSubscription("1", "a", "2024-01-05", 2'000, "USD").status()).reason, "RATE_MISSING");
  Open();
  EXPECT_EQ(ArrOn("2024-06-01"), 800 * kUnit);
  ASSERT_TRUE(PutSubscription("1", "a", "2024-01-05", 50, "EUR").ok());
  EXPECT_EQ(ArrOn("2024-06-01"), 50 * kUnit);
}

// Who corrects a rate restates what was booked by it by writing the same again; what has another start stays.
TEST_F(Currencies, AreRestatedByWritingTheSameAgain) {
  AddRate("USD", "EUR", "2024-01-05", "0.9");
  AddRate("USD", "EUR", "2024-03-05", "0.9");
  ASSERT_TRUE(PutSubscription("1", "a", "2024-01-07", 1'000, "USD").ok());
  ASSERT_TRUE(PutSubscription("2", "b", "2024-03-05", 1'000, "USD").ok());
  const std::string arr = "annual_recurring_revenue { currency_code: 'USD' units: 1000 }";
  AddAccount("d", "", arr + " contract_start_date " + DateText("2024-01-05"));
  PutRate("2024-01-05", "0.5");
  EXPECT_EQ(ArrOn("2024-06-01"), 2'700 * kUnit) << "no month that is over changes by itself";
  const int64_t then = workspace_->ledger().state()->revision;
  ASSERT_TRUE(PutSubscription("1", "a", "2024-01-07", 1'000, "USD").ok());
  EXPECT_EQ(ArrOn("2024-06-01"), 2'300 * kUnit);
  ASSERT_TRUE(
      UpdateAccount("account { name: 'accounts/d' " + arr + " } update_mask { paths: 'annual_recurring_revenue' }")
          .ok());
  EXPECT_EQ(ArrOn("2024-06-01"), 1'900 * kUnit);
  EXPECT_EQ(MicrosOf(ValueOf("arr", std::string(kYear) + "as_of_revision: " + std::to_string(then))), 2'700 * kUnit);
  ASSERT_TRUE(PutSubscription("1", "a", "2024-01-07", 1'000, "USD").ok());
  ASSERT_TRUE(PutSubscription("2", "b", "2024-03-05", 1'000, "USD").ok());
  EXPECT_EQ(ArrOn("2024-06-01"), 1'900 * kUnit);
}

TEST_F(Currencies, OfAccountsWithoutSubscriptionsAreBookedAtTheStartOfTheContract) {
  const std::string arr = "annual_recurring_revenue { currency_code: 'USD' units: 100 } contract_start_date ";
  const auto refused =
      CreateAccount("account_id: 'd' account { display_name: 'd' " + arr + DateText("2024-02-01") + " }");
  EXPECT_EQ(FirstFaultOf(refused.status()).reason, "RATE_MISSING");
  AddRate("USD", "EUR", "2024-02-01", "0.5");
  AddAccount("d", "", arr + DateText("2024-02-01"));
  EXPECT_EQ(ArrOn("2024-01-31"), 0);
  EXPECT_EQ(ArrOn("2024-02-01"), 50 * kUnit);
  AddRate("USD", "EUR", "2024-12-31", "0.7");
  AddAccount("e", "", "annual_recurring_revenue { currency_code: 'USD' units: 100 }");
  EXPECT_EQ(ArrOn("2024-12-31"), (50 + 70) * kUnit) << "created today";
}

// A group of one currency, by the name of it; the whole by "".
std::map<std::string, v1::IndicatorValue> ByCurrency(const std::vector<v1::IndicatorValue>& values) {
  std::map<std::string, v1::IndicatorValue> groups;
  for (const v1::IndicatorValue& value : values) groups[value.groups_size() == 0 ? "" : value.groups(0)] = value;
  return groups;
}

// An account of two currencies moves as one: what each of them adds is of the step that the account took.
TEST_F(Currencies, AreGroupsOfRevenueThatSumToTheWhole) {
  AddRate("USD", "EUR", "2024-01-05", "0.5");
  AddRate("USD", "EUR", "2024-06-03", "0.8");
  ASSERT_TRUE(PutSubscription("1", "a", "2024-01-05", 200, "USD").ok());  // 100 in euros
  AddSubscription("2", "a", "2024-02-01", "2024-06-10", 30);
  AddSubscription("3", "c", "2024-01-05", "", 1'000);
  const std::string june = Between("2024-06-01", "2024-07-01") + "group_by: 'revenue.currency' ";
  // Euros end, dollars come: the account expands by 50.
  ASSERT_TRUE(PutSubscription("4", "a", "2024-06-05", 100, "USD").ok());  // 80 in euros
  auto groups = ByCurrency(Values(Asking({"arr"}, june)));
  ASSERT_EQ(groups.size(), 3);
  EXPECT_EQ(MicrosOf(groups[""]), 1'180 * kUnit);
  EXPECT_EQ(MicrosOf(groups["EUR"]), 1'000 * kUnit);
  EXPECT_EQ(MicrosOf(groups["USD"]), 180 * kUnit);
  EXPECT_EQ(groups["USD"].sample_size(), 1);
  groups = ByCurrency(Values(Asking({"net_new_arr"}, june)));
  EXPECT_EQ(AmountOf(groups[""], "expansion"), 50 * kUnit);
  EXPECT_EQ(AmountOf(groups[""], "between_currencies"), 0);
  EXPECT_EQ(AmountOf(groups["USD"], "opening"), 100 * kUnit);
  EXPECT_EQ(AmountOf(groups["USD"], "expansion"), 50 * kUnit);
  EXPECT_EQ(AmountOf(groups["USD"], "between_currencies"), 30 * kUnit);
  EXPECT_EQ(AmountOf(groups["USD"], "closing"), 180 * kUnit);
  EXPECT_EQ(AmountOf(groups["EUR"], "between_currencies"), -30 * kUnit);
  EXPECT_EQ(AmountOf(groups["EUR"], "contraction") + AmountOf(groups["EUR"], "churn"), 0) << "nothing is lost";
  EXPECT_EQ(NumberOf(groups["EUR"], "expanded_customers") + NumberOf(groups["EUR"], "contracted_customers"), 0);
  EXPECT_EQ(NumberOf(groups["USD"], "expanded_customers"), 1);
  // Who loses all loses it in both.
  groups = ByCurrency(Values(Asking({"grr", "churn_rate"}, june)));
  EXPECT_EQ(groups["USD"].number(), 0);
  ASSERT_TRUE(PutSubscription("1", "a", "2024-01-05", 200, "USD", "end_date " + DateText("2024-06-10")).ok());
  ASSERT_TRUE(PutSubscription("4", "a", "2024-06-05", 100, "USD", "end_date " + DateText("2024-06-10")).ok());
  groups = ByCurrency(Values(Asking({"net_new_arr"}, june)));
  EXPECT_EQ(AmountOf(groups["USD"], "churn"), -100 * kUnit);
  EXPECT_EQ(AmountOf(groups["EUR"], "churn"), -30 * kUnit);
  EXPECT_EQ(ByCurrency(Values(Asking({"churn_rate"}, june)))["USD"].number(), 1);
  EXPECT_EQ(ByCurrency(Values(Asking({"nrr"}, june)))["EUR"].number(), 1'000.0 / 1'030);
}

TEST_F(Currencies, AreGroupsBesideAFacetWithWhatIsBehindThem) {
  AddRate("USD", "EUR", "2024-01-05", "0.5");
  ASSERT_TRUE(PutSubscription("1", "a", "2024-01-05", 200, "USD").ok());
  AddSubscription("2", "a", "2024-01-05", "", 30);
  AddSubscription("3", "b", "2024-01-05", "", 7);
  ASSERT_TRUE(PutSubscription("4", "c", "2024-01-05", 20, "USD").ok());
  AddAccount(
      "d", "EdTech",
      "annual_recurring_revenue { currency_code: 'USD' units: 50 } contract_start_date " + DateText("2024-01-05"));
  const std::string query = std::string(kYear) + "group_by: 'sector' group_by: 'revenue.currency'";
  std::map<std::pair<std::string, std::string>, Micros> told;
  Micros whole = 0;
  for (const v1::IndicatorValue& value : Values(Asking({"arr"}, query))) {
    if (value.groups().empty()) {
      whole = MicrosOf(value);
    } else {
      told[{value.groups(0), value.groups(1)}] = MicrosOf(value);
    }
  }
  EXPECT_EQ(whole, (100 + 30 + 7 + 10 + 25) * kUnit);
  EXPECT_THAT(told, testing::UnorderedElementsAre(testing::Pair(testing::Pair("FinTech", "USD"), 100 * kUnit),
                                                  testing::Pair(testing::Pair("FinTech", "EUR"), 37 * kUnit),
                                                  testing::Pair(testing::Pair("EdTech", "USD"), 35 * kUnit),
                                                  testing::Pair(testing::Pair("EdTech", "EUR"), 0)));
  v1::ListContributionsRequest request;
  request.set_indicator("mrr");
  *request.mutable_query() = Parse<v1::IndicatorQuery>(query);
  request.add_groups("EdTech");
  request.add_groups("USD");
  v1::ListContributionsResponse response;
  ASSERT_TRUE(ListContributions(*workspace_, request, error::Locale::kEnglish, &response).ok());
  ASSERT_EQ(response.contributions_size(), 2);
  EXPECT_EQ(response.contributions(0).account(), "accounts/c");
  EXPECT_EQ(response.contributions(1).account(), "accounts/d");
  EXPECT_EQ(FromProto(response.contributions(0).money()).value() + FromProto(response.contributions(1).money()).value(),
            MicrosOf(response.value()));
  EXPECT_EQ(FaultOf(Asking({"nps"}, query)), "query.group_by DIMENSION_NOT_READ");
  EXPECT_EQ(FaultOf(Asking({"arr"}, "group_by: 'revenue.currency' group_by: 'order.channel'")),
            "query.group_by DIMENSIONS_SEVERAL");
}

TEST_F(Currencies, OfAPastRevisionAreThoseOfThen) {
  AddRate("USD", "EUR", "2024-01-05", "0.5");
  ASSERT_TRUE(PutSubscription("1", "a", "2024-01-05", 200, "USD").ok());
  const int64_t then = workspace_->ledger().state()->revision;
  AddSubscription("1", "a", "2024-01-05", "", 90);
  const std::string query = std::string(kYear) + "group_by: 'revenue.currency' ";
  auto groups = ByCurrency(Values(Asking({"arr"}, query)));
  EXPECT_EQ(MicrosOf(groups["EUR"]), 90 * kUnit);
  EXPECT_EQ(MicrosOf(groups["USD"]), 0);
  groups = ByCurrency(Values(Asking({"arr"}, query + "as_of_revision: " + std::to_string(then))));
  EXPECT_EQ(MicrosOf(groups["EUR"]), 0);
  EXPECT_EQ(MicrosOf(groups["USD"]), 100 * kUnit);
}

// Whatever is contracted in whatever currency: the movements lead from the opening to the closing amount, to a
// millionth, in each period and group, groups sum to the whole, and what comes back from a restart is the same.
TEST_F(Currencies, ReconcileToTheMillionth) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  const auto below = [&random](int limit) { return static_cast<int>(random() % static_cast<unsigned>(limit)); };
  const Day first = ParseDay("2023-12-25").value();
  for (Day day = first; day < first + 370; day += 5) {
    AddRate("USD", "EUR", FormatDay(day), "0." + std::to_string(700'000'000 + below(300'000'000)));
    AddRate("EUR", "JPY", FormatDay(day), std::to_string(140 + below(30)) + "." + std::to_string(below(1'000)));
  }
  const std::vector<std::string> currencies = {"EUR", "USD", "JPY"};
  for (int i = 0; i < 60; ++i) {
    const Day start = first + 7 + below(340);
    const std::string end = below(2) == 0 ? "" : "end_date " + DateText(FormatDay(start + below(200)));
    const auto put = PutSubscription(std::to_string(i), std::string(1, static_cast<char>('a' + below(3))),
                                     FormatDay(start), 1 + below(100'000), currencies[below(3)], end);
    ASSERT_TRUE(put.ok()) << put.status();
  }
  const std::string query = std::string(kYear) + "grain: PERIOD_GRAIN_MONTH group_by: 'sector'";
  std::vector<v1::IndicatorValue> before;
  for (const char* id : {"net_new_arr", "net_new_mrr"}) {
    std::map<std::string, Micros> closing;
    std::map<std::string, Micros> of_groups;
    for (const v1::IndicatorValue& value : Values(Asking({id}, query))) {
      Micros sum = 0;
      for (const char* step : {"opening", "new", "reactivation", "expansion", "contraction", "churn"}) {
        sum += AmountOf(value, step);
      }
      ASSERT_EQ(sum, AmountOf(value, "closing"));
      const std::string group = value.groups_size() == 0 ? "" : value.groups(0);
      if (closing.contains(group)) {
        ASSERT_EQ(AmountOf(value, "opening"), closing[group]) << "as the month before ended";
      }
      closing[group] = AmountOf(value, "closing");
      of_groups[value.period().ShortDebugString()] += (group.empty() ? 1 : -1) * AmountOf(value, "closing");
      before.push_back(value);
    }
    for (const auto& [period, rest] : of_groups) {
      // Twelfths are rounded group by group.
      ASSERT_LE(std::abs(rest), std::string(id) == "net_new_arr" ? 0 : 3) << period;
    }
  }
  // By currency, and by currency in each sector: each step of the groups sums to that of the whole.
  for (const char* groups : {"group_by: 'revenue.currency'", "group_by: 'revenue.currency' group_by: 'sector'"}) {
    std::map<std::string, Micros> rest;
    std::map<std::string, Micros> closing;
    for (const v1::IndicatorValue& value :
         Values(Asking({"net_new_arr"}, std::string(kYear) + "grain: PERIOD_GRAIN_MONTH " + groups))) {
      Micros sum = 0;
      for (const char* step :
           {"opening", "new", "reactivation", "expansion", "contraction", "churn", "between_currencies"}) {
        sum += AmountOf(value, step);
        rest[value.period().ShortDebugString() + step] += (value.groups().empty() ? 1 : -1) * AmountOf(value, step);
      }
      ASSERT_EQ(sum, AmountOf(value, "closing")) << value.ShortDebugString();
      ASSERT_LE(AmountOf(value, "contraction"), 0);
      ASSERT_GE(AmountOf(value, "expansion"), 0);
      if (value.groups().empty()) {
        ASSERT_EQ(AmountOf(value, "between_currencies"), 0);
      }
      std::string group;
      for (const std::string& name : value.groups()) group += name + "/";
      if (closing.contains(group)) {
        ASSERT_EQ(AmountOf(value, "opening"), closing[group]) << "as the month before ended";
      }
      closing[group] = AmountOf(value, "closing");
    }
    for (const auto& [step, left] : rest) ASSERT_EQ(left, 0) << step;
  }
  Open();
  const auto after = Values(Asking({"net_new_arr", "net_new_mrr"}, query));
  ASSERT_EQ(after.size(), before.size());
  for (size_t i = 0; i < after.size(); ++i) ASSERT_EQ(after[i].SerializeAsString(), before[i].SerializeAsString());
}

}  // namespace
}  // namespace folio::indicators
