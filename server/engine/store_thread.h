// A thread that does one thing at a time for another: the committer's commits, while it evaluates the next group.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace folio::engine {

// Used by one thread.
class StoreThread {
 public:
  StoreThread();

  // Finishes what was started.
  ~StoreThread();

  // Has the thread run a task, once the one before has ended.
  void Start(std::function<void()> task);

  // Returns once nothing is under way.
  void WaitUntilIdle();

 private:
  void Loop();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::function<void()> task_;  // under way, or none; guarded by mutex_
  bool stopping_ = false;       // guarded by mutex_
  std::thread thread_;          // last: it uses all of the above
};

}  // namespace folio::engine
