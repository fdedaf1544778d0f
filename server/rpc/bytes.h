// Between gRPC's byte buffers, protobuf messages and strings, for methods that deal in bytes.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "google/protobuf/message_lite.h"
#include "grpcpp/support/byte_buffer.h"

namespace folio::rpc {

// RESOURCE_EXHAUSTED (MESSAGE_TOO_LARGE) for a request of more than limits::kRequestBytesMax bytes.
absl::Status CheckRequestBytes(size_t bytes);

// Parses a request, which may lie in several slices, unless it is too large (CheckRequestBytes). INVALID_ARGUMENT
// (REQUEST_MALFORMED) where the bytes are not such a message.
absl::Status ParseRequest(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite* message);

// A buffer that owns the string: a large one is not copied.
grpc::ByteBuffer ToBytes(std::string data);

// A buffer with a message serialised into it.
grpc::ByteBuffer ToBytes(const google::protobuf::MessageLite& message);

}  // namespace folio::rpc
