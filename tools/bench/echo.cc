// bench_echo: answers captured bytes with the API that Folio uses, and does nothing else.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "absl/synchronization/mutex.h"
#include "folio/v1/account.grpc.pb.h"
#include "folio/v1/portfolio.grpc.pb.h"
#include "folio/v1/watch.grpc.pb.h"
#include "grpcpp/grpcpp.h"
#include "grpcpp/health_check_service_interface.h"
#include "tools/bench/echo_watch.h"
#include "tools/bench/replies.h"

namespace folio::bench {
namespace {

using grpc::ByteBuffer;
using grpc::CallbackServerContext;

struct Files {
  Replies get;
  Replies list;
  Replies summary;
};

grpc::ServerUnaryReactor* Answer(CallbackServerContext* context, Replies& replies, ByteBuffer* response) {
  *response = replies.Next();
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(grpc::Status::OK);
  return reactor;
}

using RawAccounts = v1::AccountService::WithRawCallbackMethod_GetAccount<
    v1::AccountService::WithRawCallbackMethod_UpdateAccount<v1::AccountService::CallbackService>>;

class AccountEcho final : public RawAccounts {
 public:
  AccountEcho(Files& files, Hub& hub) : files_(files), hub_(hub) {}

  grpc::ServerUnaryReactor* GetAccount(CallbackServerContext* context, const ByteBuffer*,
                                       ByteBuffer* response) override {
    return Answer(context, files_.get, response);
  }

  // Also tells every watch.
  grpc::ServerUnaryReactor* UpdateAccount(CallbackServerContext* context, const ByteBuffer*,
                                          ByteBuffer* response) override {
    const ByteBuffer account = files_.get.Next();
    std::vector<grpc::Slice> slices;
    std::string bytes;
    if (account.Dump(&slices).ok()) {
      for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
    hub_.Publish(bytes);
    return Answer(context, files_.get, response);
  }

 private:
  Files& files_;
  Hub& hub_;
};

using RawPortfolio = v1::PortfolioService::WithRawCallbackMethod_ListPortfolio<
    v1::PortfolioService::WithRawCallbackMethod_GetPortfolioSummary<v1::PortfolioService::CallbackService>>;

class PortfolioEcho final : public RawPortfolio {
 public:
  explicit PortfolioEcho(Files& files) : files_(files) {}

  grpc::ServerUnaryReactor* ListPortfolio(CallbackServerContext* context, const ByteBuffer*,
                                          ByteBuffer* response) override {
    return Answer(context, files_.list, response);
  }

  grpc::ServerUnaryReactor* GetPortfolioSummary(CallbackServerContext* context, const ByteBuffer*,
                                                ByteBuffer* response) override {
    return Answer(context, files_.summary, response);
  }

 private:
  Files& files_;
};

class WatchEcho final : public v1::WatchService::WithRawCallbackMethod_Watch<v1::WatchService::CallbackService> {
 public:
  explicit WatchEcho(Hub& hub) : hub_(hub) {}

  grpc::ServerWriteReactor<ByteBuffer>* Watch(CallbackServerContext*, const ByteBuffer*) override {
    return hub_.Open();
  }

 private:
  Hub& hub_;
};

// Blocks until SIGTERM or SIGINT; they must be blocked in every thread.
void WaitForSignal(const sigset_t& signals) {
  int received = 0;
  sigwait(&signals, &received);
}

}  // namespace
}  // namespace folio::bench

int main(int argc, char** argv) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);  // as foliod does
  std::string address;
  std::string get;
  std::string list;
  std::string summary;
  CLI::App app{"answers captured bytes, and does nothing else"};
  app.add_option("--listen", address)->required();
  app.add_option("--get", get, "answers of GetAccount");
  app.add_option("--list", list, "answers of ListPortfolio");
  app.add_option("--summary", summary, "answers of GetPortfolioSummary");
  CLI11_PARSE(app, argc, argv);

  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  folio::bench::Files files;
  if ((!get.empty() && !files.get.Load(get)) || (!list.empty() && !files.list.Load(list)) ||
      (!summary.empty() && !files.summary.Load(summary))) {
    std::fprintf(stderr, "bench_echo: cannot read the captured answers\n");
    return 1;
  }
  folio::bench::Hub hub;
  folio::bench::AccountEcho accounts(files, hub);
  folio::bench::PortfolioEcho portfolio(files);
  folio::bench::WatchEcho watch(hub);
  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials());
  builder.RegisterService(&accounts);
  builder.RegisterService(&portfolio);
  builder.RegisterService(&watch);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) {
    std::fprintf(stderr, "bench_echo: cannot listen on %s\n", address.c_str());
    return 1;
  }
  folio::bench::WaitForSignal(signals);
  server->Shutdown(std::chrono::system_clock::now());
  return 0;
}
