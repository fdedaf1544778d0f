// Does through the C++ SDK what the conformance harness says: a command a line in, a result a line out. sdk/spec.md
// describes both.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <ranges>
#include <string>

#include "folio/client.h"
#include "folio/export.h"
#include "folio/import.h"
#include "folio/modify.h"
#include "folio/options.h"
#include "folio/pages.h"
#include "folio/watch.h"
#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"

namespace folio {
namespace {

using google::protobuf::Message;
using google::protobuf::MethodDescriptor;
using nlohmann::json;
using std::chrono::milliseconds;

std::unique_ptr<Message> NewMessage(const google::protobuf::Descriptor* type) {
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

json ToJson(const Message& message) {
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(message, &text).ok()) std::abort();
  return json::parse(text);
}

// A command with a message that the contract does not have is a fault of the vector: there is nobody to tell.
void FromJson(const json& value, Message* message) {
  const auto status = google::protobuf::util::JsonStringToMessage(value.dump(), message);
  if (status.ok()) return;
  std::cerr << status.ToString() << ": " << value.dump() << "\n";
  std::exit(1);
}

json ErrorJson(const absl::Status& status) {
  const Error error = ErrorOf(status);
  json fields = json::array();
  for (const FieldViolation& fault : error.fields) {
    fields.push_back({{"field", fault.field}, {"reason", fault.reason}, {"description", fault.description}});
  }
  json told = {{"code", absl::StatusCodeToString(error.code)},
               {"message", error.message},
               {"reason", error.reason},
               {"metadata", error.metadata},
               {"fields", fields},
               {"request_id", error.request_id}};
  if (error.retry_after) told["retry_after_ms"] = error.retry_after->count();
  return told;
}

ClientOptions OptionsOf(const json& client) {
  ClientOptions options;
  options.server = client.value("server", options.server);
  options.key = client.value("key", options.key);
  options.locale = client.value("locale", options.locale);
  options.tls = client.value("tls", options.tls);
  options.ca_file = client.value("ca_file", options.ca_file);
  options.timeout = milliseconds(client.value("timeout_ms", options.timeout.count()));
  return options;
}

absl::Status DoOptions(const json& command, json* result) {
  for (const char* name : {"HOME", "XDG_CONFIG_HOME", "FOLIO_PROFILE", "FOLIO_SERVER", "FOLIO_KEY", "FOLIO_KEY_FILE"}) {
    unsetenv(name);
  }
  const json environment = command.value("env", json::object());
  for (const auto& [name, value] : environment.items()) {
    setenv(name.c_str(), value.get<std::string>().c_str(), 1);
  }
  const json given = command.value("overrides", json::object());
  OptionOverrides overrides;
  overrides.profile = given.value("profile", "");
  if (given.contains("server")) overrides.server = given["server"];
  if (given.contains("key_file")) overrides.key_file = given["key_file"];
  if (given.contains("locale")) overrides.locale = given["locale"];
  if (given.contains("tls")) overrides.tls = given["tls"].get<bool>();
  if (given.contains("ca_file")) overrides.ca_file = given["ca_file"];
  if (given.contains("timeout_ms")) overrides.timeout = milliseconds(given["timeout_ms"].get<int64_t>());
  const absl::StatusOr<ClientOptions> options = LoadOptions(overrides);
  if (!options.ok()) return options.status();
  (*result)["ok"] = {{"server", options->server},   {"key", options->key},
                     {"tls", options->tls},         {"locale", options->locale},
                     {"ca_file", options->ca_file}, {"timeout_ms", options->timeout.count()}};
  return absl::OkStatus();
}

absl::Status DoCall(const Client& client, const json& command, json* result) {
  const MethodDescriptor& method = *FindMethod(command["method"].get<std::string>());
  const std::unique_ptr<Message> request = NewMessage(method.input_type());
  const std::unique_ptr<Message> response = NewMessage(method.output_type());
  FromJson(command["request"], request.get());
  const absl::Status status = client.Invoke(method, *request, response.get());
  if (status.ok()) (*result)["ok"] = ToJson(*response);
  return status;
}

absl::Status DoList(const Client& client, const json& command, json* result) {
  const MethodDescriptor& method = *FindMethod(command["method"].get<std::string>());
  const std::unique_ptr<Message> request = NewMessage(method.input_type());
  FromJson(command["request"], request.get());
  PageCursor cursor(client, method, *request);
  json& rows = (*result)["rows"] = json::array();
  const size_t limit = command.value("limit", SIZE_MAX);
  while (rows.size() < limit) {
    const Message* row = cursor.Next();
    if (row == nullptr) break;
    rows.push_back(ToJson(*row));
  }
  return cursor.status();
}

absl::Status DoModify(const Client& client, const json& command, json* result) {
  int attempts = 0;
  const auto account = Modify<v1::Account>(client, command["name"], [&](v1::Account* read) {
    ++attempts;
    read->set_notes(read->notes() + command["append"].get<std::string>());
  });
  (*result)["attempts"] = attempts;
  if (account.ok()) (*result)["ok"] = ToJson(*account);
  return account.status();
}

json ReportJson(const ImportReport& report) {
  json rejected = json::array();
  for (const v1::RejectedRow& row : report.rejected) {
    rejected.push_back(
        {{"row", row.row()}, {"field", row.field()}, {"reason", row.reason()}, {"message", row.message()}});
  }
  const v1::ImportCounts& counts = report.counts;
  return {{"durable", report.durable_through_row}, {"created", counts.created()},     {"updated", counts.updated()},
          {"restored", counts.restored()},         {"unchanged", counts.unchanged()}, {"skipped", counts.skipped()},
          {"rejected", counts.rejected()},         {"rejected_rows", rejected}};
}

v1::Account MadeUpAccount(int64_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, 6 - digits.size(), '0');
  v1::Account account;
  account.set_name("accounts/row-" + digits);
  account.set_display_name("Row " + std::to_string(number));
  account.set_sector("Imported");
  return account;
}

absl::Status DoImport(const Client& client, const json& command, json* result) {
  v1::ImportHeader header;
  FromJson(command["header"], &header);
  json& progress = (*result)["progress"] = json::array();
  ImportOptions options;
  options.on_answer = [&progress](const v1::ImportResponse& answer) {
    progress.push_back(answer.durable_through_row());
  };
  options.patience = milliseconds(command.value("patience_ms", options.patience.count()));
  const json rows = command.value("rows", json::array());
  const int64_t count = command.value("count", static_cast<int64_t>(rows.size()));
  const auto row_at = [&rows](int64_t position) {
    if (rows.empty()) return MadeUpAccount(position);
    v1::Account account;
    FromJson(rows[static_cast<size_t>(position - 1)], &account);
    return account;
  };
  ImportReport report;
  const absl::Status status = ImportRows(
      client, header, std::views::iota(int64_t{1}, count + 1) | std::views::transform(row_at), options, &report);
  (*result)["report"] = ReportJson(report);
  return status;
}

absl::Status DoExport(const Client& client, const json& command, json* result) {
  v1::ExportAccountsRequest request;
  FromJson(command["request"], &request);
  json& rows = (*result)["rows"] = json::array();
  json& progress = (*result)["progress"] = json::array();
  const auto each = [&rows](const v1::Account& account) {
    rows.push_back(ToJson(account));
    return absl::OkStatus();
  };
  const auto told = [&progress](int64_t done, int64_t total) { progress.push_back({done, total}); };
  return ExportAccounts(client, request, each, {.progress = told, .stop = {}});
}

WatchOptions WatchOptionsOf(const json& command) {
  WatchOptions options;
  options.patience = milliseconds(command.value("patience_ms", options.patience.count()));
  return options;
}

absl::Status DoWatch(const Client& client, const json& command, json* result) {
  v1::WatchRequest request;
  FromJson(command["request"], &request);
  json& events = (*result)["events"] = json::array();
  bool enough = false;
  const absl::Status status = Watch(
      client, request,
      [&](const v1::WatchResponse& response) {
        for (const v1::ChangeEvent& event : response.events()) events.push_back(ToJson(event));
        (*result)["token"] = response.resume_token();
        enough = events.size() >= command["until"].get<size_t>();
        return enough ? absl::CancelledError("enough") : absl::OkStatus();
      },
      WatchOptionsOf(command));
  return enough ? absl::OkStatus() : status;
}

absl::Status DoWatchPortfolio(const Client& client, const json& command, json* result) {
  v1::WatchPortfolioRequest request;
  FromJson(command["request"], &request);
  json& changes = (*result)["changes"] = json::array();
  bool enough = false;
  const absl::Status status = WatchPortfolio(
      client, request,
      [&](const v1::WatchPortfolioResponse& response) {
        for (const v1::PortfolioChange& change : response.changes()) changes.push_back(ToJson(change));
        (*result)["token"] = response.resume_token();
        enough = changes.size() >= command["until"].get<size_t>();
        return enough ? absl::CancelledError("enough") : absl::OkStatus();
      },
      WatchOptionsOf(command));
  return enough ? absl::OkStatus() : status;
}

absl::Status Perform(const json& command, json* result) {
  const std::string op = command["op"];
  if (op == "options") return DoOptions(command, result);
  const absl::StatusOr<Client> client = Client::Connect(OptionsOf(command["client"]));
  if (!client.ok()) return client.status();
  if (op == "call") return DoCall(*client, command, result);
  if (op == "list") return DoList(*client, command, result);
  if (op == "modify") return DoModify(*client, command, result);
  if (op == "import") return DoImport(*client, command, result);
  if (op == "export") return DoExport(*client, command, result);
  if (op == "watch") return DoWatch(*client, command, result);
  if (op == "watch_portfolio") return DoWatchPortfolio(*client, command, result);
  return absl::UnimplementedError("no such operation: " + op);
}

}  // namespace
}  // namespace folio

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    nlohmann::json result = nlohmann::json::object();
    const auto start = std::chrono::steady_clock::now();
    const absl::Status status = folio::Perform(nlohmann::json::parse(line), &result);
    if (!status.ok()) result["error"] = folio::ErrorJson(status);
    const std::chrono::duration<double, std::milli> elapsed = std::chrono::steady_clock::now() - start;
    result["elapsed_ms"] = elapsed.count();
    std::cout << result.dump() << std::endl;
  }
}
