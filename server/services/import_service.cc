#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "folio/v1/import.grpc.pb.h"
#include "google/protobuf/arena.h"
#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/model/schema.h"
#include "server/portfolio/importer.h"
#include "server/portfolio/workspace.h"
#include "server/rpc/server_context.h"
#include "server/rpc/stream.h"
#include "server/rpc/worker_pool.h"

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

// A request in an arena of its own: many rows are then made and freed as a few blocks. Errors as rpc::ParseRequest.
absl::StatusOr<std::shared_ptr<v1::ImportRequest>> ParseOnArena(const grpc::ByteBuffer& message) {
  constexpr size_t kBlockBytes = 64 << 10;
  google::protobuf::ArenaOptions options;
  options.start_block_size = kBlockBytes;
  options.max_block_size = kBlockBytes;
  const auto arena = std::make_shared<google::protobuf::Arena>(options);
  auto* request = google::protobuf::Arena::CreateMessage<v1::ImportRequest>(arena.get());
  if (auto status = rpc::ParseRequest(message, request); !status.ok()) return status;
  return std::shared_ptr<v1::ImportRequest>(arena, request);
}

// One call: the header, then chunks, a few of which are on their way to the disk at once.
class ImportCall final : public rpc::StreamHandler, public std::enable_shared_from_this<ImportCall> {
 public:
  ImportCall(std::shared_ptr<rpc::Stream> stream, rpc::ServerContext& server, RunningImports& running)
      : stream_(std::move(stream)), server_(server), running_(running) {}

  void OnOpen() override { ReadOn(); }

  void OnMessage(grpc::ByteBuffer message) override {
    {
      std::lock_guard lock(mutex_);
      ++in_flight_;
    }
    const absl::Status queued =
        server_.workers.Submit([self = shared_from_this(), message = std::move(message)] { self->Take(message); });
    if (!queued.ok()) Refuse(queued);
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
  // Asks for the next message, once the last one is on its way and while there is room for one more.
  void ReadOn() {
    {
      std::lock_guard lock(mutex_);
      if (taking_ || half_closed_ || in_flight_ >= limits::kImportChunksInFlight) return;
      taking_ = true;
    }
    stream_->Read();
  }

  // Parses and checks a message: milliseconds of work, on a worker. Only one at a time, in the order of the stream.
  void Take(const grpc::ByteBuffer& message) {
    const auto parsed = ParseOnArena(message);
    if (!parsed.ok()) return Refuse(parsed.status());
    const std::shared_ptr<v1::ImportRequest>& request = *parsed;
    if (request->has_header() == (session_ != nullptr)) {
      return Refuse(error::InvalidField("header", "IMPORT_HEADER_MISSING"));
    }
    if (request->has_header()) {
      if (absl::Status begun = Begin(request->header()); !begun.ok()) return Refuse(begun);
    } else {
      session_->Write(std::shared_ptr<v1::ImportChunk>(request, request->mutable_chunk()),
                      [self = shared_from_this()](const portfolio::ChunkResult& result) { self->Answer(result); });
    }
    {
      std::lock_guard lock(mutex_);
      taking_ = false;
      if (request->has_header()) --in_flight_;
      FinishIfDone();
    }
    ReadOn();
  }

  // Ends the call over a message that is not taken.
  void Refuse(const absl::Status& status) {
    stream_->Abort(status);
    std::lock_guard lock(mutex_);
    --in_flight_;
    FinishIfDone();
  }

  absl::Status Begin(const v1::ImportHeader& header) {
    const rpc::CallContext& context = stream_->context();
    if (!header.import_id().empty()) {
      const std::string import =
          context.principal->workspace + "/" + context.principal->actor + "/" + header.import_id();
      if (!running_.Enter(import)) return error::Named("IMPORT_ID_BUSY", {{"import_id", header.import_id()}});
      std::lock_guard lock(mutex_);
      import_ = import;
    }
    auto session =
        portfolio::ImportSession::Begin(header, context.principal->actor, context.locale, context.workspace->storage(),
                                        context.workspace->committer(), context.workspace->rules());
    if (!session.ok()) return session.status();
    session_ = std::move(*session);
    stream_->Write(rpc::ToBytes(session_->start()));
    return absl::OkStatus();
  }

  // On a thread of the committer's.
  void Answer(const portfolio::ChunkResult& result) {
    if (!result.status.ok()) return Refuse(result.status);
    v1::ImportResponse response;
    response.set_durable_through_row(result.durable_through_row);
    *response.mutable_counts() = result.counts;
    for (const v1::RejectedRow& row : result.rejected) *response.add_rejected_rows() = row;
    response.set_revision(result.revision);
    stream_->Write(rpc::ToBytes(response));
    {
      std::lock_guard lock(mutex_);
      --in_flight_;
      FinishIfDone();
    }
    ReadOn();
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
  rpc::ServerContext& server_;
  RunningImports& running_;
  std::unique_ptr<portfolio::ImportSession> session_;  // set once, by the first Take
  std::mutex mutex_;
  std::string import_;        // guarded by mutex_
  int in_flight_ = 0;         // messages that are not answered; guarded by mutex_
  bool taking_ = false;       // one is asked for or being taken; guarded by mutex_
  bool half_closed_ = false;  // guarded by mutex_
  bool over_ = false;         // guarded by mutex_
};

class ImportService final : public v1::ImportService::WithRawCallbackMethod_Import<v1::ImportService::Service> {
 public:
  explicit ImportService(rpc::ServerContext& server) : server_(server) {}

  rpc::StreamReactor* Import(grpc::CallbackServerContext* grpc) override {
    return rpc::ServeBidi(
        server_, grpc, "ImportService.Import",
        [this](const std::shared_ptr<rpc::Stream>& stream) -> absl::StatusOr<std::shared_ptr<rpc::StreamHandler>> {
          return std::make_shared<ImportCall>(stream, server_, running_);
        });
  }

 private:
  rpc::ServerContext& server_;
  RunningImports running_;
};

const rpc::ServiceRegistrar registrar("folio.v1.ImportService", rpc::Make<ImportService>);

}  // namespace

}  // namespace folio::services
