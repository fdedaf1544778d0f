// The listening socket, ours rather than gRPC's: gRPC 1.51's own listener never accepts again once the process has run
// out of descriptors, and has no limit on connections.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/base/limits.h"
#include "server/rpc/address.h"

namespace folio::rpc {

class Log;

struct ListenerLimits {
  int connections_max = limits::kConnectionsMax;
  int connections_per_address_max = limits::kConnectionsPerAddressMax;
};

class Listener {
 public:
  // Takes over a connected, non-blocking socket.
  using Handover = std::function<void(int fd)>;

  // Binds and listens, but accepts nothing yet. `log` must outlive it. UNAVAILABLE (no details) where the address is in
  // use or may not be used.
  static absl::StatusOr<std::unique_ptr<Listener>> Bind(const Address& address, ListenerLimits limits, Log& log);

  // Stops.
  ~Listener();

  // The address bound, with the port that was chosen for port 0.
  const Address& address() const;

  // Accepts connections on a thread of its own. Once.
  void Start(Handover handover);

  // Accepts no more; returns once the thread has ended.
  void Stop();

  // How many connections were open when last looked. Any thread.
  int connections() const;

 private:
  class Impl;
  explicit Listener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace folio::rpc
