// A server with services of the test's own making, for what no real method does: handlers that forget, slow streams.
#pragma once

#include <memory>
#include <sstream>
#include <string>

#include "folio/v1/watch.grpc.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/server_builder.h"
#include "server/portfolio/workspace.h"
#include "server/rpc/access_store.h"
#include "server/rpc/gate.h"
#include "server/rpc/log.h"
#include "server/rpc/method.h"
#include "server/rpc/operations.h"
#include "server/rpc/server_context.h"
#include "server/rpc/stream_registry.h"
#include "server/rpc/worker_pool.h"
#include "server/rpc/workspaces.h"
#include "storage/memory/memory.h"
#include "tests/rpc/harness.h"

namespace folio::rpc {

class BareServer {
 public:
  BareServer()
      : access_(*AccessStore::Open(std::make_unique<storage::MemoryStorage>(), Pepper(32, 'p'), clock_)),
        workspaces_([this](const std::string&) { return OpenWorkspace(); }) {
    settings_.set_display_name("Demo");
    settings_.set_currency_code("EUR");
    EXPECT_TRUE(access_->CreateWorkspace("demo", settings_, "test").ok());
    EXPECT_TRUE(workspaces_.Open("demo").ok());
    v1::ApiKey wanted;
    wanted.set_workspace("workspaces/demo");
    wanted.set_role(v1::ROLE_ADMINISTRATOR);
    key_ = access_->CreateKey(wanted, "test")->secret();
  }

  // Serves; the service must outlive the server's Stop.
  void Serve(grpc::Service* service) {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(service);
    server_ = builder.BuildAndStart();
    grpc::ChannelArguments arguments;
    // Otherwise the window of a stream grows with what comes, and nobody knows how much a client lets come.
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    channel_ =
        grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials(), arguments);
  }

  // Waits for every call: one that is never finished hangs the test.
  void Stop() {
    server_->Shutdown();
    server_->Wait();
  }

  ServerContext& context() { return context_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  const std::string& key() const { return key_; }
  std::string LogText() const { return log_text_.str(); }

 private:
  absl::StatusOr<std::shared_ptr<portfolio::Workspace>> OpenWorkspace() {
    auto workspace = portfolio::Workspace::Open(
        {.storage = std::make_unique<storage::MemoryStorage>(), .clock = &clock_, .settings = settings_});
    if (!workspace.ok()) return workspace.status();
    return std::shared_ptr<portfolio::Workspace>(*std::move(workspace));
  }

  ManualClock clock_{1'700'000'000'000'000};
  std::ostringstream log_text_;
  Log log_{clock_, LogLevel::kDebug, MakeLogSink(log_text_)};
  v1::Workspace settings_;
  Methods methods_;
  Gate gate_{100, 100};
  StreamRegistry streams_;
  std::unique_ptr<AccessStore> access_;
  Workspaces workspaces_;
  WorkerPool workers_;
  Operations operations_{workers_};
  ServerContext context_{.clock = clock_,
                         .methods = methods_,
                         .log = log_,
                         .gate = gate_,
                         .streams = streams_,
                         .workers = workers_,
                         .operations = operations_,
                         .access = *access_,
                         .workspaces = workspaces_,
                         .version = "1",
                         .start_time = clock_.Now(),
                         .development = false};
  std::string key_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

}  // namespace folio::rpc
