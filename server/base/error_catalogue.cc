#include "server/base/error_catalogue.h"

#include <unordered_map>
#include <vector>

namespace folio::error {

std::span<const CatalogueEntry> Catalogue() {
  static const auto* const all = [] {
    auto* entries = new std::vector<CatalogueEntry>;
    for (const auto part :
         {ReasonsOfInput(), ReasonsOfSales(), ReasonsOfModels(), ReasonsOfIndicators(), ReasonsOfRequests()}) {
      entries->insert(entries->end(), part.begin(), part.end());
    }
    return entries;
  }();
  return *all;
}

const CatalogueEntry* FindEntry(std::string_view reason) {
  static const auto* const by_reason = [] {
    auto* map = new std::unordered_map<std::string_view, const CatalogueEntry*>;
    for (const CatalogueEntry& entry : Catalogue()) map->emplace(entry.reason, &entry);
    return map;
  }();
  const auto found = by_reason->find(reason);
  return found == by_reason->end() ? nullptr : found->second;
}

}  // namespace folio::error
