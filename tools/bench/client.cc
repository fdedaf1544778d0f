#include "tools/bench/client.h"

#include <chrono>
#include <thread>

#include "grpcpp/grpcpp.h"
#include "tools/bench/process.h"

namespace folio::bench {
namespace {

// One unary call of bytes on a queue of its own.
grpc::Status CallOnce(grpc::GenericStub& stub, grpc::ClientContext* context, const std::string& method,
                      const grpc::ByteBuffer& request, grpc::ByteBuffer* response) {
  grpc::CompletionQueue queue;
  grpc::Status status;
  const auto call = stub.PrepareUnaryCall(context, method, request, &queue);
  call->StartCall();
  call->Finish(response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
  return status;
}

}  // namespace

grpc::ByteBuffer ToBytes(const google::protobuf::MessageLite& message) {
  const std::string bytes = message.SerializeAsString();
  grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToString(const grpc::ByteBuffer& bytes) {
  std::vector<grpc::Slice> slices;
  if (!bytes.Dump(&slices).ok()) return "";
  std::string text;
  text.reserve(bytes.Length());
  for (const grpc::Slice& slice : slices) text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return text;
}

Client::Client(const Target& target) : bearer_(target.key.empty() ? "" : "Bearer " + target.key) {
  for (int i = 0; i < target.channels; ++i) {
    grpc::ChannelArguments arguments;
    // Without it gRPC would share one connection among channels to the same address.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetMaxReceiveMessageSize(-1);
    stubs_.push_back(std::make_unique<grpc::GenericStub>(
        grpc::CreateCustomChannel(target.address, grpc::InsecureChannelCredentials(), arguments)));
  }
}

void Client::Prepare(grpc::ClientContext* context, double deadline_seconds) const {
  if (!bearer_.empty()) context->AddMetadata("authorization", bearer_);
  context->set_deadline(std::chrono::system_clock::now() +
                        std::chrono::milliseconds(static_cast<int64_t>(deadline_seconds * 1000)));
}

bool Client::Call(const std::string& method, const google::protobuf::MessageLite& request,
                  google::protobuf::MessageLite* response, std::string* error) {
  constexpr double kDeadline = 60;
  grpc::ClientContext context;
  Prepare(&context, kDeadline);
  grpc::ByteBuffer bytes;
  const grpc::Status status = CallOnce(stub(0), &context, method, ToBytes(request), &bytes);
  if (!status.ok()) {
    *error = method + ": " + status.error_message();
    return false;
  }
  if (!response->ParseFromString(ToString(bytes))) {
    *error = method + ": the answer cannot be parsed";
    return false;
  }
  return true;
}

bool WaitUntilServing(const Target& target, double seconds) {
  // grpc.health.v1.HealthCheckResponse with status SERVING; the request of the whole server is empty.
  const std::string kServing = {0x08, 0x01};
  for (const double end = Now() + seconds; Now() < end;) {
    // A connection that was refused is tried again after seconds: take a new one each time.
    Client client(target);
    grpc::ClientContext context;
    client.Prepare(&context, 1);
    grpc::ByteBuffer response;
    grpc::Slice nothing("", 0);
    const grpc::ByteBuffer request(&nothing, 1);
    if (CallOnce(client.stub(0), &context, "/grpc.health.v1.Health/Check", request, &response).ok() &&
        ToString(response) == kServing) {
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return false;
}

}  // namespace folio::bench
