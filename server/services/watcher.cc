#include "server/services/watcher.h"

#include <algorithm>
#include <utility>

#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/engine/resources.h"
#include "server/rpc/bytes.h"
#include "server/rpc/worker_pool.h"
#include "server/services/watch_hub.h"

namespace folio::services {

namespace {

// Bytes of one message of changes, about.
constexpr int64_t kMessageBytes = 1 << 20;
// A quiet watch gets a fresh token this often, so that it never resumes from far back.
constexpr auto kCheckpointEvery = std::chrono::seconds(15);

// The fields of a message that follow its events.
std::string Tail(std::string_view store_id, const WatchPosition& position, bool snapshot_complete) {
  v1::WatchResponse tail;
  tail.set_resume_token(EncodeWatchToken(store_id, position));
  tail.set_revision(position.revision);
  // Changes come to the feed after everything has been computed from them.
  tail.set_computed_through(position.revision);
  tail.set_snapshot_complete(snapshot_complete);
  return tail.SerializeAsString();
}

// The kind after another in a snapshot; 0 after the last.
storage::Kind NextSnapshotKind(storage::Kind kind) {
  for (const engine::ResourceType& type : engine::AllResources()) {
    if (type.kind > kind && type.event_field != 0 && type.kind != engine::kFact) return type.kind;
  }
  return 0;
}

}  // namespace

bool WatchFilter::Matches(const engine::FeedEvent& event) const {
  if (!kinds.empty() && !kinds.contains(event.kind)) return false;
  if (account.empty() || event.account == account) return true;
  return std::find(event.accounts.begin(), event.accounts.end(), account) != event.accounts.end();
}

std::string WatchFilter::Key() const {
  std::string key = account;
  for (const storage::Kind kind : kinds) key += '\n' + std::to_string(kind);
  return key;
}

const WatchRound::Message& WatchRound::After(portfolio::Workspace& workspace, storage::Revision after,
                                             const WatchFilter& filter) {
  const auto [slot, is_new] = messages_.try_emplace({&workspace, after, filter.Key()});
  Message& message = slot->second;
  if (!is_new) return message;
  message.through = after;
  std::string bytes;
  const auto items = workspace.feed().Read(after, kMessageBytes);
  if (items.ok()) {
    for (const auto& item : *items) {
      for (const engine::FeedEvent& event : item->events()) {
        if (!filter.Matches(event)) continue;
        bytes += event.frame;
        message.has_events = true;
      }
      message.through = item->revision();
    }
  }
  bytes += Tail(workspace.storage().store_id(), {.revision = message.through}, false);
  message.bytes = rpc::ToBytes(std::move(bytes));
  return message;
}

Watcher::Watcher(std::shared_ptr<rpc::Stream> stream, rpc::ServerContext& server, WatchHub& hub, WatchFilter filter,
                 WatchPosition start)
    : stream_(std::move(stream)), server_(server), hub_(hub), filter_(std::move(filter)), position_(start) {}

absl::StatusOr<WatchPosition> Watcher::StartOf(const portfolio::Workspace& workspace, const v1::WatchRequest& request) {
  const storage::Storage& storage = workspace.storage();
  WatchPosition start{.revision = storage.head()};
  switch (request.start_case()) {
    case v1::WatchRequest::kResumeToken: {
      const auto token = DecodeWatchToken(request.resume_token(), storage.store_id());
      if (!token.ok()) return token.status();
      start = *token;
      break;
    }
    case v1::WatchRequest::kSnapshot:
      if (request.snapshot()) start.kind = NextSnapshotKind(0);
      break;
    case v1::WatchRequest::kAfterRevision:
      start.revision = request.after_revision();
      break;
    case v1::WatchRequest::START_NOT_SET:
      break;
  }
  if (start.revision < 0 || start.revision > storage.head()) {
    return error::InvalidField("after_revision", "REVISION_IN_FUTURE",
                               {{"wanted", std::to_string(start.revision)}, {"head", std::to_string(storage.head())}});
  }
  if (start.kind == 0 && start.revision + 1 < storage.first_log_revision()) {
    return error::LogCompacted(start.revision + 1, storage.first_log_revision());
  }
  return start;
}

absl::StatusOr<WatchFilter> Watcher::FilterOf(const v1::WatchRequest& request) {
  WatchFilter filter{.account = request.account()};
  for (int i = 0; i < request.collections_size(); ++i) {
    const engine::ResourceType* type = engine::FindResource(std::string_view(request.collections(i)));
    if (type == nullptr || type->event_field == 0) {
      return error::InvalidField("collections[" + std::to_string(i) + "]", "WATCH_COLLECTION",
                                 {{"collection", request.collections(i)}});
    }
    filter.kinds.insert(type->kind);
  }
  if (!request.account().empty()) {
    const auto id = engine::FindResource(engine::kAccount)->schema.IdOf(request.account(), "account");
    if (!id.ok()) return id.status();
  }
  return filter;
}

void Watcher::OnOpen() {
  {
    std::lock_guard lock(mutex_);
    // At once, so that the client knows that it watches, and from where.
    Send(rpc::ToBytes(Tail(workspace().storage().store_id(), position_, false)));
  }
  hub_.Add(shared_from_this(), workspace());
}

void Watcher::OnDrained() { hub_.Wake(); }

void Watcher::OnOver() { hub_.Remove(this); }

bool Watcher::MayWrite() const { return !stream_->over() && stream_->pending_bytes() < limits::kWatchBufferBytesMax; }

void Watcher::Pump(WatchRound& round) {
  std::lock_guard lock(mutex_);
  if (catching_up_ || !MayWrite()) return;
  if (position_.kind != 0 || !workspace().feed().InMemory(position_.revision)) return StartCatchingUp();
  const WatchRound::Message& message = round.After(workspace(), position_.revision, filter_);
  position_.revision = message.through;
  if (message.has_events || Clock::now() - last_sent_ > kCheckpointEvery) Send(message.bytes);
}

// With mutex_ held.
void Watcher::StartCatchingUp() {
  catching_up_ = true;
  const absl::Status queued = server_.workers.Submit([self = shared_from_this()] { self->CatchUp(); });
  // Too much to do: the hub's next round tries again.
  if (!queued.ok()) catching_up_ = false;
}

void Watcher::CatchUp() {
  while (MayWrite()) {
    if (position_.kind != 0) {
      if (!SendSnapshotPart()) return;
    } else if (workspace().feed().InMemory(position_.revision)) {
      break;
    } else if (!SendLogPart()) {
      return;
    }
  }
  {
    std::lock_guard lock(mutex_);
    catching_up_ = false;
  }
  hub_.Wake();
}

// Sends records of the snapshot, about one message of them. What has changed since the snapshot's revision is left to
// the log, so that nothing is sent twice. False where the watch has ended.
bool Watcher::SendSnapshotPart() {
  const storage::Kind kind = position_.kind;
  std::string bytes;
  bool cut = false;
  const bool wanted = filter_.kinds.empty() || filter_.kinds.contains(kind);
  const absl::Status scanned =
      !wanted ? absl::OkStatus()
              : workspace().storage().Scan(kind, position_.key + 1, [&](const storage::RecordView& record) {
                  position_.key = record.key;
                  if (record.revision > position_.revision) return true;
                  if (!filter_.account.empty() && engine::AccountOf(kind, record.id, record.data) != filter_.account)
                    return true;
                  bytes += engine::SnapshotFrame(kind, record.id, record.revision, record.data);
                  cut = static_cast<int64_t>(bytes.size()) >= kMessageBytes;
                  return !cut;
                });
  if (!scanned.ok()) {
    stream_->Abort(error::FromStorage(scanned));
    return false;
  }
  if (!cut) position_ = {.revision = position_.revision, .kind = NextSnapshotKind(kind)};
  bytes += Tail(workspace().storage().store_id(), position_, position_.kind == 0);
  Send(rpc::ToBytes(std::move(bytes)));
  return true;
}

// Sends changes from the log, about one message of them. False where the watch has ended.
bool Watcher::SendLogPart() {
  const auto items = workspace().feed().Read(position_.revision, kMessageBytes);
  if (!items.ok()) {
    stream_->Abort(items.status());
    return false;
  }
  std::string bytes;
  for (const auto& item : *items) {
    for (const engine::FeedEvent& event : item->events()) {
      if (filter_.Matches(event)) bytes += event.frame;
    }
    position_.revision = item->revision();
  }
  bytes += Tail(workspace().storage().store_id(), position_, false);
  Send(rpc::ToBytes(std::move(bytes)));
  return true;
}

void Watcher::Send(grpc::ByteBuffer message) {
  last_sent_ = Clock::now();
  stream_->Write(std::move(message));
}

}  // namespace folio::services
