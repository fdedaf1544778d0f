#include "server/rpc/stream.h"

#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "server/rpc/gate.h"
#include "server/rpc/stream_registry.h"

namespace folio::rpc {
namespace {

// The stream over one of gRPC's reactors. It owns itself (`self_`) until gRPC is done with it.
//
// gRPC may call a reaction from within the method that starts an operation, so no operation is started with the lock
// held: the lock decides what is to be done, then it is done.
template <class Reactor>
class ReactorStream final : public Reactor, public Stream {
 public:
  ReactorStream(ServerContext& server, grpc::CallbackServerContext* grpc, std::string_view method)
      : call_(server, grpc, method) {}

  // Admits the stream and gives it its handler. Ends it at once where that fails. `check` looks at its request.
  void Start(std::shared_ptr<ReactorStream> self, const std::function<absl::Status()>& check,
             const StreamOpener& open) {
    self_ = std::move(self);
    absl::Status status = call_.Admit();
    if (status.ok()) status = check();
    if (!status.ok()) return Finish(status);
    call_.server().streams.Add(self_);
    auto handler = open(self_);
    if (!handler.ok()) return Finish(handler.status());
    {
      const std::lock_guard lock(mutex_);
      handler_ = *std::move(handler);
    }
    // A stop that came between the gate and the registry has not seen this stream.
    if (call_.server().gate.closed()) Abort(error::ShuttingDown());
    if (const auto opened = handler_copy()) opened->OnOpen();
  }

  const CallContext& context() const override { return call_.context(); }

  bool Write(grpc::ByteBuffer message) override {
    {
      const std::lock_guard lock(mutex_);
      if (ending_) return false;
      pending_bytes_ += static_cast<int64_t>(message.Length());
      queue_.push_back(std::move(message));
    }
    Advance();
    return true;
  }

  int64_t pending_bytes() const override {
    const std::lock_guard lock(mutex_);
    return pending_bytes_;
  }

  void Read() override {
    if constexpr (kReads) {
      {
        const std::lock_guard lock(mutex_);
        if (ending_) return;
        starting_read_ = true;
      }
      this->StartRead(&incoming_);
      {
        const std::lock_guard lock(mutex_);
        starting_read_ = false;
      }
      Advance();
    }
  }

  void Finish(const absl::Status& status) override { End(status, /*drop_queue=*/false); }
  void Abort(const absl::Status& status) override { End(status, /*drop_queue=*/true); }

  bool over() const override {
    const std::lock_guard lock(mutex_);
    return ending_.has_value();
  }

 private:
  static constexpr bool kReads = std::is_same_v<Reactor, StreamReactor>;

  std::shared_ptr<StreamHandler> handler_copy() const {
    const std::lock_guard lock(mutex_);
    return handler_;
  }

  void End(const absl::Status& status, bool drop_queue) {
    {
      const std::lock_guard lock(mutex_);
      if (ending_) return;
      ending_ = status;
      if (drop_queue) DropQueue();
    }
    Advance();
  }

  void DropQueue() {
    queue_.clear();
    pending_bytes_ = outgoing_bytes_;
  }

  // Starts the next write, or the end once nothing is left to write.
  void Advance() {
    grpc::WriteOptions options;
    std::optional<absl::Status> end;
    {
      const std::lock_guard lock(mutex_);
      if (writing_ || finished_) return;
      if (!queue_.empty()) {
        writing_ = true;
        outgoing_ = std::move(queue_.front());
        queue_.pop_front();
        outgoing_bytes_ = static_cast<int64_t>(outgoing_.Length());
        // A hint on the first message hangs for ever (gRPC then never sends the initial metadata); one on the last
        // before a pause would delay it.
        if (!first_write_ && !queue_.empty()) options.set_buffer_hint();
        first_write_ = false;
      } else if (ending_ && !starting_read_) {  // after the end, gRPC's call may vanish under a read
        finished_ = true;
        end = ending_;
      } else {
        return;
      }
    }
    if (end) {
      Reactor::Finish(call_.Conclude(*end));
    } else {
      this->StartWrite(&outgoing_, options);
    }
  }

  void OnWriteDone(bool ok) override {
    bool drained = false;
    {
      const std::lock_guard lock(mutex_);
      writing_ = false;
      pending_bytes_ -= std::exchange(outgoing_bytes_, 0);
      if (!ok) {
        DropQueue();
        if (!ending_) ending_ = absl::CancelledError("the client is gone");
      }
      drained = queue_.empty() && !ending_;
    }
    Advance();
    if (!drained) return;
    if (const auto handler = handler_copy()) handler->OnDrained();
  }

  // Only streams both ways have it; for the others it overrides nothing.
  void OnReadDone(bool ok) {
    const auto handler = handler_copy();
    if (handler == nullptr || over()) return;
    if (ok) {
      handler->OnMessage(std::exchange(incoming_, grpc::ByteBuffer()));
    } else {
      handler->OnHalfClosed();
    }
  }

  void OnCancel() override { Abort(absl::CancelledError("the client is gone")); }

  void OnDone() override {
    call_.server().streams.Remove(this);
    call_.GiveBackStream();
    std::shared_ptr<StreamHandler> handler;
    {
      const std::lock_guard lock(mutex_);
      handler = std::exchange(handler_, nullptr);
    }
    if (handler != nullptr) handler->OnOver();
    self_.reset();
  }

  CallBase call_;
  std::shared_ptr<ReactorStream> self_;
  grpc::ByteBuffer incoming_;

  mutable std::mutex mutex_;
  std::shared_ptr<StreamHandler> handler_;  // from here on guarded by mutex_
  std::deque<grpc::ByteBuffer> queue_;
  grpc::ByteBuffer outgoing_;  // being written
  int64_t outgoing_bytes_ = 0;
  int64_t pending_bytes_ = 0;  // queued and outgoing
  bool writing_ = false;
  bool starting_read_ = false;
  bool first_write_ = true;
  bool finished_ = false;
  std::optional<absl::Status> ending_;
};

}  // namespace

void StreamHandler::OnMessage(grpc::ByteBuffer) {}

void StreamRegistry::Add(const std::shared_ptr<Stream>& stream) {
  const std::lock_guard lock(mutex_);
  open_.emplace(stream.get(), stream);
}

void StreamRegistry::Remove(const Stream* stream) {
  const std::lock_guard lock(mutex_);
  open_.erase(stream);
}

void StreamRegistry::AbortAll(const absl::Status& status) {
  AbortWhere(status, [](const Principal&) { return true; });
}

void StreamRegistry::AbortWhere(const absl::Status& status, const std::function<bool(const Principal&)>& matches) {
  std::vector<std::shared_ptr<Stream>> streams;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, stream] : open_) {
      if (auto alive = stream.lock()) streams.push_back(std::move(alive));
    }
  }
  for (const auto& stream : streams) {
    if (matches(*stream->context().principal)) stream->Abort(status);
  }
}

size_t StreamRegistry::size() const {
  const std::lock_guard lock(mutex_);
  return open_.size();
}

StreamWriter* ServeParsedStream(ServerContext& server, grpc::CallbackServerContext* grpc, std::string_view method,
                                const absl::Status& parsed, const google::protobuf::Message& request,
                                const StreamOpener& open) {
  auto stream = std::make_shared<ReactorStream<StreamWriter>>(server, grpc, method);
  StreamWriter* reactor = stream.get();
  stream->Start(
      stream, [&] { return parsed.ok() ? model::Validate(request, "") : parsed; }, open);
  return reactor;
}

StreamReactor* ServeBidi(ServerContext& server, grpc::CallbackServerContext* grpc, std::string_view method,
                         const StreamOpener& open) {
  auto stream = std::make_shared<ReactorStream<StreamReactor>>(server, grpc, method);
  StreamReactor* reactor = stream.get();
  stream->Start(
      stream, [] { return absl::OkStatus(); }, open);
  return reactor;
}

}  // namespace folio::rpc
