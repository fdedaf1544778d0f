// Work that takes longer than a call: started by one, done on a worker, asked after by others. Kept over restarts; one
// that was running when the server stopped is told as failed.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "folio/v1/operation.pb.h"

namespace folio::portfolio {
class Workspace;
}

namespace folio::rpc {

class WorkerPool;

// What running work tells, and is told.
struct OperationProgress {
  std::atomic<int64_t> done = 0;
  std::atomic<int64_t> total = 0;  // 0 where it is not known
  std::atomic<bool> cancelled = false;
};

// May be used from any thread.
class Operations {
 public:
  using WorkspacePtr = std::shared_ptr<portfolio::Workspace>;
  // Does the work, and sets the operation's result. CANCELLED where it stopped because it was told to.
  using Work = std::function<absl::Status(OperationProgress& progress, v1::Operation* operation)>;
  using Started = std::function<void(const absl::StatusOr<v1::Operation>&)>;

  // `workers` must outlive it.
  explicit Operations(WorkerPool& workers) : workers_(workers) {}

  // Makes an operation durable, tells `started`, and does the work. RESOURCE_EXHAUSTED (OVERLOADED) where too much
  // waits: then `started` is never called.
  absl::Status Start(WorkspacePtr workspace, std::string actor, std::string method, Work work, Started started);

  // The operation with that name as it stands now. NOT_FOUND, INVALID_ARGUMENT (NAME_MALFORMED).
  absl::StatusOr<v1::Operation> Get(portfolio::Workspace& workspace, std::string_view name) const;

  // Every operation, the latest first.
  absl::StatusOr<std::vector<v1::Operation>> List(const portfolio::Workspace& workspace) const;

  // Asks it to stop. FAILED_PRECONDITION (OPERATION_FINISHED) where it does not run any more.
  absl::StatusOr<v1::Operation> Cancel(portfolio::Workspace& workspace, std::string_view name);

  // Asks all to stop, because the server does.
  void CancelAll();

 private:
  // An operation's names are unique in its workspace only.
  using RunKey = std::pair<const portfolio::Workspace*, std::string>;

  void Run(const WorkspacePtr& workspace, const std::string& actor, const std::string& method, const Work& work,
           const Started& started);
  void Complete(v1::Operation* operation, const absl::Status& status, const OperationProgress& progress) const;
  std::shared_ptr<OperationProgress> FindRunning(const portfolio::Workspace& workspace, const std::string& name) const;
  v1::Operation AsOfNow(const portfolio::Workspace& workspace, v1::Operation stored) const;

  WorkerPool& workers_;
  std::atomic<bool> stopping_ = false;
  mutable std::mutex mutex_;
  std::map<RunKey, std::shared_ptr<OperationProgress>> running_;  // guarded by mutex_
};

}  // namespace folio::rpc
