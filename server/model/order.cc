// Orders: "arr desc, display_name".
#include <algorithm>

#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/base/text.h"
#include "server/model/filter.h"

namespace folio::model {
namespace {

constexpr std::string_view kField = "order_by";
constexpr std::string_view kSpaces = " \t\n";

// One term, taken apart; `words` point into the text.
struct WrittenTerm {
  std::vector<std::string_view> words;
  size_t position = 0;  // of the first word, in characters from 1
};

// Positions are told in characters, but a column has none beyond ASCII, so bytes serve up to the first fault.
WrittenTerm TakeApart(std::string_view text, size_t offset) {
  WrittenTerm term;
  term.position = offset + std::min(text.find_first_not_of(kSpaces), text.size()) + 1;
  while (true) {
    const size_t begin = text.find_first_not_of(kSpaces);
    if (begin == std::string_view::npos) return term;
    text.remove_prefix(begin);
    const std::string_view word = text.substr(0, text.find_first_of(kSpaces));
    term.words.push_back(word);
    text.remove_prefix(word.size());
  }
}

absl::Status SyntaxFault(const WrittenTerm& term) {
  std::vector<error::Detail> details = {{"position", std::to_string(term.position)}};
  const std::string_view found = term.words.empty() ? std::string_view() : term.words.back();
  if (IsCleanText(found)) details.emplace_back("found", std::string(found));
  return error::InvalidField(kField, "ORDER_SYNTAX", std::move(details));
}

bool IsWord(std::string_view word, std::string_view lower, std::string_view upper) {
  return word == lower || word == upper;
}

absl::StatusOr<OrderTerm> BindTerm(const WrittenTerm& written, const ColumnSet& columns) {
  OrderTerm term;
  if (written.words.empty() || written.words.size() > 2) return SyntaxFault(written);
  if (written.words.size() == 2) {
    term.descending = IsWord(written.words[1], "desc", "DESC");
    if (!term.descending && !IsWord(written.words[1], "asc", "ASC")) return SyntaxFault(written);
  }
  const std::string name(written.words[0]);
  if (!IsCleanText(name)) return SyntaxFault(written);
  const auto index = columns.Find(name);
  const std::string position = std::to_string(written.position);
  if (!index) {
    return error::InvalidField(kField, "ORDER_COLUMN_UNKNOWN",
                               {{"position", position}, {"column", name}, {"nearest", columns.Nearest(name)}});
  }
  if (columns.at(*index).type == ColumnType::kSymbolSet) {
    return error::InvalidField(kField, "ORDER_COLUMN_SET", {{"position", position}, {"column", name}});
  }
  term.column = *index;
  return term;
}

}  // namespace

absl::StatusOr<std::vector<OrderTerm>> ParseOrder(std::string_view text, const ColumnSet& columns) {
  std::vector<OrderTerm> order;
  if (text.find_first_not_of(kSpaces) == std::string_view::npos) return order;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    const auto term = BindTerm(TakeApart(text.substr(begin, end - begin), begin), columns);
    if (!term.ok()) return term.status();
    // Naming a column again changes nothing: rows that it could tell apart are apart already.
    const bool named =
        std::any_of(order.begin(), order.end(), [&](const OrderTerm& before) { return before.column == term->column; });
    if (!named) order.push_back(*term);
    if (order.size() > limits::kOrderColumnsMax) {
      return error::InvalidField(kField, "ORDER_TOO_LONG", {{"maximum", std::to_string(limits::kOrderColumnsMax)}});
    }
    begin = end + 1;
  }
  return order;
}

}  // namespace folio::model
