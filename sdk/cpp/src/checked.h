// Options that make sense: nothing wrong in them may come to light only when a call is made.
#pragma once

#include "absl/status/status.h"
#include "folio/options.h"

namespace folio {

// No call takes longer: a timeout beyond counts as this, so that no clock overflows.
inline constexpr std::chrono::hours kLongestTimeout{7 * 24};

// Takes the scheme off the address ("https://" switching TLS on), gives it the port that it leaves out (443 with TLS,
// 7117 without), and bounds the timeout. INVALID_ARGUMENT where address, timeout, key, locale or user agent make no
// sense: gRPC would end the process for some of them.
absl::Status Check(ClientOptions* options);

}  // namespace folio
