#include "server/engine/text_match.h"

#include <utility>

#include "server/base/text.h"
#include "server/engine/text_finder.h"

namespace folio::engine {

using model::Operator;

bool SymbolPrecedes(std::string_view folded_a, std::string_view a, std::string_view folded_b, std::string_view b) {
  const int order = folded_a.compare(folded_b);
  return order != 0 ? order < 0 : a < b;
}

bool MatchesPattern(std::string_view whole, std::string_view part, bool star_after, bool star_before) {
  if (star_after && star_before) return whole.find(part) != std::string_view::npos;
  if (star_after) return whole.starts_with(part);
  if (star_before) return whole.ends_with(part);
  return whole == part;
}

SymbolMatcher::SymbolMatcher(Operator op, std::string literal, bool prefix, bool suffix)
    : op_(op), literal_(std::move(literal)), folded_literal_(Fold(literal_)), prefix_(prefix), suffix_(suffix) {}

bool SymbolMatcher::Matches(std::string_view text, std::string_view folded) const {
  const auto below = [&] { return SymbolPrecedes(folded, text, folded_literal_, literal_); };
  const auto above = [&] { return SymbolPrecedes(folded_literal_, literal_, folded, text); };
  switch (op_) {
    case Operator::kEqual:
      return MatchesPattern(text, literal_, prefix_, suffix_);
    case Operator::kNotEqual:
      return !MatchesPattern(text, literal_, prefix_, suffix_);
    case Operator::kLess:
      return below();
    case Operator::kLessEqual:
      return !above();
    case Operator::kGreater:
      return above();
    case Operator::kGreaterEqual:
      return !below();
    case Operator::kHas:
      return folded_literal_.empty() ? text.find(literal_) != std::string_view::npos
                                     : folded.find(folded_literal_) != std::string_view::npos;
    case Operator::kPresent:
      return true;
  }
  return false;
}

namespace {

// Clears the selected rows whose folded text does not satisfy `holds`, and those that are missing.
template <typename Holds>
void KeepWhere(const TextChunk& chunk, uint8_t* mask, Holds holds) {
  for (int row = 0; row < chunk.rows(); ++row) {
    if (mask[row] != 0) mask[row] = !chunk.IsMissing(row) && holds(chunk.FoldedAt(row)) ? 1 : 0;
  }
}

// Keeps the rows that contain a part, by one search of all texts: no text has its end within.
void KeepContaining(const TextChunk& chunk, std::string_view part, uint8_t* mask) {
  const TextArena& arena = chunk.folded();
  const std::string_view all = arena.All();
  const TextFinder finder(part);
  uint8_t found[kBlockRows] = {};
  int row = 0;
  for (size_t at = finder.Find(all, 0); at != TextFinder::kNowhere; at = finder.Find(all, arena.OffsetOf(row + 1))) {
    row = arena.RowAt(at, row);
    found[row] = 1;
  }
  for (row = 0; row < chunk.rows(); ++row) mask[row] &= found[row];
}

}  // namespace

void NarrowByText(const TextTest& test, const TextChunk& chunk, uint8_t* mask) {
  const std::string_view literal = test.literal;
  const bool contains = test.op == Operator::kHas || (test.op == Operator::kEqual && test.prefix && test.suffix);
  if (contains && !literal.empty()) {
    KeepContaining(chunk, literal, mask);
    return;
  }
  KeepWhere(chunk, mask, [&](std::string_view folded) {
    switch (test.op) {
      case Operator::kEqual:
        return MatchesPattern(folded, literal, test.prefix, test.suffix);
      case Operator::kNotEqual:
        return !MatchesPattern(folded, literal, test.prefix, test.suffix);
      case Operator::kLess:
        return folded < literal;
      case Operator::kLessEqual:
        return folded <= literal;
      case Operator::kGreater:
        return folded > literal;
      case Operator::kGreaterEqual:
        return folded >= literal;
      case Operator::kHas:
      case Operator::kPresent:
        return true;
    }
    return false;
  });
}

}  // namespace folio::engine
