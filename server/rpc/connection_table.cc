#include "server/rpc/connection_table.h"

#include <sys/stat.h>

#include <iterator>

namespace folio::rpc {
namespace {

// A flood of refused connections must not cost a look at every descriptor each.
constexpr auto kLookInterval = std::chrono::milliseconds(10);

// Inode of an open socket; 0 where the descriptor is not one.
ino_t InodeOf(int fd) {
  struct stat status = {};
  return ::fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode) ? status.st_ino : 0;
}

}  // namespace

bool ConnectionTable::Add(int fd, const std::string& address) {
  // The kernel has given the number anew, so whoever had it is gone.
  if (const auto old = open_.find(fd); old != open_.end()) Forget(old);
  if (!HasRoom(address) && MayLook()) Sweep();
  if (!HasRoom(address)) return false;
  open_.emplace(fd, Connection{InodeOf(fd), address});
  if (!address.empty()) ++per_address_[address];
  return true;
}

bool ConnectionTable::MayLook() {
  const auto now = std::chrono::steady_clock::now();
  if (now < next_look_) return false;
  next_look_ = now + kLookInterval;
  return true;
}

void ConnectionTable::Sweep() {
  for (auto connection = open_.begin(); connection != open_.end();) {
    const auto next = std::next(connection);
    if (InodeOf(connection->first) != connection->second.inode) Forget(connection);
    connection = next;
  }
}

int ConnectionTable::of(const std::string& address) const {
  const auto found = per_address_.find(address);
  return found == per_address_.end() ? 0 : found->second;
}

bool ConnectionTable::HasRoom(const std::string& address) const {
  return total() < total_max_ && (address.empty() || of(address) < per_address_max_);
}

void ConnectionTable::Forget(std::unordered_map<int, Connection>::iterator connection) {
  const auto counted = per_address_.find(connection->second.address);
  if (counted != per_address_.end() && --counted->second == 0) per_address_.erase(counted);
  open_.erase(connection);
}

}  // namespace folio::rpc
