// A connection to a Folio server.
//
//   absl::StatusOr<folio::ClientOptions> options = folio::LoadOptions();
//   absl::StatusOr<folio::Client> client = folio::Client::Connect(*options);
//   folio::v1::GetAccountRequest request;
//   request.set_name("accounts/acme");
//   absl::StatusOr<folio::v1::Account> account =
//       client->Call(&folio::v1::AccountService::Stub::GetAccount, request);
//
// Calls are tried again where that is safe (UNAVAILABLE and RESOURCE_EXHAUSTED, up to 4 attempts within the timeout).
// Writes get a request id when they have none, so a repeated attempt has one effect. Failures are absl::Status; see
// folio/error.h for what they carry.
//
// A Client is cheap to copy (copies share the connection) and may be used from any thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <typeindex>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "folio/error.h"
#include "folio/options.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace folio {

class Client {
 public:
  // Does no input or output: the first call connects. INVALID_ARGUMENT where the options make no sense, NOT_FOUND where
  // the file of authorities does not exist.
  static absl::StatusOr<Client> Connect(ClientOptions options);

  // The same connection with another timeout, for calls that need more time, or have less.
  Client WithTimeout(std::chrono::milliseconds timeout) const;

  // Calls a unary method of a stub. Cancelled by `stop`, from any thread.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                Request request, const std::stop_token& stop = {}) const {
    FillRequestId(&request);
    std::unique_ptr<grpc::ClientContext> context = NewContext();
    const std::stop_callback cancel(stop, [&context] { context->TryCancel(); });
    Response response;
    const grpc::Status status = (stubs_->Get<Stub>(channel_).*method)(context.get(), request, &response);
    if (!status.ok()) return FromGrpc(status, *context);
    return response;
  }

  // Calls a unary method known by its descriptor. `request` and `response` must be of its types. Cancelled by `stop`.
  absl::Status Invoke(const google::protobuf::MethodDescriptor& method, const google::protobuf::Message& request,
                      google::protobuf::Message* response, std::stop_token stop = {}) const;

  // Calls a method that answers with a stream; each message is handed to `each` until that returns an error (which is
  // then returned) or the stream ends. The call has no deadline.
  absl::Status InvokeStream(const google::protobuf::MethodDescriptor& method, const google::protobuf::Message& request,
                            const std::function<absl::Status(const google::protobuf::Message&)>& each,
                            std::stop_token stop = {}) const;

  // A context with key, language and deadline, for code that uses a stub directly on channel().
  std::unique_ptr<grpc::ClientContext> NewContext() const;
  // The same without a deadline, for streams.
  std::unique_ptr<grpc::ClientContext> NewStreamContext() const;

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  const ClientOptions& options() const { return *options_; }

 private:
  // Stubs made so far, one a service: making one registers each of its methods, which costs more than a call adds.
  class Stubs {
   public:
    template <typename Stub>
    Stub& Get(const std::shared_ptr<grpc::Channel>& channel) {
      const std::lock_guard lock(mutex_);
      std::shared_ptr<void>& stub = made_[std::type_index(typeid(Stub))];
      if (stub == nullptr) stub = std::make_shared<Stub>(channel);
      return *static_cast<Stub*>(stub.get());
    }

   private:
    std::mutex mutex_;
    std::unordered_map<std::type_index, std::shared_ptr<void>> made_;
  };

  Client(std::shared_ptr<const ClientOptions> options, std::shared_ptr<grpc::Channel> channel,
         std::shared_ptr<Stubs> stubs = std::make_shared<Stubs>())
      : options_(std::move(options)), channel_(std::move(channel)), stubs_(std::move(stubs)) {}

  static void FillRequestId(google::protobuf::Message* request);

  std::shared_ptr<const ClientOptions> options_;
  std::shared_ptr<grpc::Channel> channel_;
  std::shared_ptr<Stubs> stubs_;
};

// Every service of the contract, by name.
const std::vector<const google::protobuf::ServiceDescriptor*>& Services();

// The method "AccountService.GetAccount" (or with "folio.v1." before it, or "/" for the last "."); nullptr where there
// is none of that name.
const google::protobuf::MethodDescriptor* FindMethod(std::string_view name);

// A random UUID (version 4), for request ids.
std::string NewUuid();

// The gRPC service configuration that every Folio client uses: what is tried again, how often, and what never is.
std::string ServiceConfigJson();

}  // namespace folio
