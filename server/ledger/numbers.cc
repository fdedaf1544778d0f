#include "server/ledger/numbers.h"

#include <algorithm>
#include <limits>

namespace folio::ledger {
namespace {

constexpr size_t kLastNumber = std::numeric_limits<uint16_t>::max();

// What the contract names itself.
std::vector<std::string> KnownLabels(Dimension dimension, const std::string& currency) {
  if (dimension == Dimension::kCostCategory) return {"", "acquisition", "retention", "service", "other"};
  if (dimension == Dimension::kTicketPriority) return {"", "low", "medium", "high", "urgent"};
  if (dimension == Dimension::kRevenueCurrency) return {currency};
  return {""};
}

}  // namespace

Texts::Texts(std::vector<std::string> known) : all_(std::move(known)) {
  for (size_t i = 0; i < all_.size(); ++i) numbers_.emplace(all_[i], static_cast<uint16_t>(i));
}

uint16_t Texts::NumberOf(std::string_view text) {
  const auto known = numbers_.find(text);
  if (known != numbers_.end()) return known->second;
  if (all_.size() > kLastNumber) return static_cast<uint16_t>(kLastNumber);
  const auto number = static_cast<uint16_t>(all_.size());
  all_.emplace_back(text);
  numbers_.emplace(all_.back(), number);
  return number;
}

Numbers::Numbers(const std::string& currency) : features_({""}), stages_({}), currencies_({currency}) {
  for (int i = 0; i < kDimensions; ++i) labels_.emplace_back(KnownLabels(static_cast<Dimension>(i), currency));
}

size_t Numbers::count() const {
  size_t count = features_.all().size() + stages_.all().size() + currencies_.all().size() + scales_.size();
  for (const Texts& labels : labels_) count += labels.all().size();
  return count;
}

uint16_t Numbers::OfScale(const Scale& scale) {
  const auto known = std::find(scales_.begin(), scales_.end(), scale);
  const auto number = static_cast<size_t>(known - scales_.begin());
  if (known == scales_.end() && number < kLastNumber) scales_.push_back(scale);
  return static_cast<uint16_t>(std::min(number, kLastNumber - 1));
}

uint16_t Numbers::OfLabel(Dimension dimension, std::string_view text) {
  return labels_[static_cast<size_t>(dimension)].NumberOf(text);
}

}  // namespace folio::ledger
