#include "server/engine/transaction.h"

#include <utility>

namespace folio::engine {

namespace {

// A change whose bytes are with the store already still has its message.
std::string DataOf(const Change& change) {
  return change.data.empty() && change.message != nullptr ? change.message->SerializeAsString() : change.data;
}

}  // namespace

void Staged::Add(Change change) {
  size_t last = kNone;
  if (change.key != 0) {
    const auto [entry, is_new] = by_key.try_emplace(std::pair(change.kind, change.key), changes.size());
    if (!is_new) last = std::exchange(entry->second, changes.size());
  }
  replaced.push_back(last);
  changes.push_back(std::move(change));
}

void Staged::TakeBack(size_t first) {
  for (; changes.size() > first; changes.pop_back(), replaced.pop_back()) {
    const Change& change = changes.back();
    if (change.key == 0) continue;
    const bool made = change.type == log::CHANGE_KIND_CREATED && HasCreated(change);
    if (made) new_ids.erase(IdSlotView(change.kind, change.id));
    const std::pair slot(change.kind, change.key);
    if (replaced.back() == kNone) {
      by_key.erase(slot);
    } else {
      by_key[slot] = replaced.back();
    }
  }
}

bool Staged::HasCreated(const Change& change) const {
  const auto made = new_ids.find(IdSlotView(change.kind, change.id));
  return made != new_ids.end() && made->second == change.key;
}

Transaction::Transaction(const storage::Storage& storage, Staged& group, storage::Revision revision, Instant now,
                         std::string_view actor, storage::Key* last_keys)
    : storage_(storage),
      revision_(revision),
      now_(now),
      actor_(actor),
      last_keys_(last_keys),
      group_(group),
      first_(group.changes.size()) {}

Transaction::StagedChange Transaction::FindStaged(storage::Kind kind, storage::Key key) const {
  const std::pair slot(kind, key);
  for (const Staged* staged = &group_; staged != nullptr; staged = staged->before) {
    if (const auto found = staged->by_key.find(slot); found != staged->by_key.end()) {
      const size_t at = found->second;
      return {&staged->changes[at], at < staged->revisions.size() ? staged->revisions[at] : revision_};
    }
  }
  return {};
}

std::optional<storage::Key> Transaction::FindNew(storage::Kind kind, std::string_view id) const {
  const IdSlotView slot(kind, id);
  for (const Staged* staged = &group_; staged != nullptr; staged = staged->before) {
    if (const auto found = staged->new_ids.find(slot); found != staged->new_ids.end()) return found->second;
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<SeenRecord>> Transaction::FindRecord(storage::Kind kind, std::string_view id) const {
  if (const auto key = FindNew(kind, id)) {
    const StagedChange made = FindStaged(kind, *key);
    if (made.change->type == log::CHANGE_KIND_DELETED) return std::nullopt;
    return SeenRecord{*key, made.revision, DataOf(*made.change)};
  }
  auto stored = storage_.FindRecord(kind, id);
  if (!stored.ok()) return stored.status();
  if (!stored->has_value()) return std::nullopt;
  storage::Record& record = **stored;
  if (const auto [staged, revision] = FindStaged(kind, record.key); staged != nullptr) {
    if (staged->type == log::CHANGE_KIND_DELETED) return std::nullopt;
    return SeenRecord{record.key, revision, DataOf(*staged)};
  }
  return SeenRecord{record.key, record.revision, std::move(record.data)};
}

absl::StatusOr<std::optional<storage::Key>> Transaction::Find(storage::Kind kind, std::string_view id) const {
  const auto record = FindRecord(kind, id);
  if (!record.ok()) return record.status();
  return record->has_value() ? std::optional<storage::Key>((*record)->key) : std::nullopt;
}

absl::StatusOr<std::optional<std::string>> Transaction::Get(storage::Kind kind, storage::Key key) const {
  if (const Change* staged = FindStaged(kind, key).change) {
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
    IdSlot slot(kind, std::string(id));
    const auto [entry, is_first] = group_.new_ids.try_emplace(std::move(slot), key);
    if (!is_first) former_ids_.emplace_back(std::move(slot), std::exchange(entry->second, key));
  }
  for (std::string& claim : pending_claims_) {
    const auto [entry, is_first] = group_.claims.try_emplace(std::move(claim), key);
    if (!is_first) former_claims_.emplace_back(std::move(claim), std::exchange(entry->second, key));
  }
  pending_claims_.clear();
  group_.Add({.type = is_new ? log::CHANGE_KIND_CREATED : log::CHANGE_KIND_UPDATED,
              .kind = kind,
              .key = key,
              .id = std::string(id),
              .data = std::move(data),
              .message = std::move(message),
              .logged = logged});
  return key;
}

void Transaction::Remove(storage::Kind kind, storage::Key key, std::string_view id, std::string data, bool logged) {
  group_.Add({.type = log::CHANGE_KIND_DELETED,
              .kind = kind,
              .key = key,
              .id = std::string(id),
              .data = std::move(data),
              .logged = logged});
}

void Transaction::Note(log::ChangeKind type, storage::Kind kind, std::string data) {
  group_.Add({.type = type, .kind = kind, .data = std::move(data)});
}

std::optional<storage::Key> Transaction::ClaimedBy(const std::string& value) const {
  for (const Staged* staged = &group_; staged != nullptr; staged = staged->before) {
    if (const auto found = staged->claims.find(value); found != staged->claims.end()) return found->second;
  }
  return std::nullopt;
}

void Transaction::SetCursor(std::string_view name, std::string value) {
  cursors_.push_back({std::string(name), std::move(value)});
}

void Transaction::TakeBack() {
  // The oldest last, which is what was known at the beginning; or is of this transaction, too, and goes with the rest.
  for (auto id = former_ids_.rbegin(); id != former_ids_.rend(); ++id) group_.new_ids[id->first] = id->second;
  for (auto claim = former_claims_.rbegin(); claim != former_claims_.rend(); ++claim) {
    group_.claims[claim->first] = claim->second;
  }
  group_.TakeBack(first_);
}

}  // namespace folio::engine
