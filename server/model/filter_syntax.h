// The grammar of filters: text to an untyped tree, before any column is looked up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace folio::model {

// A value as written, quotes and escapes undone.
struct SyntaxValue {
  std::string text;  // stars at its ends included
  std::string core;  // without them
  bool star_before = false;
  bool star_after = false;
  bool lone_star = false;
  size_t position = 0;  // in bytes, from 0
};

struct SyntaxNode {
  enum class Kind : uint8_t { kNothing, kAnd, kOr, kNot, kCompare, kWord };
  Kind kind = Kind::kNothing;
  std::vector<SyntaxNode> children;  // kAnd, kOr: two or more; kNot: one
  std::string column;                // kCompare
  std::string comparator;            // kCompare: "=", "!=", "<", "<=", ">", ">=", ":"
  SyntaxValue value;                 // kCompare, kWord
  size_t position = 0;               // in bytes, from 0
  size_t comparator_position = 0;
};

struct FilterSyntax {
  SyntaxNode root;
  bool mixes_and_with_or = false;  // somewhere without parentheses
};

struct SyntaxError {
  size_t position = 0;    // in bytes, from 0
  std::string expected;   // a term of the catalogue of errors
  bool too_deep = false;  // more parentheses within each other than are accepted
};

// The text must be clean UTF-8.
std::variant<FilterSyntax, SyntaxError> ParseFilterSyntax(std::string_view text);

}  // namespace folio::model
