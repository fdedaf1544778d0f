// Small files that only the server's own user may read.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace folio::rpc {

// Writes a file with mode 0600, durably, replacing what is there. UNAVAILABLE where the disk refuses.
absl::Status WriteSecretFile(const std::string& path, std::string_view content);

// NOT_FOUND where there is none; FAILED_PRECONDITION where its mode lets others read or write it; UNAVAILABLE where it
// cannot be read.
absl::StatusOr<std::string> ReadSecretFile(const std::string& path);

}  // namespace folio::rpc
