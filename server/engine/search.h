// Search of names, folded: by words, prefix, substring, and with one typing error.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "server/engine/table.h"

namespace folio::engine {

enum class Match : uint8_t { kExact, kPrefix, kSubstring, kTypo };

struct Hit {
  RowKey key = 0;
  Match match = Match::kExact;
};

// The best hits first: by kind of match, then shorter names, then key. `column` is a kText column; the query is folded
// here. Typing errors (one insertion, deletion, substitution or transposition in a word of four letters or more) are
// tried only where nothing else is found.
std::vector<Hit> SearchText(const Snapshot& snapshot, model::ColumnIndex column, std::string_view query, int limit);

}  // namespace folio::engine
