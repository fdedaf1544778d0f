#include "server/rpc/operations.h"

#include <algorithm>
#include <utility>

#include "server/base/error.h"
#include "server/base/id.h"
#include "server/portfolio/workspace.h"
#include "server/rpc/status.h"
#include "server/rpc/worker_pool.h"

namespace folio::rpc {
namespace {

constexpr char kCollectionPrefix[] = "operations/";

// Stores the operation's state; `key` is 0 for a new one, and becomes its key.
absl::Status Write(portfolio::Workspace& workspace, const std::string& actor, const v1::Operation& operation,
                   storage::Key* key) {
  const std::string id = operation.name().substr(sizeof kCollectionPrefix - 1);
  return workspace.committer()
      .Run({.actor = actor,
            .bytes = static_cast<int64_t>(operation.ByteSizeLong()),
            .apply =
                [&](engine::Transaction& transaction) {
                  *key = transaction.Put(engine::kOperation, *key, id, operation.SerializeAsString(),
                                         std::make_shared<v1::Operation>(operation));
                  return absl::OkStatus();
                },
            .done = [](const engine::Outcome&) {}})
      .status;
}

}  // namespace

absl::Status Operations::Start(WorkspacePtr workspace, std::string actor, std::string method, Work work,
                               Started started) {
  return workers_.Submit([this, workspace = std::move(workspace), actor = std::move(actor), method = std::move(method),
                          work = std::move(work),
                          started = std::move(started)] { Run(workspace, actor, method, work, started); });
}

void Operations::Run(const WorkspacePtr& workspace, const std::string& actor, const std::string& method,
                     const Work& work, const Started& started) {
  v1::Operation operation;
  operation.set_name(kCollectionPrefix + NewTimeOrderedId(workspace->clock().Now()));
  operation.set_method(method);
  operation.set_state(v1::OPERATION_STATE_RUNNING);
  *operation.mutable_create_time() = ToProtoTime(workspace->clock().Now());
  const RunKey run(workspace.get(), operation.name());
  const auto progress = std::make_shared<OperationProgress>();
  progress->cancelled = stopping_.load();
  {
    const std::lock_guard lock(mutex_);
    running_.emplace(run, progress);
  }
  storage::Key key = 0;
  const absl::Status begun = Write(*workspace, actor, operation, &key);
  started(begun.ok() ? absl::StatusOr<v1::Operation>(operation) : begun);
  if (begun.ok()) {
    const absl::Status done = work(*progress, &operation);
    Complete(&operation, done, *progress);
    *operation.mutable_end_time() = ToProtoTime(workspace->clock().Now());
    // Where even this cannot be written, the operation is told as failed: it runs no more and has no end.
    Write(*workspace, actor, operation, &key).IgnoreError();
  }
  const std::lock_guard lock(mutex_);
  running_.erase(run);
}

void Operations::Complete(v1::Operation* operation, const absl::Status& status,
                          const OperationProgress& progress) const {
  operation->set_done_count(progress.done);
  operation->set_total_count(progress.total);
  if (status.ok()) {
    operation->set_state(v1::OPERATION_STATE_SUCCEEDED);
  } else if (absl::IsCancelled(status) && !stopping_) {
    operation->set_state(v1::OPERATION_STATE_CANCELLED);
  } else {
    operation->set_state(v1::OPERATION_STATE_FAILED);
    *operation->mutable_error() = ToWire(stopping_ ? error::ShuttingDown() : status, error::Locale::kEnglish);
  }
}

std::shared_ptr<OperationProgress> Operations::FindRunning(const portfolio::Workspace& workspace,
                                                           const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = running_.find(RunKey(&workspace, name));
  return found == running_.end() ? nullptr : found->second;
}

v1::Operation Operations::AsOfNow(const portfolio::Workspace& workspace, v1::Operation stored) const {
  if (stored.state() != v1::OPERATION_STATE_RUNNING) return stored;
  if (const auto progress = FindRunning(workspace, stored.name())) {
    stored.set_done_count(progress->done);
    stored.set_total_count(progress->total);
  } else {
    stored.set_state(v1::OPERATION_STATE_FAILED);
    *stored.mutable_error() = ToWire(error::ShuttingDown(), error::Locale::kEnglish);
  }
  return stored;
}

absl::StatusOr<v1::Operation> Operations::Get(portfolio::Workspace& workspace, std::string_view name) const {
  const auto bytes = workspace.collection(engine::kOperation).GetBytes(name, /*min_revision=*/0);
  if (!bytes.ok()) return bytes.status();
  v1::Operation operation;
  if (!operation.ParseFromString(*bytes)) return error::Internal("a stored operation cannot be parsed");
  return AsOfNow(workspace, std::move(operation));
}

absl::StatusOr<std::vector<v1::Operation>> Operations::List(const portfolio::Workspace& workspace) const {
  std::vector<v1::Operation> operations;
  const absl::Status scanned = workspace.storage().Scan(engine::kOperation, [&](const storage::RecordView& record) {
    v1::Operation operation;
    if (operation.ParseFromArray(record.data.data(), static_cast<int>(record.data.size()))) {
      operations.push_back(std::move(operation));
    }
    return true;
  });
  if (!scanned.ok()) return error::FromStorage(scanned);
  for (v1::Operation& operation : operations) operation = AsOfNow(workspace, std::move(operation));
  std::reverse(operations.begin(), operations.end());
  return operations;
}

absl::StatusOr<v1::Operation> Operations::Cancel(portfolio::Workspace& workspace, std::string_view name) {
  auto operation = Get(workspace, name);
  if (!operation.ok()) return operation;
  const auto progress = FindRunning(workspace, operation->name());
  if (operation->state() != v1::OPERATION_STATE_RUNNING || progress == nullptr) {
    return error::Precondition("OPERATION_FINISHED", {{"name", operation->name()}});
  }
  progress->cancelled = true;
  return operation;
}

void Operations::CancelAll() {
  stopping_ = true;
  const std::lock_guard lock(mutex_);
  for (const auto& [run, progress] : running_) progress->cancelled = true;
}

}  // namespace folio::rpc
