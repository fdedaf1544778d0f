// Calls: errors, retries, request ids, deadlines, metadata, methods by name.
#include "folio/client.h"

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "folio/v1/account.grpc.pb.h"
#include "folio/v1/admin.grpc.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/base/project_file.h"
#include "tests/sdk/fake/fake_server.h"

namespace folio {
namespace {

using ::testing::ElementsAre;
using testing::ErrorWith;
using testing::FakeServer;
using ::testing::HasSubstr;

v1::GetAccountRequest Named(const std::string& name) {
  v1::GetAccountRequest request;
  request.set_name(name);
  return request;
}

// Fails the first calls of every method with a status.
testing::Interceptor FailFirst(int times, grpc::Status status) {
  return [times, status](const std::string&) mutable -> std::optional<grpc::Status> {
    if (times-- > 0) return status;
    return std::nullopt;
  };
}

TEST(ClientTest, ReturnsWhatTheServerAnswers) {
  FakeServer server;
  server.accounts["accounts/acme"].set_display_name("Acme");
  const auto account = server.client().Call(&v1::AccountService::Stub::GetAccount, Named("accounts/acme"));
  ASSERT_TRUE(account.ok()) << account.status();
  EXPECT_EQ(account->display_name(), "Acme");
}

// gRPC would end the process for a key with a line break, and would connect to port 0 where there is none.
TEST(ClientTest, RefusesWhatCannotBeReachedOrSent) {
  const auto refused = [](const std::function<void(ClientOptions*)>& change) {
    ClientOptions options;
    change(&options);
    return Client::Connect(options).status().code() == absl::StatusCode::kInvalidArgument;
  };
  EXPECT_FALSE(refused([](ClientOptions*) {}));
  for (const char* server : {"", "https://", "localhost:port", ":::", "::1", "[::1", "[::1]7", "a b:1", "host:99999",
                             "host:0", "host:", ":1", "host:1/path", "ftp://x:1", "me@host:1"}) {
    EXPECT_TRUE(refused([&](ClientOptions* options) { options->server = server; })) << server;
  }
  for (const char* text : {"line\nbreak", "cl\u00e9"}) {
    EXPECT_TRUE(refused([&](ClientOptions* options) { options->key = text; })) << text;
    EXPECT_TRUE(refused([&](ClientOptions* options) { options->locale = text; })) << text;
    EXPECT_TRUE(refused([&](ClientOptions* options) { options->user_agent = text; })) << text;
  }
}

TEST(ClientTest, CompletesTheAddress) {
  const auto address = [](const std::string& server, bool tls = false) {
    ClientOptions options;
    options.server = server;
    options.tls = tls;
    return Client::Connect(options)->options().server;
  };
  EXPECT_EQ(address("host"), "host:7117");
  EXPECT_EQ(address("host", true), "host:443");
  EXPECT_EQ(address("https://host/"), "host:443");
  EXPECT_EQ(address("http://[::1]"), "[::1]:7117");
  EXPECT_EQ(address("[::1]:80"), "[::1]:80");
  EXPECT_EQ(address("unix:/run/folio"), "unix:/run/folio");
}

TEST(ClientTest, TakesAnEndlessTimeoutForALongOne) {
  FakeServer server;
  server.accounts["accounts/acme"].set_display_name("Acme");
  const Client patient = server.client().WithTimeout(std::chrono::milliseconds::max());
  EXPECT_TRUE(patient.Call(&v1::AccountService::Stub::GetAccount, Named("accounts/acme")).ok());
}

TEST(ClientTest, StopsACall) {
  FakeServer server;
  std::stop_source stop;
  stop.request_stop();
  const auto account =
      server.client().Call(&v1::AccountService::Stub::GetAccount, Named("accounts/acme"), stop.get_token());
  EXPECT_EQ(account.status().code(), absl::StatusCode::kCancelled);
}

TEST(ClientTest, InvokesByDescriptorWhatAStubWouldCall) {
  FakeServer server;
  server.accounts["accounts/acme"].set_display_name("Acme");
  v1::Account account;
  ASSERT_TRUE(server.client().Invoke(*FindMethod("AccountService.GetAccount"), Named("accounts/acme"), &account).ok());
  EXPECT_EQ(account.display_name(), "Acme");
  v1::ApiKey wrong;
  EXPECT_EQ(server.client().Invoke(*FindMethod("AccountService.GetAccount"), Named("accounts/acme"), &wrong).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(ClientTest, SendsKeyAndLanguage) {
  FakeServer server;
  ClientOptions options = server.options();
  options.locale = "fr";
  (void)Client::Connect(options)->Call(&v1::AccountService::Stub::GetAccount, Named("accounts/acme"));
  EXPECT_EQ(server.last_metadata.find("authorization")->second, "Bearer folio_test_key");
  EXPECT_EQ(server.last_metadata.find("accept-language")->second, "fr");
}

TEST(ClientTest, TellsAnErrorWithItsDetails) {
  FakeServer server;
  google::rpc::BadRequest::FieldViolation violation;
  violation.set_field("account.display_name");
  violation.set_reason("FIELD_REQUIRED");
  violation.set_description("is required");
  violation.mutable_localized_message()->set_message("est obligatoire");
  server.intercept = FailFirst(1, ErrorWith(grpc::StatusCode::INVALID_ARGUMENT, "display_name is required.",
                                            "FIELD_REQUIRED", {violation}, "Le nom est obligatoire.", 1500));
  const auto account = server.client().Call(&v1::AccountService::Stub::GetAccount, Named("accounts/acme"));
  const Error error = ErrorOf(account.status());
  EXPECT_EQ(error.code, absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(error.message, "Le nom est obligatoire.");
  EXPECT_EQ(error.reason, "FIELD_REQUIRED");
  EXPECT_EQ(error.metadata.at("limit"), "7");
  ASSERT_EQ(error.fields.size(), 1u);
  EXPECT_EQ(error.fields[0].field, "account.display_name");
  EXPECT_EQ(error.fields[0].reason, "FIELD_REQUIRED");
  EXPECT_EQ(error.fields[0].description, "est obligatoire");
  EXPECT_EQ(error.retry_after, std::chrono::milliseconds(1500));
  EXPECT_EQ(error.request_id, "req-1");
}

TEST(ClientTest, TellsAnErrorThatNoServerSent) {
  ClientOptions options;
  options.server = "127.0.0.1:1";
  const auto account = Client::Connect(options)->Call(&v1::AccountService::Stub::GetAccount, Named("accounts/acme"));
  const Error error = ErrorOf(account.status());
  EXPECT_EQ(error.code, absl::StatusCode::kUnavailable);
  EXPECT_EQ(error.reason, "");
  EXPECT_EQ(error.request_id, "");
}

TEST(ClientTest, TriesAgainWhereItIsSafe) {
  FakeServer server;
  server.intercept = FailFirst(3, {grpc::StatusCode::UNAVAILABLE, "later"});
  server.accounts["accounts/acme"];
  EXPECT_TRUE(server.client().Call(&v1::AccountService::Stub::GetAccount, Named("accounts/acme")).ok());
  EXPECT_EQ(server.calls["GetAccount"], 4);
}

TEST(ClientTest, GivesUpAfterFourAttempts) {
  FakeServer server;
  server.intercept = FailFirst(100, {grpc::StatusCode::UNAVAILABLE, "later"});
  const auto account = server.client().Call(&v1::AccountService::Stub::GetAccount, Named("accounts/acme"));
  EXPECT_EQ(account.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(server.calls["GetAccount"], 4);
}

TEST(ClientTest, DoesNotRepeatOtherErrors) {
  FakeServer server;
  server.intercept = FailFirst(100, {grpc::StatusCode::ABORTED, "etag"});
  (void)server.client().Call(&v1::AccountService::Stub::GetAccount, Named("accounts/acme"));
  EXPECT_EQ(server.calls["GetAccount"], 1);
}

TEST(ClientTest, RepeatsAWriteWithItsRequestId) {
  FakeServer server;
  server.intercept = FailFirst(2, {grpc::StatusCode::UNAVAILABLE, "later"});
  v1::CreateAccountRequest request;
  request.set_account_id("acme");
  ASSERT_TRUE(server.client().Call(&v1::AccountService::Stub::CreateAccount, request).ok());
  ASSERT_EQ(server.request_ids.size(), 3u);
  EXPECT_EQ(std::set<std::string>(server.request_ids.begin(), server.request_ids.end()).size(), 1u);
  EXPECT_EQ(server.request_ids[0].size(), 36u);
}

TEST(ClientTest, KeepsTheCallersRequestId) {
  FakeServer server;
  v1::CreateAccountRequest request;
  request.set_request_id("mine");
  v1::Account created;
  ASSERT_TRUE(server.client().Invoke(*FindMethod("AccountService.CreateAccount"), request, &created).ok());
  EXPECT_THAT(server.request_ids, ElementsAre("mine"));
}

TEST(ClientTest, NeverRepeatsAWriteWithoutARequestId) {
  FakeServer server;
  server.intercept = FailFirst(100, {grpc::StatusCode::UNAVAILABLE, "later"});
  const auto key = server.client().Call(&v1::AdminService::Stub::CreateApiKey, v1::CreateApiKeyRequest());
  EXPECT_EQ(key.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(server.calls["CreateApiKey"], 1);
}

TEST(ClientTest, EndsACallAtItsDeadline) {
  std::atomic<bool> release = false;  // outlives the server: its handler may begin late
  FakeServer server;
  ClientOptions options = server.options();
  options.timeout = std::chrono::milliseconds(20);
  server.intercept = [&](const std::string&) -> std::optional<grpc::Status> {
    while (!release) std::this_thread::yield();
    return std::nullopt;
  };
  const auto account = Client::Connect(options)->Call(&v1::AccountService::Stub::GetAccount, Named("accounts/acme"));
  release = true;
  EXPECT_EQ(account.status().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST(ClientTest, StopsACallThatIsUnderWay) {
  std::stop_source stop;
  std::atomic<bool> release = false;
  FakeServer server;
  server.intercept = [&](const std::string&) -> std::optional<grpc::Status> {
    stop.request_stop();
    while (!release) std::this_thread::yield();
    return std::nullopt;
  };
  v1::Account account;
  const absl::Status status = server.client().Invoke(*FindMethod("AccountService.GetAccount"), Named("accounts/acme"),
                                                     &account, stop.get_token());
  release = true;
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
}

TEST(ClientTest, HandsOutTheMessagesOfAStream) {
  FakeServer server;
  for (const char* name : {"accounts/a", "accounts/b", "accounts/c"}) server.accounts[name].set_name(name);
  std::vector<std::string> names;
  const auto& method = *FindMethod("AccountService.ExportAccounts");
  const auto take = [&](const google::protobuf::Message& message) {
    names.push_back(static_cast<const v1::ExportAccountsResponse&>(message).accounts(0).name());
    return absl::OkStatus();
  };
  EXPECT_TRUE(server.client().InvokeStream(method, v1::ExportAccountsRequest(), take).ok());
  EXPECT_THAT(names, ElementsAre("accounts/a", "accounts/b", "accounts/c"));
}

TEST(ClientTest, EndsAStreamWithTheErrorOfWhoReadsIt) {
  FakeServer server;
  server.accounts["accounts/a"];
  const auto refuse = [](const google::protobuf::Message&) { return absl::DataLossError("mine"); };
  EXPECT_EQ(
      server.client().InvokeStream(*FindMethod("AccountService.ExportAccounts"), v1::ExportAccountsRequest(), refuse),
      absl::DataLossError("mine"));
}

TEST(ClientTest, RefusesOptionsThatMakeNoSense) {
  EXPECT_EQ(Client::Connect({.server = ""}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Client::Connect({.timeout = std::chrono::milliseconds(0)}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Client::Connect({.tls = true, .ca_file = "/nowhere.pem"}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(Client::Connect({.server = "https://example.com:443"})->options().tls);
  EXPECT_EQ(Client::Connect({.server = "https://example.com:443/"})->options().server, "example.com:443");
}

TEST(MethodsTest, AreFoundByName) {
  const auto* method = FindMethod("AccountService.GetAccount");
  ASSERT_NE(method, nullptr);
  EXPECT_EQ(FindMethod("folio.v1.AccountService.GetAccount"), method);
  EXPECT_EQ(FindMethod("AccountService/GetAccount"), method);
  EXPECT_EQ(FindMethod("AccountService.Nothing"), nullptr);
  EXPECT_EQ(FindMethod("Nothing"), nullptr);
}

TEST(MethodsTest, EveryServiceIsThere) {
  std::set<std::string> names;
  for (const auto* service : Services()) names.insert(service->name());
  for (const char* name :
       {"AccountService", "ContactService", "SubscriptionService", "TaskService", "FactService", "FactHistoryService",
        "PortfolioService", "HealthService", "HealthModelService", "HealthProofService", "SignalService",
        "SignalRuleService", "IndicatorService", "WatchService", "ImportService", "OperationService", "AdminService",
        "WorkspaceService", "CustomFieldService"}) {
    EXPECT_TRUE(names.contains(name)) << name;
  }
}

TEST(MethodsTest, TheServiceConfigurationSaysWhatIsNeverRepeated) {
  google::protobuf::Struct parsed;
  const std::string config = ServiceConfigJson();
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(config, &parsed).ok()) << config;
  const size_t never = config.rfind("\"name\":[");
  for (const char* method : {"Import", "Watch", "ExportAccounts", "CreateApiKey", "CreateWorkspace", "RevokeApiKey"}) {
    EXPECT_THAT(config.substr(never), HasSubstr("\"method\":\"" + std::string(method) + "\""));
  }
  EXPECT_EQ(config.find("\"method\":\"GetAccount\""), std::string::npos);
  EXPECT_EQ(config.find("\"method\":\"CreateAccount\""), std::string::npos);
}

// The other languages hand the file to gRPC.
TEST(MethodsTest, TheServiceConfigurationOfAllSdksIsTheSame) {
  const auto file = nlohmann::json::parse(ReadProjectFile("sdk/service_config.json"));
  auto ours = nlohmann::json::parse(ServiceConfigJson());
  const auto by_name = [](const nlohmann::json& a, const nlohmann::json& b) { return a.dump() < b.dump(); };
  nlohmann::json& never = ours["methodConfig"][1]["name"];
  std::sort(never.begin(), never.end(), by_name);
  EXPECT_EQ(ours, file) << ours.dump(2);
}

TEST(UuidTest, IsRandomAndOfVersionFour) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string uuid = NewUuid();
    ASSERT_EQ(uuid.size(), 36u);
    EXPECT_EQ(uuid[14], '4');
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
    seen.insert(uuid);
  }
  EXPECT_EQ(seen.size(), 1000u);
}

}  // namespace
}  // namespace folio
