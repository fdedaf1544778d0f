#include "server/model/facet.h"

#include "server/base/error.h"

namespace folio::model {

namespace {

std::string NamesOf(const ColumnSet& columns) {
  std::string names;
  for (ColumnIndex index = 0; index < columns.size(); ++index) {
    if (!columns.at(index).facet) continue;
    names += (names.empty() ? "" : ", ") + columns.at(index).name;
  }
  return names;
}

}  // namespace

absl::StatusOr<ColumnIndex> FindFacet(const ColumnSet& columns, const std::string& name, const std::string& field) {
  const auto column = columns.Find(name);
  if (column.has_value() && columns.at(*column).facet) return *column;
  std::string nearest = columns.NearestFacet(name);
  std::string names = nearest.empty() ? NamesOf(columns) : "";
  return error::InvalidField(field, "GROUP_COLUMN_UNKNOWN",
                             {{"column", name}, {"nearest", std::move(nearest)}, {"names", std::move(names)}});
}

}  // namespace folio::model
