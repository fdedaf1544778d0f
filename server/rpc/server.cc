#include "server/rpc/server.h"

#include <algorithm>
#include <map>
#include <thread>
#include <utility>

#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/rpc/gate.h"
#include "server/rpc/log.h"
#include "server/rpc/reflection.h"
#include "server/rpc/stream_registry.h"

namespace folio::rpc {
namespace {

using grpc::experimental::ExternalConnectionAcceptor;

constexpr int kSecondMs = 1000;
// Someone who is gone without a word is noticed within a minute and a half.
constexpr int kKeepalivePingMs = 60 * kSecondMs;
constexpr int kKeepaliveTimeoutMs = 20 * kSecondMs;
// Clients may ping every 10 s, also when they are idle: watches live behind proxies that drop silent connections.
constexpr int kClientPingMinMs = 10 * kSecondMs;
constexpr int kPingStrikesMax = 2;
// TLS and the HTTP/2 preface: a client that has not said hello by then never will.
constexpr int kHandshakeMs = 10 * kSecondMs;
constexpr int kStreamsPerConnectionMax = 100;
constexpr int kMetadataBytesMax = 16 << 10;
constexpr auto kLastWordsTime = std::chrono::milliseconds(20);
constexpr auto kDrainPollInterval = std::chrono::milliseconds(5);

std::shared_ptr<grpc::ServerCredentials> CredentialsOf(const ServerOptions& options) {
  if (options.tls_certificate.empty()) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions ssl(GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  ssl.pem_key_cert_pairs.push_back({options.tls_key, options.tls_certificate});
  return grpc::SslServerCredentials(ssl);
}

void SetLimits(grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(limits::kReceivedBytesMax);
  builder->SetMaxSendMessageSize(limits::kResponseBytesMax);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepalivePingMs);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kClientPingMinMs);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, kPingStrikesMax);
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMs);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsPerConnectionMax);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytesMax);
  // A compressed request of a kilobyte can become a gigabyte.
  builder->SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder->SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options, ServerContext& context) {
  auto listener = Listener::Bind(options.address, options.connections, context.log);
  if (!listener.ok()) return listener.status();
  std::unique_ptr<Server> server(new Server(context));
  server->listener_ = *std::move(listener);

  grpc::EnableDefaultHealthCheckService(true);
  grpc::ServerBuilder builder;
  SetLimits(&builder);
  std::vector<std::string> names;
  for (const RegisteredService& registered : RegisteredServices()) {
    server->services_.push_back(registered.factory(context));
    names.push_back(registered.full_name);
  }
  if (options.reflection) {
    for (auto& service : ReflectionServices(names)) server->services_.push_back(std::move(service));
  }
  for (const auto& service : server->services_) builder.RegisterService(service.get());
  server->acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD, CredentialsOf(options));
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr) return absl::InvalidArgumentError("gRPC does not start: check certificate and key");
  for (const std::string& name : names) server->server_->GetHealthCheckService()->SetServingStatus(name, true);

  server->listener_->Start([acceptor = server->acceptor_.get()](int fd) {
    ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.fd = fd;
    acceptor->HandleNewConnection(&connection);
  });
  return server;
}

Server::~Server() { Stop(); }

void Server::Stop(std::chrono::milliseconds drain) {
  if (server_ == nullptr) return;
  const auto deadline = std::chrono::system_clock::now() + drain;
  server_->GetHealthCheckService()->SetServingStatus(false);
  context_.gate.Close();
  listener_->Stop();
  context_.streams.AbortAll(error::ShuttingDown());
  while (context_.gate.calls().count() + context_.gate.streams().count() > 0 &&
         std::chrono::system_clock::now() < deadline) {
    std::this_thread::sleep_for(kDrainPollInterval);
  }
  // Answers that gRPC has been given are on their way still. Open health watches and reflection streams wait for
  // nothing worth waiting for: they are cancelled soon.
  server_->Shutdown(std::chrono::system_clock::now() + kLastWordsTime);
  server_->Wait();
  server_.reset();
}

}  // namespace folio::rpc
