// Addresses to listen on.
#pragma once

#include <sys/socket.h>

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace folio::rpc {

// "HOST:PORT", "[IPV6]:PORT" or "unix:PATH", resolved. Port 0 means any free one.
struct Address {
  sockaddr_storage storage = {};
  socklen_t length = 0;

  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }

  // True for what only this machine can reach.
  bool IsLocal() const;

  // As ParseAddress reads it.
  std::string ToString() const;

  // Whom connections are counted for: the host without its port. Empty for unix sockets, which have no address.
  std::string Host() const;
};

// INVALID_ARGUMENT (no details) where the text has no such form or the host cannot be resolved.
absl::StatusOr<Address> ParseAddress(std::string_view text);

}  // namespace folio::rpc
