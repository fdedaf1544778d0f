// Resume tokens of watches of the portfolio: the store, the filter, the telling, and its last message.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace folio::services {

struct PortfolioPosition {
  std::string telling;  // its id, in hexadecimal
  int64_t number = 0;   // of its last message
};

// Tells tokens of one filter from those of another.
uint64_t FilterBinding(std::string_view filter);

std::string EncodePortfolioToken(std::string_view store_id, uint64_t filter, const PortfolioPosition& position);

// INVALID_ARGUMENT on "resume_token": RESUME_TOKEN_MALFORMED, or RESUME_TOKEN_FOREIGN where it is another store's or
// another filter's.
absl::StatusOr<PortfolioPosition> DecodePortfolioToken(std::string_view token, std::string_view store_id,
                                                       uint64_t filter);

}  // namespace folio::services
