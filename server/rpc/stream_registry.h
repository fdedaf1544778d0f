// The streams that are open, so that a stop can end them: gRPC's own shutdown waits for streams that never finish.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "absl/status/status.h"

namespace folio::rpc {

struct Principal;
class Stream;

// Any thread.
class StreamRegistry {
 public:
  void Add(const std::shared_ptr<Stream>& stream);
  void Remove(const Stream* stream);

  // Ends every open stream with this status.
  void AbortAll(const absl::Status& status);

  // Ends the open streams of some principals.
  void AbortWhere(const absl::Status& status, const std::function<bool(const Principal&)>& matches);

  size_t size() const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<const Stream*, std::weak_ptr<Stream>> open_;  // guarded by mutex_
};

}  // namespace folio::rpc
