// The server as a whole: connections, stop, health, reflection, logs, what a restart keeps.
#include "server/rpc/server.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <thread>

#include "folio/v1/admin.grpc.pb.h"
#include "folio/v1/operation.grpc.pb.h"
#include "folio/v1/watch.grpc.pb.h"
#include "folio/v1/workspace.grpc.pb.h"
#include "gmock/gmock.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "server/base/text.h"
#include "server/rpc/connection_table.h"
#include "server/rpc/method.h"
#include "server/rpc/secret_file.h"
#include "tests/rpc/harness.h"

namespace folio::rpc {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using HealthResponse = grpc::health::v1::HealthCheckResponse;

// A drain so long that a stop which waits for it would run into the test's own time limit.
constexpr auto kForEver = std::chrono::hours(1);

// A plain TCP connection, held open.
class Connection {
 public:
  explicit Connection(const std::string& address) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const auto parsed = ParseAddress(address);
    EXPECT_TRUE(parsed.ok());
    EXPECT_EQ(::connect(fd_, parsed->get(), parsed->length), 0) << std::strerror(errno);
  }
  ~Connection() { ::close(fd_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Waits until the server has sent its settings (true) or closed the connection (false).
  bool IsServed() const {
    char byte = 0;
    return ::recv(fd_, &byte, 1, 0) == 1;
  }

 private:
  const int fd_;
};

grpc::Status GetInfo(const std::shared_ptr<grpc::Channel>& channel, const std::string& key, v1::ServerInfo* info) {
  const auto context = NewContext(key);
  context->set_wait_for_ready(true);
  return v1::AdminService::NewStub(channel)->GetServerInfo(context.get(), {}, info);
}

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
  ASSERT_TRUE(health->Read(&state));
  EXPECT_EQ(state.status(), HealthResponse::NOT_SERVING);
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
  for (const std::string& secret : {key, server.admin_key(), made.secret()}) {
    EXPECT_THAT(server.LogText(), Not(HasSubstr(ParseApiKey(secret)->secret)));
  }
}

TEST(Logs, ManyGoodCallsAreCountedRatherThanWritten) {
  const SystemClock clock;
  std::ostringstream text;
  Log log(clock, LogLevel::kInfo, MakeLogSink(text));
  const CallLine good{.method = "A.B", .code = absl::StatusCode::kOk};
  for (int i = 0; i < 3 * kCallLinesPerSecondMax; ++i) log.Call(good);
  const CallLine bad{.method = "A.C", .code = absl::StatusCode::kNotFound};
  for (int i = 0; i < 2 * kCallLinesPerSecondMax; ++i) log.Call(bad);
  int good_lines = 0;
  int bad_lines = 0;
  std::istringstream lines(text.str());
  for (std::string line; std::getline(lines, line);) ++(line.find("A.B") != std::string::npos ? good_lines : bad_lines);
  EXPECT_EQ(bad_lines, 2 * kCallLinesPerSecondMax);
  EXPECT_LT(good_lines, 3 * kCallLinesPerSecondMax);
}

TEST(Connections, AreCountedByInode) {
  ConnectionTable table(/*total_max=*/3, /*per_address_max=*/2);
  const auto open = [] { return ::socket(AF_INET, SOCK_STREAM, 0); };
  const int a = open();
  const int b = open();
  const int c = open();
  EXPECT_TRUE(table.Add(a, "10.0.0.1"));
  EXPECT_TRUE(table.Add(b, "10.0.0.1"));
  EXPECT_FALSE(table.Add(c, "10.0.0.1"));
  EXPECT_TRUE(table.Add(c, "10.0.0.2"));
  EXPECT_EQ(table.total(), 3);
  ::close(a);
  const int file = ::open("/dev/null", O_RDONLY);  // takes the number of the closed socket
  EXPECT_EQ(file, a);
  table.Sweep();
  EXPECT_EQ(table.total(), 2);
  EXPECT_EQ(table.of("10.0.0.1"), 1);
  for (const int fd : {b, c, file}) ::close(fd);
  table.Sweep();
  EXPECT_EQ(table.total(), 0);
  EXPECT_EQ(table.of("10.0.0.2"), 0);
}

TEST(Connections, BeyondTheLimitOfAnAddressAreRefusedUntilOthersEnd) {
  TestServer server({.connections = {.connections_max = 10, .connections_per_address_max = 2}});
  auto first = std::make_unique<Connection>(server.instance().address());
  const Connection second(server.instance().address());
  ASSERT_TRUE(first->IsServed());
  ASSERT_TRUE(second.IsServed());
  EXPECT_FALSE(Connection(server.instance().address()).IsServed());
  first.reset();
  // gRPC closes its end a moment later.
  bool served = false;
  for (int i = 0; i < 1000 && !served; ++i) {
    served = Connection(server.instance().address()).IsServed();
    if (!served) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_TRUE(served);
}

// foliod --dev in a process of its own, with few descriptors. It writes into a folder.
class Process {
 public:
  explicit Process(const TemporaryFolder& folder) : out_(folder.File("out")), log_(folder.File("log")) {
    const std::string command = "ulimit -n 100; exec " FOLIOD " --dev --ephemeral --listen 127.0.0.1:0 --data " +
                                folder.File("data") + " >" + out_ + " 2>" + log_;
    std::vector<std::string> words = {"sh", "-c", command};
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    EXPECT_EQ(::posix_spawn(&pid_, "/bin/sh", nullptr, nullptr, arguments.data(), environ), 0);
  }
  ~Process() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // The value that it exports on its standard output; empty where it never does.
  std::string Exported(const std::string& name) const {
    const std::string line = AwaitLine(out_, "export " + name + "=");
    return line.substr(line.find('=') + 1);
  }

  // Whether it ever logs a text.
  bool Logged(const std::string& text) const { return !AwaitLine(log_, text).empty(); }

  // Asks it to stop; its exit status, or -1 where a signal ended it.
  int Stop() {
    ::kill(pid_, SIGTERM);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  // The first whole line of a file with a text in it; waits for it, but not for ever.
  static std::string AwaitLine(const std::string& path, const std::string& text) {
    for (int i = 0; i < 3000; ++i) {
      std::ifstream file(path);
      for (std::string line; std::getline(file, line) && !file.eof();) {
        if (line.find(text) != std::string::npos) return line;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return "";
  }

  const std::string out_;
  const std::string log_;
  pid_t pid_ = 0;
};

// gRPC 1.51's own listener accepts nothing ever after (CVE-2023-4785).
TEST(Connections, TheListenerSurvivesRunningOutOfDescriptors) {
  TemporaryFolder folder;
  Process foliod(folder);
  const std::string address = foliod.Exported("FOLIO_SERVER");
  const std::string key = foliod.Exported("FOLIO_KEY");
  ASSERT_NE(address, "");
  {
    std::vector<std::unique_ptr<Connection>> connections;
    for (int i = 0; i < 150; ++i) connections.push_back(std::make_unique<Connection>(address));
    ASSERT_TRUE(foliod.Logged("cannot accept connections for now"));
  }
  v1::ServerInfo info;
  const grpc::Status status = GetInfo(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()), key, &info);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(foliod.Stop(), 0);
  EXPECT_FALSE(std::filesystem::exists(folder.File("data")));
}

TEST(Workspaces, NewSettingsHoldWithoutARestart) {
  TestServer server;
  const auto stub = v1::WorkspaceService::NewStub(server.NewChannel());
  v1::UpdateWorkspaceRequest request;
  request.mutable_workspace()->set_time_zone("Pacific/Kiritimati");  // 14 hours ahead: it is 2025 there
  request.mutable_workspace()->set_currency_code("USD");
  v1::Workspace workspace;
  const grpc::Status updated = stub->UpdateWorkspace(NewContext(server.admin_key()).get(), request, &workspace);
  ASSERT_TRUE(updated.ok()) << updated.error_message();
  v1::ServerInfo info;
  grpc::Status status;
  do {  // it is opened anew just now
    status = GetInfo(server.NewChannel(), server.admin_key(), &info);
  } while (status.error_code() == grpc::StatusCode::UNAVAILABLE);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(FormatDay(*FromProto(info.as_of())), "2025-01-01");
}

TEST(Operations, AreDoneAndKeptOverRestarts) {
  TestServer server;
  auto channel = server.NewChannel();
  v1::Operation operation;
  ASSERT_TRUE(
      v1::AdminService::NewStub(channel)->VerifyStorage(NewContext(server.admin_key()).get(), {}, &operation).ok());
  EXPECT_EQ(operation.method(), "VerifyStorage");
  v1::GetOperationRequest get;
  get.set_name(operation.name());
  while (operation.state() == v1::OPERATION_STATE_RUNNING) {
    ASSERT_TRUE(v1::OperationService::NewStub(channel)
                    ->GetOperation(NewContext(server.admin_key()).get(), get, &operation)
                    .ok());
  }
  EXPECT_EQ(operation.state(), v1::OPERATION_STATE_SUCCEEDED) << operation.error().message();
  EXPECT_GT(operation.verify_storage().row_count(), 0);
  EXPECT_EQ(operation.verify_storage().corrupt_count(), 0);

  v1::CancelOperationRequest cancel;
  cancel.set_name(operation.name());
  v1::Operation ended;
  EXPECT_EQ(ReasonOf(v1::OperationService::NewStub(channel)->CancelOperation(NewContext(server.admin_key()).get(),
                                                                             cancel, &ended)),
            "OPERATION_FINISHED");
  server.Restart();
  channel = server.NewChannel();
  v1::ListOperationsResponse list;
  ASSERT_TRUE(
      v1::OperationService::NewStub(channel)->ListOperations(NewContext(server.admin_key()).get(), {}, &list).ok());
  ASSERT_EQ(list.operations_size(), 1);
  EXPECT_EQ(list.operations(0).state(), v1::OPERATION_STATE_SUCCEEDED);
  EXPECT_EQ(list.operations(0).name(), operation.name());
}

TEST(Operations, AreListedLatestFirstByPages) {
  TestServer server;
  const auto channel = server.NewChannel();
  const auto admin = v1::AdminService::NewStub(channel);
  std::vector<std::string> names;
  for (int i = 0; i < 5; ++i) {
    v1::Operation operation;
    ASSERT_TRUE(admin->VerifyStorage(NewContext(server.admin_key()).get(), {}, &operation).ok());
    names.insert(names.begin(), operation.name());
  }
  std::vector<std::string> listed;
  v1::ListOperationsRequest request;
  request.set_page_size(2);
  v1::ListOperationsResponse page;
  do {
    ASSERT_TRUE(v1::OperationService::NewStub(channel)
                    ->ListOperations(NewContext(server.admin_key()).get(), request, &page)
                    .ok());
    for (const auto& operation : page.operations()) listed.push_back(operation.name());
    request.set_page_token(page.next_page_token());
  } while (!page.next_page_token().empty());
  EXPECT_EQ(listed, names);
}

TEST(Operations, CompactingTheLogNeedsARevisionThatExists) {
  TestServer server;
  const auto admin = v1::AdminService::NewStub(server.NewChannel());
  v1::CompactLogRequest request;
  request.set_first_revision(1'000'000);
  v1::Operation operation;
  EXPECT_EQ(ReasonOf(admin->CompactLog(NewContext(server.admin_key()).get(), request, &operation)),
            "FIELD_OUT_OF_RANGE");
}

}  // namespace
}  // namespace folio::rpc
