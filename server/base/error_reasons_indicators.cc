// Reasons of indicators.
#include <array>

#include "server/base/error_catalogue.h"

namespace folio::error {
namespace {

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;
constexpr auto kOutOfRange = absl::StatusCode::kOutOfRange;

// clang-format off
constexpr auto kReasons = std::to_array<CatalogueEntry>({
    // --- Indicators ---
    {"INDICATOR_UNKNOWN", kInvalid,
     "{field}: there is no such indicator[ as '{name}'][; did you mean '{nearest}'?]; ListIndicators names them all",
     "{field} : cet indicateur n'existe pas[ : « {name} »][ ; vouliez-vous dire « {nearest} » ?] ; ListIndicators "
     "les nomme tous"},
    {"GROUP_UNKNOWN", kInvalid,
     "{field}: no account is in that group[ ({value})]; ComputeIndicators names those that there are",
     "{field} : aucun compte n'est dans ce groupe[ ({value})] ; ComputeIndicators nomme ceux qui existent"},
    {"SCALES_MIXED", kPrecondition,
     "answers on another scale[ ({scale})] cannot be averaged with those from 1 to 7; use ces_ease, which is free of "
     "scales",
     "des réponses sur une autre échelle[ ({scale})] ne se mêlent pas à celles de 1 à 7 ; utilisez ces_ease, sans "
     "échelle"},
    {"RATE_MISSING", kPrecondition,
     "there is no exchange rate from {base} to {quote} on {date}, nor on the seven days before; add one to "
     "exchangeRates",
     "il n'y a pas de taux de change de {base} en {quote} le {date}, ni les sept jours précédents ; ajoutez-en un à "
     "exchangeRates"},
    {"RECORDS_NOT_READ", kPrecondition,
     "this indicator does not read {collection}, so it can be neither filtered nor grouped by them; leave that out, or "
     "ask for it apart",
     "cet indicateur ne lit pas {collection} : il ne peut être ni filtré ni groupé selon eux ; retirez cela, ou "
     "demandez-le à part"},
    {"GROUPS_MIXED", kInvalid,
     "{field} names facets of different collections; take both of accounts, both of deals, or both of leads",
     "{field} nomme des facettes de collections différentes ; prenez-les toutes deux des comptes, des affaires ou des "
     "leads"},
    {"AS_OF_COLUMN", kInvalid,
     "{field}: {column} is not known as of a past revision, which tells the accounts' own columns only; leave it out, "
     "or ask for what is known now",
     "{field} : {column} n'est pas connue à une révision passée, qui ne dit que les colonnes propres aux comptes ; "
     "retirez-la, ou demandez ce qui est connu maintenant"},
    {"AS_OF_UNKNOWN", kPrecondition,
     "{name} cannot be computed as of a past revision, for it reads more than the log keeps; ask for what is known now",
     "{name} ne peut être calculé à une révision passée, car il lit plus que ce que le journal garde ; demandez ce qui "
     "est connu maintenant"},
    {"REVISION_TOO_FAR", kOutOfRange,
     "more than {maximum} records have changed since revision {wanted}; ask as of a later one",
     "plus de {maximum} enregistrements ont changé depuis la révision {wanted} ; demandez-en une plus récente"},
    {"MARGIN_UNKNOWN", kPrecondition,
     "the gross margin is not known; set indicator_settings.gross_margin of the workspace, or record costs of category "
     "service",
     "la marge brute n'est pas connue ; réglez indicator_settings.gross_margin de l'espace de travail, ou enregistrez "
     "des coûts de catégorie service"},
    {"DIMENSIONS_SEVERAL", kInvalid,
     "{field} names several dimensions of facts; group by one, and by one facet of accounts beside it",
     "{field} nomme plusieurs dimensions de faits ; groupez par une seule, et par une facette des comptes à côté"},
    {"DIMENSION_NOT_READ", kInvalid,
     "{field}: {indicator} reads no facts that have {dimension}; the dimensions of its definition are accepted",
     "{field} : {indicator} ne lit pas de faits qui ont {dimension} ; les dimensions de sa définition sont acceptées"},
    {"FORMULA_SYNTAX", kInvalid,
     "{field}[, character {position}]: not understood[ at '{found}'][; expected {@expected}]",
     "{field}[, caractère {position}] : pas compris[ à « {found} »][ ; attendu : {@expected}]"},
    {"FORMULA_TOO_LARGE", kInvalid,
     "{field} is too large[: at most {maximum} {@unit} are accepted]; shorten it, or name a part of it as an indicator",
     "{field} est trop grande[ : {maximum} {@unit} au plus sont acceptés] ; raccourcissez-la, ou faites d'une partie "
     "un indicateur"},
    {"FORMULA_NAME_UNKNOWN", kInvalid,
     "{field}[, character {position}]: there is nothing called '{name}'[; did you mean '{nearest}'?]; ListIndicators "
     "and ListMeasures name them all",
     "{field}[, caractère {position}] : rien ne s'appelle « {name} »[ ; vouliez-vous dire « {nearest} » ?] ; "
     "ListIndicators et ListMeasures les nomment tous"},
    {"FORMULA_FUNCTION_UNKNOWN", kInvalid,
     "{field}[, character {position}]: there is no function '{function}'[; did you mean '{nearest}'?]",
     "{field}[, caractère {position}] : il n'y a pas de fonction « {function} »[ ; vouliez-vous "
     "dire « {nearest} » ?]"},
    {"FORMULA_ARGUMENTS", kInvalid,
     "{field}[, character {position}]: {function} is not used like that[; write {usage}]",
     "{field}[, caractère {position}] : {function} ne s'emploie pas ainsi[ ; écrivez {usage}]"},
    {"FORMULA_UNITS", kInvalid,
     "{field}[, character {position}]: '{left}' is a {left_unit} and '{right}' a {right_unit}: they do not go "
     "together; write for instance money(100) or days(30) where you mean amounts or durations",
     "{field}[, caractère {position}] : « {left} » a l'unité {left_unit}, « {right} » l'unité {right_unit} : elles ne "
     "vont pas ensemble ; écrivez par exemple money(100) ou days(30) pour des montants ou des durées"},
    {"FORMULA_UNIT_OF_RESULT", kInvalid,
     "{field} comes to {unit}, which no indicator is measured in; money, ratio, count, duration, points, scale and "
     "money / duration are accepted",
     "{field} donne {unit}, qui n'est l'unité d'aucun indicateur ; money, ratio, count, duration, points, scale et "
     "money / duration sont acceptés"},
    {"FORMULA_CYCLE", kInvalid,
     "{field} would need its own result: {way}; break the circle at one of them",
     "{field} aurait besoin de son propre résultat : {way} ; rompez le cercle à l'un d'eux"},
    {"CUSTOM_INDICATOR_USED", kPrecondition,
     "{user} reads {name}; change that one first", "{user} lit {name} ; modifiez d'abord celui-là"},
    {"TARGET_EMPTY", kInvalid,
     "{field}: a target needs a goal or an alert; give this one, {other}, or both",
     "{field} : une cible demande un objectif ou une alerte ; donnez celui-ci, {other}, ou les deux"},
    {"TARGET_ORDER", kInvalid,
     "{field} is {value}, on the wrong side of {other}; [a higher value is better here, so give {minimum} or more]"
     "[a lower value is better here, so give {maximum} or less]",
     "{field} vaut {value}, du mauvais côté de {other} ; [ici une valeur plus haute est meilleure, donnez donc "
     "{minimum} ou plus][ici une valeur plus basse est meilleure, donnez donc {maximum} ou moins]"},
    {"TARGET_COUNT", kPrecondition,
     "the workspace has too many targets of indicators[; at most {maximum} are kept]; delete one first",
     "l'espace de travail a trop de cibles d'indicateurs[ ; {maximum} au plus sont gardées] ; supprimez-en une "
     "d'abord"},
    {"PURCHASES_TOO_FEW", kPrecondition,
     "a model of purchases needs {needed} customers who bought again; of {customers} there are {repeaters}: take a "
     "larger scope or an earlier start, or the historic value",
     "un modèle d'achats a besoin de {needed} clients qui ont racheté ; sur {customers} il y en a {repeaters} : "
     "élargissez le périmètre, remontez plus loin, ou prenez la valeur historique"},
    {"RENEWALS_TOO_FEW", kPrecondition,
     "a model of renewals needs {needed} that were kept and {needed} that were lost, of two periods at least; there "
     "are {kept} and {lost}, of {periods}: take a larger scope, or look further back",
     "un modèle de renouvellements en demande {needed} conclus et {needed} perdus, sur deux périodes au moins ; il y "
     "en a {kept} et {lost}, sur {periods} : élargissez le périmètre, ou remontez plus loin"},
    {"LIFETIME_NOT_DETERMINED", kPrecondition,
     "the data do not determine {parameter} of the {model} model[ (best value {value})]: clients may differ too "
     "little, or have been watched too briefly; take more of them, a longer time, or the historic value",
     "les données ne déterminent pas {parameter} du modèle {model}[ (meilleure valeur {value})] : les clients "
     "diffèrent peut-être trop peu, ou n'ont pas été suivis assez longtemps ; prenez-en davantage, sur plus de "
     "temps, ou la valeur historique"},
});
// clang-format on

}  // namespace

std::span<const CatalogueEntry> ReasonsOfIndicators() { return kReasons; }

}  // namespace folio::error
