#include "server/base/error_catalogue.h"

#include <array>
#include <unordered_map>

namespace folio::error {
namespace {

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kNotFound = absl::StatusCode::kNotFound;
constexpr auto kExists = absl::StatusCode::kAlreadyExists;
constexpr auto kAborted = absl::StatusCode::kAborted;
constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;
constexpr auto kOutOfRange = absl::StatusCode::kOutOfRange;
constexpr auto kUnauthenticated = absl::StatusCode::kUnauthenticated;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr auto kExhausted = absl::StatusCode::kResourceExhausted;
constexpr auto kUnavailable = absl::StatusCode::kUnavailable;
constexpr auto kDeadline = absl::StatusCode::kDeadlineExceeded;
constexpr auto kInternal = absl::StatusCode::kInternal;
constexpr auto kDataLoss = absl::StatusCode::kDataLoss;

// clang-format off
constexpr auto kEntries = std::to_array<CatalogueEntry>({
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
    {"REFERENCE_NOT_FOUND", kInvalid,
     "{field} names something that does not exist[ ('{name}')]; create it first, or correct the name",
     "{field} désigne quelque chose qui n'existe pas[ (« {name} »)] ; créez-le d'abord, ou corrigez le nom"},
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
     "{field}: a fact belongs to an account; give its account or its subscription",
     "{field} : un fait appartient à un compte ; donnez son compte ou son abonnement"},
    {"FACT_DETAIL_MISSING", kInvalid,
     "{field}: the fact does not say what happened; set one of usage, interaction, ticket, survey_answer, "
     "payment, contact_change",
     "{field} : le fait ne dit pas ce qui s'est passé ; donnez usage, interaction, ticket, survey_answer, payment "
     "ou contact_change"},
    {"SCORE_OUT_OF_SCALE", kInvalid,
     "{field} is not on the survey's scale[ ({value})][; give {minimum} to {maximum}]",
     "{field} n'est pas sur l'échelle de l'enquête[ ({value})][ ; donnez de {minimum} à {maximum}]"},
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
    {"INDICATOR_UNKNOWN", kInvalid,
     "{field}: there is no such indicator[ as '{name}'][; did you mean '{nearest}'?]; ListIndicators names them all",
     "{field} : cet indicateur n'existe pas[ : « {name} »][ ; vouliez-vous dire « {nearest} » ?] ; ListIndicators "
     "les nomme tous"},
    {"UNKNOWN_RULE", kInvalid,
     "{field}: there is no such rule of signals[ as '{rule}'][; did you mean '{nearest}'?]",
     "{field} : cette règle de signal n'existe pas[ : « {rule} »][ ; vouliez-vous dire « {nearest} » ?]"},

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
    {"RULE_COUNT", kPrecondition,
     "the workspace has too many rules of signals[; at most {maximum} are kept]; delete one first",
     "l'espace de travail a trop de règles de signaux[ ; {maximum} au plus sont gardées] ; supprimez-en une d'abord"},
    {"RULE_BUILT_IN", kPrecondition,
     "{name} is built in, so it cannot be deleted; disable it instead",
     "{name} est intégrée et ne peut pas être supprimée ; désactivez-la plutôt"},
    {"SIGNAL_ENDED", kPrecondition,
     "{name} has ended[ on {value}], so its state cannot change; wait until it begins again",
     "{name} a pris fin[ le {value}], son état ne peut donc plus changer ; attendez qu'il recommence"},
    {"DRY_RUN_TOO_LARGE", kInvalid,
     "{field}: too much to look at[: {count} accounts on {days} days][; at most {maximum} days of accounts are "
     "accepted]; choose fewer days, or a narrower filter",
     "{field} : trop à examiner[ : {count} comptes sur {days} jours][ ; {maximum} jours de comptes au plus sont "
     "acceptés] ; prenez moins de jours, ou un filtre plus étroit"},

    // --- Resources ---
    {"RESOURCE_NOT_FOUND", kNotFound,
     "there is no {name}; check the name, or create it",
     "{name} n'existe pas ; vérifiez le nom, ou créez-le"},
    {"ALREADY_EXISTS", kExists,
     "{name} exists already; update it, or choose another id",
     "{name} existe déjà ; modifiez-le, ou choisissez un autre identifiant"},
    {"VALUE_TAKEN", kExists,
     "{field} '{value}' belongs to {holder} already; change one of the two",
     "{field} « {value} » appartient déjà à {holder} ; changez l'un des deux"},
    {"ETAG_MISMATCH", kAborted,
     "{name} has changed since it was read[ (etag {sent}, now {current})]; read it again and repeat the change",
     "{name} a changé depuis sa lecture[ (etag {sent}, maintenant {current})] ; relisez-le et refaites la "
     "modification"},
    {"RESOURCE_DELETED", kPrecondition,
     "{name} is deleted; undelete it first",
     "{name} est supprimé ; restaurez-le d'abord"},
    {"RESOURCE_NOT_DELETED", kPrecondition,
     "{name} is not deleted; there is nothing to undelete",
     "{name} n'est pas supprimé ; il n'y a rien à restaurer"},
    {"HAS_DEPENDENTS", kPrecondition,
     "{name} still has[ {count}] {@dependents} that refer to it; delete or move them first",
     "{name} a encore[ {count}] {@dependents} qui s'y rapportent ; supprimez-les ou déplacez-les d'abord"},

    // --- Requests ---
    {"REQUEST_ID_REUSED", kInvalid,
     "request id {request_id} was used for a request with another body; choose a new one for each request",
     "l'identifiant de requête {request_id} a servi pour une requête au contenu différent ; prenez-en un nouveau "
     "par requête"},
    {"REVISION_NOT_REACHED", kPrecondition,
     "the server has not reached revision {wanted}; it is at {head}: try again shortly",
     "le serveur n'a pas atteint la révision {wanted} ; il en est à {head} : réessayez sous peu"},
    {"REVISION_IN_FUTURE", kInvalid,
     "revision {wanted} does not exist yet; the last one is {head}",
     "la révision {wanted} n'existe pas encore ; la dernière est {head}"},
    {"LOG_COMPACTED", kOutOfRange,
     "the log no longer holds revision[ {wanted}][; it begins at {first}]; start again from a snapshot",
     "le journal ne contient plus la révision[ {wanted}][ ; il commence à {first}] ; repartez d'un instantané"},
    {"FELL_BEHIND", kOutOfRange,
     "the reader fell too far behind; watch again from resume token {resume_token}",
     "le lecteur a pris trop de retard ; reprenez avec le jeton {resume_token}"},
    {"RESUME_TOKEN_MALFORMED", kInvalid,
     "{field} is not a resume token; send one as it was received, or start from a snapshot",
     "{field} n'est pas un jeton de reprise ; renvoyez-en un tel quel, ou partez d'un instantané"},
    {"RESUME_TOKEN_FOREIGN", kInvalid,
     "{field} belongs to another store or another watch; start from a snapshot",
     "{field} appartient à un autre stockage ou à une autre écoute ; partez d'un instantané"},
    {"BATCH_TOO_LARGE", kInvalid,
     "{field} has too many rows[ ({count})][; at most {maximum} are accepted]; split it, or use Import",
     "{field} a trop de lignes[ ({count})][ ; {maximum} au plus sont acceptées] ; divisez le lot, ou utilisez Import"},
    {"REQUEST_MALFORMED", kInvalid,
     "the bytes of the request are not a message of its type; send one of the version that the server speaks",
     "les octets de la requête ne sont pas un message de son type ; envoyez-en un de la version que parle le serveur"},
    {"MESSAGE_TOO_LARGE", kExhausted,
     "the message is too large[ ({bytes} bytes)][; at most {maximum} bytes are accepted]; split it, or use Import",
     "le message est trop grand[ ({bytes} octets)][ ; {maximum} octets au plus sont acceptés] ; divisez-le, ou "
     "utilisez Import"},
    {"OPERATION_FINISHED", kPrecondition,
     "the operation[ {name}] has finished; it can no longer be cancelled",
     "l'opération[ {name}] est terminée ; elle ne peut plus être annulée"},

    // --- Import ---
    {"IMPORT_HEADER_MISSING", kInvalid,
     "{field}: the first message of an import must be its header, and only the first; send it before the chunks",
     "{field} : le premier message d'un import doit être son en-tête, et lui seul ; envoyez-le avant les blocs"},
    {"IMPORT_CHUNK_ORDER", kInvalid,
     "{field}: the chunk does not follow the one before[ (row {found}, expected {expected})]; send chunks in "
     "order and whole",
     "{field} : le bloc ne suit pas le précédent[ (ligne {found}, attendue {expected})] ; envoyez les blocs dans "
     "l'ordre et entiers"},
    {"IMPORT_COLLECTION", kInvalid,
     "{field} is not what can be imported here[ ('{collection}')]; use accounts, contacts, subscriptions, tasks "
     "or facts, one an import",
     "{field} ne peut pas être importé ici[ (« {collection} »)] ; prenez accounts, contacts, subscriptions, tasks "
     "ou facts, un par import"},
    {"WATCH_COLLECTION", kInvalid,
     "{field} is not what can be watched[ ('{collection}')]; name a collection, for example accounts, or leave it out",
     "{field} ne peut pas être suivi[ (« {collection} »)] ; nommez une collection, par exemple accounts, ou "
     "omettez-la"},
    {"IMPORT_ID_BUSY", kAborted,
     "an import with that id[ ({import_id})] is running; wait for its end, or choose another id",
     "un import de cet identifiant[ ({import_id})] est en cours ; attendez sa fin, ou choisissez un autre identifiant"},
    {"ROW_CONFLICT", kExists,
     "the row describes[ {name},] what exists already; remove it, or import with on_conflict update, replace or skip",
     "la ligne décrit[ {name},] ce qui existe déjà ; retirez-la, ou importez avec on_conflict update, replace ou skip"},

    // --- Access ---
    {"KEY_MISSING", kUnauthenticated,
     "the call carries no API key; send it in metadata 'authorization: Bearer KEY'",
     "l'appel ne porte pas de clé d'API ; envoyez-la en métadonnée « authorization: Bearer CLÉ »"},
    {"KEY_MALFORMED", kUnauthenticated,
     "that is not an API key; send one as it was given, in metadata 'authorization: Bearer KEY'",
     "ce n'est pas une clé d'API ; envoyez-la telle que reçue, en métadonnée « authorization: Bearer CLÉ »"},
    {"KEY_UNKNOWN", kUnauthenticated,
     "this server does not know that API key; check the key and the server's address",
     "ce serveur ne connaît pas cette clé d'API ; vérifiez la clé et l'adresse du serveur"},
    {"KEY_REVOKED", kUnauthenticated,
     "that API key was revoked; ask an administrator for another",
     "cette clé d'API a été révoquée ; demandez-en une autre à un administrateur"},
    {"KEY_EXPIRED", kUnauthenticated,
     "that API key has expired; ask an administrator for another",
     "cette clé d'API a expiré ; demandez-en une autre à un administrateur"},
    {"PERMISSION_DENIED", kDenied,
     "{method} needs the role {role}; use a key that has it",
     "{method} demande le rôle {role} ; utilisez une clé qui l'a"},
    {"WORKSPACE_FOREIGN", kDenied,
     "the key belongs to another workspace[ than {name}]; use a key of that one, or leave the name empty",
     "la clé appartient à un autre espace de travail[ que {name}] ; utilisez une clé de celui-là, ou laissez le "
     "nom vide"},
    {"WORKSPACE_UNKNOWN", kNotFound,
     "there is no such workspace[ as {name}]; ListWorkspaces names them all",
     "cet espace de travail n'existe pas[ : {name}] ; ListWorkspaces les nomme tous"},
    {"WORKSPACE_CURRENCY_FIXED", kPrecondition,
     "the workspace holds amounts[ in {currency}], so its currency cannot change; create another workspace",
     "l'espace de travail contient des montants[ en {currency}], sa devise ne peut donc plus changer ; créez un "
     "autre espace"},
    {"TIME_ZONE_UNKNOWN", kInvalid,
     "{field} is not an IANA time zone[ ('{value}')]; write one such as Europe/Paris",
     "{field} n'est pas un fuseau horaire IANA[ (« {value} »)] ; écrivez par exemple Europe/Paris"},

    // --- Server ---
    {"OVERLOADED", kExhausted,
     "the server is at its limit[ ({limit}: {value})]; try again shortly",
     "le serveur est à sa limite[ ({limit} : {value})] ; réessayez sous peu"},
    {"SHUTTING_DOWN", kUnavailable,
     "the server is shutting down; try again shortly",
     "le serveur s'arrête ; réessayez sous peu"},
    {"DEADLINE_EXCEEDED", kDeadline,
     "the call ran out of time; allow it a longer deadline, or ask for less",
     "l'appel a manqué de temps ; accordez-lui un délai plus long, ou demandez moins"},
    {"INTERNAL", kInternal,
     "a fault of the server[: {what}]; please report it",
     "une erreur du serveur[ : {what}] ; merci de la signaler"},
    {"STORAGE_UNAVAILABLE", kUnavailable,
     "the storage cannot be used just now[ ({what})]; try again shortly, and check the disk's free space",
     "le stockage est momentanément inutilisable[ ({what})] ; réessayez sous peu, et vérifiez l'espace libre du "
     "disque"},
    {"STORAGE_CORRUPT", kDataLoss,
     "stored data does not fit its checksum[ ({what})]; run VerifyStorage and restore from a backup",
     "des données stockées ne correspondent pas à leur somme de contrôle[ ({what})] ; lancez VerifyStorage et "
     "restaurez une sauvegarde"},
    {"STORAGE_BROKEN", kDataLoss,
     "a write to the disk failed, so nothing more is written[ ({what})]; check the disk and restart the server",
     "une écriture sur le disque a échoué, plus rien n'est écrit[ ({what})] ; vérifiez le disque et redémarrez le "
     "serveur"},
});
// clang-format on

}  // namespace

std::span<const CatalogueEntry> Catalogue() { return kEntries; }

const CatalogueEntry* FindEntry(std::string_view reason) {
  static const auto* const by_reason = [] {
    auto* map = new std::unordered_map<std::string_view, const CatalogueEntry*>;
    for (const CatalogueEntry& entry : kEntries) map->emplace(entry.reason, &entry);
    return map;
  }();
  const auto found = by_reason->find(reason);
  return found == by_reason->end() ? nullptr : found->second;
}

}  // namespace folio::error
