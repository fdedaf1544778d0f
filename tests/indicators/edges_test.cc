// What every indicator of the catalogue keeps to, whatever it tells: nothing recorded, nothing to divide by, a period
// that is not over, money in another currency, a revision that is past.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "tests/indicators/sales_fixture.h"

namespace folio::indicators {
namespace {

class EveryIndicator : public SalesTest {
 protected:
  EveryIndicator() {
    for (Day day = ParseDay("2023-01-01").value(); day < ParseDay("2025-01-01").value(); day += 7) {
      AddRate("USD", "EUR", FormatDay(day), "0.5");
    }
  }

  // A year in the life of an account: something that each indicator reads, in amounts of a currency, of which one unit
  // of `worth` is a euro's worth.
  void Live(const std::string& id, int64_t worth, const std::string& currency) {
    const auto amount = [&](int64_t units) { return AmountText(units * worth, currency) + " "; };
    const auto renews = [](const std::string& day) { return "seat_count: 10 renewal_date " + DateText(day); };
    const std::string dues = " due_date " + DateText("2024-03-31") + " paid_date " + DateText("2024-03-30");
    ASSERT_TRUE(PutSubscription(id + "1", id, "2023-02-01", 100 * worth, currency, renews("2024-05-20")).ok());
    ASSERT_TRUE(PutSubscription(id + "1", id, "2023-02-01", 120 * worth, currency, renews("2025-05-20")).ok());
    ASSERT_TRUE(PutSubscription(id + "2", id, "2024-05-01", 40 * worth, currency, "seat_count: 5").ok());
    AddAccount(id + "new", id == "a" ? "FinTech" : "EdTech");
    ASSERT_TRUE(PutSubscription(id + "3", id + "new", "2024-04-15", 60 * worth, currency, "seat_count: 2").ok());
    for (const char* month : {"02", "05", "08", "11"}) {
      const std::string time = std::string("2024-") + month + "-10T10:00:00Z";
      const std::string key = id + month;
      AddFact(key, id, time, "order { channel: 'web'" + amount(30 + std::atoi(month)) + "}");
      AddFact(key, id, time, "payment {" + amount(70) + dues + " }");
      AddFact("a" + key, id, time,
              "cost { category: COST_CATEGORY_ACQUISITION attributed_client_count: 1" + amount(9) + "}");
      AddFact("r" + key, id, time, "cost { category: COST_CATEGORY_RETENTION" + amount(5) + "}");
      AddFact("s" + key, id, time, "cost { category: COST_CATEGORY_SERVICE" + amount(3) + "}");
      AddNps(key, id, time, std::atoi(month) - 1, "ann");
      AddFact("t" + key, id, time, "survey_answer { kind: SURVEY_KIND_CSAT scale_min: 1 scale_max: 5 score: 4 }");
      AddFact("e" + key, id, time,
              "survey_answer { kind: SURVEY_KIND_CES scale_min: 1 scale_max: 7 low_is_easy: true score: 2 }");
      AddFact(key, id, time, "usage { count: 2 user: 'ann' feature: 'reports' }");
      AddFact(key, id, time, "engagement { type: 'poll' contact: 'ann' }");
      AddFact(key, id, time,
              "ticket { topic: 'login" + std::string(month) + "' first_response_seconds: 600 contact_count: 1" +
                  At("close_time", std::string("2024-") + month + "-11") + " }");
      AddFact(key, id, time,
              "conversation { channel: 'chat' messages { author: MESSAGE_AUTHOR_CLIENT" + At("send_time", time) +
                  " } messages { author: MESSAGE_AUTHOR_AGENT" + At("send_time", time.substr(0, 11) + "10:20:00Z") +
                  " } }");
      AddLead(key, time.substr(0, 10),
              Of(id) + At("first_contact_time", time) + At("convert_time", time) +
                  " qualification: LEAD_QUALIFICATION_QUALIFIED");
      AddDeal(key, Of(id) + Opened("2024-01-05") + Won(time.substr(0, 10)) + amount(50) + " kind: DEAL_KIND_UPSELL" +
                       Stage("Offer", "2024-01-05"));
    }
    AddFact(id, id, "2024-05-12T10:00:00Z", "refund {" + amount(7) + "}");
    AddDeal(id + "lost",
            Of(id) + Opened("2024-02-05") + Lost("2024-07-01") + amount(20) + " kind: DEAL_KIND_CROSS_SELL");
    AddDeal(id + "sold",
            Of(id) + Opened("2024-02-05") + Won("2024-07-01") + amount(20) + " kind: DEAL_KIND_CROSS_SELL");
    AddDeal(id + "open", Of(id) + Opened("2024-03-05") + amount(80) + " probability: 0.25");
  }

  static std::vector<std::string> AllIds() {
    std::vector<std::string> ids;
    for (const Indicator& indicator : AllIndicators()) ids.emplace_back(indicator.id);
    return ids;
  }

  // Values of all indicators, at most fifty a request.
  std::vector<v1::IndicatorValue> All(const std::string& query) {
    std::vector<v1::IndicatorValue> all;
    for (const std::string& id : AllIds()) {
      for (v1::IndicatorValue& value : Values(Asking({id}, query))) all.push_back(std::move(value));
    }
    return all;
  }

  static void ExpectSound(const v1::IndicatorValue& value) {
    EXPECT_TRUE(std::isfinite(value.number()) && std::isfinite(value.numerator()) && std::isfinite(value.denominator()))
        << value.ShortDebugString();
    const bool told = value.has_money() || value.has_number();
    const bool final_absence = value.absence() != v1::ABSENCE_UNSPECIFIED && value.absence() != v1::ABSENCE_NOT_MATURE;
    EXPECT_EQ(told, !final_absence && !value.has_fault()) << value.ShortDebugString();
    EXPECT_EQ(value.currency_code().empty(), !IsMoney(value.unit())) << value.indicator();
    for (const v1::IndicatorPart& part : value.parts()) EXPECT_TRUE(std::isfinite(part.number())) << value.indicator();
  }
};

TEST_F(EveryIndicator, IsAbsentOrNoughtWhereNothingIsRecorded) {
  for (const std::string filter : {"", "filter: 'sector = Nothing'"}) {
    for (const v1::IndicatorValue& value : All(std::string(kYear) + filter)) {
      ExpectSound(value);
      EXPECT_EQ(value.number(), value.indicator() == "account_count" && filter.empty() ? 2 : 0) << value.indicator();
      EXPECT_TRUE(!value.has_money() || MicrosOf(value) == 0) << value.indicator();
      if (value.unit() != v1::INDICATOR_UNIT_RATIO) continue;
      EXPECT_NE(value.absence(), v1::ABSENCE_UNSPECIFIED) << value.indicator();
    }
  }
}

TEST_F(EveryIndicator, TellsSomethingOfAYear) {
  Live("a", 1, "EUR");
  Live("b", 2, "USD");
  std::set<std::string> silent;
  const auto listen = [&](const std::string& query) {
    silent.clear();
    for (const v1::IndicatorValue& value : All(query)) {
      ExpectSound(value);
      if (!value.has_money() && !value.has_number()) silent.insert(value.indicator());
    }
  };
  listen(kYear);
  // Models of lifetimes want more than two clients, and movements between bands a score before the year.
  EXPECT_THAT(silent, testing::IsSubsetOf({"clv", "clv_contractual", "clv_transactional", "health_improved",
                                           "health_improved_arr", "health_movement", "health_movement_arr",
                                           "health_worsened", "health_worsened_arr"}));
  workspace_->Tick();
  MoveTo("2025-02-03T12:00:00Z");
  listen(Between("2025-01-01", "2025-02-01"));
  EXPECT_THAT(silent, testing::Not(testing::Contains(testing::StartsWith("health"))));
}

TEST_F(EveryIndicator, TellsTheSameOfTheSameMoneyInAnotherCurrency) {
  Live("a", 1, "EUR");
  Live("b", 2, "USD");
  for (const char* grain : {"PERIOD_GRAIN_YEAR", "PERIOD_GRAIN_QUARTER"}) {
    const auto values = All(std::string(kYear) + "group_by: 'sector' grain: " + grain);
    ASSERT_EQ(values.size() % 3, 0);
    for (size_t i = 0; i < values.size(); i += 3) {
      v1::IndicatorValue dollars = values[i + 1];  // EdTech
      v1::IndicatorValue euros = values[i + 2];    // FinTech
      dollars.clear_groups();
      euros.clear_groups();
      EXPECT_EQ(dollars.ShortDebugString(), euros.ShortDebugString());
    }
  }
}

TEST_F(EveryIndicator, ThatReadsAmountsNamesTheRateThatIsMissing) {
  Live("a", 1, "EUR");
  const std::vector<v1::IndicatorValue> before = All(kYear);
  AddFact("x", "a", "2024-06-10T10:00:00Z", "order {" + AmountText(1, "CHF") + "}");
  AddFact("x", "a", "2024-06-10T10:00:00Z", "refund {" + AmountText(1, "CHF") + "}");
  AddFact("x", "a", "2024-06-10T10:00:00Z",
          "payment {" + AmountText(1, "CHF") + " due_date " + DateText("2024-06-10") + " paid_date " +
              DateText("2024-06-10") + " }");
  for (const char* category : {"ACQUISITION", "RETENTION", "SERVICE"}) {
    AddFact(category, "a", "2024-06-10T10:00:00Z",
            std::string("cost { category: COST_CATEGORY_") + category + " attributed_client_count: 1" +
                AmountText(1, "CHF") + "}");
  }
  AddDeal("x", Of("a") + Opened("2024-06-10") + AmountText(1, "CHF"));
  AddDeal("y", Of("a") + Opened("2024-06-10") + Won("2024-06-10") + AmountText(1, "CHF") + " kind: DEAL_KIND_UPSELL");
  AddDeal("z",
          Of("a") + Opened("2024-06-10") + Won("2024-06-10") + AmountText(1, "CHF") + " kind: DEAL_KIND_CROSS_SELL");
  std::set<std::string> faulty;
  for (const v1::IndicatorValue& value : All(kYear)) {
    ExpectSound(value);
    if (!value.has_fault()) continue;
    if (value.fault().reason() != "RATE_MISSING") continue;
    faulty.insert(value.indicator());
    EXPECT_EQ(value.fault().details().at("base"), "CHF");
    EXPECT_EQ(value.fault().details().at("quote"), "EUR");
    EXPECT_EQ(value.fault().details().at("date"), "2024-06-10") << value.indicator();
  }
  // Recurring revenue is booked when it is written, and counts of things know no money.
  for (const v1::IndicatorValue& value : before) {
    const std::set<std::string> booked = {"arr", "mrr", "net_new_arr", "net_new_mrr", "arr_growth_absolute"};
    const bool of_health = value.indicator().starts_with("health_");
    const bool reads_amounts = IsMoney(value.unit()) && !of_health && !booked.contains(value.indicator());
    if (!reads_amounts || !value.has_money()) continue;
    EXPECT_TRUE(faulty.contains(value.indicator())) << value.indicator();
  }
  for (const char* id : {"win_rate_value", "upsell_rate_revenue", "cross_sell_rate_revenue", "retention_cost_ratio"}) {
    EXPECT_TRUE(faulty.contains(id)) << id;
  }
  for (const char* id : {"win_rate", "order_count", "new_customer_count", "arr", "nps"})
    EXPECT_FALSE(faulty.contains(id)) << id;
}

// Groups by the currency of revenue: of nothing there is nothing, and what adds up adds up to the whole.
TEST_F(EveryIndicator, OfRecurringRevenueIsToldByCurrency) {
  int told = 0;
  const std::string query = std::string(kYear) + "grain: PERIOD_GRAIN_QUARTER group_by: 'revenue.currency'";
  const auto expect_sound = [&](size_t groups) {
    for (const Indicator& indicator : AllIndicators()) {
      const bool has_it = std::ranges::count(indicator.dimensions, ledger::Dimension::kRevenueCurrency) > 0;
      const auto request = Asking({std::string(indicator.id)}, query);
      EXPECT_EQ(FaultOf(request), has_it ? "OK" : "query.group_by DIMENSION_NOT_READ") << indicator.id;
      if (!has_it) continue;
      ++told;
      const std::vector<v1::IndicatorValue> values = Values(request);
      ASSERT_EQ(values.size(), 4 * groups) << indicator.id;
      for (size_t i = 0; i < values.size(); ++i) {
        ExpectSound(values[i]);
        if (!indicator.additive || i % groups != 0) continue;
        Micros rest = MicrosOf(values[i]);
        for (size_t group = 1; group < groups; ++group) rest -= MicrosOf(values[i + group]);
        EXPECT_LE(std::abs(rest), 2) << "twelfths are rounded group by group" << values[i].ShortDebugString();
      }
    }
  };
  expect_sound(2);
  Live("a", 1, "EUR");
  Live("b", 2, "USD");
  ASSERT_TRUE(PutSubscription("a4", "a", "2024-06-03", 33, "USD").ok());
  expect_sound(3);
  EXPECT_EQ(told, 2 * 9);
}

// A period that is not over tells what it tells of the days that have come.
TEST_F(EveryIndicator, ReadsAPartialPeriodUpToToday) {
  Live("a", 1, "EUR");
  const std::vector<v1::IndicatorValue> year = All(Between("2024-01-01", "2025-07-01"));
  const std::vector<v1::IndicatorValue> so_far = All(kYear);
  // The first projects its pace to the end, the other is told by the length of its period.
  const std::set<std::string> by_length = {"aov_forecast", "clv", "cac_payback"};
  ASSERT_EQ(year.size(), so_far.size());
  for (size_t i = 0; i < year.size(); ++i) {
    EXPECT_TRUE(year[i].period().partial());
    EXPECT_FALSE(so_far[i].period().partial());
    EXPECT_NEAR(year[i].period().elapsed_share(), 366.0 / 547, 1e-12);
    if (by_length.contains(year[i].indicator())) continue;
    v1::IndicatorValue a = year[i];
    v1::IndicatorValue b = so_far[i];
    a.clear_period();
    b.clear_period();
    EXPECT_EQ(a.ShortDebugString(), b.ShortDebugString());
  }
}

// What arrives late restates the period that it lies in, and what was told before can be asked for again.
TEST_F(EveryIndicator, IsRestatedByWhatComesLateAndKeepsWhatItTold) {
  Live("a", 1, "EUR");
  workspace_->Tick();  // the scores that are shown are written down
  const std::string second = Between("2024-04-01", "2024-07-01");
  const std::vector<v1::IndicatorValue> before = All(second);
  const int64_t then = workspace_->ledger().state()->revision;
  Live("b", 2, "USD");
  std::set<std::string> same;
  const std::vector<v1::IndicatorValue> after = All(second);
  const std::vector<v1::IndicatorValue> past = All(second + "as_of_revision: " + std::to_string(then));
  ASSERT_EQ(before.size(), after.size());
  for (size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(after[i].as_of_revision() > then, true);
    const auto without_revision = [](v1::IndicatorValue value) {
      value.clear_as_of_revision();
      return value.ShortDebugString();
    };
    if (without_revision(before[i]) == without_revision(after[i])) same.insert(before[i].indicator());
    if (before[i].indicator() == "health") continue;
    EXPECT_EQ(without_revision(past[i]), without_revision(before[i]));
  }
  // What was shown at the end of June is that nothing was, whatever comes.
  std::erase_if(same, [](const std::string& id) { return id.starts_with("health_"); });
  EXPECT_THAT(same, testing::IsSubsetOf({"account_count", "clv_contractual", "clv_transactional", "cac_attributed"}));
}

}  // namespace
}  // namespace folio::indicators
