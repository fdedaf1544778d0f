#include "server/engine/transaction.h"

#include <utility>

namespace folio::engine {

Transaction::Transaction(const storage::Storage& storage, const Staged& group, storage::Revision revision, Instant now,
                         std::string_view actor, storage::Key* last_keys)
    : storage_(storage), group_(group), revision_(revision), now_(now), actor_(actor), last_keys_(last_keys) {}

const Change* Transaction::FindStaged(storage::Kind kind, storage::Key key) const {
  const std::pair slot(kind, key);
  if (const auto own = own_.by_key.find(slot); own != own_.by_key.end()) return &own_.changes[own->second];
  if (const auto group = group_.by_key.find(slot); group != group_.by_key.end()) return &group_.changes[group->second];
  return nullptr;
}

absl::StatusOr<std::optional<storage::Key>> Transaction::Find(storage::Kind kind, std::string_view id) const {
  const std::pair slot(kind, std::string(id));
  for (const Staged* staged : {static_cast<const Staged*>(&own_), &group_}) {
    const auto found = staged->new_ids.find(slot);
    if (found == staged->new_ids.end()) continue;
    if (FindStaged(kind, found->second)->type == log::CHANGE_KIND_DELETED) return std::nullopt;
    return found->second;
  }
  auto stored = storage_.Find(kind, id);
  if (!stored.ok() || !stored->has_value()) return stored;
  const Change* staged = FindStaged(kind, **stored);
  if (staged != nullptr && staged->type == log::CHANGE_KIND_DELETED) return std::nullopt;
  return stored;
}

absl::StatusOr<std::optional<std::string>> Transaction::Get(storage::Kind kind, storage::Key key) const {
  if (const Change* staged = FindStaged(kind, key)) {
    if (staged->type == log::CHANGE_KIND_DELETED) return std::nullopt;
    return staged->data;
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
  for (const Staged* staged : {static_cast<const Staged*>(&own_), &group_}) {
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
