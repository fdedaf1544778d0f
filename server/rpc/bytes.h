// Between gRPC's byte buffers, protobuf messages and strings, for methods that deal in bytes.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "google/protobuf/message_lite.h"
#include "grpcpp/support/byte_buffer.h"

namespace folio::rpc {

// Parses a buffer that may lie in several slices. False where the bytes are not such a message.
bool ParseBytes(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite* message);

// What a request is answered whose bytes are not its message.
absl::Status Unparsable();

// A buffer that owns the string: nothing is copied.
grpc::ByteBuffer ToBytes(std::string data);

// A buffer with a message serialised into it.
grpc::ByteBuffer ToBytes(const google::protobuf::MessageLite& message);

}  // namespace folio::rpc
