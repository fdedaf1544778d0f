#include "server/formula/syntax.h"

#include <charconv>
#include <tao/pegtl/contrib/limit_depth.hpp>
#include <tao/pegtl/contrib/parse_tree.hpp>

#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/base/text.h"
#include "server/formula/grammar.h"
#include "server/model/text_position.h"

namespace folio::formula {
namespace {

namespace peg = tao::pegtl;

using Tree = peg::parse_tree::node;
using Kind = Syntax::Kind;

constexpr std::string_view kField = "formula";

// What each rule that must match is told as, where it does not.
struct Expectations {
  template <typename Rule>
  static constexpr const char* message = "figure";
};
template <>
constexpr const char* Expectations::message<model::grammar::close_double> = "closing_quote";
template <>
constexpr const char* Expectations::message<model::grammar::close_single> = "closing_quote";
template <>
constexpr const char* Expectations::message<grammar::close_backquote> = "closing_quote";
template <>
constexpr const char* Expectations::message<grammar::close_parenthesis> = "closing_parenthesis";
template <>
constexpr const char* Expectations::message<grammar::end> = "arithmetic";

// Raises at the places of `must` only.
template <typename Rule>
struct Control : peg::normal<Rule> {
  template <typename Input, typename... States>
  [[noreturn]] static void raise(const Input& in, States&&... /*states*/) {
    throw peg::parse_error(Expectations::message<Rule>, in);
  }
};

template <typename Rule>
struct Action : peg::nothing<Rule> {};
template <>
struct Action<grammar::inside> : peg::limit_depth<limits::kFormulaDepthMax> {};
template <>
struct Action<grammar::in_call> : peg::limit_depth<limits::kFormulaDepthMax> {};

template <typename Rule>
using Selector = peg::parse_tree::selector<
    Rule, peg::parse_tree::store_content::on<
              grammar::expression, grammar::product, grammar::factor, grammar::minus, grammar::times, grammar::plus,
              grammar::literal, grammar::number, grammar::percent, grammar::word, grammar::quoted_word, grammar::call,
              grammar::comparison, grammar::comparator, grammar::double_text, grammar::single_text>>;

Syntax Leaf(Kind kind, const Tree& tree) {
  return {.kind = kind, .text = tree.string(), .begin = tree.m_begin.byte, .end = tree.m_end.byte};
}

std::string Unescaped(std::string_view written) {
  std::string text;
  for (size_t i = 0; i < written.size(); ++i) {
    if (written[i] == '\\') ++i;
    text += written[i];
  }
  return text;
}

Syntax Convert(const Tree& tree);

Syntax FromLiteral(const Tree& tree) {
  Syntax literal = Leaf(Kind::kNumber, tree);
  const std::string_view digits = tree.children[0]->string_view();
  std::from_chars(digits.data(), digits.data() + digits.size(), literal.number);
  literal.percent = tree.children.size() > 1;
  if (literal.percent) literal.number /= 100;
  return literal;
}

// Operands with operators between them, from the left.
Syntax FromChain(Kind kind, const Tree& tree) {
  Syntax result = Convert(*tree.children[0]);
  for (size_t i = 1; i + 1 < tree.children.size(); i += 2) {
    Syntax right = Convert(*tree.children[i + 1]);
    Syntax both{.kind = kind, .text = tree.children[i]->string(), .begin = result.begin, .end = right.end};
    both.children.push_back(std::move(result));
    both.children.push_back(std::move(right));
    result = std::move(both);
  }
  return result;
}

Syntax FromFactor(const Tree& tree) {
  const Tree& last = *tree.children.back();
  if (!tree.children[0]->is_type<grammar::minus>()) return Convert(last);
  Syntax negation = Leaf(Kind::kNegation, tree);
  negation.children.push_back(Convert(last));
  return negation;
}

Syntax FromCall(const Tree& tree) {
  Syntax call = Leaf(Kind::kCall, tree);
  call.text = tree.children[0]->string();
  for (size_t i = 1; i < tree.children.size(); ++i) call.children.push_back(Convert(*tree.children[i]));
  return call;
}

// As deep as the grammar lets the text be.
Syntax Convert(const Tree& tree) {
  if (tree.is_type<grammar::expression>() || tree.is_type<grammar::product>()) return FromChain(Kind::kBinary, tree);
  if (tree.is_type<grammar::comparison>()) return FromChain(Kind::kComparison, tree);
  if (tree.is_type<grammar::factor>()) return FromFactor(tree);
  if (tree.is_type<grammar::literal>()) return FromLiteral(tree);
  if (tree.is_type<grammar::call>()) return FromCall(tree);
  const bool is_text = tree.is_type<grammar::double_text>() || tree.is_type<grammar::single_text>();
  Syntax leaf = Leaf(is_text ? Kind::kText : Kind::kName, tree);
  if (is_text) leaf.text = Unescaped(leaf.text);
  return leaf;
}

absl::Status TooLarge(int maximum, std::string unit) {
  return error::InvalidField(kField, "FORMULA_TOO_LARGE",
                             {{"maximum", std::to_string(maximum)}, {"unit", std::move(unit)}});
}

}  // namespace

absl::StatusOr<Syntax> ParseSyntax(std::string_view text) {
  if (text.size() > limits::kFormulaBytesMax) return TooLarge(limits::kFormulaBytesMax, "bytes");
  if (!IsCleanText(text)) return error::InvalidField(kField, "FORMULA_SYNTAX", {{"expected", "utf8"}});
  peg::memory_input<> input(text.data(), text.data() + text.size(), "");
  try {
    const auto tree = peg::parse_tree::parse<grammar::formula, Selector, Action, Control>(input);
    return Convert(*tree->children[0]);
  } catch (const peg::parse_error& error) {
    const std::string expected(error.message());
    // The only other thing that the parser raises is the limit of its depth.
    if (expected.starts_with("maximum")) return TooLarge(limits::kFormulaDepthMax, "levels");
    const size_t position = error.positions().front().byte;
    return error::InvalidField(kField, "FORMULA_SYNTAX",
                               {{"position", model::PositionOf(text, position)},
                                {"found", model::FoundAt(text, position)},
                                {"expected", expected}});
  }
}

}  // namespace folio::formula
