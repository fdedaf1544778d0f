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
constexpr std::string_view kAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";

__extension__ using Bits128 = unsigned __int128;

void FillRandom(void* bytes, size_t size) {
  static const bool ready = sodium_init() >= 0;
  if (!ready) std::abort();  // without a source of randomness no secret is one
  randombytes_buf(bytes, size);
}

std::string TextOf(Bits128 bits) {
  std::string id(kIdCharacters, '0');
  for (auto c = id.rbegin(); c != id.rend(); ++c, bits >>= 5) *c = kAlphabet[static_cast<size_t>(bits & 31)];
  return id;
}

// By character; -1 where it is no digit.
std::array<int8_t, 256> DigitsOfCharacters() {
  std::array<int8_t, 256> digits;
  digits.fill(-1);
  for (size_t i = 0; i < kAlphabet.size(); ++i) digits[static_cast<uint8_t>(kAlphabet[i])] = static_cast<int8_t>(i);
  return digits;
}

bool IsIdCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
         c == '~' || c == '-';
}

}  // namespace

std::string NewTimeOrderedId(Instant now) {
  std::array<uint8_t, 10> random;
  FillRandom(random.data(), random.size());
  Bits128 bits = static_cast<uint64_t>(std::max<Instant>(now, 0) / kMicrosPerMilli) & 0xFFFF'FFFF'FFFF;
  for (const uint8_t byte : random) bits = bits << 8 | byte;
  return TextOf(bits);
}

std::optional<PackedId> Pack(std::string_view id) {
  static const std::array<int8_t, 256> digits = DigitsOfCharacters();
  if (id.size() != kIdCharacters || id[0] > '7') return std::nullopt;
  Bits128 bits = 0;
  for (const char c : id) {
    const int8_t digit = digits[static_cast<uint8_t>(c)];
    if (digit < 0) return std::nullopt;
    bits = bits << 5 | static_cast<uint8_t>(digit);
  }
  return PackedId{static_cast<uint64_t>(bits >> 64), static_cast<uint64_t>(bits)};
}

std::string Unpack(PackedId packed) { return TextOf(Bits128{packed.high} << 64 | packed.low); }

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
