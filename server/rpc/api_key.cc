#include "server/rpc/api_key.h"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <boost/crc.hpp>

#include "server/base/error.h"
#include "server/base/id.h"
#include "server/base/text.h"
#include "server/rpc/secret_file.h"

namespace folio::rpc {
namespace {

constexpr std::string_view kPrefix = "folio_";
constexpr size_t kIdDigits = 16;
constexpr size_t kSecretDigits = 64;
constexpr size_t kCheckDigits = 8;
constexpr size_t kTextBytes = kPrefix.size() + kIdDigits + 1 + kSecretDigits + 1 + kCheckDigits;
constexpr size_t kPepperBytes = 32;
constexpr size_t kDigestBytes = 32;

std::string Body(const ApiKeyText& key) { return std::string(kPrefix) + key.id + "_" + key.secret; }

std::string CheckOf(std::string_view body) {
  boost::crc_32_type crc;
  crc.process_bytes(body.data(), body.size());
  return fmt::format("{:08x}", crc.checksum());
}

bool IsHex(std::string_view text) { return text.find_first_not_of("0123456789abcdef") == std::string_view::npos; }

}  // namespace

ApiKeyText NewApiKey() { return {.id = NewRandomHex(kIdDigits / 2), .secret = NewRandomHex(kSecretDigits / 2)}; }

std::string FormatApiKey(const ApiKeyText& key) {
  const std::string body = Body(key);
  return body + "_" + CheckOf(body);
}

absl::StatusOr<ApiKeyText> ParseApiKey(std::string_view text) {
  const auto malformed = [] { return error::Unauthenticated("KEY_MALFORMED"); };
  if (text.size() != kTextBytes || !text.starts_with(kPrefix)) return malformed();
  const std::string_view id = text.substr(kPrefix.size(), kIdDigits);
  const std::string_view secret = text.substr(kPrefix.size() + kIdDigits + 1, kSecretDigits);
  const std::string_view body = text.substr(0, kTextBytes - kCheckDigits - 1);
  if (!IsHex(id) || !IsHex(secret) || text[kPrefix.size() + kIdDigits] != '_' || text[body.size()] != '_') {
    return malformed();
  }
  if (CheckOf(body) != text.substr(body.size() + 1)) return malformed();
  return ApiKeyText{std::string(id), std::string(secret)};
}

std::string_view IdWithin(std::string_view text) {
  return text.size() == kTextBytes ? text.substr(kPrefix.size(), kIdDigits) : std::string_view();
}

absl::StatusOr<Pepper> LoadOrCreatePepper(const std::string& path) {
  auto pepper = ReadSecretFile(path);
  if (absl::IsNotFound(pepper.status())) {
    Pepper fresh(kPepperBytes, '\0');
    randombytes_buf(fresh.data(), fresh.size());
    if (absl::Status written = WriteSecretFile(path, fresh); !written.ok()) return written;
    return fresh;
  }
  if (pepper.ok() && pepper->size() != kPepperBytes) {
    return absl::FailedPreconditionError(ToAbsl(path + " is damaged; restore it, or every key is lost"));
  }
  return pepper;
}

std::string DigestOf(const ApiKeyText& key, const Pepper& pepper) {
  const std::string body = Body(key);
  std::string digest(kDigestBytes, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                     reinterpret_cast<const unsigned char*>(body.data()), body.size(),
                     reinterpret_cast<const unsigned char*>(pepper.data()), pepper.size());
  return digest;
}

Fingerprint FingerprintOf(std::string_view text) {
  static const auto key = [] {
    std::array<unsigned char, crypto_shorthash_siphashx24_KEYBYTES> random;
    randombytes_buf(random.data(), random.size());
    return random;
  }();
  Fingerprint fingerprint;
  static_assert(std::tuple_size_v<Fingerprint> == crypto_shorthash_siphashx24_BYTES);
  crypto_shorthash_siphashx24(fingerprint.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                              key.data());
  return fingerprint;
}

bool SameFingerprint(const Fingerprint& a, const Fingerprint& b) {
  return sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool SameDigest(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace folio::rpc
