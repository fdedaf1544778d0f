#include "server/rpc/workspaces.h"

#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

#include "server/portfolio/workspace.h"

namespace folio::rpc {
namespace {

// Longer than a call may take without a deadline of its own.
constexpr auto kReopenPatience = std::chrono::seconds(40);
constexpr auto kReopenPollInterval = std::chrono::milliseconds(1);

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
  const auto patience = std::chrono::steady_clock::now() + kReopenPatience;
  while (taken.use_count() > 1) {
    if (std::chrono::steady_clock::now() > patience) {
      const std::unique_lock lock(mutex_);
      open_.emplace(id, std::move(taken));
      return absl::UnavailableError("the workspace is still in use");
    }
    std::this_thread::sleep_for(kReopenPollInterval);
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
}

}  // namespace folio::rpc
