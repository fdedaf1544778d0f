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

void WatchBell::Ring() {
  std::lock_guard lock(mutex_);
  if (rung_) return;
  rung_ = true;
  wake_.notify_one();
}

void WatchBell::Close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
  wake_.notify_one();
}

bool WatchBell::WaitForRing(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, most, [this] { return rung_ || closed_; });
  rung_ = false;
  return !closed_;
}

bool WatchBell::Pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !wake_.wait_for(lock, time, [this] { return closed_; });
}

WatchHub::WatchHub() : thread_([this] { Loop(); }) {}

WatchHub::~WatchHub() {
  bell_->Close();
  thread_.join();
}

void WatchHub::Add(std::shared_ptr<Watcher> watcher, portfolio::Workspace& workspace) {
  workspace.feed().SetListener([bell = bell_] { bell->Ring(); });
  {
    std::lock_guard lock(mutex_);
    const Watcher* key = watcher.get();
    watchers_[key] = std::move(watcher);
  }
  Wake();
}

void WatchHub::Remove(const Watcher* watcher) {
  std::lock_guard lock(mutex_);
  watchers_.erase(watcher);
}

void WatchHub::Loop() {
  while (bell_->WaitForRing(kIdle) && bell_->Pause(kTick)) {
    std::vector<std::shared_ptr<Watcher>> watchers;
    {
      std::lock_guard lock(mutex_);
      watchers.reserve(watchers_.size());
      for (const auto& [key, watcher] : watchers_) watchers.push_back(watcher);
    }
    WatchRound round;
    for (const auto& watcher : watchers) watcher->Pump(round);
  }
}

}  // namespace folio::services
