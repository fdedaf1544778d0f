#include "server/services/watch_token.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "server/base/error.h"

namespace folio::services {

namespace {

constexpr char kField[] = "resume_token";

}  // namespace

std::string EncodeWatchToken(std::string_view store_id, const WatchPosition& position) {
  return fmt::format("{}.{}.{}.{}", store_id, position.revision, position.kind, position.key);
}

absl::StatusOr<WatchPosition> DecodeWatchToken(std::string_view token, std::string_view store_id) {
  const size_t dot = token.find('.');
  if (dot == std::string_view::npos) return error::InvalidField(kField, "RESUME_TOKEN_MALFORMED");
  std::array<int64_t, 3> numbers = {};
  const char* next = token.data() + dot;
  const char* const end = token.data() + token.size();
  for (int64_t& number : numbers) {
    if (next == end || *next != '.') return error::InvalidField(kField, "RESUME_TOKEN_MALFORMED");
    const auto read = std::from_chars(next + 1, end, number);
    if (read.ec != std::errc() || number < 0) return error::InvalidField(kField, "RESUME_TOKEN_MALFORMED");
    next = read.ptr;
  }
  if (next != end || numbers[1] > UINT8_MAX) return error::InvalidField(kField, "RESUME_TOKEN_MALFORMED");
  if (token.substr(0, dot) != store_id) return error::InvalidField(kField, "RESUME_TOKEN_FOREIGN");
  return WatchPosition{numbers[0], static_cast<storage::Kind>(numbers[1]), numbers[2]};
}

}  // namespace folio::services
