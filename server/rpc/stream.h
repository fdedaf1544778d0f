// Streams: server streams (export, watch) and streams both ways (import), all of raw methods.
//
// A service's method returns ServeStream(...) or ServeBidi(...). They do at the door what Serve does, then ask `open`
// for the handler that carries the stream; `open` may refuse with an error.
//
//   grpc::ServerWriteReactor<grpc::ByteBuffer>* Watch(grpc::CallbackServerContext* grpc,
//                                                     const grpc::ByteBuffer* request) override {
//     return rpc::ServeStream<v1::WatchRequest>(server_, grpc, "WatchService.Watch", request,
//         [](const std::shared_ptr<rpc::Stream>& stream, v1::WatchRequest watch)
//             -> absl::StatusOr<std::shared_ptr<rpc::StreamHandler>> { return std::make_shared<Watcher>(stream, watch);
//             });
//   }
//
// Who owns whom: gRPC's call owns the stream until it is over, the stream owns its handler for the same time, and the
// handler may keep the stream: it forgets the handler when it is over, so the two do not hold each other for ever.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/rpc/serve.h"

namespace folio::rpc {

// An open stream, as its handler sees it. Every method may be called from any thread at any time, also once the stream
// is over; none blocks.
class Stream {
 public:
  virtual ~Stream() = default;

  virtual const CallContext& context() const = 0;

  // Queues a message. The queue is bounded by the handler: it looks at pending_bytes() and waits for OnDrained, or ends
  // the stream. False where the stream is ended or over: the message is dropped.
  virtual bool Write(grpc::ByteBuffer message) = 0;

  // Bytes that are queued or being written.
  virtual int64_t pending_bytes() const = 0;

  // Asks for one message of the client: OnMessage or OnHalfClosed follows. Only where the last one has been answered
  // so, and only for streams both ways.
  virtual void Read() = 0;

  // Ends the stream once everything queued has been written. The first of Finish and Abort counts.
  virtual void Finish(const absl::Status& status) = 0;

  // Ends the stream and drops what is queued, other than the message that is just being written.
  virtual void Abort(const absl::Status& status) = 0;

  // True once it is ended, by either side.
  virtual bool over() const = 0;
};

// What carries one stream. gRPC's threads call it, possibly several at once: it must be thread-safe, quick, and never
// block (longer work goes to ServerContext::workers).
class StreamHandler {
 public:
  virtual ~StreamHandler() = default;

  // The stream is open. First of all calls.
  virtual void OnOpen() {}

  // A message that Read() asked for.
  virtual void OnMessage(grpc::ByteBuffer message);

  // The client will send no more.
  virtual void OnHalfClosed() {}

  // Everything queued has been written: time for more.
  virtual void OnDrained() {}

  // The stream is over: the last of all calls. Not called where OnOpen was not.
  virtual void OnOver() {}
};

using StreamWriter = grpc::ServerWriteReactor<grpc::ByteBuffer>;
using StreamReactor = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;
using StreamOpener = std::function<absl::StatusOr<std::shared_ptr<StreamHandler>>(const std::shared_ptr<Stream>&)>;

// Serves a server stream; `parsed` is what ParseRequest said of its request.
StreamWriter* ServeParsedStream(ServerContext& server, grpc::CallbackServerContext* grpc, std::string_view method,
                                const absl::Status& parsed, const google::protobuf::Message& request,
                                const StreamOpener& open);

// Serves a server stream. `open` takes the stream and the request.
template <class Req, class Open>
StreamWriter* ServeStream(ServerContext& server, grpc::CallbackServerContext* grpc, std::string_view method,
                          const grpc::ByteBuffer* request, Open&& open) {
  Req message;
  const absl::Status parsed = ParseRequest(*request, &message);
  return ServeParsedStream(server, grpc, method, parsed, message,
                           [&](const std::shared_ptr<Stream>& stream) { return open(stream, std::move(message)); });
}

// Serves a stream both ways. Messages are the handler's to parse and to check.
StreamReactor* ServeBidi(ServerContext& server, grpc::CallbackServerContext* grpc, std::string_view method,
                         const StreamOpener& open);

}  // namespace folio::rpc
