// Words of details that are told in the reader's language.
#include <array>

#include "server/base/error_catalogue.h"

namespace folio::error {
namespace {

// clang-format off
constexpr auto kTerms = std::to_array<CatalogueTerm>({
    {"text", "text", "un texte"},
    {"symbol", "text", "un texte"},
    {"set", "one value of the set", "une valeur de l'ensemble"},
    {"enum", "one of its names", "un de ses noms"},
    {"integer", "a whole number", "un nombre entier"},
    {"number", "a number", "un nombre"},
    {"money", "an amount such as 1000.50", "un montant tel que 1000.50"},
    {"bool", "true or false", "true ou false"},
    {"date", "a date such as 2024-12-31", "une date telle que 2024-12-31"},
    {"time", "an instant such as 2024-12-31T10:00:00Z", "un instant tel que 2024-12-31T10:00:00Z"},
    {"choice", "one of the choices", "un des choix"},
    {"choices", "a set of choices", "un ensemble de choix"},
    {"flag", "yes or no", "oui ou non"},
    {"value", "a value", "une valeur"},
    {"column", "the name of a column", "le nom d'une colonne"},
    {"comparison", "a comparison such as sector = \"Retail\"", "une comparaison telle que sector = \"Commerce\""},
    {"operator", "AND, OR or the end", "AND, OR ou la fin"},
    {"no_function", "a comparison; there are no functions", "une comparaison ; il n'y a pas de fonctions"},
    {"figure", "an indicator, a number or a function", "un indicateur, un nombre ou une fonction"},
    {"indicator", "the name of an indicator", "le nom d'un indicateur"},
    {"arithmetic", "+, -, *, / or the end", "+, -, *, / ou la fin"},
    {"figures", "figures and operators", "valeurs et opérateurs"},
    {"closing_parenthesis", "a closing parenthesis", "une parenthèse fermante"},
    {"closing_quote", "a closing quote", "un guillemet fermant"},
    {"utf8", "UTF-8 text without control characters", "un texte UTF-8 sans caractères de contrôle"},
    {"bytes", "bytes", "octets"},
    {"nodes", "comparisons and operators", "comparaisons et opérateurs"},
    {"levels", "levels of parentheses and operators", "niveaux de parenthèses et d'opérateurs"},
    {"accounts", "accounts", "comptes"},
    {"contacts", "contacts", "contacts"},
    {"subscriptions", "subscriptions", "abonnements"},
    {"tasks", "tasks", "tâches"},
    {"facts", "facts", "faits"},
    {"leads", "leads", "prospects"},
    {"deals", "deals", "affaires"},
    {"exchangeRates", "exchange rates", "taux de change"},
    {"businessCalendars", "business calendars", "calendriers d'ouverture"},
});
// clang-format on

}  // namespace

std::span<const CatalogueTerm> Terms() { return kTerms; }

}  // namespace folio::error
