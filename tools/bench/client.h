// A client of raw bytes: cheap enough to leave most of the machine to the server it measures.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/message_lite.h"
#include "grpcpp/client_context.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"

namespace folio::bench {

struct Target {
  std::string address;  // "127.0.0.1:7420"
  std::string key;      // API key; empty: none is sent
  int channels = 2;     // connections
};

grpc::ByteBuffer ToBytes(const google::protobuf::MessageLite& message);
std::string ToString(const grpc::ByteBuffer& bytes);

class Client {
 public:
  explicit Client(const Target& target);

  // The stub of connection `number` modulo their count.
  grpc::GenericStub& stub(size_t number) { return *stubs_[number % stubs_.size()]; }

  // Prepares a context: key and deadline.
  void Prepare(grpc::ClientContext* context, double deadline_seconds) const;

  // One call, waited for. False, with the reason in `error`, where it failed.
  bool Call(const std::string& method, const google::protobuf::MessageLite& request,
            google::protobuf::MessageLite* response, std::string* error);

 private:
  std::string bearer_;
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs_;
};

// Asks the standard health service until it says SERVING. False once the seconds are over.
bool WaitUntilServing(const Target& target, double seconds);

}  // namespace folio::bench
