// What a customer does in a week, on the files of RavenStack: imports accounts, subscriptions and tickets, filters,
// explains a score, changes an account and sees the change come, computes indicators, exports. The same program is
// among the samples of each language, and prints the same line of JSON.
//
//   same_job FOLDER   with ravenstack_accounts.csv, ravenstack_subscriptions.csv, ravenstack_support_tickets.csv
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "folio/client.h"
#include "folio/import.h"
#include "folio/modify.h"
#include "folio/pages.h"
#include "folio/v1/account.grpc.pb.h"
#include "folio/v1/health.grpc.pb.h"
#include "folio/v1/indicator.grpc.pb.h"
#include "folio/watch.h"

namespace {

namespace v1 = folio::v1;
using nlohmann::json;
using Row = std::map<std::string, std::string>;

constexpr char kChanged[] = "accounts/A-2e4581";

void Check(const absl::Status& status) {
  if (status.ok()) return;
  std::cerr << status << '\n';
  std::exit(1);
}

template <typename T>
T Must(absl::StatusOr<T> value) {
  Check(value.status());
  return *std::move(value);
}

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char letter : line) {
    if (letter == ',') {
      cells.emplace_back();
    } else if (letter != '\r') {
      cells.back() += letter;
    }
  }
  return cells;
}

std::vector<Row> Read(const std::string& folder, const std::string& name) {
  std::ifstream file(folder + "/ravenstack_" + name + ".csv");
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> names = Cells(line);
  std::vector<Row> rows;
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = Cells(line);
    Row& row = rows.emplace_back();
    for (size_t index = 0; index < names.size(); ++index) row[names[index]] = cells[index];
  }
  return rows;
}

std::string Upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char letter) { return std::toupper(letter); });
  return text;
}

v1::Account AccountOf(const Row& row) {
  v1::Account account;
  account.set_name("accounts/" + row.at("account_id"));
  v1::ExternalId* id = account.add_external_ids();
  id->set_system("ravenstack");
  id->set_id(row.at("account_id"));
  account.set_display_name(row.at("account_name"));
  account.set_sector(row.at("industry"));
  account.set_country_code(row.at("country") == "UK" ? "GB" : row.at("country"));
  account.set_plan(row.at("plan_tier"));
  account.set_seat_count(std::stoi(row.at("seats")));
  return account;
}

google::type::Date DateOf(const std::string& text) {
  google::type::Date date;
  date.set_year(std::stoi(text.substr(0, 4)));
  date.set_month(std::stoi(text.substr(5, 2)));
  date.set_day(std::stoi(text.substr(8, 2)));
  return date;
}

v1::Subscription SubscriptionOf(const Row& row) {
  v1::Subscription subscription;
  subscription.set_name("subscriptions/" + row.at("subscription_id"));
  subscription.set_account("accounts/" + row.at("account_id"));
  *subscription.mutable_start_date() = DateOf(row.at("start_date"));
  if (!row.at("end_date").empty()) *subscription.mutable_end_date() = DateOf(row.at("end_date"));
  subscription.mutable_annual_amount()->set_currency_code("USD");
  subscription.mutable_annual_amount()->set_units(std::stoll(row.at("arr_amount")));
  subscription.set_trial(row.at("is_trial") == "True");
  subscription.set_plan(row.at("plan_tier"));
  subscription.set_seat_count(std::stoi(row.at("seats")));
  v1::BillingPeriod period = v1::BILLING_PERIOD_UNSPECIFIED;
  v1::BillingPeriod_Parse("BILLING_PERIOD_" + Upper(row.at("billing_frequency")), &period);
  subscription.set_billing_period(period);
  subscription.set_auto_renew(row.at("auto_renew_flag") == "True");
  return subscription;
}

// "2024-07-08", or "2024-07-09 03:00:00", in UTC.
google::protobuf::Timestamp TimeOf(const std::string& text) {
  const google::type::Date date = DateOf(text);
  const std::chrono::sys_days day{std::chrono::year{date.year()} / date.month() / date.day()};
  google::protobuf::Timestamp time;
  time.set_seconds(std::chrono::duration_cast<std::chrono::seconds>(day.time_since_epoch()).count());
  if (text.size() > 10) {
    time.set_seconds(time.seconds() + std::stoi(text.substr(11, 2)) * 3600 + std::stoi(text.substr(14, 2)) * 60 +
                     std::stoi(text.substr(17, 2)));
  }
  return time;
}

v1::Fact TicketOf(const Row& row) {
  v1::Fact fact;
  fact.set_account("accounts/" + row.at("account_id"));
  fact.set_source("ravenstack");
  fact.set_source_id(row.at("ticket_id"));
  *fact.mutable_event_time() = TimeOf(row.at("submitted_at"));
  v1::Ticket* ticket = fact.mutable_ticket();
  v1::TicketPriority priority = v1::TICKET_PRIORITY_UNSPECIFIED;
  v1::TicketPriority_Parse("TICKET_PRIORITY_" + Upper(row.at("priority")), &priority);
  ticket->set_priority(priority);
  if (!row.at("closed_at").empty()) *ticket->mutable_close_time() = TimeOf(row.at("closed_at"));
  ticket->set_first_response_seconds(60 * std::stoll(row.at("first_response_time_minutes")));
  if (!row.at("satisfaction_score").empty()) ticket->set_satisfaction(std::stoi(row.at("satisfaction_score")));
  ticket->set_escalated(row.at("escalation_flag") == "True");
  return fact;
}

// Whole, so that every language writes it alike.
int64_t Millionths(double number) { return static_cast<int64_t>(std::floor(number * 1e6 + 0.5)); }

template <typename RowOf>
json Import(const folio::Client& client, const std::vector<Row>& rows, const std::string& collection,
            const std::string& file, RowOf row_of, int64_t* revision) {
  v1::ImportHeader header;
  header.set_collection(collection);
  header.set_import_id("same-job-" + file);
  folio::ImportOptions options;
  options.on_answer = [revision](const v1::ImportResponse& answer) {
    *revision = std::max(*revision, answer.revision());
  };
  const std::unique_ptr<folio::Importer> importer = Must(folio::Importer::Open(client, header, options));
  int64_t position = 0;
  for (const Row& row : rows) Check(importer->Add(++position, row_of(row)));
  Check(importer->Finish());
  return json::array({importer->counts().created(), importer->counts().rejected()});
}

json Filter(const folio::Client& client) {
  v1::ListAccountsRequest request;
  request.set_filter(R"(sector = "FinTech" AND country = "GB")");
  request.set_order_by("display_name");
  folio::Rows<v1::Account> rows = folio::List<v1::Account>(client, &v1::AccountService::Stub::ListAccounts, request);
  json names = json::array();
  for (const v1::Account& account : rows) names.push_back(account.name());
  Check(rows.status());
  return names;
}

json Explain(const folio::Client& client) {
  v1::ExplainHealthRequest request;
  request.set_account(kChanged);
  const v1::HealthScore score = Must(client.Call(&v1::HealthService::Stub::ExplainHealth, request));
  json parts = json::array();
  for (const v1::HealthContribution& part : score.contributions()) {
    parts.push_back({part.dimension(), part.measure(), Millionths(part.points())});
  }
  return json::array({score.score(), v1::HealthBand_Name(score.band()), parts});
}

json WatchChange(const folio::Client& client, int64_t revision) {
  Must(folio::Modify<v1::Account>(client, kChanged, [](v1::Account* account) { account->add_tags("same-job"); }));
  v1::WatchRequest request;
  request.add_collections("accounts");
  request.set_account(kChanged);
  request.set_after_revision(revision);
  json seen;
  const absl::Status ended = folio::Watch(client, request, [&seen](const v1::WatchResponse& response) {
    for (const v1::ChangeEvent& event : response.events()) {
      const auto& tags = event.account().tags();
      if (std::find(tags.begin(), tags.end(), "same-job") == tags.end()) continue;
      seen = {v1::ChangeType_Name(event.type()), event.name()};
      return absl::CancelledError("seen");
    }
    return absl::OkStatus();
  });
  if (seen.is_null()) Check(ended);
  return seen;
}

json Compute(const folio::Client& client) {
  v1::ComputeIndicatorsRequest request;
  for (const char* indicator : {"mrr", "arr", "nrr", "first_response_time"}) request.add_indicators(indicator);
  *request.mutable_query()->mutable_start_date() = DateOf("2024-10-01");
  *request.mutable_query()->mutable_end_date() = DateOf("2025-01-01");
  request.mutable_query()->set_grain(v1::PERIOD_GRAIN_MONTH);
  json values = json::array();
  const v1::ComputeIndicatorsResponse computed =
      Must(client.Call(&v1::IndicatorService::Stub::ComputeIndicators, request));
  for (const v1::IndicatorValue& value : computed.values()) {
    json amount = Millionths(value.number());
    if (value.has_money()) {
      amount = json::array({value.money().currency_code(), value.money().units(), value.money().nanos()});
    }
    values.push_back({value.indicator(), value.period().start_date().month(), amount, value.sample_size()});
  }
  return values;
}

json Export(const folio::Client& client) {
  json rows = json::array();
  const auto* method = folio::FindMethod("AccountService.ExportAccounts");
  Check(client.InvokeStream(*method, v1::ExportAccountsRequest(), [&rows](const google::protobuf::Message& message) {
    for (const v1::Account& account : static_cast<const v1::ExportAccountsResponse&>(message).accounts()) {
      json tags = json::array();
      for (const std::string& tag : account.tags()) tags.push_back(tag);
      rows.push_back(
          json::array({account.name(), account.display_name(), account.plan(), account.seat_count(), std::move(tags)}));
    }
    return absl::OkStatus();
  }));
  return rows;
}

}  // namespace

int main(int, char** arguments) {
  const std::string folder = arguments[1];
  const folio::Client client = Must(folio::Client::Connect(Must(folio::LoadOptions())));
  json result;
  int64_t revision = 0;
  json& imported = result["imported"];
  imported["accounts"] = Import(client, Read(folder, "accounts"), "accounts", "accounts", AccountOf, &revision);
  imported["subscriptions"] =
      Import(client, Read(folder, "subscriptions"), "subscriptions", "subscriptions", SubscriptionOf, &revision);
  imported["support_tickets"] =
      Import(client, Read(folder, "support_tickets"), "facts", "support_tickets", TicketOf, &revision);
  result["filtered"] = Filter(client);
  result["explained"] = Explain(client);
  result["watched"] = WatchChange(client, revision);
  result["computed"] = Compute(client);
  result["exported"] = Export(client);
  std::cout << result.dump() << '\n';
}
