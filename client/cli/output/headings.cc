// What stands above columns, in both languages.
#include <algorithm>
#include <cctype>

#include "client/cli/output/records.h"

namespace folio::cli {
namespace {

struct Heading {
  std::string_view field;
  std::string_view english;
  std::string_view french;
};

constexpr Heading kHeadings[] = {
    {"account", "ACCOUNT", "COMPTE"},
    {"account_count", "ACCOUNTS", "COMPTES"},
    {"amount", "AMOUNT", "MONTANT"},
    {"annual_amount", "ANNUAL AMOUNT", "MONTANT ANNUEL"},
    {"arr", "ARR", "ARR"},
    {"arr_at_risk", "ARR AT RISK", "ARR À RISQUE"},
    {"as_of", "AS OF", "AU"},
    {"assignee", "ASSIGNEE", "RESPONSABLE"},
    {"at_risk_count", "AT RISK", "À RISQUE"},
    {"band", "BAND", "NIVEAU"},
    {"clear_at", "CLEAR AT", "FIN D'ALERTE À"},
    {"country_code", "COUNTRY", "PAYS"},
    {"display_name", "NAME", "NOM"},
    {"due_date", "DUE", "ÉCHÉANCE"},
    {"email", "E-MAIL", "COURRIEL"},
    {"end_date", "END", "FIN"},
    {"goal", "GOAL", "OBJECTIF"},
    {"growth", "GROWTH", "CROISSANCE"},
    {"health", "HEALTH", "SANTÉ"},
    {"indicator", "INDICATOR", "INDICATEUR"},
    {"kind", "KIND", "NATURE"},
    {"lifecycle", "LIFECYCLE", "CYCLE DE VIE"},
    {"mean_health", "MEAN HEALTH", "SANTÉ MOYENNE"},
    {"mrr", "MRR", "MRR"},
    {"name", "RESOURCE", "RESSOURCE"},
    {"opportunities", "OPPORTUNITIES", "OPPORTUNITÉS"},
    {"opportunity_count", "OPPORTUNITIES", "OPPORTUNITÉS"},
    {"owner", "OWNER", "RESPONSABLE"},
    {"plan", "PLAN", "FORMULE"},
    {"priority", "PRIORITY", "PRIORITÉ"},
    {"raise_at", "ALERT AT", "ALERTE À"},
    {"reading", "VALUE", "VALEUR"},
    {"renewal_date", "RENEWAL", "RENOUVELLEMENT"},
    {"risks", "RISKS", "RISQUES"},
    {"role", "ROLE", "RÔLE"},
    {"rule", "RULE", "RÈGLE"},
    {"score", "SCORE", "SCORE"},
    {"seat_count", "SEATS", "POSTES"},
    {"sector", "SECTOR", "SECTEUR"},
    {"severity", "SEVERITY", "GRAVITÉ"},
    {"since", "SINCE", "DEPUIS"},
    {"size", "SIZE", "TAILLE"},
    {"start_date", "START", "DÉBUT"},
    {"state", "STATE", "ÉTAT"},
    {"state_time", "SINCE", "DEPUIS"},
    {"status", "STATUS", "STATUT"},
    {"summary", "SUMMARY", "RÉSUMÉ"},
    {"title", "TITLE", "TITRE"},
    {"trial", "TRIAL", "ESSAI"},
    {"unit", "UNIT", "UNITÉ"},
    {"value", "VALUE", "VALEUR"},
    {"workspace", "WORKSPACE", "ESPACE"},
};

}  // namespace

std::string HeadingOf(const FieldPath& path, Language language) {
  if (path.is_id) return "ID";
  if (path.key.empty()) {
    const auto* known = std::find_if(std::begin(kHeadings), std::end(kHeadings),
                                     [&](const Heading& heading) { return heading.field == path.leaf().name(); });
    if (known != std::end(kHeadings))
      return std::string(language == Language::kFrench ? known->french : known->english);
  }
  std::string heading = path.key.empty() ? path.leaf().name() : path.key;
  for (char& c : heading) c = c == '_' ? ' ' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return heading;
}

}  // namespace folio::cli
