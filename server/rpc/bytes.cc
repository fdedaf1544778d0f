#include "server/rpc/bytes.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/base/error.h"
#include "server/base/limits.h"

namespace folio::rpc {

absl::Status CheckRequestBytes(size_t bytes) {
  if (bytes <= static_cast<size_t>(limits::kRequestBytesMax)) return absl::OkStatus();
  return error::Named("MESSAGE_TOO_LARGE",
                      {{"bytes", std::to_string(bytes)}, {"maximum", std::to_string(limits::kRequestBytesMax)}});
}

absl::Status ParseRequest(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite* message) {
  if (absl::Status status = CheckRequestBytes(bytes.Length()); !status.ok()) return status;
  grpc::Slice whole;
  // A message that straddles two reads of the socket is in several slices: about one in a hundred.
  const bool gathered = bytes.TrySingleSlice(&whole).ok() || bytes.DumpToSingleSlice(&whole).ok();
  if (gathered && message->ParseFromArray(whole.begin(), static_cast<int>(whole.size()))) return absl::OkStatus();
  return error::InvalidField("", "REQUEST_MALFORMED");
}

grpc::ByteBuffer ToBytes(std::string data) {
  // One allocation and a short copy cost less than two allocations for an owner.
  constexpr size_t kCopiedBytesMax = 4096;
  if (data.size() <= kCopiedBytesMax) {
    const grpc::Slice copy(data.data(), data.size());
    return grpc::ByteBuffer(&copy, 1);
  }
  auto owner = std::make_unique<std::string>(std::move(data));
  // The library frees with the pointer that it is given, so the owner goes along as user data.
  grpc::Slice slice(
      owner->data(), owner->size(), [](void* string) { delete static_cast<std::string*>(string); }, owner.get());
  owner.release();
  return grpc::ByteBuffer(&slice, 1);
}

grpc::ByteBuffer ToBytes(const google::protobuf::MessageLite& message) {
  const size_t size = message.ByteSizeLong();
  grpc::Slice slice(size);
  message.SerializeWithCachedSizesToArray(const_cast<uint8_t*>(slice.begin()));
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace folio::rpc
