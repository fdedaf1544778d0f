// Rows of a CSV file: libcsv in its strict mode, with line numbers, going on behind a malformed row.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "client/cli/import/row_reader.h"

namespace folio::cli {

// As OpenRows, for CSV. A row with a wrong number of cells, or with a quotation mark in the midst of a cell, comes with
// its fault (CSV_COLUMNS, CSV_MALFORMED); a quote that is never closed ends the reading (CSV_UNCLOSED_QUOTE).
absl::StatusOr<std::unique_ptr<RowReader>> OpenCsv(const std::string& path, const Dialect& dialect);

}  // namespace folio::cli
