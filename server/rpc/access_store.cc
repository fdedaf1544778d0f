#include "server/rpc/access_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "server/base/error.h"
#include "server/base/id.h"
#include "server/base/text.h"
#include "server/engine/log_entry.h"
#include "server/model/schema.h"
#include "sodium.h"

namespace folio::rpc {
namespace {

constexpr storage::Kind kWorkspaceKind = 8;
constexpr storage::Kind kApiKeyKind = 9;
constexpr std::string_view kKeyPrefix = "apiKeys/";
constexpr std::string_view kWorkspacePrefix = "workspaces/";
constexpr size_t kWorkspaceIdBytesMax = 63;

std::string_view IdOf(std::string_view name, std::string_view prefix) {
  return name.starts_with(prefix) ? name.substr(prefix.size()) : std::string_view();
}

v1::ApiKey WithoutSecrets(v1::ApiKey key) {
  key.clear_secret();
  key.clear_secret_digest();
  return key;
}

bool IsWorkspaceId(std::string_view id) {
  return !id.empty() && id.size() <= kWorkspaceIdBytesMax &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

std::string EtagOf(storage::Revision revision) { return fmt::format("\"{:x}\"", revision); }

absl::Status CheckTimeZone(const v1::Workspace& workspace) {
  if (TimeZone::Load(workspace.time_zone()).ok()) return absl::OkStatus();
  return error::InvalidField("workspace.time_zone", "TIME_ZONE_UNKNOWN", {{"value", workspace.time_zone()}});
}

}  // namespace

absl::StatusOr<std::unique_ptr<AccessStore>> AccessStore::Open(std::unique_ptr<storage::Storage> system, Pepper pepper,
                                                               const Clock& clock) {
  if (sodium_init() < 0) return absl::InternalError("libsodium cannot start");
  std::unique_ptr<AccessStore> store(new AccessStore(std::move(system), std::move(pepper), clock));
  if (absl::Status loaded = store->Load(); !loaded.ok()) return loaded;
  return store;
}

absl::Status AccessStore::Load() {
  absl::Status bad;
  const auto check = [&bad](bool parsed, const storage::RecordView& row) {
    if (!parsed) bad = absl::DataLossError(ToAbsl(fmt::format("system record {} cannot be read", row.id)));
    return parsed;
  };
  absl::Status scanned = storage_->Scan(kWorkspaceKind, [&](const storage::RecordView& row) {
    WorkspaceRow workspace{.key = row.key, .record = {}};
    if (!check(workspace.record.ParseFromArray(row.data.data(), static_cast<int>(row.data.size())), row)) return false;
    workspace.record.set_etag(EtagOf(row.revision));
    workspaces_.emplace(std::string(row.id), std::move(workspace));
    return true;
  });
  if (!scanned.ok() || !bad.ok()) return scanned.ok() ? bad : scanned;
  scanned = storage_->Scan(kApiKeyKind, [&](const storage::RecordView& row) {
    v1::ApiKey key;
    if (!check(key.ParseFromArray(row.data.data(), static_cast<int>(row.data.size())), row)) return false;
    Remember(row.key, key);
    return true;
  });
  return scanned.ok() ? bad : scanned;
}

void AccessStore::Remember(storage::Key key, const v1::ApiKey& record) {
  auto principal = std::make_shared<Principal>();
  principal->actor = record.name();
  principal->workspace = std::string(IdOf(record.workspace(), kWorkspacePrefix));
  principal->role = record.role();
  keys_.insert_or_assign(std::string(IdOf(record.name(), kKeyPrefix)),
                         Key{.key = key, .record = record, .principal = std::move(principal)});
}

absl::StatusOr<std::shared_ptr<const Principal>> AccessStore::Authenticate(std::string_view token) const {
  const auto text = ParseApiKey(token);
  if (!text.ok()) return text.status();
  const std::string digest = DigestOf(*text, pepper_);
  const std::shared_lock lock(mutex_);
  const auto found = keys_.find(text->id);
  if (found == keys_.end() || !SameDigest(digest, found->second.record.secret_digest())) {
    return error::Unauthenticated("KEY_UNKNOWN");
  }
  const v1::ApiKey& key = found->second.record;
  if (key.has_revoke_time()) return error::Unauthenticated("KEY_REVOKED");
  if (key.has_expire_time() && FromProto(key.expire_time()) <= clock_.Now()) {
    return error::Unauthenticated("KEY_EXPIRED");
  }
  return found->second.principal;
}

absl::Status AccessStore::CommitRecord(storage::Kind kind, storage::Key key, std::string_view id, std::string data,
                                       bool created, std::string_view actor) {
  engine::Change change;
  change.type = created ? engine::log::CHANGE_KIND_CREATED : engine::log::CHANGE_KIND_UPDATED;
  change.kind = kind;
  change.key = key;
  change.id = std::string(id);
  change.data = data;
  storage::Group group;
  group.entries.push_back(engine::EncodeLogEntry(clock_.Now(), actor, "", std::array{change}));
  group.writes.push_back(
      {.kind = kind, .key = key, .id = std::string(id), .revision = storage_->head() + 1, .data = std::move(data)});
  return error::FromStorage(storage_->Commit(group));
}

absl::StatusOr<v1::ApiKey> AccessStore::CreateKey(const v1::ApiKey& wanted, std::string_view actor) {
  if (wanted.role() == v1::ROLE_UNSPECIFIED) return error::InvalidField("api_key.role", "FIELD_REQUIRED");
  const std::lock_guard writing(write_mutex_);
  auto workspace = GetWorkspace(IdOf(wanted.workspace(), kWorkspacePrefix));
  if (!workspace.ok()) {
    return error::InvalidField("api_key.workspace", "REFERENCE_NOT_FOUND", {{"name", wanted.workspace()}});
  }
  const ApiKeyText text = NewApiKey();
  v1::ApiKey key;
  key.set_name(std::string(kKeyPrefix) + text.id);
  key.set_display_name(wanted.display_name());
  key.set_workspace(wanted.workspace());
  key.set_role(wanted.role());
  *key.mutable_create_time() = ToProtoTime(clock_.Now());
  if (wanted.has_expire_time()) *key.mutable_expire_time() = wanted.expire_time();
  key.set_secret_digest(DigestOf(text, pepper_));
  const storage::Key number = storage_->last_key(kApiKeyKind) + 1;
  absl::Status written = CommitRecord(kApiKeyKind, number, text.id, key.SerializeAsString(), /*created=*/true, actor);
  if (!written.ok()) return written;
  {
    const std::unique_lock lock(mutex_);
    Remember(number, key);
  }
  key = WithoutSecrets(std::move(key));
  key.set_secret(FormatApiKey(text));
  return key;
}

absl::StatusOr<v1::ApiKey> AccessStore::RevokeKey(std::string_view name, std::string_view actor) {
  const std::lock_guard writing(write_mutex_);
  const std::string id(IdOf(name, kKeyPrefix));
  Key revoked;
  {
    const std::shared_lock lock(mutex_);
    const auto found = keys_.find(id);
    if (found == keys_.end()) return error::NotFound(name);
    revoked = found->second;
  }
  if (revoked.record.has_revoke_time()) return WithoutSecrets(std::move(revoked.record));
  *revoked.record.mutable_revoke_time() = ToProtoTime(clock_.Now());
  absl::Status written =
      CommitRecord(kApiKeyKind, revoked.key, id, revoked.record.SerializeAsString(), /*created=*/false, actor);
  if (!written.ok()) return written;
  {
    const std::unique_lock lock(mutex_);
    Remember(revoked.key, revoked.record);
  }
  return WithoutSecrets(std::move(revoked.record));
}

std::vector<v1::ApiKey> AccessStore::ListKeys(std::string_view workspace) const {
  std::vector<v1::ApiKey> keys;
  {
    const std::shared_lock lock(mutex_);
    for (const auto& [id, key] : keys_) {
      if (workspace.empty() || key.record.workspace() == workspace) keys.push_back(WithoutSecrets(key.record));
    }
  }
  std::sort(keys.begin(), keys.end(), [](const v1::ApiKey& a, const v1::ApiKey& b) { return a.name() < b.name(); });
  return keys;
}

absl::StatusOr<v1::Workspace> AccessStore::CreateWorkspace(std::string_view id, const v1::Workspace& wanted,
                                                           std::string_view actor) {
  if (!IsWorkspaceId(id)) {
    return error::InvalidField("workspace_id", "FIELD_PATTERN", {{"pattern", "[a-z0-9-]{1,63}"}});
  }
  if (absl::Status valid = model::Validate(wanted, "workspace"); !valid.ok()) return valid;
  if (absl::Status zone = CheckTimeZone(wanted); !zone.ok()) return zone;
  const std::lock_guard writing(write_mutex_);
  WorkspaceRow row{.key = storage_->last_key(kWorkspaceKind) + 1, .record = wanted};
  row.record.set_name(std::string(kWorkspacePrefix) + std::string(id));
  row.record.clear_etag();
  *row.record.mutable_create_time() = ToProtoTime(clock_.Now());
  *row.record.mutable_update_time() = row.record.create_time();
  if (GetWorkspace(id).ok()) return error::AlreadyExists(row.record.name());
  absl::Status written =
      CommitRecord(kWorkspaceKind, row.key, id, row.record.SerializeAsString(), /*created=*/true, actor);
  if (!written.ok()) return written;
  row.record.set_etag(EtagOf(storage_->head()));
  const std::unique_lock lock(mutex_);
  return workspaces_.insert_or_assign(std::string(id), std::move(row)).first->second.record;
}

absl::StatusOr<v1::Workspace> AccessStore::UpdateWorkspace(const v1::Workspace& changed, std::string_view actor) {
  if (absl::Status valid = model::Validate(changed, "workspace"); !valid.ok()) return valid;
  if (absl::Status zone = CheckTimeZone(changed); !zone.ok()) return zone;
  const std::lock_guard writing(write_mutex_);
  const std::string id(IdOf(changed.name(), kWorkspacePrefix));
  WorkspaceRow row;
  {
    const std::shared_lock lock(mutex_);
    const auto found = workspaces_.find(id);
    if (found == workspaces_.end()) return error::NotFound(changed.name());
    row = found->second;
  }
  if (!changed.etag().empty() && changed.etag() != row.record.etag()) {
    return error::EtagMismatch(changed.name(), changed.etag(), row.record.etag());
  }
  const auto create_time = row.record.create_time();
  row.record = changed;
  row.record.clear_etag();
  *row.record.mutable_create_time() = create_time;
  *row.record.mutable_update_time() = ToProtoTime(clock_.Now());
  absl::Status written =
      CommitRecord(kWorkspaceKind, row.key, id, row.record.SerializeAsString(), /*created=*/false, actor);
  if (!written.ok()) return written;
  row.record.set_etag(EtagOf(storage_->head()));
  const std::unique_lock lock(mutex_);
  return workspaces_.insert_or_assign(id, std::move(row)).first->second.record;
}

absl::StatusOr<v1::Workspace> AccessStore::GetWorkspace(std::string_view id) const {
  const std::shared_lock lock(mutex_);
  const auto found = workspaces_.find(id);
  if (found == workspaces_.end()) return error::NotFound(std::string(kWorkspacePrefix) + std::string(id));
  return found->second.record;
}

std::vector<v1::Workspace> AccessStore::ListWorkspaces() const {
  const std::shared_lock lock(mutex_);
  std::vector<v1::Workspace> all;
  for (const auto& [id, row] : workspaces_) all.push_back(row.record);
  return all;
}

bool AccessStore::has_keys() const {
  const std::shared_lock lock(mutex_);
  return !keys_.empty();
}

}  // namespace folio::rpc
