// The streams that are open, so that a stop can end them: gRPC's own shutdown waits for streams that never finish.
#pragma once

#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "absl/status/status.h"

namespace folio::rpc {

class Stream;

// Any thread.
class StreamRegistry {
 public:
  void Add(const std::shared_ptr<Stream>& stream);
  void Remove(const Stream* stream);

  // Ends every open stream with this status, or only those of one workspace.
  void AbortAll(const absl::Status& status, std::string_view workspace = {});

  size_t size() const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<const Stream*, std::weak_ptr<Stream>> open_;  // guarded by mutex_
};

}  // namespace folio::rpc
