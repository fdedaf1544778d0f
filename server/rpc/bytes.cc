#include "server/rpc/bytes.h"

#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "server/base/error.h"

namespace folio::rpc {

bool ParseBytes(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite* message) {
  const auto parse = [message](const grpc::Slice& slice) {
    return slice.size() <= static_cast<size_t>(std::numeric_limits<int>::max()) &&
           message->ParseFromArray(slice.begin(), static_cast<int>(slice.size()));
  };
  grpc::Slice whole;
  if (bytes.TrySingleSlice(&whole).ok()) return parse(whole);
  // A message that straddles two reads of the socket is in several slices: about one in a hundred.
  return bytes.DumpToSingleSlice(&whole).ok() && parse(whole);
}

absl::Status Unparsable() { return error::InvalidField("", "REQUEST_MALFORMED"); }

grpc::ByteBuffer ToBytes(std::string data) {
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
