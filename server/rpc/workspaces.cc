#include "server/rpc/workspaces.h"

#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

#include "server/portfolio/workspace.h"

namespace folio::rpc {
namespace {

// Longer than a call may take without a deadline of its own.
constexpr auto kPatience = std::chrono::seconds(40);
constexpr auto kPollInterval = std::chrono::milliseconds(1);

// Waits until nobody else holds a workspace. The last one to let it go closes it, and that must not be a thread of its
// own. False where it takes too long.
bool WaitUntilAlone(const std::shared_ptr<portfolio::Workspace>& workspace) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (workspace.use_count() > 1) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(kPollInterval);
  }
  return true;
}

}  // namespace

absl::Status Workspaces::Open(const std::string& workspace) {
  if (Find(workspace) != nullptr) return absl::OkStatus();
  auto opened = opener_(workspace);
  if (!opened.ok()) return opened.status();
  const std::unique_lock lock(mutex_);
  open_.emplace(workspace, *std::move(opened));
  return absl::OkStatus();
}

std::shared_ptr<portfolio::Workspace> Workspaces::Find(std::string_view workspace) const {
  const std::shared_lock lock(mutex_);
  const auto found = open_.find(workspace);
  return found == open_.end() ? nullptr : found->second;
}

std::shared_ptr<portfolio::Workspace> Workspaces::Take(std::string_view workspace) {
  const std::unique_lock lock(mutex_);
  const auto found = open_.find(workspace);
  if (found == open_.end()) return nullptr;
  auto taken = std::move(found->second);
  open_.erase(found);
  return taken;
}

absl::Status Workspaces::Reopen(const std::string& id, std::shared_ptr<portfolio::Workspace> taken) {
  if (!WaitUntilAlone(taken)) {
    const std::unique_lock lock(mutex_);
    open_.emplace(id, std::move(taken));
    return absl::UnavailableError("the workspace is still in use");
  }
  taken.reset();
  return Open(id);
}

std::vector<std::string> Workspaces::Ids() const {
  const std::shared_lock lock(mutex_);
  std::vector<std::string> ids;
  for (const auto& [id, workspace] : open_) ids.push_back(id);
  return ids;
}

void Workspaces::CloseAll() {
  std::map<std::string, std::shared_ptr<portfolio::Workspace>, std::less<>> closing;
  {
    const std::unique_lock lock(mutex_);
    closing.swap(open_);
  }
  for (const auto& [id, workspace] : closing) WaitUntilAlone(workspace);
}

}  // namespace folio::rpc
