#include "server/base/id.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace folio {
namespace {

constexpr int64_t kMicrosPerMilli = 1'000;
constexpr size_t kIdLengthMax = 128;
// 26 characters of 5 bits; the first holds only 3 of the 128.
constexpr int kIdCharacters = 26;

__extension__ using Bits128 = unsigned __int128;

void FillRandom(void* bytes, size_t size) {
  static const bool ready = sodium_init() >= 0;
  if (!ready) std::abort();  // without a source of randomness no secret is one
  randombytes_buf(bytes, size);
}

bool IsIdCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '~' || c == '-';
}

}  // namespace

std::string NewTimeOrderedId(Instant now) {
  constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
  std::array<uint8_t, 10> random;
  FillRandom(random.data(), random.size());
  Bits128 bits = static_cast<uint64_t>(std::max<Instant>(now, 0) / kMicrosPerMilli) & 0xFFFF'FFFF'FFFF;
  for (const uint8_t byte : random) bits = bits << 8 | byte;
  std::string id(kIdCharacters, '0');
  for (auto c = id.rbegin(); c != id.rend(); ++c, bits >>= 5) *c = kAlphabet[static_cast<size_t>(bits & 31)];
  return id;
}

std::string NewRandomHex(int bytes) {
  std::string random(static_cast<size_t>(bytes), '\0');
  FillRandom(random.data(), random.size());
  std::string hex;
  for (const char byte : random) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    hex += kDigits[static_cast<uint8_t>(byte) >> 4];
    hex += kDigits[static_cast<uint8_t>(byte) & 15];
  }
  return hex;
}

bool IsValidResourceId(std::string_view id) {
  return !id.empty() && id.size() <= kIdLengthMax && std::all_of(id.begin(), id.end(), IsIdCharacter);
}

}  // namespace folio
