// A workspace with accounts, subscriptions and facts, and indicators asked of it.
#pragma once

#include <gmock/gmock.h>

#include <cmath>
#include <future>
#include <string>
#include <vector>

#include "folio/v1/exchange_rate.pb.h"
#include "folio/v1/fact.pb.h"
#include "server/indicators/compute.h"
#include "server/indicators/indicator.h"
#include "server/portfolio/facts.h"
#include "tests/engine/workspace_fixture.h"

namespace folio::indicators {

class IndicatorTest : public portfolio::WorkspaceTest {
 protected:
  IndicatorTest() { MoveTo("2024-12-31T12:00:00Z"); }

  void MoveTo(const std::string& instant) {
    clock_.Set(ParseInstant(instant).value());
    Open();
  }

  void AddAccount(const std::string& id, const std::string& sector = "", const std::string& more = "") {
    const auto made = CreateAccount("account_id: '" + id + "' account { display_name: '" + id + "' sector: '" + sector +
                                    "' " + more + " }");
    ASSERT_TRUE(made.ok()) << made.status();
  }

  static std::string DateText(const std::string& day) {
    const YearMonthDay date = DateOf(ParseDay(day).value());
    return "{ year: " + std::to_string(date.year) + " month: " + std::to_string(date.month) +
           " day: " + std::to_string(date.day) + " }";
  }

  // A subscription of whole units a year, from `start` to `end` where that is not empty.
  void AddSubscription(const std::string& id, const std::string& account, const std::string& start,
                       const std::string& end, int64_t annual, const std::string& more = "") {
    const std::string ends = end.empty() ? "" : " end_date " + DateText(end);
    const auto put = PutSubscription(id, account, start, annual, "EUR", more + ends);
    ASSERT_TRUE(put.ok()) << put.status();
  }
  // The same in another currency, or one that is refused.
  absl::StatusOr<v1::Subscription> PutSubscription(const std::string& id, const std::string& account,
                                                   const std::string& start, int64_t annual,
                                                   const std::string& currency, const std::string& more = "") {
    v1::Subscription subscription;
    const auto outcome = Run(engine::kSubscription, &engine::Collection::Update,
                             Parse<v1::UpdateSubscriptionRequest>(
                                 "allow_missing: true update_mask { paths: '*' } subscription { name: 'subscriptions/" +
                                 id + "' account: 'accounts/" + account + "' start_date " + DateText(start) +
                                 " annual_amount { currency_code: '" + currency + "' units: " + std::to_string(annual) +
                                 " } " + more + " }"),
                             &subscription);
    return outcome.status.ok() ? absl::StatusOr<v1::Subscription>(subscription) : outcome.status;
  }

  void AddRate(const std::string& base, const std::string& quote, const std::string& day, const std::string& rate) {
    v1::ExchangeRate made;
    const auto outcome = Run(engine::kExchangeRate, &engine::Collection::Create,
                             Parse<v1::CreateExchangeRateRequest>("exchange_rate { base_currency_code: '" + base +
                                                                  "' quote_currency_code: '" + quote + "' date " +
                                                                  DateText(day) + " rate: '" + rate + "' }"),
                             &made);
    ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  }

  // A query of the days [start, end).
  static std::string Between(const std::string& start, const std::string& end) {
    return "start_date " + DateText(start) + " end_date " + DateText(end) + " ";
  }

  absl::Status TryFact(const v1::Fact& fact) {
    v1::BatchUpsertFactsRequest request;
    *request.add_facts() = fact;
    v1::BatchUpsertFactsResponse response;
    std::promise<absl::Status> done;
    portfolio::BatchUpsertFacts(*workspace_, kActor, request, &response,
                                [&done](const engine::Outcome& outcome) { done.set_value(outcome.status); });
    return done.get_future().get();
  }

  // A fact with its detail as text, for example "survey_answer { kind: SURVEY_KIND_NPS score: 9 }".
  void AddFact(const std::string& id, const std::string& account, const std::string& time, const std::string& detail) {
    auto fact = Parse<v1::Fact>("account: 'accounts/" + account + "' source_id: '" + id + "' " + detail);
    *fact.mutable_event_time() = ToProtoTime(ParseInstant(time).value());
    const absl::Status status = TryFact(fact);
    ASSERT_TRUE(status.ok()) << status;
  }

  void AddNps(const std::string& id, const std::string& account, const std::string& time, int score,
              const std::string& who = "") {
    AddFact(id, account, time,
            "survey_answer { kind: SURVEY_KIND_NPS score: " + std::to_string(score) + " respondent: '" + who + "' }");
  }

  // A fact of nobody that is known.
  void AddFactOfNobody(const std::string& id, const std::string& time, const std::string& detail) {
    auto fact = Parse<v1::Fact>("source_id: '" + id + "' " + detail);
    *fact.mutable_event_time() = ToProtoTime(ParseInstant(time).value());
    const absl::Status status = TryFact(fact);
    ASSERT_TRUE(status.ok()) << status;
  }

  // What a cost, order, refund or deal is, in whole units.
  static std::string AmountText(int64_t units, const std::string& currency = "EUR") {
    return " amount { currency_code: '" + currency + "' units: " + std::to_string(units) + " } ";
  }

  // What is behind it.
  v1::ListContributionsResponse Contributions(const std::string& id, const std::string& query = kYear) {
    v1::ListContributionsRequest request;
    request.set_indicator(id);
    request.set_page_size(1'000);
    *request.mutable_query() = Parse<v1::IndicatorQuery>(query);
    v1::ListContributionsResponse response;
    const absl::Status status = ListContributions(*workspace_, request, error::Locale::kEnglish, &response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }

  // The value of an indicator over a range, with what its contributions sum to held to it.
  v1::IndicatorValue Reconciled(const std::string& id, const std::string& query = kYear) {
    const v1::ListContributionsResponse response = Contributions(id, query);
    double numerator = 0;
    double denominator = 0;
    for (const v1::IndicatorContribution& contribution : response.contributions()) {
      numerator += contribution.numerator();
      denominator += contribution.denominator();
    }
    EXPECT_NEAR(numerator, response.value().numerator(), 1e-6 * (1 + std::abs(numerator))) << id;
    EXPECT_NEAR(denominator, response.value().denominator(), 1e-6 * (1 + std::abs(denominator))) << id;
    const v1::IndicatorValue value = ValueOf(id, query);
    EXPECT_EQ(value.ShortDebugString(), response.value().ShortDebugString());
    return value;
  }

  void DeleteFact(const std::string& name) {
    v1::DeleteFactRequest request;
    request.set_name(name);
    google::protobuf::Empty nothing;
    std::promise<absl::Status> done;
    portfolio::DeleteFact(*workspace_, kActor, request, &nothing,
                          [&done](const engine::Outcome& outcome) { done.set_value(outcome.status); });
    ASSERT_TRUE(done.get_future().get().ok());
  }

  // A request of the text of a query.
  static v1::ComputeIndicatorsRequest Asking(const std::vector<std::string>& ids, const std::string& query = "") {
    v1::ComputeIndicatorsRequest request;
    for (const std::string& id : ids) request.add_indicators(id);
    *request.mutable_query() = Parse<v1::IndicatorQuery>(query);
    return request;
  }

  std::vector<v1::IndicatorValue> Values(const v1::ComputeIndicatorsRequest& request) {
    v1::ComputeIndicatorsResponse response;
    const absl::Status status = Compute(*workspace_, request, error::Locale::kEnglish, &response);
    EXPECT_TRUE(status.ok()) << status;
    return {response.values().begin(), response.values().end()};
  }

  // The value of one indicator over one range.
  v1::IndicatorValue ValueOf(const std::string& id, const std::string& query = kYear) {
    const std::vector<v1::IndicatorValue> values = Values(Asking({id}, query));
    EXPECT_EQ(values.size(), 1);
    return values.empty() ? v1::IndicatorValue() : values.front();
  }

  static Micros MicrosOf(const v1::IndicatorValue& value) { return FromProto(value.money()).value(); }

  static const v1::IndicatorPart& PartOf(const v1::IndicatorValue& value, const std::string& id) {
    for (const v1::IndicatorPart& part : value.parts()) {
      if (part.id() == id) return part;
    }
    ADD_FAILURE() << "no part " << id;
    return v1::IndicatorPart::default_instance();
  }
  static double NumberOf(const v1::IndicatorValue& value, const std::string& part) {
    return PartOf(value, part).number();
  }
  static Micros AmountOf(const v1::IndicatorValue& value, const std::string& part) {
    return FromProto(PartOf(value, part).money()).value();
  }

  // The fault of a request as "field REASON"; "OK" where there is none.
  std::string FaultOf(const v1::ComputeIndicatorsRequest& request) {
    v1::ComputeIndicatorsResponse response;
    const absl::Status status = Compute(*workspace_, request, error::Locale::kEnglish, &response);
    if (status.ok()) return "OK";
    const error::Fault fault = error::FaultsOf(status).at(0);
    return fault.field + " " + fault.reason;
  }

  static constexpr char kYear[] = "start_date { year: 2024 month: 1 day: 1 } end_date { year: 2025 month: 1 day: 1 }";
};

}  // namespace folio::indicators
