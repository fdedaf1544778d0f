// Every account, from one state.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>

#include "absl/status/status.h"
#include "folio/client.h"
#include "folio/v1/account.pb.h"

namespace folio {

struct ExportOptions {
  // Gets how many accounts have come, and how many there are.
  std::function<void(int64_t done, int64_t total)> progress;
  // Ends the export with CANCELLED.
  std::stop_token stop;
};

// Hands over every account that matches, until `each` returns an error, which is then returned. A stream that does not
// reach its end is an error behind the accounts that came.
absl::Status ExportAccounts(const Client& client, const v1::ExportAccountsRequest& request,
                            const std::function<absl::Status(const v1::Account&)>& each,
                            const ExportOptions& options = {});

}  // namespace folio
