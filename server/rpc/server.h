// The gRPC server: services, health, reflection, limits of the wire, and a stop that hangs on nothing.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "server/rpc/listener.h"
#include "server/rpc/server_context.h"

namespace folio::rpc {

struct ServerOptions {
  Address address;
  ListenerLimits connections;
  std::string tls_certificate;  // PEM text; with it and the key the server speaks TLS only
  std::string tls_key;
  bool reflection = true;
};

// How long calls in progress may go on after a stop was asked for.
inline constexpr auto kDrainTime = std::chrono::seconds(10);

class Server {
 public:
  // Serves every registered service. `context` and what it borrows must outlive the server. UNAVAILABLE (no details)
  // where the address cannot be had; INVALID_ARGUMENT (no details) where the certificate does not work.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options, ServerContext& context);

  // Stops, if that has not been done.
  ~Server();

  // The address served, with the real port.
  std::string address() const { return listener_->address().ToString(); }

  // Health says NOT_SERVING, no connection or call comes in any more, streams are ended with SHUTTING_DOWN, calls in
  // progress go on for at most `drain`; then everything is cancelled. Returns when no call is left. Once.
  void Stop(std::chrono::milliseconds drain = kDrainTime);

 private:
  explicit Server(ServerContext& context) : context_(context) {}

  ServerContext& context_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<Listener> listener_;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace folio::rpc
