// Formulas as a parsing expression grammar: arithmetic over figures, quotes as in filters.
#pragma once

#include <tao/pegtl.hpp>

#include "server/model/filter_grammar.h"

namespace folio::formula::grammar {

namespace peg = tao::pegtl;

using model::grammar::double_text;
using model::grammar::quoted;
using model::grammar::single_text;
using model::grammar::ws;

struct digits : peg::plus<peg::digit> {};
struct exponent : peg::seq<peg::one<'e', 'E'>, peg::opt<peg::one<'+', '-'>>, digits> {};
struct number : peg::seq<digits, peg::opt<peg::one<'.'>, digits>, peg::opt<exponent>> {};
struct percent : peg::one<'%'> {};
struct literal : peg::seq<number, peg::opt<ws, percent>> {};

// Backquotes hold names with other characters in them.
struct word : peg::seq<peg::sor<peg::alpha, peg::one<'_'>>, peg::star<peg::sor<peg::alnum, peg::one<'_', '.'>>>> {};
struct quoted_word : peg::plus<peg::not_one<'`'>> {};
struct close_backquote : peg::one<'`'> {};
struct name : peg::sor<word, peg::seq<peg::one<'`'>, peg::must<quoted_word>, peg::must<close_backquote>>> {};

struct expression;
struct close_parenthesis : peg::one<')'> {};
struct comparator : peg::sor<peg::string<'<', '='>, peg::string<'>', '='>, peg::one<'<', '>', '='>> {};
struct comparison : peg::seq<expression, peg::opt<ws, comparator, ws, peg::must<expression>>> {};
struct argument : peg::sor<quoted, comparison> {};
struct in_call : peg::seq<ws, peg::must<argument>, peg::star<ws, peg::one<','>, ws, peg::must<argument>>, ws,
                          peg::must<close_parenthesis>> {};
struct call : peg::seq<name, ws, peg::one<'('>, in_call> {};

struct inside : peg::seq<ws, peg::must<expression>, ws, peg::must<close_parenthesis>> {};
struct group : peg::seq<peg::one<'('>, inside> {};
struct figure : peg::sor<group, literal, call, name> {};

struct minus : peg::one<'-'> {};
struct factor : peg::sor<peg::seq<minus, ws, peg::must<figure>>, figure> {};
struct times : peg::one<'*', '/'> {};
struct product : peg::seq<factor, peg::star<ws, times, ws, peg::must<factor>>> {};
struct plus : peg::one<'+', '-'> {};
struct expression : peg::seq<product, peg::star<ws, plus, ws, peg::must<product>>> {};
struct end : peg::eof {};
struct formula : peg::seq<ws, peg::must<expression>, ws, peg::must<end>> {};

}  // namespace folio::formula::grammar
