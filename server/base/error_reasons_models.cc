// Reasons of health models and of rules of signals.
#include <array>

#include "server/base/error_catalogue.h"

namespace folio::error {
namespace {

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;

// clang-format off
constexpr auto kReasons = std::to_array<CatalogueEntry>({
    // --- Health models ---
    {"MODEL_WEIGHT", kInvalid,
     "{field}[ (measure '{measure}' of dimension '{dimension}')] is not a weight[ ({value})]; give a number above "
     "0 and at most 1000000; only a measure of an additive dimension may have one below 0",
     "{field}[ (mesure « {measure} » de la dimension « {dimension} »)] n'est pas un poids[ ({value})] ; donnez un "
     "nombre supérieur à 0, 1000000 au plus ; seule une mesure d'une dimension additive peut en avoir un négatif"},
    {"MODEL_MEASURE_UNKNOWN", kInvalid,
     "{field}[ in dimension '{dimension}']: there is no such measure[ as '{name}'][; did you mean '{nearest}'?]; "
     "ListMeasures names them all",
     "{field}[ dans la dimension « {dimension} »] : cette mesure n'existe pas[ : « {name} »][ ; vouliez-vous dire "
     "« {nearest} » ?] ; ListMeasures les nomme toutes"},
    {"MODEL_WINDOW", kInvalid,
     "{field} does not fit the measure[ '{measure}'][ of dimension '{dimension}'][ ({value})][; give {minimum} to "
     "{maximum} days]",
     "{field} ne convient pas à la mesure[ « {measure} »][ de la dimension « {dimension} »][ ({value})][ ; donnez "
     "de {minimum} à {maximum} jours]"},
    {"MODEL_KERNEL", kInvalid,
     "{field}[ (measure '{measure}' of dimension '{dimension}')] gives no credit from 0 to 1[ ({kernel})]; give a "
     "ramp or three states whose two ends differ, tiers that ascend, or choices that occur once, with credits "
     "from 0 to 1",
     "{field}[ (mesure « {measure} » de la dimension « {dimension} »)] ne donne pas de crédit de 0 à 1[ "
     "({kernel})] ; donnez une rampe ou trois états aux deux bouts différents, des paliers croissants, ou des "
     "choix sans répétition, aux crédits de 0 à 1"},
    {"MODEL_BASE", kInvalid,
     "{field} is not a base[ ({value})]; give 0 to 1 in an additive dimension, and none in another",
     "{field} n'est pas une base[ ({value})] ; donnez de 0 à 1 dans une dimension additive, et rien dans une autre"},
    {"MODEL_MEASURE_TYPE", kInvalid,
     "{field}[ in dimension '{dimension}']: no figure can be read from the custom field[ '{name}']; take one of "
     "numbers, money, dates, flags or single choices",
     "{field}[ dans la dimension « {dimension} »] : on ne peut pas lire de chiffre dans ce champ personnalisé[ (« "
     "{name} »)] ; prenez un nombre, un montant, une date, un oui ou non ou un choix unique"},
    {"MODEL_KERNEL_TYPE", kInvalid,
     "{field}[ (measure '{measure}' of dimension '{dimension}')] does not fit the figure[ ({kernel})]; give a "
     "choices kernel to a custom field with choices, and any other kernel to everything else",
     "{field}[ (mesure « {measure} » de la dimension « {dimension} »)] ne convient pas au chiffre lu[ ({kernel})] "
     "; donnez un noyau « choices » à un champ personnalisé à choix, et un autre noyau à tout le reste"},
    {"MODEL_CARRY", kInvalid,
     "{field}[ (measure '{measure}' of dimension '{dimension}')] does not fit[ ({value})]; give 1 to {maximum} "
     "days where 'missing' is CARRY, and none where it is not",
     "{field}[ (mesure « {measure} » de la dimension « {dimension} »)] ne convient pas[ ({value})] ; donnez de 1 "
     "à {maximum} jours quand « missing » vaut CARRY, et rien sinon"},
    {"MODEL_FILTER_COLUMN", kInvalid,
     "{field} reads '{column}', which depends on health itself; use columns of the account, custom fields, arr, "
     "mrr or growth",
     "{field} lit « {column} », qui dépend de la santé elle-même ; prenez des colonnes du compte, des champs "
     "personnalisés, arr, mrr ou growth"},
    {"MODEL_EMPTY", kInvalid,
     "{field}: a model needs at least one dimension, and each dimension a measure; add one",
     "{field} : un modèle a besoin d'au moins une dimension, et chaque dimension d'une mesure ; ajoutez-en une"},
    {"MODEL_DUPLICATE", kInvalid,
     "{field} occurs twice[ ('{value}')]; give each its own",
     "{field} apparaît deux fois[ (« {value} »)] ; donnez à chacun le sien"},
    {"OUTCOMES_TOO_FEW", kPrecondition,
     "there are {events} accounts with the outcome and {non_events} without; {needed} of each are needed: look further "
     "back, learn fewer measures, or wait for more",
     "il y a {events} comptes avec l'issue et {non_events} sans ; il en faut {needed} de chaque : remontez plus loin, "
     "apprenez moins de mesures, ou attendez d'en avoir plus"},
    {"OUTCOMES_TOO_FEW_CHOSEN", kPrecondition,
     "among {chosen} samples, chosen by chance out of {samples}, there are {events} accounts with the outcome and "
     "{non_events} without; {needed} of each are needed: take fewer cut-offs (--step) or fewer accounts (--filter), so "
     "that fewer are left to chance, or learn fewer measures",
     "parmi {chosen} échantillons, tirés au sort sur {samples}, il y a {events} comptes avec l'issue et {non_events} "
     "sans ; il en faut {needed} de chaque : prenez moins de dates d'observation (--step) ou moins de comptes "
     "(--filter), afin que le hasard en écarte moins, ou apprenez moins de mesures"},
    {"OUTCOME_NEVER_KNOWN", kPrecondition,
     "of the {accounts} accounts that match, none has anything at stake on a cut-off: no subscription with revenue "
     "runs then, or the custom field has no value; choose other cut-offs, accounts or another outcome",
     "des {accounts} comptes retenus, aucun n'a rien en jeu à une date d'observation : aucun abonnement payant n'y "
     "court, ou le champ personnalisé est vide ; choisissez d'autres dates, d'autres comptes ou une autre issue"},
    {"OUTCOME_WITHOUT_RENEWALS", kPrecondition,
     "none of the {accounts} accounts that match has a subscription with a renewal date; give subscriptions a "
     "renewal_date, or ask for churn",
     "aucun des {accounts} comptes retenus n'a d'abonnement avec une date de renouvellement ; donnez renewal_date aux "
     "abonnements, ou demandez churn"},
    {"OUTCOME_OUT_OF_REACH", kPrecondition,
     "{renewing} accounts have a renewal date, but none falls within {days} days after a cut-off; choose other "
     "cut-offs or a longer horizon",
     "{renewing} comptes ont une date de renouvellement, mais aucune ne tombe dans les {days} jours qui suivent une "
     "date d'observation ; choisissez d'autres dates ou un horizon plus long"},
    {"FIT_NOT_CONVERGED", kPrecondition,
     "the fit did not settle[ (slope left: {gradient})]; give a penalty above {penalty}",
     "l'ajustement ne s'est pas stabilisé[ (pente restante : {gradient})] ; donnez une pénalité supérieure à "
     "{penalty}"},
    {"MODEL_BUILT_IN", kPrecondition,
     "{name} is built in and cannot be deleted; change it and publish it, or give other models a filter",
     "{name} est intégré et ne peut pas être supprimé ; modifiez-le et publiez-le, ou donnez un filtre à d'autres "
     "modèles"},
    {"MODEL_NOT_CHANGED", kPrecondition,
     "the draft of {name} is what is in force already (version {version}); change it before you publish it",
     "le brouillon de {name} est déjà en vigueur (version {version}) ; modifiez-le avant de le publier"},
    {"MODEL_READS_FIELD", kPrecondition,
     "{name} is read by {model}; change and publish that model first",
     "{name} est lu par {model} ; modifiez et publiez d'abord ce modèle"},
    {"OVERRIDE_EXPIRY", kInvalid,
     "{field} does not fit[ ({value})]; give a day after today[, {maximum} at the latest]",
     "{field} ne convient pas[ ({value})] ; donnez un jour après aujourd'hui[, le {maximum} au plus tard]"},
    {"OUTCOME_FIELD_TYPE", kInvalid,
     "{field}: an outcome is a flag or a single choice; name a custom field of one of these types",
     "{field} : une issue est un oui ou non ou un choix unique ; nommez un champ personnalisé de l'un de ces types"},
    {"OUTCOME_IN_MODEL", kInvalid,
     "{field}: the model reads '{name}', which is the outcome itself; leave that measure out of the model",
     "{field} : le modèle lit « {name} », qui est l'issue elle-même ; retirez cette mesure du modèle"},
    {"OUTCOME_HAS_NO_DATE", kInvalid,
     "{field}: a custom field tells what is known now, so the only cut-off is today; leave it out",
     "{field} : un champ personnalisé dit ce qui est connu aujourd'hui, seule date d'observation ; omettez-le"},
    {"CUTOFF_TOO_LATE", kInvalid,
     "{field} leaves no time for the outcome[ ({value})][; give {latest} or earlier], or a shorter horizon",
     "{field} ne laisse pas le temps à l'issue[ ({value})][ ; donnez {latest} ou plus tôt], ou un horizon plus court"},
    {"MODEL_TWICE_GIVEN", kInvalid,
     "{field}: a model and an inline model are both given; give one of them",
     "{field} : un modèle et un modèle joint sont donnés ; donnez l'un des deux"},

    // --- Rules of signals ---
    {"RULE_EMPTY", kInvalid,
     "{field}: a rule needs at least one alternative, and each alternative a condition; add one",
     "{field} : une règle a besoin d'au moins une alternative, et chaque alternative d'une condition ; ajoutez-en une"},
    {"RULE_MEASURE_UNKNOWN", kInvalid,
     "{field}: there is no such measure[ as '{name}'][; did you mean '{nearest}'?]",
     "{field} : cette mesure n'existe pas[ : « {name} »][ ; vouliez-vous dire « {nearest} » ?]"},
    {"RULE_WINDOW", kInvalid,
     "{field} does not fit the measure[ ({value})][; give {minimum} to {maximum} days]",
     "{field} ne convient pas à la mesure[ ({value})][ ; donnez de {minimum} à {maximum} jours]"},
    {"RULE_THRESHOLD", kInvalid,
     "{field} is not a threshold; give a finite number",
     "{field} n'est pas un seuil ; donnez un nombre fini"},
    {"RULE_GRADE_ORDER", kInvalid,
     "{field} is out of order[ ({value})]; each grade must be more severe than the one before, and lie at least as "
     "far from the ordinary as the threshold",
     "{field} n'est pas dans l'ordre[ ({value})] ; chaque degré doit être plus sévère que le précédent, et au moins "
     "aussi loin de l'ordinaire que le seuil"},
    {"RULE_EXIT", kInvalid,
     "{field} is on the wrong side[ ({value})][ of the threshold {other}]; a rule that holds must not end where it "
     "would begin",
     "{field} est du mauvais côté[ ({value})][ du seuil {other}] ; une règle qui tient ne doit pas finir là où elle "
     "commencerait"},
    {"RULE_FIGURE", kInvalid,
     "{field} occurs twice[ ('{value}')]; give each figure its own id",
     "{field} apparaît deux fois[ (« {value} »)] ; donnez à chaque chiffre son identifiant"},
    {"RULE_SENTENCE", kInvalid,
     "{field} cannot be filled in[: there is no figure '{name}' in the evidence]; put ids of the evidence between "
     "braces, and what may be left out between brackets",
     "{field} ne peut pas être complété[ : pas de chiffre « {name} » parmi les preuves] ; mettez des identifiants des "
     "preuves entre accolades, et ce qui peut manquer entre crochets"},
    {"RULE_VALUE", kInvalid,
     "{field} is for opportunities; leave it out of a risk",
     "{field} est pour les opportunités ; omettez-le pour un risque"},
    {"RULE_FILTER_ALONE", kInvalid,
     "{field}: a condition is a filter or a figure; give a filter and nothing else, and the figure as a condition of "
     "its own",
     "{field} : une condition est un filtre ou un chiffre ; donnez un filtre et rien d'autre, et le chiffre comme une "
     "condition à part"},
    {"RULE_FILTER_COLUMN", kInvalid,
     "{field} reads '{column}', which is told after the rules of signals; use other columns, or the measures of the "
     "rule",
     "{field} lit « {column} », qui n'est connu qu'après les règles de signaux ; prenez d'autres colonnes, ou les "
     "mesures de la règle"},
    {"RULE_READS_FIELD", kPrecondition,
     "{name} is read by {rule}; change or delete that rule first",
     "{name} est lu par {rule} ; modifiez ou supprimez d'abord cette règle"},
    {"RULE_COUNT", kPrecondition,
     "the workspace has too many rules of signals[; at most {maximum} are kept]; delete one first",
     "l'espace de travail a trop de règles de signaux[ ; {maximum} au plus sont gardées] ; supprimez-en une d'abord"},
    {"RULE_BUILT_IN", kPrecondition,
     "{name} is built in, so it cannot be deleted; disable it instead",
     "{name} est intégrée et ne peut pas être supprimée ; désactivez-la plutôt"},
    {"SIGNAL_ENDED", kPrecondition,
     "{name} has ended[ on {value}], so its state cannot change; wait until it begins again",
     "{name} a pris fin[ le {value}], son état ne peut donc plus changer ; attendez qu'il recommence"},
    {"SNOOZE_PAST", kInvalid,
     "{field} has come[ ({value})]; give the day on which the signal is to show again, after[ {minimum}]",
     "{field} est passé[ ({value})] ; donnez le jour où le signal doit réapparaître, après[ le {minimum}]"},
    {"DRY_RUN_TOO_LARGE", kInvalid,
     "{field}: too much to look at[: {count} accounts on {days} days][; at most {maximum} days of accounts are "
     "accepted]; choose fewer days, or a narrower filter",
     "{field} : trop à examiner[ : {count} comptes sur {days} jours][ ; {maximum} jours de comptes au plus sont "
     "acceptés] ; prenez moins de jours, ou un filtre plus étroit"},
});
// clang-format on

}  // namespace

std::span<const CatalogueEntry> ReasonsOfModels() { return kReasons; }

}  // namespace folio::error
