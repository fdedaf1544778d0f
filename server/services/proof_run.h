// One back-test or fit: work of a worker that tells its progress on a stream, and stops when its client goes away.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/proof/backtest.h"
#include "server/rpc/bytes.h"
#include "server/rpc/server_context.h"
#include "server/rpc/stream.h"
#include "server/rpc/worker_pool.h"

namespace folio::services {

// How many run. Shared by the runs, so that it lives as long as they do.
using ProofCount = std::atomic<int>;

// One of the places among them, until it is given back.
class ProofPlace {
 public:
  explicit ProofPlace(std::shared_ptr<ProofCount> running)
      : running_(std::move(running)), taken_(running_->fetch_add(1) < limits::kProofsMax) {
    if (!taken_) running_->fetch_sub(1);
  }
  ~ProofPlace() { GiveBack(); }
  ProofPlace(const ProofPlace&) = delete;
  ProofPlace& operator=(const ProofPlace&) = delete;

  bool taken() const { return taken_; }
  void GiveBack() {
    if (std::exchange(taken_, false)) running_->fetch_sub(1);
  }

 private:
  const std::shared_ptr<ProofCount> running_;
  bool taken_;
};

// `Response` has done_count and total_count; `Work` is called once, as work(const CallContext&, progress), and gives
// the last message.
template <class Response>
class ProofRun final : public rpc::StreamHandler, public std::enable_shared_from_this<ProofRun<Response>> {
 public:
  using Work = std::function<absl::StatusOr<Response>(const rpc::CallContext& call, const proof::TotalProgress&)>;

  // RESOURCE_EXHAUSTED (OVERLOADED) where too many run already.
  static absl::StatusOr<std::shared_ptr<rpc::StreamHandler>> Begin(std::shared_ptr<rpc::Stream> stream,
                                                                   rpc::ServerContext& server,
                                                                   std::shared_ptr<ProofCount> running, Work work) {
    auto place = std::make_unique<ProofPlace>(std::move(running));
    if (!place->taken()) return error::Overloaded("proofs", limits::kProofsMax, kRetryAfterMs);
    return std::shared_ptr<rpc::StreamHandler>(
        new ProofRun(std::move(stream), server, std::move(place), std::move(work)));
  }

  void OnOpen() override {
    const absl::Status queued = server_.workers.Submit([self = this->shared_from_this()] { self->Run(); });
    if (!queued.ok()) stream_->Finish(queued);
  }

 private:
  static constexpr int kRetryAfterMs = 5'000;

  ProofRun(std::shared_ptr<rpc::Stream> stream, rpc::ServerContext& server, std::unique_ptr<ProofPlace> place,
           Work work)
      : stream_(std::move(stream)), server_(server), place_(std::move(place)), work_(std::move(work)) {}

  void Run() {
    int64_t total = 0;
    const auto result = work_(stream_->context(), [&](int64_t done, int64_t of) {
      total = of;
      return Tell(done, of);
    });
    place_->GiveBack();  // before the answer: a client that has it may ask for the next proof
    if (!result.ok()) {
      // Where the work was given up, the stream is over, or its time is.
      const bool late = absl::IsCancelled(result.status()) && stream_->context().Expired();
      return stream_->Finish(late ? error::DeadlineExceeded() : result.status());
    }
    Response last = *result;
    last.set_done_count(total);
    last.set_total_count(total);
    stream_->Write(rpc::ToBytes(last));
    stream_->Finish(absl::OkStatus());
  }

  // A word on progress, where the client has read the one before. False where nobody waits for the result.
  bool Tell(int64_t done, int64_t total) {
    if (stream_->over() || stream_->context().Expired()) return false;
    if (done == told_ || stream_->pending_bytes() > 0) return true;
    told_ = done;
    Response progress;
    progress.set_done_count(done);
    progress.set_total_count(total);
    stream_->Write(rpc::ToBytes(progress));
    return true;
  }

  const std::shared_ptr<rpc::Stream> stream_;
  rpc::ServerContext& server_;
  const std::unique_ptr<ProofPlace> place_;
  const Work work_;
  int64_t told_ = -1;  // the worker's alone
};

}  // namespace folio::services
