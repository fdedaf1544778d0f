// Page tokens: where the last page ended, bound to the request that it belongs to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/model/column.h"

namespace folio::model {

// The position after which a page begins: the sort values of the last row, then its key.
struct PagePosition {
  std::vector<Cell> values;
  int64_t key = 0;
};

// Opaque and URL-safe. `binding` is a digest of everything else in the request (BindingOf).
std::string EncodePageToken(const PagePosition& position, uint64_t binding);

// INVALID_ARGUMENT on "page_token": PAGE_TOKEN_MALFORMED, or PAGE_TOKEN_FOREIGN where the request has changed since.
absl::StatusOr<PagePosition> DecodePageToken(std::string_view token, uint64_t binding);

// The same for positions that are `count` whole numbers: PAGE_TOKEN_MALFORMED where they are anything else, for a
// client can write a token itself.
absl::StatusOr<PagePosition> DecodeIntPageToken(std::string_view token, uint64_t binding, size_t count);

// Digest of the parts of a request that must not change between pages.
uint64_t BindingOf(const std::vector<std::string_view>& parts);

}  // namespace folio::model
