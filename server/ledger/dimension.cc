#include "server/ledger/dimension.h"

namespace folio::ledger {

std::optional<Dimension> FindDimension(std::string_view id) {
  for (const DimensionEntry& entry : kDimensionIds) {
    if (entry.id == id) return entry.dimension;
  }
  return std::nullopt;
}

std::string_view IdOf(Dimension dimension) { return kDimensionIds[static_cast<size_t>(dimension)].id; }

uint16_t LabelOf(Dimension dimension, EntryKind kind, const Entry& entry) {
  const bool is_cost = kind == EntryKind::kCost;
  const bool is_ticket = kind == EntryKind::kTicket || kind == EntryKind::kResolution;
  switch (dimension) {
    case Dimension::kCostCategory:
      return is_cost ? CostCategoryOf(entry) : 0;
    case Dimension::kCostSubcategory:
      return is_cost ? FirstLabelOf(entry) : 0;
    case Dimension::kCostCampaign:
      return is_cost ? SecondLabelOf(entry) : 0;
    case Dimension::kOrderChannel:
      return kind == EntryKind::kOrder ? entry.mark : 0;
    case Dimension::kConversationChannel:
      return kind == EntryKind::kResponse ? entry.tag : 0;
    case Dimension::kTicketPriority:
      return is_ticket ? entry.tag : 0;
    case Dimension::kTicketTopic:
      return is_ticket ? FirstLabelOf(entry) : 0;
    case Dimension::kTicketChannel:
      return is_ticket ? SecondLabelOf(entry) : 0;
    case Dimension::kEngagementType:
      return kind == EntryKind::kEngagement ? entry.tag : 0;
    case Dimension::kRevenueCurrency:
      return 0;
  }
  return 0;
}

}  // namespace folio::ledger
