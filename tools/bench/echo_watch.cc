#include "tools/bench/echo_watch.h"

#include "folio/v1/watch.pb.h"

namespace folio::bench {

void HubWatch::Send(const grpc::Slice& message) {
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  queue_.push_back(message);
  if (queue_.size() == 1) WriteFront();
}

void HubWatch::WriteFront() {
  writing_ = grpc::ByteBuffer(&queue_.front(), 1);
  StartWrite(&writing_);
}

void HubWatch::OnWriteDone(bool ok) {
  const std::lock_guard lock(mutex_);
  queue_.pop_front();
  if (!ok || finished_) return;
  if (!queue_.empty()) WriteFront();
}

void HubWatch::OnCancel() {
  hub_->Forget(this);
  const std::lock_guard lock(mutex_);
  finished_ = true;
  Finish(grpc::Status::OK);
}

void HubWatch::OnDone() { delete this; }

Hub::Hub() : thread_([this] { Run(); }) {}

Hub::~Hub() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

HubWatch* Hub::Open() {
  auto* watch = new HubWatch(this);
  const std::lock_guard lock(mutex_);
  watches_.insert(watch);
  return watch;
}

void Hub::Forget(HubWatch* watch) {
  const std::lock_guard lock(mutex_);
  watches_.erase(watch);
}

void Hub::Publish(const std::string& account_bytes) {
  v1::WatchResponse response;
  v1::ChangeEvent* event = response.add_events();
  event->set_type(v1::CHANGE_TYPE_UPDATED);
  event->set_actor("apiKeys/bench");
  if (!event->mutable_account()->ParseFromString(account_bytes)) return;
  event->set_name(event->account().name());
  {
    const std::lock_guard lock(mutex_);
    event->set_revision(++revision_);
    response.set_revision(revision_);
    response.set_resume_token(std::string(32, 'r'));
    events_.emplace_back(response.SerializeAsString());
  }
  wake_.notify_one();
}

void Hub::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !events_.empty(); });
    if (stopping_) return;
    const grpc::Slice event = std::move(events_.front());
    events_.pop_front();
    // Under the lock: Forget waits, so none of them is gone before it has the event.
    for (HubWatch* watch : watches_) watch->Send(event);
  }
}

}  // namespace folio::bench
