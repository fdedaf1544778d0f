// Reasons of leads, deals, exchange rates and business calendars.
#include <array>

#include "server/base/error_catalogue.h"

namespace folio::error {
namespace {

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

// clang-format off
constexpr auto kReasons = std::to_array<CatalogueEntry>({
    // --- Sales, rates and calendars ---
    {"STAGE_MISMATCH", kInvalid,
     "{field} is not the last one of the stage history[ ('{value}')][, which is '{expected}']; send one of the two, "
     "or make them agree",
     "{field} n'est pas la dernière étape de l'historique[ (« {value} »)][, qui est « {expected} »] ; n'envoyez que "
     "l'une des deux, ou accordez-les"},
    {"DEAL_STILL_OPEN", kInvalid,
     "{field}: an open deal has no end; set its state to won or lost, or leave the time out",
     "{field} : une affaire ouverte n'a pas de fin ; mettez son état à won ou lost, ou omettez la date"},
    {"RATE_INVALID", kInvalid,
     "{field} is not a rate[ ('{value}')]; give a decimal above zero, for example 1.0837, with at most nine digits "
     "on each side of the point",
     "{field} n'est pas un taux[ (« {value} »)] ; donnez un décimal positif, par exemple 1.0837, neuf chiffres au "
     "plus de chaque côté du point"},
    {"RATE_OF_ONE_CURRENCY", kInvalid,
     "{field} is the base currency too; give another",
     "{field} est aussi la devise de base ; donnez-en une autre"},
    {"HOURS_EMPTY", kInvalid,
     "{field} is not after the start; give minutes from midnight, 1440 for the end of the day",
     "{field} ne suit pas le début ; donnez des minutes depuis minuit, 1440 pour la fin du jour"},
    {"HOURS_OVERLAP", kInvalid,
     "{field} begins before other hours of that day end; join the two, or correct one",
     "{field} commence avant que d'autres heures de ce jour finissent ; réunissez-les, ou corrigez l'une"},
    {"HOLIDAYS_UNKNOWN", kInvalid,
     "{field}: the holidays of that country are not known[ ('{value}')]; FR is; list others as special days",
     "{field} : les jours fériés de ce pays ne sont pas connus[ (« {value} »)] ; ceux de FR le sont ; donnez les "
     "autres en special_days"},
});
// clang-format on

}  // namespace

std::span<const CatalogueEntry> ReasonsOfSales() { return kReasons; }

}  // namespace folio::error
