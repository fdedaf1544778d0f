#include "folio/client.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "checked.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/channel_arguments.h"
#include "grpcpp/support/proto_buffer_reader.h"

namespace folio {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// Twice what the server sends at most.
constexpr int kResponseBytesMax = 8 << 20;
// What the server takes at most; gRPC by itself would not try a request of more than 256 KiB again.
constexpr int kRepeatedBytesMax = 4 << 20;
// gRPC's own are a second and two minutes: a server that has restarted would long go unnoticed.
constexpr int kReconnectFirstMs = 100;
constexpr int kReconnectLastMs = 2'000;
// What a server speaks where it is not asked; asking for it would cost every call a header.
constexpr std::string_view kUnaskedLocale = "en";

std::string PathOf(const MethodDescriptor& method) { return "/" + method.service()->full_name() + "/" + method.name(); }

grpc::ByteBuffer Serialize(const Message& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

absl::Status Parse(grpc::ByteBuffer* bytes, Message* message) {
  grpc::ProtoBufferReader reader(bytes);
  if (!message->ParseFromZeroCopyStream(&reader)) {
    return absl::InternalError("The answer is no " + message->GetDescriptor()->full_name() + ".");
  }
  return absl::OkStatus();
}

// Waits for the one event under way on the queue.
bool WaitFor(grpc::CompletionQueue* queue) {
  void* tag = nullptr;
  bool ok = false;
  return queue->Next(&tag, &ok) && ok;
}

absl::StatusOr<std::string> ReadAuthorities(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) return absl::NotFoundError("Cannot read " + path + ".");
  std::ostringstream text;
  text << file.rdbuf();
  if (text.str().find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
    return absl::InvalidArgumentError("There is no certificate in " + path + ".");
  }
  return text.str();
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsFor(const ClientOptions& options) {
  if (!options.tls) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions ssl;
  if (!options.ca_file.empty()) {
    absl::StatusOr<std::string> authorities = ReadAuthorities(options.ca_file);
    if (!authorities.ok()) return authorities.status();
    ssl.pem_root_certs = *std::move(authorities);
  }
  return grpc::SslCredentials(ssl);
}

grpc::ChannelArguments ArgumentsFor(const ClientOptions& options) {
  grpc::ChannelArguments arguments;
  if (options.retry) {
    arguments.SetServiceConfigJSON(ServiceConfigJson());
  } else {
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  }
  arguments.SetUserAgentPrefix(options.user_agent);
  arguments.SetMaxReceiveMessageSize(kResponseBytesMax);
  // A client has a connection of its own: clients of one process would else share one, and its limit of calls.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_PER_RPC_RETRY_BUFFER_SIZE, kRepeatedBytesMax);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectFirstMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectLastMs);
  return arguments;
}

}  // namespace

absl::StatusOr<Client> Client::Connect(ClientOptions options) {
  if (absl::Status status = Check(&options); !status.ok()) return status;
  absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> credentials = CredentialsFor(options);
  if (!credentials.ok()) return credentials.status();
  std::shared_ptr<grpc::Channel> channel =
      grpc::CreateCustomChannel(options.server, *credentials, ArgumentsFor(options));
  return Client(std::make_shared<const ClientOptions>(std::move(options)), std::move(channel));
}

Client Client::WithTimeout(std::chrono::milliseconds timeout) const {
  auto options = std::make_shared<ClientOptions>(*options_);
  options->timeout = std::min<std::chrono::milliseconds>(timeout, kLongestTimeout);
  return Client(std::move(options), channel_, stubs_);
}

std::unique_ptr<grpc::ClientContext> Client::NewStreamContext() const {
  auto context = std::make_unique<grpc::ClientContext>();
  if (!options_->key.empty()) context->AddMetadata("authorization", "Bearer " + options_->key);
  if (options_->locale != kUnaskedLocale) context->AddMetadata("accept-language", options_->locale);
  return context;
}

std::unique_ptr<grpc::ClientContext> Client::NewContext() const {
  std::unique_ptr<grpc::ClientContext> context = NewStreamContext();
  context->set_deadline(std::chrono::system_clock::now() + options_->timeout);
  return context;
}

void Client::FillRequestId(Message* request) {
  const FieldDescriptor* field = request->GetDescriptor()->FindFieldByName("request_id");
  if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING || field->is_repeated()) return;
  if (request->GetReflection()->GetString(*request, field).empty()) {
    request->GetReflection()->SetString(request, field, NewUuid());
  }
}

absl::Status Client::Invoke(const MethodDescriptor& method, const Message& request, Message* response,
                            std::stop_token stop) const {
  if (request.GetDescriptor() != method.input_type() || response->GetDescriptor() != method.output_type()) {
    return absl::InvalidArgumentError("The messages are not those of " + method.full_name() + ".");
  }
  const std::unique_ptr<Message> complete(request.New());
  complete->CopyFrom(request);
  FillRequestId(complete.get());
  const std::unique_ptr<grpc::ClientContext> context = NewContext();
  const std::stop_callback cancel(stop, [&context] { context->TryCancel(); });
  grpc::CompletionQueue queue;
  grpc::GenericStub stub(channel_);
  const std::string path = PathOf(method);
  auto call = stub.PrepareUnaryCall(context.get(), path, Serialize(*complete), &queue);
  call->StartCall();
  grpc::ByteBuffer bytes;
  grpc::Status status;
  call->Finish(&bytes, &status, nullptr);
  WaitFor(&queue);
  if (!status.ok()) return FromGrpc(status, *context);
  return Parse(&bytes, response);
}

absl::Status Client::InvokeStream(const MethodDescriptor& method, const Message& request,
                                  const std::function<absl::Status(const Message&)>& each, std::stop_token stop) const {
  if (request.GetDescriptor() != method.input_type()) {
    return absl::InvalidArgumentError("The request is not that of " + method.full_name() + ".");
  }
  const std::unique_ptr<grpc::ClientContext> context = NewStreamContext();
  const std::stop_callback cancel(stop, [&context] { context->TryCancel(); });
  grpc::CompletionQueue queue;
  grpc::GenericStub stub(channel_);
  const std::string path = PathOf(method);
  auto call = stub.PrepareCall(context.get(), path, &queue);
  call->StartCall(nullptr);
  bool alive = WaitFor(&queue);
  if (alive) {
    call->WriteLast(Serialize(request), grpc::WriteOptions(), nullptr);
    alive = WaitFor(&queue);
  }
  const std::unique_ptr<Message> response(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(method.output_type())->New());
  absl::Status handled;
  while (alive && handled.ok()) {
    grpc::ByteBuffer bytes;
    call->Read(&bytes, nullptr);
    alive = WaitFor(&queue);
    if (!alive) break;
    handled = Parse(&bytes, response.get());
    if (handled.ok()) handled = each(*response);
  }
  if (!handled.ok()) context->TryCancel();
  grpc::Status status;
  call->Finish(&status, nullptr);
  WaitFor(&queue);
  return handled.ok() ? FromGrpc(status, *context) : handled;
}

std::string NewUuid() {
  std::random_device device;
  std::array<uint32_t, 4> words{};
  for (uint32_t& word : words) word = device();
  words[1] = (words[1] & 0xffff0fffu) | 0x00004000u;  // version 4
  words[2] = (words[2] & 0x3fffffffu) | 0x80000000u;  // variant 1
  std::array<char, 37> text{};
  std::snprintf(text.data(), text.size(), "%08x-%04x-%04x-%04x-%04x%08x", words[0], words[1] >> 16, words[1] & 0xffffu,
                words[2] >> 16, words[2] & 0xffffu, words[3]);
  return text.data();
}

}  // namespace folio
