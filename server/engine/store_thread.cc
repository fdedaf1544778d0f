#include "server/engine/store_thread.h"

#include <utility>

namespace folio::engine {

StoreThread::StoreThread() : thread_([this] { Loop(); }) {}

StoreThread::~StoreThread() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void StoreThread::Start(std::function<void()> task) {
  {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return task_ == nullptr; });
    task_ = std::move(task);
  }
  wake_.notify_all();
}

void StoreThread::WaitUntilIdle() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return task_ == nullptr; });
}

void StoreThread::Loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || task_ != nullptr; });
    if (task_ == nullptr) return;
    lock.unlock();
    task_();  // nobody else touches it while it is set
    lock.lock();
    task_ = nullptr;
    wake_.notify_all();
  }
}

}  // namespace folio::engine
