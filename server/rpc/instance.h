// A whole server in one object: data folder, access, workspaces, services. What main runs and tests start.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/base/clock.h"
#include "server/rpc/config.h"
#include "server/rpc/data_folder.h"
#include "server/rpc/log.h"
#include "server/rpc/server.h"
#include "server/rpc/workspaces.h"

namespace folio::rpc {

class AccessStore;

// What an instance does not make itself.
struct InstanceParts {
  const Clock& clock;
  Log& log;
  std::string version;
  ListenerLimits connections = {};
  int calls_max = limits::kCallsInFlightMax;
  int streams_max = limits::kWatchesMax;
};

class Instance {
 public:
  // Starts to serve. Errors are one line for people, without details. The first start of a data folder makes a
  // workspace and an administrator's key to it, and writes the key into a file that only this user can read:
  // `first-key`, in development `dev-key`.
  static absl::StatusOr<std::unique_ptr<Instance>> Start(const Config& config, InstanceParts parts);

  // Stops, if that has not been done.
  ~Instance();

  // Stops gracefully: Server::Stop, then every workspace is closed. Once.
  void Stop(std::chrono::milliseconds drain = kDrainTime);

  std::string address() const { return server_->address(); }
  const DataFolder& folder() const { return *folder_; }
  AccessStore& access() { return *access_; }
  // The workspace and the key of a development server.
  const std::string& dev_key() const { return dev_key_; }
  const std::string& dev_workspace() const { return dev_workspace_; }

 private:
  struct Running;

  explicit Instance(const Config& config, InstanceParts parts);
  absl::Status OpenData();
  absl::StatusOr<std::shared_ptr<portfolio::Workspace>> OpenWorkspace(const std::string& id) const;
  absl::Status OpenWorkspaces();
  absl::Status MakeFirstKey();
  absl::StatusOr<std::string> KeyOfFile(const std::string& path) const;
  absl::Status Serve();

  const Config config_;
  const InstanceParts parts_;
  std::string dev_key_;
  std::string dev_workspace_;
  std::unique_ptr<DataFolder> folder_;
  std::unique_ptr<AccessStore> access_;
  std::unique_ptr<Running> running_;
  std::unique_ptr<Server> server_;
};

}  // namespace folio::rpc
