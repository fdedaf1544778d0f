// Reasons of indicators.
#include <array>

#include "server/base/error_catalogue.h"

namespace folio::error {
namespace {

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;

// clang-format off
constexpr auto kReasons = std::to_array<CatalogueEntry>({
    // --- Indicators ---
    {"INDICATOR_UNKNOWN", kInvalid,
     "{field}: there is no such indicator[ as '{name}'][; did you mean '{nearest}'?]; ListIndicators names them all",
     "{field} : cet indicateur n'existe pas[ : « {name} »][ ; vouliez-vous dire « {nearest} » ?] ; ListIndicators "
     "les nomme tous"},
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
