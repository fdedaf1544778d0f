// Reasons why values of a request are not accepted.
#include <array>

#include "server/base/error_catalogue.h"

namespace folio::error {
namespace {

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;

// clang-format off
constexpr auto kReasons = std::to_array<CatalogueEntry>({
    // --- Fields ---
    {"FIELD_REQUIRED", kInvalid,
     "{field} is required; give it a value",
     "{field} est obligatoire ; donnez-lui une valeur"},
    {"FIELD_TOO_LONG", kInvalid,
     "{field} is too long[ ({bytes} bytes)][; at most {maximum} bytes are accepted]",
     "{field} est trop long[ ({bytes} octets)][ ; {maximum} octets au plus sont acceptés]"},
    {"FIELD_TOO_MANY_ITEMS", kInvalid,
     "{field} has too many items[ ({count})][; at most {maximum} are accepted]",
     "{field} a trop d'éléments[ ({count})][ ; {maximum} au plus sont acceptés]"},
    {"FIELD_OUT_OF_RANGE", kInvalid,
     "{field} is out of range[ ({value})][; at least {minimum} is needed][; at most {maximum} is accepted]",
     "{field} est hors limites[ ({value})][ ; {minimum} au moins est requis][ ; {maximum} au plus est accepté]"},
    {"FIELD_NOT_FINITE", kInvalid,
     "{field} is not a number; give a finite one, or leave it out",
     "{field} n'est pas un nombre ; donnez un nombre fini, ou omettez-le"},
    {"FIELD_PATTERN", kInvalid,
     "{field} does not have the form that is accepted[; it must match {pattern}]",
     "{field} n'a pas la forme acceptée[ ; la valeur doit correspondre à {pattern}]"},
    {"FIELD_NOT_TEXT", kInvalid,
     "{field} is not clean text; send UTF-8 without control characters other than tab and line feed (for line ends of "
     "Windows, drop the carriage return)",
     "{field} n'est pas un texte propre ; envoyez de l'UTF-8 sans caractères de contrôle autres que tabulation et "
     "saut de ligne (pour des fins de ligne Windows, retirez le retour chariot)"},
    {"FIELD_IMMUTABLE", kInvalid,
     "{field} cannot change once it is set; send the value that it has, or create another resource",
     "{field} ne peut plus changer une fois défini ; envoyez la valeur actuelle, ou créez une autre ressource"},
    {"FIELD_OUTPUT_ONLY", kInvalid,
     "{field} is set by the server[ ({name})]; leave it out",
     "{field} est défini par le serveur[ ({name})] ; omettez-le"},
    {"FIELD_UNKNOWN", kInvalid,
     "{field}: there is no such field[ as '{name}'][; did you mean '{nearest}'?]",
     "{field} : ce champ n'existe pas[ : « {name} »][ ; vouliez-vous dire « {nearest} » ?]"},
    {"FIELD_TYPE", kInvalid,
     "{field} has the wrong type[; give {@expected}]",
     "{field} n'est pas du bon type[ ; donnez {@expected}]"},
    {"DATE_INVALID", kInvalid,
     "{field} is not a date that exists[ ({value})]; give year, month and day, for example 2024-12-31",
     "{field} n'est pas une date qui existe[ ({value})] ; donnez l'année, le mois et le jour, par exemple 2024-12-31"},
    {"TIME_INVALID", kInvalid,
     "{field} is not an instant[ ({value})]; give one of the years 1 to 9999, for example 2024-12-31T10:00:00Z",
     "{field} n'est pas un instant[ ({value})] ; donnez-en un des années 1 à 9999, par exemple 2024-12-31T10:00:00Z"},
    {"MONEY_INVALID", kInvalid,
     "{field} is not an amount[ ({value})]; give units and nanos of one sign, at most six decimals, below 9 billion",
     "{field} n'est pas un montant[ ({value})] ; donnez unités et nanos de même signe, six décimales au plus, "
     "sous 9 milliards"},
    {"CURRENCY_MISMATCH", kInvalid,
     "{field} is in another currency[ ({currency})] than the workspace[; convert it to {expected}]",
     "{field} est dans une autre devise[ ({currency})] que l'espace de travail[ ; convertissez-le en {expected}]"},
    {"CURRENCY_UNKNOWN", kInvalid,
     "{field} has no currency that is known[ ('{currency}')]; give a code of ISO 4217, for example EUR",
     "{field} n'a pas de devise connue[ (« {currency} »)] ; donnez un code ISO 4217, par exemple EUR"},
    {"ENUM_UNKNOWN", kInvalid,
     "{field} has a value that is not one of its names[ ('{value}')][; did you mean '{nearest}'?][; the names "
     "are: {names}]",
     "{field} a une valeur qui n'est pas un de ses noms[ (« {value} »)][ ; vouliez-vous dire « {nearest} » ?][ ; "
     "les noms sont : {names}]"},
    {"NAME_MALFORMED", kInvalid,
     "{field} is not a resource name[ ('{value}')][; write {expected}]",
     "{field} n'est pas un nom de ressource[ (« {value} »)][ ; écrivez {expected}]"},
    {"ID_MALFORMED", kInvalid,
     "{field} is not an id[ ('{value}')]; use 1 to 128 unaccented letters, digits, '.', '_', '~' and '-'",
     "{field} n'est pas un identifiant[ (« {value} »)] ; utilisez 1 à 128 lettres sans accent, chiffres, « . », « "
     "_ », « ~ » et « - »"},
    {"ID_NOT_NATURAL", kInvalid,
     "{field} does not follow from the other fields[ ('{value}')][; it must be {expected}]; correct it, or leave it "
     "out",
     "{field} ne découle pas des autres champs[ (« {value} »)][ ; ce doit être {expected}] ; corrigez-le, ou "
     "omettez-le"},
    {"REFERENCE_NOT_FOUND", kInvalid,
     "{field} names something that does not exist[ ('{name}')]; create it first, or correct the name",
     "{field} désigne quelque chose qui n'existe pas[ (« {name} »)] ; créez-le d'abord, ou corrigez le nom"},
    {"FIELD_EXCLUSIVE", kInvalid,
     "{field} excludes another field that is set[ ({other})]; give one of the two",
     "{field} exclut un autre champ défini[ ({other})] ; donnez l'un des deux"},
    {"DATE_ORDER", kInvalid,
     "{field} is before[ {other}, ]what it must follow; exchange the two, or correct one",
     "{field} précède[ {other}, ]ce qu'il doit suivre ; échangez les deux, ou corrigez-en un"},
    {"FUTURE_DATE", kInvalid,
     "{field} lies in the future[ ({value})]; give a day or an instant that has come",
     "{field} est dans le futur[ ({value})] ; donnez un jour ou un instant déjà venu"},

    // --- Custom fields ---
    {"CUSTOM_FIELD_UNKNOWN", kInvalid,
     "{field}: the workspace has no such custom field[ as '{name}'][; did you mean '{nearest}'?]; define it first",
     "{field} : l'espace de travail n'a pas ce champ personnalisé[ : « {name} »][ ; vouliez-vous dire « {nearest} "
     "» ?] ; définissez-le d'abord"},
    {"CUSTOM_FIELD_TYPE", kInvalid,
     "{field} does not have the type of the custom field's definition[; give {@expected}]",
     "{field} n'a pas le type que définit le champ personnalisé[ ; donnez {@expected}]"},
    {"CHOICE_UNKNOWN", kInvalid,
     "{field}: not one of the choices[ ('{value}')][; did you mean '{nearest}'?]; use one of them, or add it to "
     "the definition",
     "{field} : ce n'est pas un des choix[ (« {value} »)][ ; vouliez-vous dire « {nearest} » ?] ; prenez-en un, "
     "ou ajoutez-le à la définition"},
    {"CUSTOM_FIELD_IN_USE", kPrecondition,
     "the custom field[ {name}] still has values[ ({count})]; clear them first",
     "le champ personnalisé[ {name}] a encore des valeurs[ ({count})] ; effacez-les d'abord"},

    // --- Facts ---
    {"FACT_WITHOUT_ACCOUNT", kInvalid,
     "{field}: a fact of this kind belongs to an account; give its account or its subscription",
     "{field} : un fait de cette nature appartient à un compte ; donnez son compte ou son abonnement"},
    {"FACT_AMOUNT_ALONE", kInvalid,
     "{field}: an amount belongs to a need or a budget; set need_identified or budget_available, or leave it out",
     "{field} : un montant va avec un besoin ou un budget ; indiquez need_identified ou budget_available, ou "
     "omettez-le"},
    {"FACT_DETAIL_MISSING", kInvalid,
     "{field}: the fact does not say what happened; set one of its details, for example "
     "usage or order",
     "{field} : le fait ne dit pas ce qui s'est passé ; donnez un de ses détails, par "
     "exemple usage ou order"},
    {"SCORE_OUT_OF_SCALE", kInvalid,
     "{field} is not on the survey's scale[ ({value})][; give {minimum} to {maximum}]",
     "{field} n'est pas sur l'échelle de l'enquête[ ({value})][ ; donnez de {minimum} à {maximum}]"},
    {"NPS_SCALE", kInvalid,
     "{field}: the scale of NPS is 0 to 10; leave it out, or call the survey CSAT",
     "{field} : l'échelle du NPS va de 0 à 10 ; omettez-la, ou appelez l'enquête CSAT"},
    {"CURRENCY_OF_ORDER", kInvalid,
     "{field} is in another currency[ ({currency})] than its order[; give {expected}]",
     "{field} est dans une autre devise[ ({currency})] que sa commande[ ; donnez {expected}]"},
    {"SCALE_INVALID", kInvalid,
     "{field}: the scale's best answer must be above its worst; correct scale_min and scale_max",
     "{field} : la meilleure réponse de l'échelle doit dépasser la pire ; corrigez scale_min et scale_max"},

    // --- Pages, filters, orders, groups ---
    {"PAGE_SIZE_NEGATIVE", kInvalid,
     "{field} is negative[ ({value})]; give 0 for the default, or a number of rows",
     "{field} est négatif[ ({value})] ; donnez 0 pour la valeur par défaut, ou un nombre de lignes"},
    {"PAGE_TOKEN_MALFORMED", kInvalid,
     "{field} is not a page token; send next_page_token of the page before as it was received, or none for the "
     "first page",
     "{field} n'est pas un jeton de page ; renvoyez next_page_token de la page précédente tel quel, ou rien pour "
     "la première page"},
    {"PAGE_TOKEN_FOREIGN", kInvalid,
     "{field} belongs to another request; keep filter and order between pages, or start again without a token",
     "{field} appartient à une autre requête ; gardez filtre et ordre entre les pages, ou recommencez sans jeton"},
    {"FILTER_SYNTAX", kInvalid,
     "{field}[, character {position}]: not understood[ at '{found}'][; expected {@expected}]",
     "{field}[, caractère {position}] : pas compris[ à « {found} »][ ; attendu : {@expected}]"},
    {"FILTER_COLUMN_UNKNOWN", kInvalid,
     "{field}[, character {position}]: there is no column '{column}'[; did you mean '{nearest}'?]",
     "{field}[, caractère {position}] : il n'y a pas de colonne « {column} »[ ; vouliez-vous dire « {nearest} » ?]"},
    {"FILTER_TYPE", kInvalid,
     "{field}[, character {position}]: the value[ '{found}'] does not fit column '{column}'[; write "
     "{@expected}][; did you mean '{nearest}'?]",
     "{field}[, caractère {position}] : la valeur[ « {found} »] ne convient pas à la colonne « {column} »[ ; "
     "écrivez {@expected}][ ; vouliez-vous dire « {nearest} » ?]"},
    {"FILTER_OPERATOR", kInvalid,
     "{field}[, character {position}]: '{found}' does not apply to column '{column}'[; use {accepted}]",
     "{field}[, caractère {position}] : « {found} » ne s'applique pas à la colonne « {column} »[ ; utilisez "
     "{accepted}]"},
    {"FILTER_TOO_LARGE", kInvalid,
     "{field} is too large[: at most {maximum} {@unit} are accepted]; shorten it, or ask in several requests",
     "{field} est trop grand[ : {maximum} {@unit} au plus sont acceptés] ; raccourcissez-le, ou faites plusieurs "
     "requêtes"},
    {"ORDER_SYNTAX", kInvalid,
     "{field}[, character {position}]: not understood[ at '{found}']; write columns with commas between, for "
     "example arr desc, display_name",
     "{field}[, caractère {position}] : pas compris[ à « {found} »] ; écrivez des colonnes séparées par des "
     "virgules, par exemple arr desc, display_name"},
    {"ORDER_COLUMN_UNKNOWN", kInvalid,
     "{field}[, character {position}]: there is no column '{column}'[; did you mean '{nearest}'?]",
     "{field}[, caractère {position}] : il n'y a pas de colonne « {column} »[ ; vouliez-vous dire « {nearest} » ?]"},
    {"ORDER_COLUMN_SET", kInvalid,
     "{field}[, character {position}]: column '{column}' holds several values, which have no order; take another "
     "column",
     "{field}[, caractère {position}] : la colonne « {column} » contient plusieurs valeurs, sans ordre ; prenez "
     "une autre colonne"},
    {"ORDER_TOO_LONG", kInvalid,
     "{field} names too many columns[; at most {maximum} are accepted]",
     "{field} nomme trop de colonnes[ ; {maximum} au plus sont acceptées]"},
    {"GROUP_COLUMN_UNKNOWN", kInvalid,
     "{field}: there is no such column to group by[ as '{column}'][; did you mean '{nearest}'?][; the columns "
     "are: {names}]",
     "{field} : on ne peut pas regrouper par cette colonne[ : « {column} »][ ; vouliez-vous dire « {nearest} » "
     "?][ ; les colonnes sont : {names}]"},
    {"UNKNOWN_RULE", kInvalid,
     "{field}: there is no such rule of signals[ as '{rule}'][; did you mean '{nearest}'?]",
     "{field} : cette règle de signal n'existe pas[ : « {rule} »][ ; vouliez-vous dire « {nearest} » ?]"},
});
// clang-format on

}  // namespace

std::span<const CatalogueEntry> ReasonsOfInput() { return kReasons; }

}  // namespace folio::error
