#include "server/services/watch_hub.h"

#include <utility>
#include <vector>

#include "server/services/watcher.h"

namespace folio::services {

namespace {

// How long a change may wait for others to share a message with.
constexpr auto kTick = std::chrono::milliseconds(20);
// How often quiet watches are looked at, for their checkpoints.
constexpr auto kIdle = std::chrono::seconds(1);

}  // namespace

WatchHub::WatchHub() : thread_([this] { Loop(); }) {}

WatchHub::~WatchHub() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void WatchHub::Add(std::shared_ptr<Watcher> watcher, portfolio::Workspace& workspace) {
  workspace.feed().SetListener([this] { Wake(); });
  std::lock_guard lock(mutex_);
  const Watcher* key = watcher.get();
  watchers_[key] = std::move(watcher);
  woken_ = true;
  wake_.notify_one();
}

void WatchHub::Remove(const Watcher* watcher) {
  std::lock_guard lock(mutex_);
  watchers_.erase(watcher);
}

void WatchHub::Wake() {
  std::lock_guard lock(mutex_);
  if (woken_ || watchers_.empty()) return;
  woken_ = true;
  wake_.notify_one();
}

void WatchHub::Loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait_for(lock, kIdle, [this] { return woken_ || stopping_; });
    if (woken_ && !stopping_) wake_.wait_for(lock, kTick, [this] { return stopping_; });
    woken_ = false;
    std::vector<std::shared_ptr<Watcher>> watchers;
    watchers.reserve(watchers_.size());
    for (const auto& [key, watcher] : watchers_) watchers.push_back(watcher);
    lock.unlock();
    WatchRound round;
    for (const auto& watcher : watchers) watcher->Pump(round);
    watchers.clear();
    lock.lock();
  }
}

}  // namespace folio::services
