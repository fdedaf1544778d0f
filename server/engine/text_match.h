// Comparisons of text: of symbols, as they are written, and of free text, folded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "server/engine/chunk.h"
#include "server/model/filter.h"

namespace folio::engine {

// How symbols are ordered: as people read them, then by their bytes.
bool SymbolPrecedes(std::string_view folded_a, std::string_view a, std::string_view folded_b, std::string_view b);

// Where `whole` = "prefix*", "*suffix" or "*part*" with the stars given apart. Without stars: equality.
bool MatchesPattern(std::string_view whole, std::string_view part, bool star_after, bool star_before);

// One comparison of a symbol with a literal: = and != by the bytes, `:` for a part as people read it (folded; by the
// bytes where folding leaves nothing of the literal), < and > by their order.
class SymbolMatcher {
 public:
  SymbolMatcher(model::Operator op, std::string literal, bool prefix, bool suffix);
  bool Matches(std::string_view text, std::string_view folded) const;

 private:
  model::Operator op_;
  std::string literal_;
  std::string folded_literal_;
  bool prefix_;
  bool suffix_;
};

// One comparison of free text with a folded literal.
struct TextTest {
  model::Operator op = model::Operator::kEqual;
  std::string_view literal;
  bool prefix = false;
  bool suffix = false;
};

// Clears the rows of the chunk that are missing or do not satisfy the test.
void NarrowByText(const TextTest& test, const TextChunk& chunk, uint8_t* mask);

}  // namespace folio::engine
