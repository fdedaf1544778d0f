// Indicators asked of a workspace: scope, groups, days, and what is refused.
#include "server/indicators/compute.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "folio/v1/account.pb.h"
#include "folio/v1/subscription.pb.h"
#include "server/engine/resources.h"
#include "server/portfolio/workspace.h"
#include "storage/memory/memory.h"

namespace folio::indicators {
namespace {

using ::testing::ElementsAre;

class Compute : public ::testing::Test {
 protected:
  Compute() {
    portfolio::Workspace::Options options{.storage = std::make_unique<storage::MemoryStorage>(), .clock = &clock_};
    options.settings.set_currency_code("EUR");
    workspace_ = portfolio::Workspace::Open(std::move(options)).value();
    AddAccount("a", "FinTech", "2023-01-01", 1'000);
    AddAccount("b", "FinTech", "2024-06-01", 200);
    AddAccount("c", "EdTech", "2024-12-31", 50);
    AddAccount("d", "", "", 0);
  }

  template <typename Request, typename Response>
  void Create(storage::Kind kind, const Request& request, Response* response) {
    std::promise<absl::Status> done;
    workspace_->collection(kind).Create("test", request, response,
                                        [&done](const engine::Outcome& outcome) { done.set_value(outcome.status); });
    const absl::Status status = done.get_future().get();
    ASSERT_TRUE(status.ok()) << status;
  }

  void AddAccount(const std::string& id, const std::string& sector, const std::string& start, int64_t annual) {
    v1::CreateAccountRequest account;
    account.set_account_id(id);
    account.mutable_account()->set_display_name(id);
    account.mutable_account()->set_sector(sector);
    v1::Account created;
    Create(engine::kAccount, account, &created);
    if (start.empty()) return;
    v1::CreateSubscriptionRequest subscription;
    subscription.mutable_subscription()->set_account("accounts/" + id);
    *subscription.mutable_subscription()->mutable_start_date() = ToProtoDate(ParseDay(start).value());
    *subscription.mutable_subscription()->mutable_annual_amount() = ToProtoMoney(annual * kMicrosPerUnit, "EUR");
    v1::Subscription made;
    Create(engine::kSubscription, subscription, &made);
  }

  // Values as "indicator day group value".
  std::vector<std::string> ValuesOf(const v1::ComputeIndicatorsRequest& request) {
    v1::ComputeIndicatorsResponse response;
    const absl::Status status = indicators::Compute(*workspace_, request, &response);
    EXPECT_TRUE(status.ok()) << status;
    std::vector<std::string> values;
    for (const v1::IndicatorValue& value : response.values()) {
      std::string text =
          value.indicator() + " " + FormatDay(FromProto(value.as_of()).value()) + " " + value.group() + " ";
      if (value.absence() != v1::ABSENCE_UNSPECIFIED) {
        text += v1::Absence_Name(value.absence());
      } else if (value.has_money()) {
        text += FormatMicros(FromProto(value.money()).value()) + " " + value.money().currency_code();
      } else {
        text += std::to_string(value.number());
      }
      values.push_back(std::move(text));
    }
    return values;
  }

  // The fault of a request as "field REASON"; "OK" where there is none.
  std::string FaultOf(const v1::ComputeIndicatorsRequest& request) {
    v1::ComputeIndicatorsResponse response;
    const absl::Status status = indicators::Compute(*workspace_, request, &response);
    if (status.ok()) return "OK";
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    const error::Fault fault = error::FaultsOf(status).at(0);
    return fault.field + " " + fault.reason;
  }

  static v1::ComputeIndicatorsRequest Asking(const std::string& indicator) {
    v1::ComputeIndicatorsRequest request;
    request.add_indicators(indicator);
    return request;
  }

  ManualClock clock_{ParseInstant("2024-12-31T12:00:00Z").value()};
  std::unique_ptr<portfolio::Workspace> workspace_;
};

TEST_F(Compute, TheWholeOnTheCurrentDay) {
  v1::ComputeIndicatorsRequest request = Asking("arr");
  request.add_indicators("account_count");
  EXPECT_THAT(ValuesOf(request), ElementsAre("arr 2024-12-31  1250.00 EUR", "account_count 2024-12-31  4.000000"));
}

TEST_F(Compute, GroupsByNameAfterTheWhole) {
  v1::ComputeIndicatorsRequest request = Asking("arr");
  request.set_group_by("sector");
  EXPECT_THAT(ValuesOf(request), ElementsAre("arr 2024-12-31  1250.00 EUR", "arr 2024-12-31  0.00 EUR",
                                             "arr 2024-12-31 EdTech 50.00 EUR", "arr 2024-12-31 FinTech 1200.00 EUR"));
}

TEST_F(Compute, DaysInTheirOrderWithinAFilter) {
  v1::ComputeIndicatorsRequest request = Asking("arr");
  request.add_indicators("arr_growth");
  request.set_filter("sector = \"FinTech\"");
  *request.add_days() = ToProtoDate(ParseDay("2024-12-31").value());
  *request.add_days() = ToProtoDate(ParseDay("2023-06-30").value());
  EXPECT_THAT(ValuesOf(request),
              ElementsAre("arr 2024-12-31  1200.00 EUR", "arr 2023-06-30  1000.00 EUR",
                          "arr_growth 2024-12-31  0.200000", "arr_growth 2023-06-30  ABSENCE_TOO_YOUNG"));
}

TEST_F(Compute, RefusesWhatCannotBeComputed) {
  EXPECT_EQ(FaultOf(Asking("arrr")), "indicators[0] INDICATOR_UNKNOWN");
  v1::ComputeIndicatorsRequest request = Asking("arr");
  request.set_group_by("sectr");
  EXPECT_EQ(FaultOf(request), "group_by GROUP_COLUMN_UNKNOWN");
  request = Asking("arr");
  request.set_filter("sector = ");
  EXPECT_THAT(FaultOf(request), ::testing::StartsWith("filter FILTER_"));
  request = Asking("arr");
  *request.add_days() = ToProtoDate(ParseDay("2025-01-01").value());
  EXPECT_EQ(FaultOf(request), "days[0] FUTURE_DATE");
  request = Asking("arr");
  request.add_days()->set_year(2024);
  EXPECT_EQ(FaultOf(request), "days[0] DATE_INVALID");
}

TEST_F(Compute, RefusesMoreValuesThanAnAnswerHolds) {
  v1::ComputeIndicatorsRequest request;
  for (int i = 0; i < 30; ++i) request.add_indicators("arr");
  for (int i = 0; i < 400; ++i) *request.add_days() = ToProtoDate(ParseDay("2024-01-01").value());
  EXPECT_EQ(FaultOf(request), "OK") << "12,000 values";
  request.set_group_by("sector");
  EXPECT_EQ(FaultOf(request), "group_by FIELD_TOO_MANY_ITEMS");
}

TEST_F(Compute, ListsDefinitionsInTheCallersLanguage) {
  v1::ListIndicatorsResponse english;
  indicators::List(error::Locale::kEnglish, &english);
  v1::ListIndicatorsResponse french;
  indicators::List(error::Locale::kFrench, &french);
  ASSERT_EQ(english.indicators_size(), french.indicators_size());
  EXPECT_EQ(english.indicators(1).id(), "arr");
  EXPECT_EQ(english.indicators(1).display_name(), "Annual recurring revenue");
  EXPECT_EQ(french.indicators(1).display_name(), "Revenu récurrent annuel");
}

}  // namespace
}  // namespace folio::indicators
