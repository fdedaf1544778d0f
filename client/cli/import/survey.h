// The first look at a file: what it holds, before anything is sent.
#pragma once

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "client/cli/import/converter.h"
#include "client/cli/import/row_reader.h"
#include "client/cli/value/dates.h"

namespace folio::cli {

struct Survey {
  int64_t rows = 0;
  int64_t repeated_ids = 0;  // rows with an id that an earlier row has
  // Positions of facts that a later row with the same id replaces: sending them would only be undone at once.
  absl::flat_hash_set<int64_t> superseded;
  DayOrder day_order = DayOrder::kUnknown;
};

// Reads the whole file. Errors are those of RowReader::Next, and DATE_ORDER_MIXED where dates without a pattern stand
// day first in some rows and month first in others.
absl::StatusOr<Survey> SurveyRows(RowReader& reader, const Converter& converter, bool facts);

}  // namespace folio::cli
