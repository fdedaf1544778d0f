// Which connections are open, counted in total and for each address.
//
// gRPC owns a socket once it has been handed over, and tells nobody when it closes it. What tells is the kernel: a
// socket has an inode number of its own for as long as it is open, so a descriptor that is closed, or that now has
// another inode, is a connection that has ended. Looking costs one fstat a connection, a third of a microsecond; it
// happens now and then, and whenever a limit is met. (A duplicate of each descriptor could be watched for a hang-up
// instead: twice the descriptors.)
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <unordered_map>

namespace folio::rpc {

// Not thread-safe.
class ConnectionTable {
 public:
  ConnectionTable(int total_max, int per_address_max) : total_max_(total_max), per_address_max_(per_address_max) {}

  // Notes a new connection. False where it would be one too many, then nothing is noted. An empty address counts in
  // total only.
  bool Add(int fd, const std::string& address);

  // Forgets the connections that have ended.
  void Sweep();

  int total() const { return static_cast<int>(open_.size()); }
  int of(const std::string& address) const;

 private:
  struct Connection {
    ino_t inode = 0;
    std::string address;
  };
  bool HasRoom(const std::string& address) const;
  bool MayLook();
  void Forget(std::unordered_map<int, Connection>::iterator connection);

  const int total_max_;
  const int per_address_max_;
  std::unordered_map<int, Connection> open_;  // by descriptor
  std::unordered_map<std::string, int> per_address_;
  std::chrono::steady_clock::time_point next_look_;
};

}  // namespace folio::rpc
