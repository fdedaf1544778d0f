#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "folio/v1/import.grpc.pb.h"
#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/model/schema.h"
#include "server/portfolio/importer.h"
#include "server/portfolio/workspace.h"
#include "server/rpc/server_context.h"
#include "server/rpc/stream.h"

namespace folio::services {

namespace {

// The imports under way, so that two calls do not write one import at once.
class RunningImports {
 public:
  bool Enter(const std::string& import) {
    std::lock_guard lock(mutex_);
    return running_.insert(import).second;
  }
  void Leave(const std::string& import) {
    std::lock_guard lock(mutex_);
    running_.erase(import);
  }

 private:
  std::mutex mutex_;
  std::set<std::string> running_;  // guarded by mutex_
};

// One call: the header, then chunks, a few of which are on their way to the disk at once.
class ImportCall final : public rpc::StreamHandler, public std::enable_shared_from_this<ImportCall> {
 public:
  ImportCall(std::shared_ptr<rpc::Stream> stream, RunningImports& running)
      : stream_(std::move(stream)), running_(running) {}

  void OnOpen() override { stream_->Read(); }

  void OnMessage(grpc::ByteBuffer message) override {
    v1::ImportRequest request;
    if (auto status = rpc::ParseRequest(message, &request); !status.ok()) return stream_->Abort(status);
    std::unique_lock lock(mutex_);
    if (request.has_header() == (session_ != nullptr)) {
      return stream_->Abort(error::InvalidField("header", "IMPORT_HEADER_MISSING"));
    }
    if (request.has_header()) return Begin(request.header());
    ++in_flight_;
    const bool more = in_flight_ < limits::kImportChunksInFlight;
    auto* session = session_.get();
    lock.unlock();
    auto chunk = std::make_shared<v1::ImportRequest>(std::move(request));
    session->Write(std::shared_ptr<v1::ImportChunk>(chunk, chunk->mutable_chunk()),
                   [self = shared_from_this()](const portfolio::ChunkResult& result) { self->Answer(result); });
    if (more) stream_->Read();
  }

  void OnHalfClosed() override {
    std::lock_guard lock(mutex_);
    half_closed_ = true;
    FinishIfDone();
  }

  void OnOver() override {
    std::lock_guard lock(mutex_);
    over_ = true;
    FinishIfDone();
  }

 private:
  // With mutex_ held.
  void Begin(const v1::ImportHeader& header) {
    const rpc::CallContext& context = stream_->context();
    if (!header.import_id().empty()) {
      const std::string import =
          context.principal->workspace + "/" + context.principal->actor + "/" + header.import_id();
      if (!running_.Enter(import)) {
        return stream_->Abort(error::Named("IMPORT_ID_BUSY", {{"import_id", header.import_id()}}));
      }
      import_ = import;
    }
    auto session =
        portfolio::ImportSession::Begin(header, context.principal->actor, context.locale, context.workspace->storage(),
                                        context.workspace->committer(), context.workspace->rules());
    if (!session.ok()) return stream_->Abort(session.status());
    session_ = std::move(*session);
    stream_->Write(rpc::ToBytes(session_->start()));
    stream_->Read();
  }

  // On the committer's thread.
  void Answer(const portfolio::ChunkResult& result) {
    std::lock_guard lock(mutex_);
    const bool was_full = in_flight_ == limits::kImportChunksInFlight;
    --in_flight_;
    if (!result.status.ok()) {
      stream_->Abort(result.status);
    } else {
      v1::ImportResponse response;
      response.set_durable_through_row(result.durable_through_row);
      *response.mutable_counts() = result.counts;
      for (const v1::RejectedRow& row : result.rejected) *response.add_rejected_rows() = row;
      response.set_revision(result.revision);
      stream_->Write(rpc::ToBytes(response));
      if (was_full && !half_closed_) stream_->Read();
    }
    FinishIfDone();
  }

  // Once the client has sent everything, or is gone, and the last chunk has been answered. The name is given back
  // first, so that a client that sees the end may begin again at once. With mutex_ held.
  void FinishIfDone() {
    if (in_flight_ > 0 || !(half_closed_ || over_)) return;
    if (!import_.empty()) running_.Leave(import_);
    import_.clear();
    stream_->Finish(absl::OkStatus());
  }

  const std::shared_ptr<rpc::Stream> stream_;
  RunningImports& running_;
  std::mutex mutex_;
  std::unique_ptr<portfolio::ImportSession> session_;  // set once, under mutex_
  std::string import_;                                 // guarded by mutex_
  int in_flight_ = 0;                                  // guarded by mutex_
  bool half_closed_ = false;                           // guarded by mutex_
  bool over_ = false;                                  // guarded by mutex_
};

class ImportService final : public v1::ImportService::WithRawCallbackMethod_Import<v1::ImportService::Service> {
 public:
  explicit ImportService(rpc::ServerContext& server) : server_(server) {}

  rpc::StreamReactor* Import(grpc::CallbackServerContext* grpc) override {
    return rpc::ServeBidi(
        server_, grpc, "ImportService.Import",
        [this](const std::shared_ptr<rpc::Stream>& stream) -> absl::StatusOr<std::shared_ptr<rpc::StreamHandler>> {
          return std::make_shared<ImportCall>(stream, running_);
        });
  }

 private:
  rpc::ServerContext& server_;
  RunningImports running_;
};

const rpc::ServiceRegistrar registrar("folio.v1.ImportService", rpc::Make<ImportService>);

}  // namespace

}  // namespace folio::services
