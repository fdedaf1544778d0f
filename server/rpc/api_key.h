// The text of an API key: folio_<id>_<secret>_<check>.
//
// The prefix and the checksum let scanners of source code find leaked keys without asking anybody. The secret is 256
// random bits; the server stores only a keyed digest of it.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace folio::rpc {

struct ApiKeyText {
  std::string id;      // 16 hexadecimal digits
  std::string secret;  // 64 hexadecimal digits
};

// A new key from the system's random generator.
ApiKeyText NewApiKey();

std::string FormatApiKey(const ApiKeyText& key);

// UNAUTHENTICATED (KEY_MALFORMED) where the text does not have that form or its checksum is wrong.
absl::StatusOr<ApiKeyText> ParseApiKey(std::string_view text);

// The id in a text that has the length of a key, which need not be one; empty where it has not.
std::string_view IdWithin(std::string_view text);

// Key of the digests, 32 bytes: without it a stolen table of digests is of no use.
using Pepper = std::string;

// Reads the pepper file, or makes one (mode 0600) where there is none. FAILED_PRECONDITION where others can read it or
// it is not 32 bytes; UNAVAILABLE where it cannot be read or written.
absl::StatusOr<Pepper> LoadOrCreatePepper(const std::string& path);

// BLAKE2b digest of a key, 32 bytes.
std::string DigestOf(const ApiKeyText& key, const Pepper& pepper);

// A short digest of a key's text, with which the text is known again at a tenth of the price of DigestOf. It is worth
// nothing outside of this process, or after its end: its own key is random and never stored.
using Fingerprint = std::array<unsigned char, 16>;
Fingerprint FingerprintOf(std::string_view text);

// Compares in a time that does not depend on the contents.
bool SameDigest(std::string_view a, std::string_view b);
bool SameFingerprint(const Fingerprint& a, const Fingerprint& b);

}  // namespace folio::rpc
