#include "server/model/filter.h"

#include <fmt/format.h>

#include <algorithm>

#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/base/nearest.h"
#include "server/base/text.h"
#include "server/model/filter_literal.h"
#include "server/model/filter_syntax.h"
#include "server/model/text_position.h"

namespace folio::model {
namespace {

using error::Detail;
using Kind = FilterNode::Kind;

constexpr std::string_view kField = "filter";

absl::Status TooLarge(int maximum, std::string unit) {
  return error::InvalidField(kField, "FILTER_TOO_LARGE",
                             {{"maximum", std::to_string(maximum)}, {"unit", std::move(unit)}});
}

Operator OperatorOf(std::string_view comparator) {
  if (comparator == "=") return Operator::kEqual;
  if (comparator == "!=") return Operator::kNotEqual;
  if (comparator == "<") return Operator::kLess;
  if (comparator == "<=") return Operator::kLessEqual;
  if (comparator == ">") return Operator::kGreater;
  if (comparator == ">=") return Operator::kGreaterEqual;
  return Operator::kHas;
}

std::string_view ComparatorOf(Operator op) {
  switch (op) {
    case Operator::kEqual:
      return " = ";
    case Operator::kNotEqual:
      return " != ";
    case Operator::kLess:
      return " < ";
    case Operator::kLessEqual:
      return " <= ";
    case Operator::kGreater:
      return " > ";
    case Operator::kGreaterEqual:
      return " >= ";
    case Operator::kHas:
    case Operator::kPresent:
      return ":";
  }
  return "";
}

bool IsTextual(ColumnType type) {
  return type == ColumnType::kText || type == ColumnType::kSymbol || type == ColumnType::kSymbolSet;
}

// Operators that a type has beside ":", as they are written in errors; empty where it has them all.
std::string_view LimitedOperators(ColumnType type) {
  if (type == ColumnType::kSymbolSet) return ":";
  if (type == ColumnType::kBool) return "=, != or :";
  return "";
}

bool Applies(Operator op, ColumnType type) {
  if (op == Operator::kHas || op == Operator::kPresent) return true;
  if (type == ColumnType::kSymbolSet) return false;
  return type != ColumnType::kBool || op == Operator::kEqual || op == Operator::kNotEqual;
}

// Gives the nodes of a syntax tree their columns and types.
class Binder {
 public:
  Binder(std::string_view text, const ColumnSet& columns) : text_(text), columns_(columns) {}

  absl::StatusOr<FilterNode> Bind(const SyntaxNode& from, int depth) {
    if (depth > limits::kFilterDepthMax) return TooLarge(limits::kFilterDepthMax, "levels");
    if (++nodes_ > limits::kFilterNodesMax) return TooLarge(limits::kFilterNodesMax, "nodes");
    switch (from.kind) {
      case SyntaxNode::Kind::kAnd:
        return BindList(Kind::kAnd, from, depth);
      case SyntaxNode::Kind::kOr:
        return BindList(Kind::kOr, from, depth);
      case SyntaxNode::Kind::kNot:
        return BindList(Kind::kNot, from, depth);
      case SyntaxNode::Kind::kCompare:
        return BindComparison(from);
      case SyntaxNode::Kind::kWord:
        return BindWord(from);
      case SyntaxNode::Kind::kNothing:
        break;
    }
    return FilterNode();
  }

  std::vector<std::string> warnings;

 private:
  absl::Status Fault(std::string_view reason, size_t byte, std::vector<Detail> details) const {
    details.emplace_back("position", PositionOf(text_, byte));
    return error::InvalidField(kField, reason, std::move(details));
  }

  absl::StatusOr<FilterNode> BindList(Kind kind, const SyntaxNode& from, int depth) {
    FilterNode node;
    node.kind = kind;
    for (const SyntaxNode& child : from.children) {
      auto bound = Bind(child, depth + 1);
      if (!bound.ok()) return bound;
      node.children.push_back(*std::move(bound));
    }
    return node;
  }

  absl::StatusOr<FilterNode> BindWord(const SyntaxNode& from) {
    std::optional<ColumnIndex> column = columns_.Find("display_name");
    if (!column) column = columns_.Find("title");
    FilterNode node;
    node.kind = Kind::kCompare;
    node.op = Operator::kHas;
    const std::string folded = Fold(from.value.core);
    if (!column || folded.empty()) {
      return Fault("FILTER_SYNTAX", from.position, {{"found", from.value.text}, {"expected", "comparison"}});
    }
    if (from.value.text == "and" || from.value.text == "or" || from.value.text == "not") {
      warnings.push_back(
          fmt::format("'{}' is searched for as a word; operators are written AND, OR, NOT.", from.value.text));
    }
    node.column = *column;
    node.literal = folded;
    return node;
  }

  absl::StatusOr<FilterNode> BindComparison(const SyntaxNode& from) {
    const auto index = columns_.Find(from.column);
    if (!index) {
      return Fault("FILTER_COLUMN_UNKNOWN", from.position,
                   {{"column", from.column}, {"nearest", columns_.Nearest(from.column)}});
    }
    const Column& column = columns_.at(*index);
    FilterNode node;
    node.kind = Kind::kCompare;
    node.column = *index;
    node.op = OperatorOf(from.comparator);
    if (from.value.lone_star && (node.op == Operator::kHas || node.op == Operator::kEqual)) {
      node.op = Operator::kPresent;
      return node;
    }
    if (!Applies(node.op, column.type)) {
      return Fault("FILTER_OPERATOR", from.comparator_position,
                   {{"found", from.comparator},
                    {"column", column.name},
                    {"accepted", std::string(LimitedOperators(column.type))}});
    }
    const absl::Status status = IsTextual(column.type) ? BindText(from, column, &node) : BindValue(from, column, &node);
    if (!status.ok()) return status;
    return node;
  }

  absl::Status BindText(const SyntaxNode& from, const Column& column, FilterNode* node) {
    const SyntaxValue& value = from.value;
    const bool starred = value.star_before || value.star_after;
    if (starred && node->op != Operator::kEqual && node->op != Operator::kHas) {
      return Fault("FILTER_OPERATOR", from.comparator_position,
                   {{"found", from.comparator + " *"},
                    {"column", column.name},
                    {"accepted", "NOT " + column.name + " = " + value.text}});
    }
    node->literal = *ParseLiteral(value.core, column);
    // What contains a text contains it anywhere; a set has a member that fits.
    const bool contains = node->op == Operator::kHas && column.type != ColumnType::kSymbolSet;
    node->suffix = value.star_before && !contains;
    node->prefix = value.star_after && !contains;
    if (std::get<std::string>(node->literal).empty()) {
      warnings.push_back(
          fmt::format("'{}' is compared with an empty text, which none has; NOT {}:* finds those without.", column.name,
                      column.name));
    }
    return absl::OkStatus();
  }

  absl::Status BindValue(const SyntaxNode& from, const Column& column, FilterNode* node) {
    if (node->op == Operator::kHas) node->op = Operator::kEqual;
    const auto literal = ParseLiteral(from.value.text, column);
    if (literal) {
      node->literal = *literal;
      return absl::OkStatus();
    }
    const std::vector<std::string_view> names(column.enum_names.begin(), column.enum_names.end());
    return Fault("FILTER_TYPE", from.value.position,
                 {{"found", from.value.text.substr(0, kFoundBytesMax)},
                  {"column", column.name},
                  {"expected", ExpectedLiteral(column)},
                  {"nearest", NearestName(from.value.text, names)}});
  }

  const std::string_view text_;
  const ColumnSet& columns_;
  int nodes_ = 0;
};

std::string WriteComparison(const FilterNode& node, const ColumnSet& columns) {
  const Column& column = columns.at(node.column);
  std::string text = column.name + std::string(ComparatorOf(node.op));
  if (node.op == Operator::kPresent) return text + "*";
  return text + WriteLiteral(node.literal, column, node.suffix, node.prefix);
}

// The filter with every parenthesis written out.
std::string Write(const FilterNode& node, const ColumnSet& columns) {
  if (node.kind == Kind::kAll) return "";
  if (node.kind == Kind::kCompare) return WriteComparison(node, columns);
  std::string text = node.kind == Kind::kNot ? "NOT " : "";
  for (const FilterNode& child : node.children) {
    if (&child != &node.children.front()) text += node.kind == Kind::kAnd ? " AND " : " OR ";
    const std::string inner = Write(child, columns);
    const bool bare = child.kind == Kind::kCompare || (child.kind == Kind::kNot && node.kind != Kind::kNot);
    text += bare ? inner : "(" + inner + ")";
  }
  return text;
}

absl::Status SyntaxFault(const SyntaxError& error, std::string_view text) {
  if (error.too_deep) return TooLarge(limits::kFilterDepthMax, "levels");
  return error::InvalidField(kField, "FILTER_SYNTAX",
                             {{"position", PositionOf(text, error.position)},
                              {"found", FoundAt(text, error.position)},
                              {"expected", error.expected}});
}

}  // namespace

absl::StatusOr<Filter> ParseFilter(std::string_view text, const ColumnSet& columns) {
  if (text.size() > limits::kFilterBytesMax) return TooLarge(limits::kFilterBytesMax, "bytes");
  if (!IsCleanText(text)) return error::InvalidField(kField, "FILTER_SYNTAX", {{"expected", "utf8"}});
  const auto parsed = ParseFilterSyntax(text);
  if (const auto* error = std::get_if<SyntaxError>(&parsed)) return SyntaxFault(*error, text);
  const auto& syntax = std::get<FilterSyntax>(parsed);
  Filter filter;
  if (syntax.root.kind == SyntaxNode::Kind::kNothing) return filter;
  Binder binder(text, columns);
  auto root = binder.Bind(syntax.root, 1);
  if (!root.ok()) return root.status();
  filter.root = *std::move(root);
  filter.canonical = Write(filter.root, columns);
  filter.warnings = std::move(binder.warnings);
  if (syntax.mixes_and_with_or) {
    filter.warnings.push_back("OR binds tighter than AND; this is read as: " + filter.canonical);
  }
  return filter;
}

}  // namespace folio::model
