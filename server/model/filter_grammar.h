// AIP-160 as a parsing expression grammar. OR binds tighter than AND; terms side by side are joined by AND.
#pragma once

#include <tao/pegtl.hpp>

namespace folio::model::grammar {

namespace peg = tao::pegtl;

struct ws : peg::star<peg::one<' ', '\t', '\n'>> {};
struct ws1 : peg::plus<peg::one<' ', '\t', '\n'>> {};

// A word ends at a comparator; a value only where it cannot go on, for instants have colons.
struct word_char : peg::not_one<' ', '\t', '\n', '(', ')', ',', '"', '=', '<', '>', '!', ':'> {};
struct value_char : peg::not_one<' ', '\t', '\n', '(', ')', ',', '"', '=', '<', '>', '!'> {};

struct and_word : peg::seq<peg::string<'A', 'N', 'D'>, peg::not_at<word_char>> {};
struct or_word : peg::seq<peg::string<'O', 'R'>, peg::not_at<word_char>> {};
struct not_word : peg::seq<peg::string<'N', 'O', 'T'>, peg::not_at<word_char>> {};
struct keyword : peg::sor<and_word, or_word, not_word> {};

struct double_text : peg::star<peg::sor<peg::seq<peg::one<'\\'>, peg::any>, peg::not_one<'"', '\\'>>> {};
struct single_text : peg::star<peg::sor<peg::seq<peg::one<'\\'>, peg::any>, peg::not_one<'\'', '\\'>>> {};
struct close_double : peg::one<'"'> {};
struct close_single : peg::one<'\''> {};
struct quoted : peg::sor<peg::seq<peg::one<'"'>, double_text, peg::must<close_double>>,
                         peg::seq<peg::one<'\''>, single_text, peg::must<close_single>>> {};

struct word : peg::seq<peg::not_at<keyword>, peg::not_at<peg::one<'\'', '-'>>, peg::plus<word_char>> {};
struct bare_value : peg::seq<peg::not_at<keyword>, peg::not_at<peg::one<'\'', ':'>>, peg::plus<value_char>> {};
struct value : peg::sor<quoted, bare_value> {};

struct comparator
    : peg::sor<peg::string<'<', '='>, peg::string<'>', '='>, peg::string<'!', '='>, peg::one<'<', '>', '=', ':'>> {};
struct no_call : peg::not_at<peg::one<'('>> {};
struct no_comparator : peg::not_at<ws, comparator> {};
struct restriction : peg::seq<word, peg::must<no_call>, peg::opt<ws, comparator, ws, peg::must<value>>> {};
struct phrase : peg::seq<quoted, peg::must<no_comparator>> {};

struct expression;
struct close_parenthesis : peg::one<')'> {};
struct inside : peg::seq<ws, peg::must<expression>, ws, peg::must<close_parenthesis>> {};
struct composite : peg::seq<peg::one<'('>, inside> {};

struct negation : peg::sor<peg::seq<not_word, ws>, peg::one<'-'>> {};
struct simple : peg::sor<composite, restriction, phrase> {};
struct term : peg::sor<peg::seq<negation, peg::must<simple>>, simple> {};
struct factor : peg::seq<term, peg::star<ws, or_word, ws, peg::must<term>>> {};
struct sequence : peg::seq<factor, peg::star<ws1, factor>> {};
struct expression : peg::seq<sequence, peg::star<ws, and_word, ws, peg::must<sequence>>> {};
struct end : peg::eof {};
struct filter : peg::seq<ws, peg::opt<expression>, ws, peg::must<end>> {};

}  // namespace folio::model::grammar
