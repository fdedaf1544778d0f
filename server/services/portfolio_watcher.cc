#include "server/services/portfolio_watcher.h"

#include <utility>

#include "server/base/error.h"
#include "server/base/id.h"
#include "server/base/limits.h"
#include "server/portfolio/queries.h"
#include "server/rpc/bytes.h"
#include "server/rpc/worker_pool.h"

namespace folio::services {

namespace {

// How long a change may wait for others of its row.
constexpr auto kTick = std::chrono::milliseconds(100);
// A quiet watch gets a fresh token this often.
constexpr auto kCheckpointEvery = std::chrono::seconds(15);
// A reader that takes nothing for so long is ended.
constexpr auto kPatience = std::chrono::minutes(1);
// What ended watches have told is kept so long, and for so many.
constexpr auto kKeptFor = std::chrono::minutes(2);
constexpr size_t kKeptMax = 16;
constexpr int kIdBytes = 8;
// What may wait for a reader: a few messages, which the telling can go back by.
constexpr int64_t kPendingBytesMax = limits::kWatchBufferBytesMax / 4;

}  // namespace

PortfolioWatchers::PortfolioWatchers() : thread_([this] { Loop(); }) {}

PortfolioWatchers::~PortfolioWatchers() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void PortfolioWatchers::Add(std::shared_ptr<PortfolioWatcher> watcher) {
  {
    const std::lock_guard lock(mutex_);
    const PortfolioWatcher* key = watcher.get();
    watchers_[key] = std::move(watcher);
  }
  wake_.notify_all();
}

void PortfolioWatchers::Remove(const PortfolioWatcher* watcher) {
  const std::lock_guard lock(mutex_);
  ended_.push_back({.session = watcher->session(), .time = Clock::now()});
  watchers_.erase(watcher);
  ForgetOld();
}

void PortfolioWatchers::ForgetOld() {
  while (!ended_.empty() && (ended_.size() > kKeptMax || Clock::now() - ended_.front().time > kKeptFor)) {
    ended_.pop_front();
  }
  std::erase_if(sessions_, [](const auto& session) { return session.second.expired(); });
}

std::shared_ptr<PortfolioSession> PortfolioWatchers::Begin(const std::shared_ptr<portfolio::Workspace>& workspace,
                                                           model::Filter filter) {
  auto session = std::make_shared<PortfolioSession>(NewRandomHex(kIdBytes), workspace, std::move(filter));
  const std::lock_guard lock(mutex_);
  sessions_[session->id] = session;
  return session;
}

std::shared_ptr<PortfolioSession> PortfolioWatchers::Resume(const std::shared_ptr<portfolio::Workspace>& workspace,
                                                            const PortfolioPosition& position,
                                                            const std::shared_ptr<rpc::Stream>& stream) {
  std::shared_ptr<PortfolioSession> session;
  {
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(position.telling);
    if (found != sessions_.end()) session = found->second.lock();
    std::erase_if(ended_, [&session](const Ended& ended) { return ended.session == session; });
  }
  if (session == nullptr || session->workspace.lock() != workspace) return nullptr;
  std::shared_ptr<rpc::Stream> before;
  {
    const std::lock_guard lock(session->mutex);
    if (!session->telling.GoBackTo(position.number)) return nullptr;
    before = session->stream.lock();
    session->stream = stream;
  }
  // Of a client that is gone, though the server does not know it yet.
  if (before != nullptr) before->Abort(absl::CancelledError("another stream goes on with it"));
  return session;
}

void PortfolioWatchers::Loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (watchers_.empty() && ended_.empty()) {
      wake_.wait(lock, [this] { return stopping_ || !watchers_.empty() || !ended_.empty(); });
      continue;
    }
    std::vector<std::shared_ptr<PortfolioWatcher>> watchers;
    watchers.reserve(watchers_.size());
    for (const auto& [key, watcher] : watchers_) watchers.push_back(watcher);
    ForgetOld();
    lock.unlock();
    for (const auto& watcher : watchers) watcher->Look();
    watchers.clear();
    lock.lock();
    wake_.wait_for(lock, kTick, [this] { return stopping_; });
  }
}

absl::StatusOr<std::shared_ptr<rpc::StreamHandler>> PortfolioWatcher::Open(std::shared_ptr<rpc::Stream> stream,
                                                                           rpc::ServerContext& server,
                                                                           PortfolioWatchers& watchers,
                                                                           const v1::WatchPortfolioRequest& request) {
  const std::shared_ptr<portfolio::Workspace>& workspace = stream->context().workspace;
  auto filter = portfolio::AccountFilter(*workspace, *workspace->portfolio().snapshot(), request.filter());
  if (!filter.ok()) return filter.status();
  const uint64_t binding = FilterBinding(request.filter());
  std::shared_ptr<PortfolioSession> session;
  if (!request.resume_token().empty()) {
    const auto position = DecodePortfolioToken(request.resume_token(), workspace->storage().store_id(), binding);
    if (!position.ok()) return position.status();
    session = watchers.Resume(workspace, *position, stream);
  }
  const bool begins_again = session == nullptr && !request.resume_token().empty();
  if (session == nullptr) {
    session = watchers.Begin(workspace, *std::move(filter));
    session->stream = stream;  // nobody else knows it yet
  }
  return std::make_shared<PortfolioWatcher>(std::move(stream), server, watchers, std::move(session), binding,
                                            begins_again);
}

void PortfolioWatcher::OnOpen() { watchers_.Add(shared_from_this()); }

void PortfolioWatcher::OnDrained() { Look(); }

void PortfolioWatcher::OnOver() { watchers_.Remove(this); }

bool PortfolioWatcher::MayWrite() const { return !stream_->over() && stream_->pending_bytes() < kPendingBytesMax; }

void PortfolioWatcher::Look() {
  const std::lock_guard lock(mutex_);
  if (telling_ || stream_->over()) return;
  const auto silence = Clock::now() - last_sent_;
  if (!MayWrite()) {
    if (silence > kPatience) stream_->Abort(error::FellBehind(""));
  } else if (silence > kCheckpointEvery || HasNews()) {
    // Where there is too much to do, the next look tries again.
    telling_ = server_.workers.Submit([self = shared_from_this()] { self->Tell(); }).ok();
  }
}

bool PortfolioWatcher::HasNews() const {
  const std::lock_guard lock(session_->mutex);
  return !session_->telling.IsUpToDate(portfolio());
}

// On a worker.
void PortfolioWatcher::Tell() {
  int64_t sent = 0;
  {
    const std::lock_guard lock(session_->mutex);
    while (MayWrite() && session_->stream.lock() == stream_) {
      auto message = session_->telling.Next(portfolio());
      if (!message && sent > 0) break;
      if (message) {
        Send(std::move(*message));
      } else if (Clock::now() - last_sent_ > kCheckpointEvery) {
        v1::WatchPortfolioResponse position;
        session_->telling.FillPosition(portfolio(), &position);
        Send(std::move(position));
      } else {
        break;
      }
      ++sent;
    }
  }
  const std::lock_guard lock(mutex_);
  if (sent > 0) last_sent_ = Clock::now();
  telling_ = false;
}

// With the session's mutex held.
void PortfolioWatcher::Send(v1::WatchPortfolioResponse message) {
  message.set_begins_again(std::exchange(begins_again_, false));
  message.set_resume_token(EncodePortfolioToken(stream_->context().workspace->storage().store_id(), filter_,
                                                {.telling = session_->id, .number = session_->telling.number()}));
  stream_->Write(rpc::ToBytes(message));
}

}  // namespace folio::services
