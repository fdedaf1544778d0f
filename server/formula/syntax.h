// The grammar of formulas: text to an untyped tree, before any name is looked up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace folio::formula {

struct Syntax {
  enum class Kind : uint8_t { kNumber, kText, kName, kNegation, kBinary, kComparison, kCall };
  Kind kind = Kind::kNumber;
  double number = 0;             // kNumber; a percentage as its hundredth
  bool percent = false;          // kNumber
  std::string text;              // kText: without quotes; kName, kCall: the name; kBinary, kComparison: the operator
  std::vector<Syntax> children;  // kNegation: one; kBinary, kComparison: two; kCall: its arguments
  size_t begin = 0;              // in bytes of the formula
  size_t end = 0;
};

// INVALID_ARGUMENT on "formula": FORMULA_SYNTAX with position, what is found there and what is expected;
// FORMULA_TOO_LARGE where the text is longer, or more deeply nested, than limits.h says. The nodes are not counted.
absl::StatusOr<Syntax> ParseSyntax(std::string_view text);

}  // namespace folio::formula
