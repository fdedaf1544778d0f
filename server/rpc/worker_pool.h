// A bounded pool of threads, for work that may block: long scans, files, statistics. gRPC's own threads must not.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/status/status.h"

namespace folio::rpc {

// Threads that work, and tasks that may wait for one: beyond it work is refused rather than queued without end.
inline constexpr int kWorkerThreads = 4;
inline constexpr int kWorkerQueueMax = 256;

class WorkerPool {
 public:
  explicit WorkerPool(int threads = kWorkerThreads, int queue_max = kWorkerQueueMax);

  // Stops, if that has not been done.
  ~WorkerPool();

  // Finishes what was submitted, then stops.
  void Stop();

  // Queues a task. RESOURCE_EXHAUSTED (OVERLOADED) where too many wait, UNAVAILABLE (SHUTTING_DOWN) after Stop: it is
  // then not run.
  absl::Status Submit(std::function<void()> task);

 private:
  void Loop();

  const size_t queue_max_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;  // guarded by mutex_
  bool stopping_ = false;                    // guarded by mutex_
  std::vector<std::thread> threads_;         // last: they use all of the above
};

}  // namespace folio::rpc
