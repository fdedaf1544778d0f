// The hub of all watches: one thread that wakes when something has changed, waits a moment for more, and lets every
// watch send what is new. A burst of changes becomes one message.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "server/portfolio/workspace.h"

namespace folio::services {

class Watcher;

class WatchHub {
 public:
  WatchHub();
  ~WatchHub();

  // Takes a watch, and listens to its workspace from now on.
  void Add(std::shared_ptr<Watcher> watcher, portfolio::Workspace& workspace);
  void Remove(const Watcher* watcher);

  // There may be something to send. Any thread; quick.
  void Wake();

 private:
  void Loop();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::unordered_map<const Watcher*, std::shared_ptr<Watcher>> watchers_;  // guarded by mutex_
  bool woken_ = false;                                                     // guarded by mutex_
  bool stopping_ = false;                                                  // guarded by mutex_
  std::thread thread_;                                                     // last: it uses all of the above
};

}  // namespace folio::services
