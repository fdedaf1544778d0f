#include "server/rpc/access_store.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>

#include "server/base/error.h"
#include "server/base/id.h"
#include "server/base/text.h"
#include "server/engine/collection.h"
#include "server/engine/log_entry.h"
#include "server/engine/writer.h"
#include "server/model/schema.h"

namespace folio::rpc {
namespace {

constexpr storage::Kind kWorkspaceKind = 8;
constexpr storage::Kind kApiKeyKind = 9;
constexpr std::string_view kKeyPrefix = "apiKeys/";
constexpr std::string_view kWorkspacePrefix = "workspaces/";
constexpr size_t kWorkspaceIdBytesMax = 63;
constexpr int64_t kMicrosPerSecond = 1'000'000;

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

// What a workspace must be, whoever sets it.
absl::Status CheckSettings(const v1::Workspace& workspace) {
  if (absl::Status valid = model::Validate(workspace, "workspace"); !valid.ok()) return valid;
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

absl::StatusOr<std::shared_ptr<const Principal>> AccessStore::Authenticate(std::string_view token) {
  const Fingerprint fingerprint = FingerprintOf(token);
  {
    const std::shared_lock lock(mutex_);
    const auto found = keys_.find(IdWithin(token));
    if (found != keys_.end() && found->second.proven && SameFingerprint(fingerprint, *found->second.proven)) {
      return PrincipalOf(found->second);
    }
  }
  const auto text = ParseApiKey(token);
  if (!text.ok()) return text.status();
  const std::string digest = DigestOf(*text, pepper_);
  {
    const std::shared_lock lock(mutex_);  // so that nobody waits for who tries keys out
    const auto found = keys_.find(text->id);
    if (found == keys_.end() || !SameDigest(digest, found->second.record.secret_digest())) {
      return error::Unauthenticated("KEY_UNKNOWN");
    }
  }
  const std::unique_lock lock(mutex_);
  Key& key = keys_.find(text->id)->second;  // keys are never removed, and keep their secret
  key.proven = fingerprint;
  return PrincipalOf(key);
}

absl::StatusOr<std::shared_ptr<const Principal>> AccessStore::PrincipalOf(const Key& key) const {
  if (key.record.has_revoke_time()) return error::Unauthenticated("KEY_REVOKED");
  if (key.record.has_expire_time() && FromProto(key.record.expire_time()) <= clock_.Now()) {
    return error::Unauthenticated("KEY_EXPIRED");
  }
  return key.principal;
}

absl::Status AccessStore::Commit(storage::Write write, bool created, std::string_view actor,
                                 std::vector<storage::Reply> replies) {
  engine::Change change;
  change.type = created ? engine::log::CHANGE_KIND_CREATED : engine::log::CHANGE_KIND_UPDATED;
  change.kind = write.kind;
  change.key = write.key;
  change.id = write.id;
  change.data = *write.data;
  write.revision = storage_->head() + 1;
  storage::Group group;
  group.entries.push_back(engine::EncodeLogEntry(clock_.Now(), actor, "", std::array{change}));
  group.writes.push_back(std::move(write));
  group.replies = std::move(replies);
  return error::FromStorage(storage_->Commit(group));
}

absl::StatusOr<v1::ApiKey> AccessStore::CreateKey(const v1::ApiKey& wanted, std::string_view actor) {
  if (absl::Status valid = model::Validate(wanted, "api_key"); !valid.ok()) return valid;
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
  absl::Status written = Commit({.kind = kApiKeyKind, .key = number, .id = text.id, .data = key.SerializeAsString()},
                                /*created=*/true, actor);
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
      Commit({.kind = kApiKeyKind, .key = revoked.key, .id = id, .data = revoked.record.SerializeAsString()},
             /*created=*/false, actor);
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
  if (absl::Status valid = CheckSettings(wanted); !valid.ok()) return valid;
  const std::lock_guard writing(write_mutex_);
  WorkspaceRow row{.key = storage_->last_key(kWorkspaceKind) + 1, .record = wanted};
  row.record.set_name(std::string(kWorkspacePrefix) + std::string(id));
  if (GetWorkspace(id).ok()) return error::AlreadyExists(row.record.name());
  *row.record.mutable_create_time() = ToProtoTime(clock_.Now());
  *row.record.mutable_update_time() = row.record.create_time();
  row.record.set_etag(engine::EtagOf(storage_->head() + 1));
  absl::Status written =
      Commit({.kind = kWorkspaceKind, .key = row.key, .id = std::string(id), .data = row.record.SerializeAsString()},
             /*created=*/true, actor);
  if (!written.ok()) return written;
  const std::unique_lock lock(mutex_);
  return workspaces_.insert_or_assign(std::string(id), std::move(row)).first->second.record;
}

absl::StatusOr<std::optional<v1::Workspace>> AccessStore::FirstAnswer(const storage::Reply& wanted) const {
  if (wanted.request_id.empty()) return std::nullopt;
  const auto kept = storage_->FindReply(wanted.request_id);
  if (!kept.ok()) return error::FromStorage(kept.status());
  if (!kept->has_value()) return std::nullopt;
  v1::Workspace answer;
  if ((*kept)->fingerprint != wanted.fingerprint || !answer.ParseFromString((*kept)->data)) {
    return error::RequestIdReused(wanted.request_id.substr(wanted.request_id.find('\n') + 1));
  }
  return answer;
}

absl::StatusOr<v1::Workspace> AccessStore::UpdateWorkspace(const v1::UpdateWorkspaceRequest& request,
                                                           std::string_view actor, const CheckChange& check) {
  const v1::Workspace& sent = request.workspace();
  const std::lock_guard writing(write_mutex_);
  storage::Reply reply{.fingerprint = engine::FingerprintOf(request), .time_s = clock_.Now() / kMicrosPerSecond};
  if (!request.request_id().empty()) reply.request_id = std::string(actor) + "\n" + request.request_id();
  const auto first = FirstAnswer(reply);
  if (!first.ok()) return first.status();
  if (first->has_value()) return **first;

  const auto before = GetWorkspace(IdOf(sent.name(), kWorkspacePrefix));
  if (!before.ok()) return before.status();
  if (!sent.etag().empty() && sent.etag() != before->etag()) {
    return error::EtagMismatch(sent.name(), sent.etag(), before->etag());
  }
  const auto paths = model::ExpandMask(request.update_mask(), sent);
  if (!paths.ok()) return paths.status();
  v1::Workspace after = *before;
  model::CopyPaths(sent, *paths, &after);
  if (absl::Status valid = CheckSettings(after); !valid.ok()) return valid;
  if (absl::Status checked = check(*before, after); !checked.ok()) return checked;
  if (request.validate_only()) return after;
  return ReplaceWorkspace(std::move(after), std::move(reply), actor);
}

absl::StatusOr<v1::Workspace> AccessStore::ReplaceWorkspace(v1::Workspace after, storage::Reply reply,
                                                            std::string_view actor) {
  const std::string id(IdOf(after.name(), kWorkspacePrefix));
  *after.mutable_update_time() = ToProtoTime(clock_.Now());
  reply.revision = storage_->head() + 1;
  after.set_etag(engine::EtagOf(reply.revision));
  reply.data = after.SerializeAsString();
  const std::string data = reply.data;
  std::vector<storage::Reply> replies;
  if (!reply.request_id.empty()) replies.push_back(std::move(reply));
  storage::Key key = 0;
  {
    const std::shared_lock lock(mutex_);
    key = workspaces_.find(id)->second.key;
  }
  absl::Status written = Commit({.kind = kWorkspaceKind, .key = key, .id = id, .data = data},
                                /*created=*/false, actor, std::move(replies));
  if (!written.ok()) return written;
  const std::unique_lock lock(mutex_);
  return workspaces_.insert_or_assign(id, WorkspaceRow{.key = key, .record = std::move(after)}).first->second.record;
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
