// Answers captured from a real server by bench_load, to be repeated.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "grpcpp/support/byte_buffer.h"

namespace folio::bench {

class Replies {
 public:
  // Reads a file of answers, each behind its length as four bytes. False where there is none in it.
  bool Load(const std::string& path);

  // The next one, in turns; empty where none was loaded. Any thread may ask.
  grpc::ByteBuffer Next();

 private:
  std::vector<grpc::Slice> replies_;
  std::atomic<size_t> next_ = 0;
};

}  // namespace folio::bench
