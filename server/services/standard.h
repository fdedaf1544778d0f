// The standard methods of a resource, as a service's overrides: what names cannot be derived from in C++.
#pragma once

#include "server/engine/collection.h"
#include "server/portfolio/workspace.h"
#include "server/rpc/serve.h"
#include "server/rpc/worker_pool.h"

namespace folio::services {

// Pages of more rows than this are read on a worker: they take milliseconds, and gRPC's threads must not wait.
inline constexpr int kInlineRowsMax = 200;

template <class Req, class Resp>
grpc::ServerUnaryReactor* ServeGet(rpc::ServerContext& server, grpc::CallbackServerContext* grpc,
                                   std::string_view method, const Req* request, Resp* response, storage::Kind kind) {
  return rpc::Serve(server, grpc, method, request, response,
                    [kind](const rpc::CallContext& call, const Req& get, Resp* resource) {
                      return call.workspace->collection(kind).Get(get, resource);
                    });
}

// Answers with `read` on a worker: for what may take more than a moment.
template <class Req, class Resp, class Read>
void ReadOnWorker(const std::shared_ptr<rpc::Call<Req, Resp>>& call, Read read) {
  const absl::Status queued = call->server().workers.Submit(
      [call, read] { call->Finish(read(call->context(), call->request(), call->response())); });
  if (!queued.ok()) call->Finish(queued);
}

template <class Req, class Resp>
grpc::ServerUnaryReactor* ServeList(rpc::ServerContext& server, grpc::CallbackServerContext* grpc,
                                    std::string_view method, const Req* request, Resp* response, storage::Kind kind) {
  const auto list = [kind](const rpc::CallContext& call, const Req& listed, Resp* page) {
    return call.workspace->collection(kind).List(listed, page);
  };
  return rpc::Serve(server, grpc, method, request, response, [list](const std::shared_ptr<rpc::Call<Req, Resp>>& call) {
    if (call->request().page_size() > kInlineRowsMax) {
      ReadOnWorker(call, list);
    } else {
      call->Finish(list(call->context(), call->request(), call->response()));
    }
  });
}

using CollectionWrite = void (engine::Collection::*)(std::string, const google::protobuf::Message&,
                                                     google::protobuf::Message*, engine::Collection::Done);

template <class Req, class Resp>
grpc::ServerUnaryReactor* ServeWrite(rpc::ServerContext& server, grpc::CallbackServerContext* grpc,
                                     std::string_view method, const Req* request, Resp* response, storage::Kind kind,
                                     CollectionWrite write) {
  return rpc::Serve(server, grpc, method, request, response,
                    [kind, write](const std::shared_ptr<rpc::Call<Req, Resp>>& call) {
                      const rpc::CallContext& context = call->context();
                      (context.workspace->collection(kind).*write)(
                          context.principal->actor, call->request(), call->response(),
                          [call](const engine::Outcome& outcome) { call->Finish(outcome.status); });
                    });
}

// The same for a resource whose writing is its part's own.
template <class Req, class Resp>
using OwnWrite = void (*)(portfolio::Workspace&, std::string, const Req&, Resp*, engine::Collection::Done);

template <class Req, class Resp>
grpc::ServerUnaryReactor* ServeOwnWrite(rpc::ServerContext& server, grpc::CallbackServerContext* grpc,
                                        std::string_view method, const Req* request, Resp* response,
                                        OwnWrite<Req, Resp> write) {
  return rpc::Serve(server, grpc, method, request, response,
                    [write](const std::shared_ptr<rpc::Call<Req, Resp>>& call) {
                      const rpc::CallContext& context = call->context();
                      write(*context.workspace, context.principal->actor, call->request(), call->response(),
                            [call](const engine::Outcome& outcome) { call->Finish(outcome.status); });
                    });
}

}  // namespace folio::services

// One override: the method's name, its two messages, and the call that serves it.
#define FOLIO_SERVE(Service, Method, Request, Response, serve, ...)                               \
  grpc::ServerUnaryReactor* Method(grpc::CallbackServerContext* grpc, const v1::Request* request, \
                                   v1::Response* response) override {                             \
    return serve(server_, grpc, #Service "." #Method, request, response, __VA_ARGS__);            \
  }

#define FOLIO_GET(Noun, kind) FOLIO_SERVE(Noun##Service, Get##Noun, Get##Noun##Request, Noun, ServeGet, kind)
#define FOLIO_LIST(Noun, Nouns, kind) \
  FOLIO_SERVE(Noun##Service, List##Nouns, List##Nouns##Request, List##Nouns##Response, ServeList, kind)
#define FOLIO_WRITE(Noun, Verb, Response, kind) \
  FOLIO_SERVE(Noun##Service, Verb##Noun, Verb##Noun##Request, Response, ServeWrite, kind, &engine::Collection::Verb)

// All but Get, of a resource that is deleted for good.
#define FOLIO_METHODS_BUT_GET(Noun, Nouns, kind)                                                                      \
  FOLIO_LIST(Noun, Nouns, kind)                                                                                       \
  FOLIO_WRITE(Noun, Create, Noun, kind)                                                                               \
  FOLIO_WRITE(Noun, Update, Noun, kind)                                                                               \
  grpc::ServerUnaryReactor* Delete##Noun(grpc::CallbackServerContext* grpc, const v1::Delete##Noun##Request* request, \
                                         google::protobuf::Empty* response) override {                                \
    return ServeWrite(server_, grpc, #Noun "Service.Delete" #Noun, request, response, kind,                           \
                      &engine::Collection::Delete);                                                                   \
  }

// Get, List, Create, Update and Delete of a resource that is deleted for good.
#define FOLIO_STANDARD_METHODS(Noun, Nouns, kind) \
  FOLIO_GET(Noun, kind)                           \
  FOLIO_METHODS_BUT_GET(Noun, Nouns, kind)
