#include "tools/bench/replies.h"

#include <cstdint>
#include <fstream>

namespace folio::bench {

bool Replies::Load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  uint32_t length = 0;
  while (file.read(reinterpret_cast<char*>(&length), sizeof length)) {
    std::string reply(length, '\0');
    if (!file.read(reply.data(), length)) return false;
    replies_.emplace_back(reply);
  }
  return !replies_.empty();
}

grpc::ByteBuffer Replies::Next() {
  if (replies_.empty()) return {};
  // A copy of the bytes, as a server that has just read them would make.
  const grpc::Slice& reply = replies_[next_.fetch_add(1, std::memory_order_relaxed) % replies_.size()];
  grpc::Slice copy(reply.begin(), reply.size());
  return grpc::ByteBuffer(&copy, 1);
}

}  // namespace folio::bench
