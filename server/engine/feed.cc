#include "server/engine/feed.h"

#include <utility>

#include "folio/store/v1/log.pb.h"
#include "folio/v1/watch.pb.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/wire_format_lite.h"
#include "server/base/date.h"
#include "server/base/error.h"
#include "server/engine/resources.h"

namespace folio::engine {

namespace log = ::folio::store::v1;
using google::protobuf::internal::WireFormatLite;

namespace {

// What is kept in memory for watches that are up to date, or nearly.
constexpr int64_t kMemoryBytes = 32 << 20;

v1::ChangeType TypeOf(log::ChangeKind kind) {
  switch (kind) {
    case log::CHANGE_KIND_CREATED:
      return v1::CHANGE_TYPE_CREATED;
    case log::CHANGE_KIND_UPDATED:
      return v1::CHANGE_TYPE_UPDATED;
    case log::CHANGE_KIND_DELETED:
      return v1::CHANGE_TYPE_DELETED;
    case log::CHANGE_KIND_FACTS:
      return v1::CHANGE_TYPE_FACTS;
    default:
      return v1::CHANGE_TYPE_UNSPECIFIED;
  }
}

// The event with its resource's bytes as they are stored, framed as a field of WatchResponse.
std::string Frame(const v1::ChangeEvent& event, int resource_field, std::string_view resource) {
  std::string body = event.SerializeAsString();
  if (resource_field != 0 && event.type() != v1::CHANGE_TYPE_DELETED) {
    google::protobuf::io::StringOutputStream stream(&body);
    google::protobuf::io::CodedOutputStream out(&stream);
    out.WriteTag(WireFormatLite::MakeTag(resource_field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED));
    out.WriteVarint32(static_cast<uint32_t>(resource.size()));
    out.WriteRaw(resource.data(), static_cast<int>(resource.size()));
  }
  std::string frame;
  frame.reserve(body.size() + 6);
  {
    google::protobuf::io::StringOutputStream stream(&frame);
    google::protobuf::io::CodedOutputStream out(&stream);
    out.WriteTag(
        WireFormatLite::MakeTag(v1::WatchResponse::kEventsFieldNumber, WireFormatLite::WIRETYPE_LENGTH_DELIMITED));
    out.WriteVarint32(static_cast<uint32_t>(body.size()));
  }
  frame += body;
  return frame;
}

}  // namespace

const std::vector<FeedEvent>& FeedItem::events() const {
  std::call_once(decoded_, [this] {
    log::LogEntry entry;
    if (!entry.ParseFromString(entry_)) return;  // checked by its checksum when it was read
    int ordinal = 0;
    for (const log::Change& change : entry.changes()) {
      const ResourceType* type = FindResource(static_cast<storage::Kind>(change.kind()));
      if (type == nullptr || TypeOf(change.change()) == v1::CHANGE_TYPE_UNSPECIFIED) continue;
      v1::ChangeEvent event;
      event.set_revision(revision_);
      event.set_ordinal(ordinal++);
      event.set_type(TypeOf(change.change()));
      *event.mutable_commit_time() = ToProtoTime(entry.time());
      event.set_actor(entry.actor());
      FeedEvent ready{.kind = static_cast<storage::Kind>(change.kind())};
      if (change.change() == log::CHANGE_KIND_FACTS) {
        v1::FactBatch batch;
        batch.ParseFromString(change.data());
        ready.accounts.assign(batch.accounts().begin(), batch.accounts().end());
      } else {
        event.set_name(type->schema.NameOf(change.id()));
        ready.account = AccountOf(ready.kind, change.id(), change.data());
      }
      ready.frame = Frame(event, type->event_field, change.data());
      events_.push_back(std::move(ready));
    }
  });
  return events_;
}

Feed::Feed(const storage::Storage& storage) : storage_(storage), head_(storage.head()) {}

void Feed::Append(storage::Revision first, std::vector<std::string> entries) {
  {
    std::lock_guard lock(mutex_);
    for (std::string& entry : entries) {
      bytes_ += static_cast<int64_t>(entry.size());
      items_.push_back(std::make_shared<const FeedItem>(first++, std::move(entry)));
    }
    while (bytes_ > kMemoryBytes && items_.size() > 1) {
      bytes_ -= static_cast<int64_t>(items_.front()->bytes());
      items_.pop_front();
    }
    head_ = first - 1;
  }
  std::lock_guard lock(listener_mutex_);
  if (listener_) listener_();
}

storage::Revision Feed::head() const {
  std::lock_guard lock(mutex_);
  return head_;
}

bool Feed::InMemory(storage::Revision after) const {
  std::lock_guard lock(mutex_);
  return after >= head_ || (!items_.empty() && items_.front()->revision() <= after + 1);
}

absl::StatusOr<std::vector<std::shared_ptr<const FeedItem>>> Feed::Read(storage::Revision after,
                                                                        int64_t max_bytes) const {
  std::vector<std::shared_ptr<const FeedItem>> found;
  int64_t bytes = 0;
  {
    std::lock_guard lock(mutex_);
    if (after >= head_) return found;
    if (!items_.empty() && items_.front()->revision() <= after + 1) {
      for (auto i = static_cast<size_t>(after + 1 - items_.front()->revision()); i < items_.size() && bytes < max_bytes;
           ++i) {
        bytes += static_cast<int64_t>(items_[i]->bytes());
        found.push_back(items_[i]);
      }
      return found;
    }
  }
  const absl::Status read = storage_.ReadLog(after, [&](storage::Revision revision, std::string_view entry) {
    bytes += static_cast<int64_t>(entry.size());
    found.push_back(std::make_shared<const FeedItem>(revision, std::string(entry)));
    return bytes < max_bytes;
  });
  if (absl::IsOutOfRange(read)) return error::LogCompacted(after + 1, storage_.first_log_revision());
  if (!read.ok()) return error::FromStorage(read);
  return found;
}

void Feed::SetListener(std::function<void()> listener) {
  std::lock_guard lock(listener_mutex_);
  listener_ = std::move(listener);
}

std::string SnapshotFrame(storage::Kind kind, std::string_view id, storage::Revision revision, std::string_view data) {
  const ResourceType& type = *FindResource(kind);
  v1::ChangeEvent event;
  event.set_revision(revision);
  event.set_type(v1::CHANGE_TYPE_SNAPSHOT);
  event.set_name(type.schema.NameOf(id));
  return Frame(event, type.event_field, data);
}

std::string AccountOf(storage::Kind kind, std::string_view id, std::string_view data) {
  const ResourceType& type = *FindResource(kind);
  if (type.schema.collection() == "accounts") return type.schema.NameOf(id);
  const auto* field = type.schema.descriptor()->FindFieldByName("account");
  if (field == nullptr) return "";
  const auto message = type.NewMessage();
  message->ParseFromArray(data.data(), static_cast<int>(data.size()));
  return message->GetReflection()->GetString(*message, field);
}

}  // namespace folio::engine
