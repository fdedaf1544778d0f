#include "server/model/column.h"

#include "server/base/nearest.h"

namespace folio::model {

ColumnIndex ColumnSet::Add(Column column) {
  const ColumnIndex index = size();
  by_name_.emplace(column.name, index);
  columns_.push_back(std::move(column));
  return index;
}

std::optional<ColumnIndex> ColumnSet::Find(std::string_view name) const {
  const auto found = by_name_.find(std::string(name));
  if (found == by_name_.end()) return std::nullopt;
  return found->second;
}

std::string ColumnSet::Nearest(std::string_view name) const {
  std::vector<std::string_view> names;
  for (const Column& column : columns_) names.push_back(column.name);
  return NearestName(name, names);
}

std::string ColumnSet::NearestFacet(std::string_view name) const {
  std::vector<std::string_view> names;
  for (const Column& column : columns_) {
    if (column.facet) names.push_back(column.name);
  }
  return NearestName(name, names);
}

}  // namespace folio::model
