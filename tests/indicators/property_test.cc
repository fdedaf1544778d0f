// Random histories: what was computed step by step is what a fresh start computes, and groups sum to the whole.
#include <gtest/gtest.h>

#include <random>

#include "tests/indicators/sales_fixture.h"

namespace folio::indicators {
namespace {

class Histories : public SalesTest {
 protected:
  static constexpr int kAccounts = 12;

  Histories() {
    // A rate for every day that a deal may have.
    for (Day day = ParseDay("2023-05-28").value(); day < ParseDay("2025-01-04").value(); day += 7) {
      AddRate("USD", "EUR", FormatDay(day), "0." + std::to_string(80 + Below(20)));
    }
    for (int i = 0; i < kAccounts; ++i) {
      AddAccount("a" + std::to_string(i), i % 3 == 0 ? "" : i % 3 == 1 ? "FinTech" : "EdTech");
    }
  }

  int Below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  std::string SomeAccount() { return "a" + std::to_string(Below(kAccounts)); }
  std::string SomeDay() { return FormatDay(ParseDay("2023-06-01").value() + Below(570)); }
  std::string SomeTime() { return SomeDay() + (Below(2) == 0 ? "T00:30:00Z" : "T22:45:00Z"); }

  // Something that a client may do: a new fact, an old one again, a deletion, a subscription.
  void DoSomething() {
    const std::string id = std::to_string(Below(60));
    const std::string seconds = std::to_string(Below(100'000));
    const std::string amount = " amount { currency_code: 'EUR' units: " + std::to_string(Below(500)) + " } ";
    switch (Below(13)) {
      case 0:
        return AddNps(id, SomeAccount(), SomeTime(), Below(11), Below(2) == 0 ? "" : "who" + std::to_string(Below(4)));
      case 1:
        return AddFact(
            id, SomeAccount(), SomeTime(),
            "ticket { first_response_seconds: " + seconds + " satisfaction: " + std::to_string(1 + Below(5)) + " }");
      case 2:
        return AddFact(id, SomeAccount(), SomeTime(), "ticket { }");
      case 3:
        return AddFact("c" + id, SomeAccount(), SomeTime(),
                       "survey_answer { kind: SURVEY_KIND_CES scale_min: 1 scale_max: 7 low_is_easy: true score: " +
                           std::to_string(1 + Below(7)) + " }");
      case 4:
        return AddFact("o" + id, SomeAccount(), SomeTime(), "order { " + amount + " }");
      case 5:
        return AddFact("r" + id, SomeAccount(), SomeTime(), "refund { " + amount + " }");
      case 6:
        return AddFactOfNobody("k" + id, SomeTime(),
                               "cost { category: COST_CATEGORY_RETENTION allocation: COST_ALLOCATION_EVEN " + amount +
                                   " start_date " + DateText("2023-08-01") + " end_date " + DateText("2024-02-15") +
                                   " }");
      case 7:
        return AddFact("e" + id, SomeAccount(), SomeTime(),
                       "engagement { type: 'poll' contact: 'who" + std::to_string(Below(4)) + "' }");
      case 8:
        return TryDelete("facts/" + std::string(Below(2) == 0 ? "ticket" : "survey_answer") + "~default~" + id);
      case 9:
        return AddSomeDeal(id);
      case 10:
        return AddSomeLead(id);
      case 11:
        return TryDeleteDeal(id);
      default: {
        const std::string start = SomeDay();
        const std::string end = Below(2) == 0 ? "" : FormatDay(ParseDay(start).value() + Below(300));
        // A subscription keeps its account.
        const int number = Below(40);
        AddSubscription("s" + std::to_string(number), "a" + std::to_string(number % kAccounts), start, end,
                        Below(5'000), Below(8) == 0 ? "trial: true" : "");
      }
    }
  }

  void AddSomeDeal(const std::string& id) {
    const Day opened = ParseDay("2023-06-01").value() + Below(400);
    const Day moved = opened + Below(60);
    const Day closed = moved + Below(60);
    const std::string last = Below(2) == 0 ? "Second" : "First";
    std::string text = Stage("First", FormatDay(opened)) + Stage(last, FormatDay(moved)) + " stage: '" + last + "'";
    if (Below(3) > 0) text += Of(SomeAccount());
    if (Below(4) > 0) text += Opened(FormatDay(opened));
    if (Below(4) > 0) text += AmountText(Below(10'000), Below(3) == 0 ? "USD" : "EUR");
    if (Below(3) == 0) text += " probability: 0." + std::to_string(Below(100));
    if (Below(2) == 0) text += " kind: DEAL_KIND_UPSELL";
    if (const int fate = Below(3); fate > 0) text += fate == 1 ? Won(FormatDay(closed)) : Lost(FormatDay(closed));
    AddDeal(id, text);
  }

  void AddSomeLead(const std::string& id) {
    const Day entered = ParseDay("2023-06-01").value() + Below(500);
    std::string text = " source: 'source" + std::to_string(Below(3)) + "'";
    if (Below(2) == 0) text += Of(SomeAccount());
    if (Below(2) == 0) text += At("first_contact_time", FormatDay(entered + Below(5)));
    if (Below(2) == 0) text += At("convert_time", FormatDay(entered + Below(120)));
    if (Below(3) == 0) text += " qualification: LEAD_QUALIFICATION_QUALIFIED";
    AddLead(id, FormatDay(entered), text);
  }

  void TryDeleteDeal(const std::string& id) {
    google::protobuf::Empty nothing;
    Run(engine::kDeal, &engine::Collection::Delete,
        Parse<v1::DeleteDealRequest>("allow_missing: true name: 'deals/" + id + "'"), &nothing);
  }

  void TryDelete(const std::string& name) {
    v1::GetFactRequest request;
    request.set_name(name);
    v1::Fact fact;
    if (portfolio::GetFact(*workspace_, request, &fact).ok()) DeleteFact(name);
  }

  std::vector<std::string> Everything(const std::string& grain) {
    // One by one: all of them by week are more values than one answer holds.
    std::vector<std::string> told;
    for (const Indicator& indicator : AllIndicators()) {
      for (v1::IndicatorValue& value : Values(Asking({std::string(indicator.id)},
                                                     "start_date { year: 2023 month: 5 day: 10 } group_by: 'sector' "
                                                     "comparison: COMPARISON_BASE_YEAR_BEFORE grain: PERIOD_GRAIN_" +
                                                         grain))) {
        value.clear_as_of_revision();
        told.push_back(value.ShortDebugString());
      }
    }
    return told;
  }

  const unsigned seed_ = std::random_device()();
  std::mt19937 random_{seed_};
};

TEST_F(Histories, GiveWhatAFreshStartGives) {
  SCOPED_TRACE(testing::Message() << "seed " << seed_);
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 40; ++i) DoSomething();
    const std::vector<std::string> weeks = Everything("WEEK");
    const std::vector<std::string> quarters = Everything("QUARTER");
    EXPECT_EQ(Everything("QUARTER"), quarters) << "from memos";
    if (round % 2 == 0) Open();
    ASSERT_EQ(Everything("WEEK"), weeks);
    ASSERT_EQ(Everything("QUARTER"), quarters);
  }
}

TEST_F(Histories, GroupsSumToTheWholeAndMovementsToTheChange) {
  SCOPED_TRACE(testing::Message() << "seed " << seed_);
  for (int i = 0; i < 200; ++i) DoSomething();
  std::vector<std::string> ids;
  for (const Indicator& indicator : AllIndicators()) {
    if (indicator.additive) ids.emplace_back(indicator.id);
  }
  Int128 whole = 0;
  double whole_number = 0;
  const std::string query = "start_date { year: 2023 month: 6 day: 1 } group_by: 'sector' grain: PERIOD_GRAIN_MONTH";
  for (const v1::IndicatorValue& value : Values(Asking(ids, query))) {
    if (value.groups().empty()) {
      // An amount that is rounded for each group, like MRR, may differ by as many roundings.
      ASSERT_LE(whole < 0 ? -whole : whole, 3) << value.indicator();
      ASSERT_EQ(whole_number, 0) << value.indicator();
      whole = 0;
    }
    const int sign = value.groups().empty() ? 1 : -1;
    if (value.has_money()) whole += sign * MicrosOf(value);
    whole_number += sign * value.number();
    if (!value.indicator().starts_with("net_new_") || value.indicator() == "net_new_revenue") continue;
    Micros steps = AmountOf(value, "opening");
    for (const char* step : {"new", "reactivation", "expansion", "contraction", "churn"})
      steps += AmountOf(value, step);
    ASSERT_EQ(steps, AmountOf(value, "closing")) << value.ShortDebugString();
    ASSERT_EQ(MicrosOf(value), AmountOf(value, "closing") - AmountOf(value, "opening"));
  }
}

}  // namespace
}  // namespace folio::indicators
