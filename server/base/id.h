// Identifiers: time-ordered ones for resources, random ones for secrets and stores.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/base/date.h"

namespace folio {

// 26 characters of Crockford's base 32 (lower case): 48 bits of milliseconds, then 80 random bits. Sorts by time.
std::string NewTimeOrderedId(Instant now);

// Such an id in 16 bytes: its milliseconds and the first of its random bits, then the others.
struct PackedId {
  uint64_t high = 0;
  uint64_t low = 0;
};
// Nothing where the text is not exactly what Unpack would make of it.
std::optional<PackedId> Pack(std::string_view id);
std::string Unpack(PackedId packed);

// `bytes` random bytes from the system's generator, in lower-case hexadecimal.
std::string NewRandomHex(int bytes);

// True for what a client may choose: 1 to 128 of [A-Za-z0-9._~-].
bool IsValidResourceId(std::string_view id);

}  // namespace folio
