// AIP-160 filters: text to a checked, typed tree. One parser for server, CLI and console.
//
//   sector = "FinTech" AND health < 50 AND NOT tag:paused AND (country = "FR" OR country = "BE")
//
// As in AIP-160, OR binds tighter than AND; a bare word is a search of the display name; `column:value` holds where a
// text contains the value, a set has it, or (`column:*`) the column has any value. A missing value matches nothing but
// NOT: neither = nor != nor <.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/date.h"
#include "server/model/column.h"

namespace folio::model {

enum class Operator : uint8_t { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual, kHas, kPresent };

// A node of a checked filter. Literals have the type of their column: Cell as column.h says, text already folded for
// kText. `prefix` and `suffix` tell of a text literal with a `*` at its end or beginning (= only).
struct FilterNode {
  enum class Kind : uint8_t { kAll, kAnd, kOr, kNot, kCompare };
  Kind kind = Kind::kAll;
  std::vector<FilterNode> children;  // kAnd, kOr: two or more; kNot: one
  ColumnIndex column = 0;            // kCompare
  Operator op = Operator::kEqual;
  Cell literal;
  bool prefix = false;
  bool suffix = false;
};

struct Filter {
  FilterNode root;                    // kAll for an empty filter
  std::string canonical;              // with every parenthesis written out
  std::vector<std::string> warnings;  // English sentences about what may surprise
};

// INVALID_ARGUMENT on field "filter" with reason FILTER_SYNTAX, FILTER_COLUMN_UNKNOWN, FILTER_TYPE, FILTER_OPERATOR or
// FILTER_TOO_LARGE; details name the position ("position", from 1), the culprit and the nearest column.
absl::StatusOr<Filter> ParseFilter(std::string_view text, const ColumnSet& columns);

// One column of an order.
struct OrderTerm {
  ColumnIndex column = 0;
  bool descending = false;
};

// "arr desc, display_name". INVALID_ARGUMENT on field "order_by". Rows without a value come last either way; ties are
// broken by ascending key, so every order is total.
absl::StatusOr<std::vector<OrderTerm>> ParseOrder(std::string_view text, const ColumnSet& columns);

}  // namespace folio::model
