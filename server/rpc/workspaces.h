// The workspaces that this server holds: opened at start, kept open until the end.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace folio::portfolio {
class Workspace;
}

namespace folio::rpc {

// May be used from any thread.
class Workspaces {
 public:
  // Opens a workspace, by its id.
  using Opener = std::function<absl::StatusOr<std::shared_ptr<portfolio::Workspace>>(const std::string& workspace)>;

  explicit Workspaces(Opener opener) : opener_(std::move(opener)) {}

  // Opens a workspace where it is not yet open. Takes as long as its index takes to build: never on gRPC's threads.
  absl::Status Open(const std::string& workspace);

  // The workspace with this id, null where it is not open.
  std::shared_ptr<portfolio::Workspace> Find(std::string_view workspace) const;

  // Takes a workspace away from those who come from now on. Null where it is not open.
  std::shared_ptr<portfolio::Workspace> Take(std::string_view workspace);

  // Closes one that was taken, once every call has let it go, and opens it anew. Blocks: for workers. UNAVAILABLE where
  // calls still hold it after a while; then it is open as before.
  absl::Status Reopen(const std::string& id, std::shared_ptr<portfolio::Workspace> taken);

  // Ids of all that are open, sorted.
  std::vector<std::string> Ids() const;

  // Closes them all, once every call has let them go. Blocks; no call may come any more.
  void CloseAll();

 private:
  const Opener opener_;
  mutable std::shared_mutex mutex_;
  std::map<std::string, std::shared_ptr<portfolio::Workspace>, std::less<>> open_;  // guarded by mutex_
};

}  // namespace folio::rpc
