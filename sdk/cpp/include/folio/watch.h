// Changes as they happen, without gap or repetition, over lost connections.
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>

#include "absl/status/status.h"
#include "folio/client.h"
#include "folio/v1/portfolio.pb.h"
#include "folio/v1/watch.pb.h"

namespace folio {

struct WatchOptions {
  // How long to try to get a lost connection back before giving up.
  std::chrono::milliseconds patience{300'000};
  // Ends the watch with CANCELLED.
  std::stop_token stop;
};

// Watches until `each` returns an error, which is then returned. The resume token of the last message handed over makes
// a later watch go on where this one ended. OUT_OF_RANGE with reason LOG_COMPACTED where the log no longer reaches back
// to where the request begins: begin again with a snapshot.
absl::Status Watch(const Client& client, v1::WatchRequest request,
                   const std::function<absl::Status(const v1::WatchResponse&)>& each, const WatchOptions& options = {});

// The same for rows of the portfolio. A message with `begins_again` means that the server has forgotten what it has
// told, and tells all rows anew.
absl::Status WatchPortfolio(const Client& client, v1::WatchPortfolioRequest request,
                            const std::function<absl::Status(const v1::WatchPortfolioResponse&)>& each,
                            const WatchOptions& options = {});

}  // namespace folio
