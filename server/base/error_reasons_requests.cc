// Reasons of requests as a whole, of who sends them and of the server.
#include <array>

#include "server/base/error_catalogue.h"

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
constexpr auto kReasons = std::to_array<CatalogueEntry>({
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
    {"REVISION_COMPACTED", kOutOfRange,
     "the log no longer tells what was known at revision[ {wanted}][; it begins at {first}]; ask as of a later "
     "revision, or as of a date",
     "le journal ne dit plus ce qui était connu à la révision[ {wanted}][ ; il commence à {first}] ; demandez une "
     "révision plus récente, ou une date"},
    {"LOG_COMPACTED", kOutOfRange,
     "the log no longer holds revision[ {wanted}][; it begins at {first}]; start again from a snapshot",
     "le journal ne contient plus la révision[ {wanted}][ ; il commence à {first}] ; repartez d'un instantané"},
    {"FELL_BEHIND", kOutOfRange,
     "the reader fell too far behind; watch again from the resume token of the last message that was read"
     "[ ({resume_token})]",
     "le lecteur a pris trop de retard ; reprenez avec le jeton du dernier message lu[ ({resume_token})]"},
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
     "{field} is not what can be imported here[ ('{collection}')]; use accounts, contacts, subscriptions, tasks, "
     "leads, deals, exchangeRates, businessCalendars or facts, one an import",
     "{field} ne peut pas être importé ici[ (« {collection} »)] ; prenez accounts, contacts, subscriptions, tasks, "
     "leads, deals, exchangeRates, businessCalendars ou facts, un par import"},
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

std::span<const CatalogueEntry> ReasonsOfRequests() { return kReasons; }

}  // namespace folio::error
