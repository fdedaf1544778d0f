// Facets: the columns that rows can be grouped by.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "server/model/column.h"

namespace folio::model {

// The facet of a name. GROUP_COLUMN_UNKNOWN on `field`, with the nearest one, or all that there are.
absl::StatusOr<ColumnIndex> FindFacet(const ColumnSet& columns, const std::string& name, const std::string& field);

}  // namespace folio::model
