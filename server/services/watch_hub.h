// The hub of all watches: one thread that wakes when something has changed, waits a moment for more, and lets every
// watch send what is new. A burst of changes becomes one message.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "server/portfolio/workspace.h"

namespace folio::services {

class Watcher;

// What wakes the hub. Feeds keep it, so it may be rung after the hub is gone.
class WatchBell {
 public:
  // Any thread; quick.
  void Ring();
  // Wakes the waiter for good.
  void Close();
  // Returns when it has been rung since the last call, or after `most`. False once it is closed.
  bool WaitForRing(std::chrono::milliseconds most);
  // Returns after `time`. False once it is closed.
  bool Pause(std::chrono::milliseconds time);

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool rung_ = false;    // guarded by mutex_
  bool closed_ = false;  // guarded by mutex_
};

class WatchHub {
 public:
  WatchHub();
  ~WatchHub();

  // Takes a watch, and listens to its workspace from now on.
  void Add(std::shared_ptr<Watcher> watcher, portfolio::Workspace& workspace);
  void Remove(const Watcher* watcher);

  // There may be something to send. Any thread; quick.
  void Wake() { bell_->Ring(); }

 private:
  void Loop();

  const std::shared_ptr<WatchBell> bell_ = std::make_shared<WatchBell>();
  std::mutex mutex_;
  std::unordered_map<const Watcher*, std::shared_ptr<Watcher>> watchers_;  // guarded by mutex_
  std::thread thread_;                                                     // last: it uses all of the above
};

}  // namespace folio::services
