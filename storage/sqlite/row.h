// How records lie in the table `records`: their numbers, their checksums, and how they are read.
#pragma once

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "storage/sqlite/statement.h"
#include "storage/storage.h"

namespace folio::storage {

// Kinds of the table. Beyond those of the seam, replies and cursors are records too, so that one checksum, one
// directory and one way of writing serve all.
inline constexpr int kKindMax = 255;
inline constexpr int kReplyKind = 256;
inline constexpr int kCursorKind = 257;
inline constexpr int kKindCount = 258;

// The table's primary key.
using RowId = int64_t;
inline constexpr int kKeyBits = 48;
inline constexpr RowId RowIdOf(int kind, Key key) { return (RowId{kind} << kKeyBits) | key; }
inline constexpr int KindOf(RowId row_id) { return static_cast<int>(row_id >> kKeyBits); }
inline constexpr Key KeyOf(RowId row_id) { return row_id & kKeyMax; }

// Checksum of a record's content, its place included.
uint64_t RowSum(RowId row_id, std::string_view id, Revision revision, std::string_view data);

// A row, borrowed from the statement that stands on it.
struct Row {
  RowId row_id = 0;
  Revision revision = 0;
  uint64_t sum = 0;
  std::string_view id;
  std::string_view data;
};

// The row on which a statement stands, which selects "key, revision, sum, id, data". DATA_LOSS where its checksum does
// not fit.
absl::StatusOr<Row> ReadRow(Statement& statement);

}  // namespace folio::storage
