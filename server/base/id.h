// Identifiers: time-ordered ones for resources, random ones for secrets and stores.
#pragma once

#include <string>
#include <string_view>

#include "server/base/date.h"

namespace folio {

// 26 characters of Crockford's base 32 (lower case): 48 bits of milliseconds, then 80 random bits. Sorts by time.
std::string NewTimeOrderedId(Instant now);

// `bytes` random bytes from the system's generator, in lower-case hexadecimal.
std::string NewRandomHex(int bytes);

// True for what a client may choose: 1 to 128 of [A-Za-z0-9._~-].
bool IsValidResourceId(std::string_view id);

}  // namespace folio
