// The one door for calls.
//
// Every method of every service passes here. Serve authenticates the caller, authorises it by the method's `access`
// option, refuses what is late or too much, validates the request (a resource inside of it is the handler's to check,
// once it is complete), runs the handler, answers with typed details in the caller's language, logs a line and counts.
// Methods without an `access` option are refused to everyone.
//
//   grpc::ServerUnaryReactor* GetTask(grpc::CallbackServerContext* grpc, const v1::GetTaskRequest* request,
//                                     v1::Task* response) override {
//     return rpc::Serve(server_, grpc, "TaskService.GetTask", request, response,
//                       [](const rpc::CallContext& call, const v1::GetTaskRequest& get, v1::Task* task) {
//                         return call.workspace->collection(engine::kTask).Get(get, task);  // absl::Status
//                       });
//   }
//
// A handler of that shape runs on gRPC's own thread: it must be quick and never block. One that takes a shared_ptr to
// the call instead may answer later, from any thread, with Finish:
//
//   [](const std::shared_ptr<rpc::Call<v1::UpdateTaskRequest, v1::Task>>& call) {
//     engine.Submit({..., .done = [call](const Outcome& outcome) { ...*call->response()...;
//     call->Finish(outcome.status); }});
//   }
//
// ServeBytes is the same for raw methods (generated WithRawCallbackMethod_X): the handler gets the parsed request and
// fills a ByteBuffer (bytes.h). Streams are in stream.h.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "server/model/schema.h"
#include "server/rpc/bytes.h"
#include "server/rpc/call_context.h"
#include "server/rpc/method.h"
#include "server/rpc/server_context.h"

namespace folio::rpc {

// What every kind of call goes through, whatever its messages are.
class CallBase {
 public:
  CallBase(ServerContext& server, grpc::CallbackServerContext* grpc, std::string_view method);
  CallBase(const CallBase&) = delete;
  CallBase& operator=(const CallBase&) = delete;

  const CallContext& context() const { return context_; }
  const Method& method() const { return method_; }
  ServerContext& server() const { return server_; }

  // Authenticates, authorises, checks the deadline and admits.
  absl::Status Admit();

  // Gives back a unary call's place, logs and counts its end, adds the trailers, and makes the status to send. Once,
  // always.
  grpc::Status Conclude(const absl::Status& status);

  // Gives back a stream's place, once its last words are sent: a stop of the server waits for that. Once, always.
  void GiveBackStream();

 private:
  void LogEnd(const absl::Status& status, const absl::Status& told, int64_t microseconds) const;

  ServerContext& server_;
  grpc::CallbackServerContext* const grpc_;
  const Method& method_;
  const std::chrono::steady_clock::time_point start_;
  CallContext context_;
  std::string_view authorization_;  // the header, in gRPC's memory
  bool admitted_ = false;
};

// A unary call that is answered later. Request and response live until Finish. Where the last pointer to it goes away
// unfinished, it is answered with INTERNAL: no call hangs.
template <class Req, class Resp>
class Call final {
 public:
  Call(ServerContext& server, grpc::CallbackServerContext* grpc, std::string_view method, const Req* request,
       Resp* response)
      : base_(server, grpc, method), reactor_(grpc->DefaultReactor()), request_(request), response_(response) {}
  ~Call() {
    if (!finished_) Finish(error::Internal("call was dropped"));
  }

  const CallContext& context() const { return base_.context(); }
  ServerContext& server() const { return base_.server(); }
  const Req& request() const { return request_ != nullptr ? *request_ : parsed_; }
  Resp* response() { return response_; }

  // Answers the call. The first time counts; from any thread.
  void Finish(const absl::Status& status) {
    if (!finished_.exchange(true)) reactor_->Finish(base_.Conclude(status));
  }

 private:
  template <class Request, class Response, class Handler>
  friend grpc::ServerUnaryReactor* Serve(ServerContext&, grpc::CallbackServerContext*, std::string_view, const Request*,
                                         Response*, Handler&&);
  template <class Request, class Handler>
  friend grpc::ServerUnaryReactor* ServeBytes(ServerContext&, grpc::CallbackServerContext*, std::string_view,
                                              const grpc::ByteBuffer*, grpc::ByteBuffer*, Handler&&);

  CallBase base_;
  grpc::ServerUnaryReactor* const reactor_;
  const Req* const request_;  // null where it came as bytes
  Req parsed_;
  Resp* const response_;
  std::atomic<bool> finished_ = false;
};

// True for a handler that answers at once, on gRPC's thread.
template <class Req, class Resp, class Handler>
inline constexpr bool kAnswersAtOnce =
    std::is_invocable_r_v<absl::Status, Handler, const CallContext&, const Req&, Resp*>;

// Serves one unary call. The result is what the service's method returns.
template <class Req, class Resp, class Handler>
grpc::ServerUnaryReactor* Serve(ServerContext& server, grpc::CallbackServerContext* grpc, std::string_view method,
                                const Req* request, Resp* response, Handler&& handler) {
  if constexpr (kAnswersAtOnce<Req, Resp, Handler>) {
    CallBase call(server, grpc, method);
    absl::Status status = call.Admit();
    if (status.ok()) status = CheckRequestBytes(request->ByteSizeLong());
    if (status.ok()) status = model::Validate(*request, "");
    if (status.ok()) status = handler(call.context(), *request, response);
    auto* reactor = grpc->DefaultReactor();
    reactor->Finish(call.Conclude(status));
    return reactor;
  } else {
    auto call = std::make_shared<Call<Req, Resp>>(server, grpc, method, request, response);
    auto* reactor = call->reactor_;  // kept: the call may be answered, and gone, before this returns
    absl::Status status = call->base_.Admit();
    if (status.ok()) status = CheckRequestBytes(request->ByteSizeLong());
    if (status.ok()) status = model::Validate(*request, "");
    if (status.ok()) {
      handler(call);
    } else {
      call->Finish(status);
    }
    return reactor;
  }
}

// Serves one unary call of a raw method. `Req` is the request's message type.
template <class Req, class Handler>
grpc::ServerUnaryReactor* ServeBytes(ServerContext& server, grpc::CallbackServerContext* grpc, std::string_view method,
                                     const grpc::ByteBuffer* request, grpc::ByteBuffer* response, Handler&& handler) {
  if constexpr (kAnswersAtOnce<Req, grpc::ByteBuffer, Handler>) {
    CallBase call(server, grpc, method);
    Req parsed;
    absl::Status status = call.Admit();
    if (status.ok()) status = ParseRequest(*request, &parsed);
    if (status.ok()) status = model::Validate(parsed, "");
    if (status.ok()) status = handler(call.context(), parsed, response);
    auto* reactor = grpc->DefaultReactor();
    reactor->Finish(call.Conclude(status));
    return reactor;
  } else {
    auto call = std::make_shared<Call<Req, grpc::ByteBuffer>>(server, grpc, method, nullptr, response);
    auto* reactor = call->reactor_;  // kept: the call may be answered, and gone, before this returns
    absl::Status status = call->base_.Admit();
    if (status.ok()) status = ParseRequest(*request, &call->parsed_);
    if (status.ok()) status = model::Validate(call->parsed_, "");
    if (status.ok()) {
      handler(call);
    } else {
      call->Finish(status);
    }
    return reactor;
  }
}

}  // namespace folio::rpc
