// Who may come in: the workspaces of the server and the API keys to them, kept in the system store.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "folio/v1/admin.pb.h"
#include "folio/v1/workspace.pb.h"
#include "server/base/clock.h"
#include "server/rpc/api_key.h"
#include "server/rpc/call_context.h"
#include "storage/storage.h"

namespace folio::rpc {

// Authenticate and the methods that read are quick and may be called from any thread. Those that write block on the
// disk: for workers, never for gRPC's threads. What they change holds as soon as they return.
class AccessStore {
 public:
  // Reads everything. `clock` must outlive it. Errors: those of storage; DATA_LOSS where a record cannot be read.
  static absl::StatusOr<std::unique_ptr<AccessStore>> Open(std::unique_ptr<storage::Storage> system, Pepper pepper,
                                                           const Clock& clock);

  // The principal of a key's text. UNAUTHENTICATED with KEY_MALFORMED, KEY_UNKNOWN, KEY_REVOKED or KEY_EXPIRED.
  absl::StatusOr<std::shared_ptr<const Principal>> Authenticate(std::string_view token);

  // Makes a key; the result carries its secret, this one time. INVALID_ARGUMENT where the role is missing or there is
  // no such workspace.
  absl::StatusOr<v1::ApiKey> CreateKey(const v1::ApiKey& wanted, std::string_view actor);

  // Ends a key at once. Revoking again changes nothing. NOT_FOUND.
  absl::StatusOr<v1::ApiKey> RevokeKey(std::string_view name, std::string_view actor);

  // All keys, or those of one workspace ("workspaces/{workspace}"), by name, without secrets and digests.
  std::vector<v1::ApiKey> ListKeys(std::string_view workspace) const;

  // INVALID_ARGUMENT for its fields; ALREADY_EXISTS.
  absl::StatusOr<v1::Workspace> CreateWorkspace(std::string_view id, const v1::Workspace& wanted,
                                                std::string_view actor);

  // Looks at a change of a workspace before it is made, and may refuse it.
  using CheckChange = std::function<absl::Status(const v1::Workspace& before, const v1::Workspace& after)>;

  // Changes the workspace named in the request as the request says; `check` is not asked where the request was answered
  // before. NOT_FOUND; ABORTED (ETAG_MISMATCH); INVALID_ARGUMENT for its fields, its mask, or a request id that was
  // used with another body.
  absl::StatusOr<v1::Workspace> UpdateWorkspace(const v1::UpdateWorkspaceRequest& request, std::string_view actor,
                                                const CheckChange& check);

  // NOT_FOUND.
  absl::StatusOr<v1::Workspace> GetWorkspace(std::string_view id) const;

  // By name.
  std::vector<v1::Workspace> ListWorkspaces() const;

  bool has_keys() const;

 private:
  struct Key {
    storage::Key key = 0;
    v1::ApiKey record;
    std::shared_ptr<const Principal> principal;
    std::optional<Fingerprint> proven;  // of the text that was found to be this key's
  };
  struct WorkspaceRow {
    storage::Key key = 0;
    v1::Workspace record;
  };
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  AccessStore(std::unique_ptr<storage::Storage> system, Pepper pepper, const Clock& clock)
      : storage_(std::move(system)), pepper_(std::move(pepper)), clock_(clock) {}

  absl::Status Load();
  // The principal of a key that has been proven; UNAUTHENTICATED where it does not hold any more.
  absl::StatusOr<std::shared_ptr<const Principal>> PrincipalOf(const Key& key) const;
  void Remember(storage::Key key, const v1::ApiKey& record);
  // What the same request was answered before; nothing where it is new or has no id.
  absl::StatusOr<std::optional<v1::Workspace>> FirstAnswer(const storage::Reply& wanted) const;
  absl::StatusOr<v1::Workspace> ReplaceWorkspace(v1::Workspace after, storage::Reply reply, std::string_view actor);
  // Writes one record, as the only one of its transaction.
  absl::Status Commit(storage::Write write, bool created, std::string_view actor,
                      std::vector<storage::Reply> replies = {});

  const std::unique_ptr<storage::Storage> storage_;
  const Pepper pepper_;
  const Clock& clock_;
  std::mutex write_mutex_;  // one writer at a time; taken before mutex_
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, Key, Hash, std::equal_to<>> keys_;  // by id; guarded by mutex_
  std::map<std::string, WorkspaceRow, std::less<>> workspaces_;       // by id; guarded by mutex_
};

}  // namespace folio::rpc
