#include "server/engine/transaction.h"

#include <utility>

namespace folio::engine {

namespace {

// A change whose bytes are with the store already still has its message.
std::string DataOf(const Change& change) {
  return change.data.empty() && change.message != nullptr ? change.message->SerializeAsString() : change.data;
}

}  // namespace

Transaction::Transaction(const storage::Storage& storage, const Staged& group, storage::Revision revision, Instant now,
                         std::string_view actor, storage::Key* last_keys)
    : storage_(storage), revision_(revision), now_(now), actor_(actor), last_keys_(last_keys) {
  own_.before = &group;
}

const Change* Transaction::FindStaged(storage::Kind kind, storage::Key key) const {
  const std::pair slot(kind, key);
  for (const Staged* staged = &own_; staged != nullptr; staged = staged->before) {
    if (const auto found = staged->by_key.find(slot); found != staged->by_key.end()) {
      return &staged->changes[found->second];
    }
  }
  return nullptr;
}

std::optional<storage::Key> Transaction::FindNew(storage::Kind kind, std::string_view id) const {
  const IdSlotView slot(kind, id);
  for (const Staged* staged = &own_; staged != nullptr; staged = staged->before) {
    if (const auto found = staged->new_ids.find(slot); found != staged->new_ids.end()) return found->second;
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<SeenRecord>> Transaction::FindRecord(storage::Kind kind, std::string_view id) const {
  if (const auto key = FindNew(kind, id)) {
    const Change& made = *FindStaged(kind, *key);
    if (made.type == log::CHANGE_KIND_DELETED) return std::nullopt;
    return SeenRecord{*key, DataOf(made)};
  }
  auto stored = storage_.FindRecord(kind, id);
  if (!stored.ok()) return stored.status();
  if (!stored->has_value()) return std::nullopt;
  storage::Record& record = **stored;
  if (const Change* staged = FindStaged(kind, record.key)) {
    if (staged->type == log::CHANGE_KIND_DELETED) return std::nullopt;
    return SeenRecord{record.key, DataOf(*staged)};
  }
  return SeenRecord{record.key, std::move(record.data)};
}

absl::StatusOr<std::optional<storage::Key>> Transaction::Find(storage::Kind kind, std::string_view id) const {
  const auto record = FindRecord(kind, id);
  if (!record.ok()) return record.status();
  return record->has_value() ? std::optional<storage::Key>((*record)->key) : std::nullopt;
}

absl::StatusOr<std::optional<std::string>> Transaction::Get(storage::Kind kind, storage::Key key) const {
  if (const Change* staged = FindStaged(kind, key)) {
    if (staged->type == log::CHANGE_KIND_DELETED) return std::nullopt;
    return DataOf(*staged);
  }
  auto record = storage_.Get(kind, key);
  if (!record.ok()) return record.status();
  if (!record->has_value()) return std::nullopt;
  return std::move((*record)->data);
}

storage::Key Transaction::Put(storage::Kind kind, storage::Key key, std::string_view id, std::string data,
                              std::shared_ptr<const google::protobuf::Message> message, bool logged) {
  const bool is_new = key == 0;
  if (is_new) {
    key = ++last_keys_[kind];
    own_.new_ids[std::pair(kind, std::string(id))] = key;
  }
  for (std::string& claim : pending_claims_) own_.claims[std::move(claim)] = key;
  pending_claims_.clear();
  Add({.type = is_new ? log::CHANGE_KIND_CREATED : log::CHANGE_KIND_UPDATED,
       .kind = kind,
       .key = key,
       .id = std::string(id),
       .data = std::move(data),
       .message = std::move(message),
       .logged = logged});
  return key;
}

void Transaction::Remove(storage::Kind kind, storage::Key key, std::string_view id, std::string data, bool logged) {
  Add({.type = log::CHANGE_KIND_DELETED,
       .kind = kind,
       .key = key,
       .id = std::string(id),
       .data = std::move(data),
       .logged = logged});
}

void Transaction::Note(log::ChangeKind type, storage::Kind kind, std::string data) {
  own_.changes.push_back({.type = type, .kind = kind, .data = std::move(data)});
}

std::optional<storage::Key> Transaction::ClaimedBy(const std::string& value) const {
  for (const Staged* staged = &own_; staged != nullptr; staged = staged->before) {
    if (const auto found = staged->claims.find(value); found != staged->claims.end()) return found->second;
  }
  return std::nullopt;
}

void Transaction::SetCursor(std::string_view name, std::string value) {
  cursors_.push_back({std::string(name), std::move(value)});
}

void Transaction::Add(Change change) {
  own_.by_key[std::pair(change.kind, change.key)] = own_.changes.size();
  own_.changes.push_back(std::move(change));
}

}  // namespace folio::engine
