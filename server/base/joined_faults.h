// Faults that several checks of one thing have found, as one error.
#pragma once

#include <initializer_list>

#include "absl/status/status.h"

namespace folio::error {

// OK where all are. Of a field that an earlier check has found at fault, later ones say nothing more. A status that is
// not INVALID_ARGUMENT comes back as it is, the first of them.
absl::Status JoinFaults(std::initializer_list<absl::Status> checks);

}  // namespace folio::error
