#include "tests/rpc/harness.h"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <utility>

#include "folio/v1/admin.grpc.pb.h"
#include "google/rpc/error_details.pb.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "server/base/date.h"
#include "server/base/text.h"
#include "spdlog/sinks/ostream_sink.h"

namespace folio::rpc {
namespace {

constexpr auto kPatience = std::chrono::minutes(1);

Config WithDefaults(Config config, const TemporaryFolder& folder) {
  config.dev = true;
  config.data = folder.File("data");
  if (config.listen == Config().listen) config.listen = "127.0.0.1:0";
  return config;
}

}  // namespace

TemporaryFolder::TemporaryFolder() : path_(std::filesystem::temp_directory_path().string() + "/folio-rpc-XXXXXX") {
  if (::mkdtemp(path_.data()) == nullptr) std::abort();
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

TestServer::TestServer(TestLimits limits, Config config)
    : limits_(limits),
      config_(WithDefaults(std::move(config), folder_)),
      clock_(*ParseInstant("2024-12-31T12:00:00Z")),
      log_(clock_, LogLevel::kDebug, MakeLogSink(log_text_)) {
  Start();
}

TestServer::~TestServer() = default;

void TestServer::Start() {
  auto started = Instance::Start(config_, {.clock = clock_,
                                           .log = log_,
                                           .version = "1.2.3",
                                           .connections = limits_.connections,
                                           .calls_max = limits_.calls_max,
                                           .streams_max = limits_.streams_max});
  if (!started.ok()) {
    ADD_FAILURE() << started.status();
    std::abort();
  }
  instance_ = *std::move(started);
}

void TestServer::Restart() {
  instance_.reset();
  Start();
}

std::shared_ptr<grpc::Channel> TestServer::NewChannel() const {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(instance_->address(), grpc::InsecureChannelCredentials(), arguments);
}

std::string TestServer::NewKey(v1::Role role, const std::string& workspace) {
  v1::ApiKey wanted;
  wanted.set_workspace("workspaces/" + workspace);
  wanted.set_role(role);
  auto key = instance_->access().CreateKey(wanted, "test");
  EXPECT_TRUE(key.ok()) << key.status();
  return key.ok() ? key->secret() : "";
}

std::unique_ptr<grpc::ClientContext> NewContext(std::string_view key, std::string_view language) {
  auto context = std::make_unique<grpc::ClientContext>();
  if (!key.empty()) context->AddMetadata("authorization", "Bearer " + std::string(key));
  if (!language.empty()) context->AddMetadata("accept-language", std::string(language));
  context->set_deadline(std::chrono::system_clock::now() + kPatience);
  return context;
}

bool Eventually(const std::function<bool()>& is_so) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

grpc::Status GetInfo(const std::shared_ptr<grpc::Channel>& channel, const std::string& key, v1::ServerInfo* info) {
  const auto context = NewContext(key);
  context->set_wait_for_ready(true);
  return v1::AdminService::NewStub(channel)->GetServerInfo(context.get(), {}, info);
}

std::shared_ptr<spdlog::sinks::sink> MakeLogSink(std::ostream& stream) {
  return std::make_shared<spdlog::sinks::ostream_sink_mt>(stream);
}

std::string ReasonOf(const grpc::Status& status) { return DetailOf<google::rpc::ErrorInfo>(status).reason(); }

}  // namespace folio::rpc
