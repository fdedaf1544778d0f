#include "server/rpc/workspaces.h"

#include <mutex>
#include <utility>

#include "server/portfolio/workspace.h"

namespace folio::rpc {

absl::Status Workspaces::Open(const std::string& workspace) {
  if (Find(workspace) != nullptr) return absl::OkStatus();
  auto opened = opener_(workspace);
  if (!opened.ok()) return opened.status();
  const std::unique_lock lock(mutex_);
  open_.emplace(workspace, *std::move(opened));
  return absl::OkStatus();
}

portfolio::Workspace* Workspaces::Find(std::string_view workspace) const {
  const std::shared_lock lock(mutex_);
  const auto found = open_.find(workspace);
  return found == open_.end() ? nullptr : found->second.get();
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
