// Writes to many resources, several at a time: the server puts those that come together into one transaction.
#pragma once

#include <cstddef>
#include <functional>

#include "absl/status/status.h"

namespace folio::cli {

// Calls `write` once for each of 0 … count - 1, from several threads and in no certain order. OK of `write` means to go
// on; another status ends it all, and the first of those is returned.
absl::Status WriteMany(size_t count, const std::function<absl::Status(size_t)>& write);

}  // namespace folio::cli
