// Questions before something is done that is not easily undone.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "client/cli/app/context.h"

namespace folio::cli {

// Asks on a terminal whether `what` ("Delete 3 accounts") shall be done; --yes is an answer. Without a terminal nobody
// can be asked: up to `unasked_max` things are done all the same, as the command line says so. For more, and with
// --no-input for any, the fault says to give --yes. CANCELLED where the answer is no.
absl::Status Confirm(Context& context, const Words& what, int64_t count, int64_t unasked_max = 10);

}  // namespace folio::cli
