// Dimensions: what facts and recurring revenue can be grouped by besides the accounts that they are of.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "server/ledger/entry.h"

namespace folio::ledger {

struct DimensionEntry {
  Dimension dimension;
  std::string_view id;  // as queries name it
};
inline constexpr std::array<DimensionEntry, kDimensions> kDimensionIds = {{
    {Dimension::kCostCategory, "cost.category"},
    {Dimension::kCostSubcategory, "cost.subcategory"},
    {Dimension::kCostCampaign, "cost.campaign"},
    {Dimension::kOrderChannel, "order.channel"},
    {Dimension::kConversationChannel, "conversation.channel"},
    {Dimension::kTicketPriority, "ticket.priority"},
    {Dimension::kTicketTopic, "ticket.topic"},
    {Dimension::kTicketChannel, "ticket.channel"},
    {Dimension::kEngagementType, "engagement.type"},
    {Dimension::kRevenueCurrency, "revenue.currency"},
}};

std::optional<Dimension> FindDimension(std::string_view id);
std::string_view IdOf(Dimension dimension);

// Number of an entry's label in a dimension (see Numbers); 0 where it has none.
uint16_t LabelOf(Dimension dimension, EntryKind kind, const Entry& entry);

}  // namespace folio::ledger
