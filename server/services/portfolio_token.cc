#include "server/services/portfolio_token.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>

#include "server/base/error.h"
#include "server/model/page_token.h"

namespace folio::services {

namespace {

constexpr char kField[] = "resume_token";
constexpr char kMark = 'p';  // tells it from a token of Watch
constexpr int kDecimal = 10;
constexpr int kHexadecimal = 16;

// What comes before the next dot, which goes with it.
std::string_view TakePart(std::string_view* text) {
  const size_t dot = std::min(text->find('.'), text->size());
  const std::string_view part = text->substr(0, dot);
  text->remove_prefix(std::min(dot + 1, text->size()));
  return part;
}

template <class Number>
bool Read(std::string_view text, int base, Number* number) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), *number, base);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

}  // namespace

uint64_t FilterBinding(std::string_view filter) { return model::BindingOf({"WatchPortfolio", filter}); }

std::string EncodePortfolioToken(std::string_view store_id, uint64_t filter, const PortfolioPosition& position) {
  return fmt::format("{}.{}{:x}.{}.{}", store_id, kMark, filter, position.telling, position.number);
}

absl::StatusOr<PortfolioPosition> DecodePortfolioToken(std::string_view token, std::string_view store_id,
                                                       uint64_t filter) {
  const std::string_view store = TakePart(&token);
  const std::string_view its_filter_text = TakePart(&token);
  PortfolioPosition position{.telling = std::string(TakePart(&token))};
  uint64_t its_filter = 0;
  if (!its_filter_text.starts_with(kMark) || !Read(its_filter_text.substr(1), kHexadecimal, &its_filter) ||
      position.telling.empty() || !Read(token, kDecimal, &position.number) || position.number < 0) {
    return error::InvalidField(kField, "RESUME_TOKEN_MALFORMED");
  }
  if (store != store_id || its_filter != filter) return error::InvalidField(kField, "RESUME_TOKEN_FOREIGN");
  return position;
}

}  // namespace folio::services
