// The server as a whole: start, stop, health, reflection, TLS, logs, what a restart keeps.
#include "server/rpc/server.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "folio/v1/admin.grpc.pb.h"
#include "folio/v1/watch.grpc.pb.h"
#include "gmock/gmock.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "server/base/text.h"
#include "server/rpc/method.h"
#include "server/rpc/secret_file.h"
#include "tests/rpc/harness.h"

namespace folio::rpc {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using HealthResponse = grpc::health::v1::HealthCheckResponse;

// A drain so long that a stop which waits for it would run into the test's own time limit.
constexpr auto kForEver = std::chrono::hours(1);

TEST(Server, SaysWhatItIs) {
  TestServer server;
  v1::ServerInfo info;
  ASSERT_TRUE(GetInfo(server.NewChannel(), server.admin_key(), &info).ok());
  EXPECT_EQ(info.version(), "1.2.3");
  EXPECT_EQ(info.workspace(), "workspaces/dev");
  EXPECT_TRUE(info.development());
  EXPECT_EQ(FormatDay(*FromProto(info.as_of())), "2024-12-31");
  EXPECT_EQ(info.store_id().size(), 32U);
  EXPECT_THAT(info.libraries(), Contains(HasSubstr("gRPC 1.")));
  EXPECT_THAT(info.libraries(), Contains(HasSubstr("SQLite 3.")));
  EXPECT_EQ(info.account_count(), 0);
}

TEST(Server, ADevelopmentServerKeepsItsKeyAndData) {
  TestServer server;
  const std::string key = server.admin_key();
  v1::ServerInfo before;
  ASSERT_TRUE(GetInfo(server.NewChannel(), key, &before).ok());
  server.Restart();
  v1::ServerInfo after;
  EXPECT_EQ(server.admin_key(), key);
  ASSERT_TRUE(GetInfo(server.NewChannel(), key, &after).ok());
  EXPECT_EQ(after.store_id(), before.store_id());
  const auto file = ReadSecretFile(server.instance().folder().File("dev-key"));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(*file, key + "\n");
}

TEST(Server, TwoDoNotShareAFolder) {
  TestServer server;
  Config config;
  config.dev = true;
  config.data = server.instance().folder().path();
  config.listen = "127.0.0.1:0";
  SystemClock clock;
  Log log(clock, LogLevel::kOff);
  const auto second = Instance::Start(config, {.clock = clock, .log = log, .version = "1"});
  EXPECT_THAT(std::string(MessageOf(second.status())), HasSubstr("another foliod uses"));
}

TEST(Server, TheFirstStartWritesAKeyIntoAFileOfThisUser) {
  TemporaryFolder folder;
  Config config;
  config.data = folder.File("data");
  config.listen = "unix:" + folder.File("socket");
  SystemClock clock;
  Log log(clock, LogLevel::kOff);
  auto instance = Instance::Start(config, {.clock = clock, .log = log, .version = "1"});
  ASSERT_TRUE(instance.ok()) << instance.status();
  auto key = ReadSecretFile((*instance)->folder().File("first-key"));
  ASSERT_TRUE(key.ok()) << key.status();
  key->pop_back();
  v1::ServerInfo info;
  ASSERT_TRUE(GetInfo(grpc::CreateChannel(config.listen, grpc::InsecureChannelCredentials()), *key, &info).ok());
  EXPECT_EQ(info.workspace(), "workspaces/main");
  EXPECT_FALSE(info.development());
  instance->reset();
  EXPECT_TRUE(std::filesystem::exists(folder.File("data/system.db")));
  EXPECT_FALSE(std::filesystem::exists(folder.File("socket")));
}

TEST(Server, SpeaksTlsWithACertificate) {
  TemporaryFolder folder;
  const std::string command =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
      " -addext subjectAltName=DNS:localhost -keyout " +
      folder.File("key.pem") + " -out " + folder.File("cert.pem") + " 2>/dev/null";
  ASSERT_EQ(std::system(command.c_str()), 0) << "openssl is needed to make a certificate";
  Config config;
  config.tls_certificate = folder.File("cert.pem");
  config.tls_key = folder.File("key.pem");
  TestServer server({}, config);
  std::ifstream file(config.tls_certificate);
  grpc::SslCredentialsOptions options;
  options.pem_root_certs.assign(std::istreambuf_iterator<char>(file), {});
  const std::string port = server.instance().address().substr(server.instance().address().rfind(':'));
  v1::ServerInfo info;
  const grpc::Status served =
      GetInfo(grpc::CreateChannel("localhost" + port, grpc::SslCredentials(options)), server.admin_key(), &info);
  EXPECT_TRUE(served.ok()) << served.error_message();
  const auto plain = v1::AdminService::NewStub(server.NewChannel());
  EXPECT_EQ(plain->GetServerInfo(NewContext(server.admin_key()).get(), {}, &info).error_code(),
            grpc::StatusCode::UNAVAILABLE);
}

TEST(Server, APrivateKeyThatOthersCanReadIsRefused) {
  TemporaryFolder folder;
  std::ofstream(folder.File("key.pem")) << "key";
  std::ofstream(folder.File("cert.pem")) << "certificate";
  std::filesystem::permissions(folder.File("key.pem"), std::filesystem::perms(0644));
  Config config;
  config.data = folder.File("data");
  config.listen = "127.0.0.1:0";
  config.tls_certificate = folder.File("cert.pem");
  config.tls_key = folder.File("key.pem");
  SystemClock clock;
  Log log(clock, LogLevel::kOff);
  const auto started = Instance::Start(config, {.clock = clock, .log = log, .version = "1"});
  EXPECT_THAT(std::string(MessageOf(started.status())), HasSubstr("chmod 600"));
}

TEST(DataFolder, AnEphemeralOneIsRemovedButNeverSomethingElse) {
  TemporaryFolder folder;
  { ASSERT_TRUE(DataFolder::Open(folder.File("data"), /*ephemeral=*/true).ok()); }
  EXPECT_FALSE(std::filesystem::exists(folder.File("data")));
  std::filesystem::create_directory(folder.File("data"));
  std::ofstream(folder.File("data/thesis.txt")) << "precious";
  EXPECT_FALSE(DataFolder::Open(folder.File("data"), /*ephemeral=*/true).ok());
  EXPECT_TRUE(std::filesystem::exists(folder.File("data/thesis.txt")));
}

TEST(Server, StopsWithOpenStreamsAndTellsThem) {
  TestServer server;
  const auto channel = server.NewChannel();
  const auto context = NewContext(server.admin_key());
  const auto watch = v1::WatchService::NewStub(channel)->Watch(context.get(), {});
  // A snapshot of nothing is a sure sign that the stream is open.
  const auto open_context = NewContext(server.admin_key());
  v1::WatchRequest snapshot;
  snapshot.set_snapshot(true);
  const auto second = v1::WatchService::NewStub(channel)->Watch(open_context.get(), snapshot);
  v1::WatchResponse message;
  ASSERT_TRUE(second->Read(&message));

  const auto health_context = NewContext("");
  const auto health = grpc::health::v1::Health::NewStub(channel)->Watch(health_context.get(), {});
  HealthResponse state;
  ASSERT_TRUE(health->Read(&state));
  EXPECT_EQ(state.status(), HealthResponse::SERVING);

  server.instance().Stop(kForEver);
  while (second->Read(&message)) {
  }
  const grpc::Status status = second->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "SHUTTING_DOWN");
  while (watch->Read(&message)) {
  }
  EXPECT_EQ(watch->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  // Where its stream was cut off sooner, that says the same.
  if (health->Read(&state)) {
    EXPECT_EQ(state.status(), HealthResponse::NOT_SERVING);
  } else {
    EXPECT_FALSE(health->Finish().ok());
  }
}

TEST(Server, RefusesStreamsBeyondTheLimit) {
  TestServer server({.connections = {}, .calls_max = 100, .streams_max = 1});
  const auto stub = v1::WatchService::NewStub(server.NewChannel());
  v1::WatchRequest snapshot;
  snapshot.set_snapshot(true);
  v1::WatchResponse message;
  const auto first_context = NewContext(server.admin_key());
  const auto first = stub->Watch(first_context.get(), snapshot);
  ASSERT_TRUE(first->Read(&message));
  const auto second_context = NewContext(server.admin_key());
  const auto second = stub->Watch(second_context.get(), snapshot);
  EXPECT_FALSE(second->Read(&message));
  EXPECT_EQ(ReasonOf(second->Finish()), "OVERLOADED");
}

TEST(Server, HealthNamesEveryService) {
  TestServer server;
  const auto stub = grpc::health::v1::Health::NewStub(server.NewChannel());
  std::vector<std::string> names = Methods::ServiceNames();
  names.emplace_back();
  for (const std::string& name : names) {
    grpc::health::v1::HealthCheckRequest request;
    request.set_service(name);
    HealthResponse response;
    EXPECT_TRUE(stub->Check(NewContext("").get(), request, &response).ok()) << name;
    EXPECT_EQ(response.status(), HealthResponse::SERVING) << name;
  }
}

// The answer to one question, in one version of the protocol.
template <class Service, class Request, class Response>
Response Ask(const std::shared_ptr<grpc::Channel>& channel, const Request& request) {
  const auto context = NewContext("");
  const auto stream = Service::NewStub(channel)->ServerReflectionInfo(context.get());
  Response response;
  EXPECT_TRUE(stream->Write(request));
  EXPECT_TRUE(stream->Read(&response));
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
  return response;
}

TEST(Reflection, ListsAndDescribesEveryServiceInBothVersions) {
  namespace v1r = grpc::reflection::v1;
  namespace v1a = grpc::reflection::v1alpha;
  TestServer server;
  const auto channel = server.NewChannel();
  v1r::ServerReflectionRequest list;
  list.set_list_services("");
  v1a::ServerReflectionRequest old_list;
  old_list.set_list_services("");
  const auto listed =
      Ask<v1r::ServerReflection, v1r::ServerReflectionRequest, v1r::ServerReflectionResponse>(channel, list);
  const auto old_listed =
      Ask<v1a::ServerReflection, v1a::ServerReflectionRequest, v1a::ServerReflectionResponse>(channel, old_list);
  EXPECT_EQ(listed.list_services_response().service_size(), old_listed.list_services_response().service_size());
  std::set<std::string> names;
  for (const auto& service : listed.list_services_response().service()) {
    names.insert(service.name());
    v1r::ServerReflectionRequest describe;
    describe.set_file_containing_symbol(service.name());
    const auto described =
        Ask<v1r::ServerReflection, v1r::ServerReflectionRequest, v1r::ServerReflectionResponse>(channel, describe);
    EXPECT_GE(described.file_descriptor_response().file_descriptor_proto_size(), 1) << service.name();
  }
  for (const std::string& name : Methods::ServiceNames()) EXPECT_THAT(names, Contains(name));
  v1r::ServerReflectionRequest nonsense;
  nonsense.set_file_containing_symbol("folio.v1.Nonsense");
  EXPECT_EQ((Ask<v1r::ServerReflection, v1r::ServerReflectionRequest, v1r::ServerReflectionResponse>(channel, nonsense)
                 .error_response()
                 .error_code()),
            grpc::StatusCode::NOT_FOUND);
}

TEST(Logs, EveryLineIsJsonAndNoneTellsASecret) {
  TestServer server;
  v1::ServerInfo info;
  const std::string key = server.NewKey(v1::ROLE_READER);
  const auto context = NewContext(key);
  context->AddMetadata("x-request-id", "abc-1");
  ASSERT_TRUE(v1::AdminService::NewStub(server.NewChannel())->GetServerInfo(context.get(), {}, &info).ok());
  EXPECT_FALSE(GetInfo(server.NewChannel(), "folio_wrong\"{}", &info).ok());
  v1::CreateApiKeyRequest create;
  create.mutable_api_key()->set_workspace("workspaces/dev");
  create.mutable_api_key()->set_role(v1::ROLE_READER);
  v1::ApiKey made;
  ASSERT_TRUE(v1::AdminService::NewStub(server.NewChannel())
                  ->CreateApiKey(NewContext(server.admin_key()).get(), create, &made)
                  .ok());
  server.instance().Stop();

  std::istringstream lines(server.LogText());
  std::string line;
  std::optional<nlohmann::json> call;
  while (std::getline(lines, line)) {
    const auto json = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    ASSERT_FALSE(json.is_discarded()) << line;
    EXPECT_TRUE(json.contains("ts") && json.contains("level") && json.contains("msg")) << line;
    if (json.value("request_id", "") == "abc-1") call = json;
  }
  ASSERT_TRUE(call.has_value()) << server.LogText();
  EXPECT_EQ((*call)["method"], "AdminService.GetServerInfo");
  EXPECT_EQ((*call)["code"], "OK");
  EXPECT_EQ((*call)["principal"], "apiKeys/" + ParseApiKey(key)->id);
  EXPECT_EQ((*call)["workspace"], "dev");
  EXPECT_THAT((*call)["peer"], StartsWith("ipv4:127.0.0.1:"));
  for (const std::string& secret : {key, server.admin_key(), made.secret()}) {
    EXPECT_THAT(server.LogText(), Not(HasSubstr(ParseApiKey(secret)->secret)));
  }
}

TEST(Logs, ASecondHasABudgetOfLines) {
  LineBudget budget(/*lines_per_second=*/3);
  const auto taken = [&budget](int64_t second) {
    int lines = 0;
    for (int i = 0; i < 10; ++i) lines += budget.Take(second) ? 1 : 0;
    return lines;
  };
  EXPECT_EQ(taken(7), 3);
  EXPECT_EQ(taken(7), 0);
  EXPECT_EQ(taken(8), 3);
}

TEST(Logs, EveryFailureIsWritten) {
  const SystemClock clock;
  std::ostringstream text;
  Log log(clock, LogLevel::kInfo, MakeLogSink(text));
  const CallLine bad{.method = "A.C", .code = absl::StatusCode::kNotFound};
  for (int i = 0; i < 2 * kCallLinesPerSecondMax; ++i) {
    ASSERT_TRUE(log.TakesCall(bad.code)) << i;
    log.Call(bad);
  }
  std::istringstream lines(text.str());
  int written = 0;
  for (std::string line; std::getline(lines, line);) written += line.find("A.C") != std::string::npos ? 1 : 0;
  EXPECT_EQ(written, 2 * kCallLinesPerSecondMax);
}

TEST(Logs, WhatWasLeftOutIsCounted) {
  const SystemClock clock;
  std::ostringstream text;
  Log log(clock, LogLevel::kInfo, MakeLogSink(text));
  int64_t refused = 0;
  while (refused < 5) refused += log.TakesCall(absl::StatusCode::kOk) ? 0 : 1;
  log.Call({.method = "A.B", .code = absl::StatusCode::kOk});
  EXPECT_EQ(nlohmann::json::parse(text.str())["calls_left_out"], refused);
}

}  // namespace
}  // namespace folio::rpc
