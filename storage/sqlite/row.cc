#include "storage/sqlite/row.h"

#include <xxhash.h>

#include <string>

#include "absl/status/status.h"

namespace folio::storage {

uint64_t RowSum(RowId row_id, std::string_view id, Revision revision, std::string_view data) {
  const uint64_t place[3] = {static_cast<uint64_t>(row_id), static_cast<uint64_t>(revision),
                             XXH3_64bits(id.data(), id.size())};
  return XXH3_64bits_withSeed(data.data(), data.size(), XXH3_64bits(place, sizeof(place)));
}

absl::StatusOr<Row> ReadRow(Statement& statement) {
  Row row;
  row.row_id = statement.Int(0);
  row.revision = statement.Int(1);
  row.sum = static_cast<uint64_t>(statement.Int(2));
  row.id = statement.Bytes(3);
  row.data = statement.Bytes(4);
  if (row.sum == RowSum(row.row_id, row.id, row.revision, row.data)) return row;
  return absl::DataLossError("record " + std::to_string(KeyOf(row.row_id)) + " of kind " +
                             std::to_string(KindOf(row.row_id)) + " does not fit its checksum");
}

}  // namespace folio::storage
