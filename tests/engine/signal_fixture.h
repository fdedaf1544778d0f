// A workspace with what tests of signals and their rules do with it.
#pragma once

#include <optional>
#include <string>

#include "folio/v1/signal.pb.h"
#include "folio/v1/signal_rule.pb.h"
#include "server/portfolio/facts.h"
#include "server/portfolio/queries.h"
#include "server/portfolio/signal_rules.h"
#include "server/portfolio/signals.h"
#include "tests/engine/workspace_fixture.h"

namespace folio::portfolio {

class SignalTest : public WorkspaceTest {
 protected:
  // An account whose contract is up for renewal so many days from 2024-06-15 on.
  void CreateRenewing(const std::string& id, int days) {
    const YearMonthDay date = DateOf(ParseDay("2024-06-15").value() + days);
    const auto created =
        CreateAccount("account_id: \"" + id + "\" account { display_name: \"" + id +
                      "\" renewal_date { year: " + std::to_string(date.year) + " month: " + std::to_string(date.month) +
                      " day: " + std::to_string(date.day) + " } }");
    ASSERT_TRUE(created.ok()) << created.status();
  }

  void MoveTo(const std::string& day) {
    clock_.Set(ParseInstant(day + "T10:00:00Z").value());
    workspace_->Tick();
    Settle();
  }

  v1::ListSignalsResponse List(const std::string& request = "") {
    v1::ListSignalsResponse response;
    const auto status =
        ListSignals(*workspace_, Parse<v1::ListSignalsRequest>(request), error::Locale::kEnglish, &response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }

  absl::StatusOr<v1::Signal> Get(const std::string& name) {
    v1::GetSignalRequest request;
    request.set_name(name);
    v1::Signal signal;
    const auto status = GetSignal(*workspace_, request, error::Locale::kEnglish, &signal);
    if (!status.ok()) return status;
    return signal;
  }

  absl::StatusOr<v1::Signal> Change(const std::string& signal) {
    const auto request = Parse<v1::UpdateSignalRequest>("signal { " + signal + " }");
    v1::Signal response;
    std::promise<absl::Status> promise;
    UpdateSignal(*workspace_, kActor, error::Locale::kEnglish, request, &response,
                 [&](const engine::Outcome& outcome) { promise.set_value(outcome.status); });
    const auto status = promise.get_future().get();
    if (!status.ok()) return status;
    return response;
  }

  int64_t CountIn(const std::string& filter) {
    v1::ListPortfolioRequest request;
    request.set_filter(filter);
    request.set_with_total_size(true);
    v1::ListPortfolioResponse response;
    const auto status = ListPortfolio(*workspace_, request, &response);
    EXPECT_TRUE(status.ok()) << status;
    return response.total_size();
  }

  // What is on record of a signal; nothing where there is nothing.
  std::optional<v1::Signal> Recorded(const std::string& id) {
    workspace_->signal_writer().Drain();
    const auto key = store_.Find(engine::kSignal, id).value();
    if (!key.has_value()) return std::nullopt;
    v1::Signal signal;
    EXPECT_TRUE(signal.ParseFromString(store_.Get(engine::kSignal, *key).value()->data));
    return signal;
  }

  absl::Status CreateRule(const std::string& id, const std::string& rule) {
    const auto request =
        Parse<v1::CreateSignalRuleRequest>("signal_rule_id: \"" + id + "\" signal_rule { " + rule + " }");
    v1::SignalRule response;
    return Do(&CreateSignalRule, request, &response);
  }
  absl::Status UpdateRule(const std::string& rule) {
    const auto request = Parse<v1::UpdateSignalRuleRequest>("signal_rule { " + rule + " }");
    v1::SignalRule response;
    return Do(&UpdateSignalRule, request, &response);
  }
  absl::Status DeleteRule(const std::string& id) {
    v1::DeleteSignalRuleRequest request;
    request.set_name("signalRules/" + id);
    google::protobuf::Empty response;
    return Do(&DeleteSignalRule, request, &response);
  }
};

}  // namespace folio::portfolio
