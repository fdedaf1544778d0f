// A segment: the log entries of one commit group, in one row of the table `log`.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/sqlite/statement.h"
#include "storage/storage.h"

namespace folio::storage {

// As it is stored.
struct EncodedSegment {
  Revision first = 0;
  int64_t count = 0;
  int64_t flags = 0;
  uint64_t sum = 0;
  std::string data;
};

// Entries of revisions from `first` on. Compressed where they are many and that makes them less.
EncodedSegment EncodeSegment(Revision first, std::span<const std::string_view> entries);

// As it is read.
struct Segment {
  Revision first = 0;
  std::vector<std::string_view> entries;  // borrowed from `plain` or from the statement
  std::vector<char> plain;                // where it was compressed

  Revision end() const { return first + static_cast<Revision>(entries.size()); }
};

// The segment on whose row a statement stands, which selects "first, count, flags, sum, data". Borrows from it.
// DATA_LOSS where its checksum does not fit.
absl::StatusOr<Segment> ReadSegment(Statement& statement);

}  // namespace folio::storage
