#include "server/model/filter_syntax.h"

#include <memory>
#include <tao/pegtl/contrib/limit_depth.hpp>
#include <tao/pegtl/contrib/parse_tree.hpp>

#include "server/base/limits.h"
#include "server/model/filter_grammar.h"

namespace folio::model {
namespace {

namespace peg = tao::pegtl;

using Tree = peg::parse_tree::node;

// What each rule that must match is told as, where it does not.
struct Expectations {
  template <typename Rule>
  static constexpr const char* message = nullptr;
};
template <>
constexpr const char* Expectations::message<grammar::close_double> = "closing_quote";
template <>
constexpr const char* Expectations::message<grammar::close_single> = "closing_quote";
template <>
constexpr const char* Expectations::message<grammar::value> = "value";
template <>
constexpr const char* Expectations::message<grammar::no_call> = "no_function";
template <>
constexpr const char* Expectations::message<grammar::no_comparator> = "column";
template <>
constexpr const char* Expectations::message<grammar::expression> = "comparison";
template <>
constexpr const char* Expectations::message<grammar::sequence> = "comparison";
template <>
constexpr const char* Expectations::message<grammar::term> = "comparison";
template <>
constexpr const char* Expectations::message<grammar::simple> = "comparison";
template <>
constexpr const char* Expectations::message<grammar::close_parenthesis> = "closing_parenthesis";
template <>
constexpr const char* Expectations::message<grammar::end> = "operator";

// Raises at the places of `must` only.
template <typename Rule>
struct Control : peg::normal<Rule> {
  template <typename Input, typename... States>
  [[noreturn]] static void raise(const Input& in, States&&... /*states*/) {
    static_assert(Expectations::message<Rule> != nullptr);
    throw peg::parse_error(Expectations::message<Rule>, in);
  }
};

template <typename Rule>
struct Action : peg::nothing<Rule> {};
template <>
struct Action<grammar::inside> : peg::limit_depth<limits::kFilterDepthMax> {};

template <typename Rule>
using Selector = peg::parse_tree::selector<
    Rule, peg::parse_tree::store_content::on<grammar::expression, grammar::sequence, grammar::factor, grammar::term,
                                             grammar::negation, grammar::word, grammar::comparator, grammar::bare_value,
                                             grammar::double_text, grammar::single_text>>;

// Makes nodes of the parse tree, which knows only rules and texts.
class Converter {
 public:
  SyntaxNode FromExpression(const Tree& tree) {
    SyntaxNode node;
    node.kind = SyntaxNode::Kind::kAnd;
    bool any_or = false;
    for (const auto& sequence : tree.children) {
      for (const auto& factor : sequence->children) {
        any_or = any_or || factor->children.size() > 1;
        node.children.push_back(FromFactor(*factor));
      }
    }
    if (any_or && node.children.size() > 1) mixes_and_with_or = true;
    return Collapse(std::move(node));
  }

  bool mixes_and_with_or = false;

 private:
  SyntaxNode FromFactor(const Tree& tree) {
    SyntaxNode node;
    node.kind = SyntaxNode::Kind::kOr;
    for (const auto& term : tree.children) node.children.push_back(FromTerm(*term));
    return Collapse(std::move(node));
  }

  SyntaxNode FromTerm(const Tree& tree) {
    if (!tree.children[0]->is_type<grammar::negation>()) return FromSimple(tree, 0);
    SyntaxNode node;
    node.kind = SyntaxNode::Kind::kNot;
    node.children.push_back(FromSimple(tree, 1));
    return node;
  }

  // The children of a term after its negation: an expression, or a word with or without a comparison, or a phrase.
  SyntaxNode FromSimple(const Tree& tree, size_t first) {
    const Tree& begin = *tree.children[first];
    if (begin.is_type<grammar::expression>()) return FromExpression(begin);
    SyntaxNode node;
    node.position = begin.m_begin.byte;
    if (tree.children.size() == first + 1) {
      node.kind = SyntaxNode::Kind::kWord;
      node.value = ValueOf(begin);
      return node;
    }
    const Tree& comparator = *tree.children[first + 1];
    node.kind = SyntaxNode::Kind::kCompare;
    node.column = begin.string();
    node.comparator = comparator.string();
    node.comparator_position = comparator.m_begin.byte;
    node.value = ValueOf(*tree.children[first + 2]);
    return node;
  }

  // A list of one is its element, and a list within one of its kind is part of it.
  static SyntaxNode Collapse(SyntaxNode node) {
    if (node.children.size() == 1) {
      SyntaxNode only = std::move(node.children[0]);
      return only;
    }
    std::vector<SyntaxNode> flat;
    for (SyntaxNode& child : node.children) {
      if (child.kind == node.kind) {
        for (SyntaxNode& inner : child.children) flat.push_back(std::move(inner));
      } else {
        flat.push_back(std::move(child));
      }
    }
    node.children = std::move(flat);
    return node;
  }

  static SyntaxValue ValueOf(const Tree& tree) {
    const bool quoted = tree.is_type<grammar::double_text>() || tree.is_type<grammar::single_text>();
    SyntaxValue value;
    value.position = tree.m_begin.byte;
    std::vector<bool> escaped;
    const std::string_view written = tree.string_view();
    for (size_t i = 0; i < written.size(); ++i) {
      const bool escape = quoted && written[i] == '\\';
      if (escape) ++i;
      value.text += written[i];
      escaped.push_back(escape);
    }
    const auto is_star = [&](size_t i) { return value.text[i] == '*' && !escaped[i]; };
    const size_t size = value.text.size();
    value.star_before = size > 0 && is_star(0);
    value.star_after = size > 1 && is_star(size - 1);
    value.lone_star = size == 1 && value.star_before;
    const size_t begin = value.star_before ? 1 : 0;
    value.core = value.text.substr(begin, size - begin - (value.star_after ? 1 : 0));
    return value;
  }
};

SyntaxError ErrorOf(const peg::parse_error& error, std::string_view text) {
  SyntaxError result;
  result.position = error.positions().front().byte;
  result.expected = error.message();
  const bool at_start = text.find_first_not_of(" \t\n") == result.position;
  if (result.expected == "operator" && at_start) result.expected = "comparison";
  return result;
}

}  // namespace

std::variant<FilterSyntax, SyntaxError> ParseFilterSyntax(std::string_view text) {
  peg::memory_input<> input(text.data(), text.data() + text.size(), "");
  try {
    const auto tree = peg::parse_tree::parse<grammar::filter, Selector, Action, Control>(input);
    FilterSyntax syntax;
    if (tree == nullptr || tree->children.empty()) return syntax;
    Converter converter;
    syntax.root = converter.FromExpression(*tree->children[0]);
    syntax.mixes_and_with_or = converter.mixes_and_with_or;
    return syntax;
  } catch (const peg::parse_error& error) {
    SyntaxError result = ErrorOf(error, text);
    // The only other thing that the parser raises is the limit of its depth.
    result.too_deep = result.expected.starts_with("maximum");
    return result;
  }
}

}  // namespace folio::model
