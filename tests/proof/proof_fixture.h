// A workspace with clients of a known fate, and the questions that are asked of models about them.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "folio/v1/health_proof.pb.h"
#include "server/base/money.h"
#include "server/portfolio/facts.h"
#include "server/proof/backtest.h"
#include "server/proof/fit.h"
#include "tests/engine/workspace_fixture.h"

namespace folio::proof {

// The workspace's day is 2024-06-15.
class ProofTest : public portfolio::WorkspaceTest {
 protected:
  static bool GoOn(int64_t, int64_t) { return true; }

  void AddAccount(const std::string& id, const std::string& more = "") {
    const auto created =
        CreateAccount(fmt::format(R"(account_id: "{0}" account {{ display_name: "{0}" {1} }})", id, more));
    ASSERT_TRUE(created.ok()) << created.status();
  }

  void Subscribe(const std::string& id, const std::string& account, const std::string& start, const std::string& end,
                 int64_t annual, const std::string& renewal = "") {
    v1::CreateSubscriptionRequest request;
    request.set_subscription_id(id);
    v1::Subscription* subscription = request.mutable_subscription();
    subscription->set_account("accounts/" + account);
    *subscription->mutable_start_date() = DateOf(start);
    if (!end.empty()) *subscription->mutable_end_date() = DateOf(end);
    if (!renewal.empty()) *subscription->mutable_renewal_date() = DateOf(renewal);
    *subscription->mutable_annual_amount() = ToProtoMoney(annual * kMicrosPerUnit, "EUR");
    v1::Subscription stored;
    const auto outcome = Run(engine::kSubscription, &engine::Collection::Create, request, &stored);
    ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  }

  void Use(const std::string& account, const std::string& day, int64_t count) {
    v1::BatchUpsertFactsRequest request;
    v1::Fact* fact = request.add_facts();
    fact->set_account("accounts/" + account);
    fact->set_source_id(account + day);
    *fact->mutable_event_time() = ToProtoTime(ParseInstant(day + "T10:00:00Z").value());
    fact->mutable_usage()->set_count(count);
    v1::BatchUpsertFactsResponse response;
    std::promise<absl::Status> promise;
    BatchUpsertFacts(*workspace_, kActor, request, &response,
                     [&](const engine::Outcome& outcome) { promise.set_value(outcome.status); });
    const auto status = promise.get_future().get();
    ASSERT_TRUE(status.ok()) << status;
  }

  void DefineField(const std::string& id, const std::string& type) {
    const auto request = Parse<v1::CreateCustomFieldRequest>(fmt::format(
        R"(custom_field_id: "{0}" custom_field {{ collection: "accounts" display_name: "{0}" {1} }})", id, type));
    v1::CustomField stored;
    const auto outcome = Run(engine::kCustomField, &engine::Collection::Create, request, &stored);
    ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  }

  static google::type::Date DateOf(const std::string& text) { return ToProtoDate(ParseDay(text).value()); }

  // A model of one dimension.
  static std::string ModelOf(const std::string& measures) {
    return fmt::format(R"(inline_model {{ display_name: "M" dimensions {{ id: "d" weight: 1 {} }} }})", measures);
  }
  // Points as the days of use in 30 days: 0 to 20.
  static std::string UseModel() {
    return ModelOf(R"(measures { measure: "usage_level" weight: 1 ramp { zero_at: 0 full_at: 20 } })");
  }

  absl::StatusOr<v1::BacktestReport> Ask(const std::string& request, error::Locale locale = error::Locale::kEnglish) {
    return Backtest(*workspace_, Parse<v1::BacktestHealthModelRequest>(request), locale, GoOn);
  }
  absl::StatusOr<v1::HealthFit> Learn(const std::string& request, error::Locale locale = error::Locale::kEnglish) {
    return Fit(*workspace_, Parse<v1::FitHealthModelRequest>(request), locale, GoOn);
  }

  // "FIELD REASON" of the first fault.
  static std::string FaultOf(const absl::Status& status) {
    const auto faults = error::FaultsOf(status);
    return faults.empty() ? "" : faults[0].field + " " + faults[0].reason;
  }
};

}  // namespace folio::proof
