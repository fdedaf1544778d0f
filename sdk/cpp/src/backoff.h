// Waiting between attempts to get a lost connection back.
#pragma once

#include <chrono>
#include <stop_token>

#include "absl/status/status.h"

namespace folio {

// The server still holds an import by its id: over a connection that it does not know to be lost, or for somebody else.
bool IsBusy(const absl::Status& error);

class Backoff {
 public:
  explicit Backoff(std::chrono::milliseconds patience) : patience_(patience) {}

  // Waits before the next attempt: 0.1 s doubled up to 5 s, less a random part, at least as long as the server asks
  // for. False, at once, where the error is not one that time heals, the patience is at its end, or `stop` is asked
  // for.
  bool Wait(const absl::Status& error, const std::stop_token& stop);

  // Something went well: patience begins anew.
  void Reset();

 private:
  std::chrono::milliseconds patience_;
  std::chrono::milliseconds delay_{100};
  std::chrono::steady_clock::time_point first_failure_{};
  bool failing_ = false;
};

}  // namespace folio
