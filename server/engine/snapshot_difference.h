// What differs between two snapshots of one table. Blocks that no publication between them touched are shared by both,
// so that what is alike costs nothing.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "server/engine/table.h"

namespace folio::engine {

// Blocks of a snapshot, by index from 0.
int64_t BlockCount(const Snapshot& snapshot);

// Whether a block is the same in both: no row of it has been written in between. Either may be nullptr: an empty table.
bool IsSameBlock(const Snapshot* before, const Snapshot* after, int64_t block);

// Keys of the rows of a block that are live in either snapshot, ascending.
std::vector<RowKey> RowsOfBlock(const Snapshot* before, const Snapshot* after, int64_t block);

// For each row of a block, by position, 1 where a value of these columns differs. What it says of rows that are not
// live in both does not matter. Neither is nullptr.
std::vector<uint8_t> RowsThatDiffer(const Snapshot& before, const Snapshot& after, int64_t block,
                                    std::span<const model::ColumnIndex> columns);

}  // namespace folio::engine
