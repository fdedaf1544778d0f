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
    {"absence", "ABSENCE", "ABSENCE"},
    {"account", "ACCOUNT", "COMPTE"},
    {"account_count", "ACCOUNTS", "COMPTES"},
    {"amount", "AMOUNT", "MONTANT"},
    {"annual_amount", "ANNUAL AMOUNT", "MONTANT ANNUEL"},
    {"arr", "ARR", "ARR"},
    {"arr_at_risk", "ARR AT RISK", "ARR À RISQUE"},
    {"arr_year_ago", "ARR A YEAR AGO", "ARR IL Y A UN AN"},
    {"as_of", "AS OF", "AU"},
    {"assignee", "ASSIGNEE", "RESPONSABLE"},
    {"at_risk_count", "AT RISK", "À RISQUE"},
    {"author", "AUTHOR", "AUTEUR"},
    {"band", "BAND", "NIVEAU"},
    {"base_currency_code", "FROM", "DE"},
    {"begin_date", "BEGIN", "DÉBUT"},
    {"category", "CATEGORY", "CATÉGORIE"},
    {"choices", "CHOICES", "CHOIX"},
    {"clear_at", "CLEAR AT", "FIN D'ALERTE À"},
    {"close_time", "CLOSED", "CLÔTURE"},
    {"cohort_date", "COHORT", "COHORTE"},
    {"collection", "COLLECTION", "COLLECTION"},
    {"convert_time", "CONVERTED", "CONVERSION"},
    {"country_code", "COUNTRY", "PAYS"},
    {"coverage", "COVERAGE", "COUVERTURE"},
    {"create_time", "CREATED", "CRÉATION"},
    {"credit", "CREDIT", "CRÉDIT"},
    {"currency_code", "CURRENCY", "DEVISE"},
    {"customers", "CUSTOMERS", "CLIENTS"},
    {"date", "DATE", "DATE"},
    {"default_window_days", "WINDOW (DAYS)", "FENÊTRE (JOURS)"},
    {"denominator", "DENOMINATOR", "DÉNOMINATEUR"},
    {"description", "DESCRIPTION", "DESCRIPTION"},
    {"difference", "DIFFERENCE", "ÉCART"},
    {"dimension", "DIMENSION", "DIMENSION"},
    {"disabled", "DISABLED", "DÉSACTIVÉE"},
    {"display_name", "NAME", "NOM"},
    {"done_count", "DONE", "FAITS"},
    {"draft", "DRAFT", "BROUILLON"},
    {"due_date", "DUE", "ÉCHÉANCE"},
    {"due_to_facts", "DUE TO FACTS", "DÛ AUX FAITS"},
    {"due_to_model", "DUE TO MODEL", "DÛ AU MODÈLE"},
    {"due_to_time", "DUE TO TIME", "DÛ AU TEMPS"},
    {"email", "E-MAIL", "COURRIEL"},
    {"end_date", "END", "FIN"},
    {"end_time", "END", "FIN"},
    {"entry_time", "ENTERED", "ENTRÉE"},
    {"event_time", "TIME", "DATE"},
    {"expected_value", "EXPECTED VALUE", "VALEUR ATTENDUE"},
    {"expire_date", "UNTIL", "JUSQU'AU"},
    {"expire_time", "UNTIL", "JUSQU'À"},
    {"explanation", "EXPLANATION", "EXPLICATION"},
    {"fact", "FACT", "FAIT"},
    {"filter", "FILTER", "FILTRE"},
    {"goal", "GOAL", "OBJECTIF"},
    {"growth", "GROWTH", "CROISSANCE"},
    {"health", "HEALTH", "SANTÉ"},
    {"health_overridden", "SET BY HAND", "FIXÉE À LA MAIN"},
    {"holiday_country_code", "HOLIDAYS OF", "JOURS FÉRIÉS DE"},
    {"indicator", "INDICATOR", "INDICATEUR"},
    {"input", "INPUT", "ENTRÉE"},
    {"kind", "KIND", "NATURE"},
    {"lifecycle", "LIFECYCLE", "CYCLE DE VIE"},
    {"match", "MATCH", "TROUVÉ PAR"},
    {"mean_arr", "MEAN ARR", "ARR MOYEN"},
    {"mean_health", "MEAN HEALTH", "SANTÉ MOYENNE"},
    {"measure", "MEASURE", "MESURE"},
    {"method", "METHOD", "MÉTHODE"},
    {"model", "MODEL", "MODÈLE"},
    {"model_version", "VERSION", "VERSION"},
    {"money", "MONEY", "MONTANT"},
    {"month", "MONTH", "MOIS"},
    {"mrr", "MRR", "MRR"},
    {"name", "RESOURCE", "RESSOURCE"},
    {"note", "NOTE", "NOTE"},
    {"number", "NUMBER", "NOMBRE"},
    {"numerator", "NUMERATOR", "NUMÉRATEUR"},
    {"opportunities", "OPPORTUNITIES", "OPPORTUNITÉS"},
    {"opportunity_count", "OPPORTUNITIES", "OPPORTUNITÉS"},
    {"owner", "OWNER", "RESPONSABLE"},
    {"partial", "PARTIAL", "PARTIEL"},
    {"plan", "PLAN", "FORMULE"},
    {"points", "POINTS", "POINTS"},
    {"points_after", "POINTS AFTER", "POINTS APRÈS"},
    {"points_before", "POINTS BEFORE", "POINTS AVANT"},
    {"priority", "PRIORITY", "PRIORITÉ"},
    {"product", "PRODUCT", "PRODUIT"},
    {"publish_time", "PUBLISHED", "PUBLICATION"},
    {"publisher", "PUBLISHER", "PUBLIÉ PAR"},
    {"quote_currency_code", "TO", "VERS"},
    {"raise_at", "ALERT AT", "ALERTE À"},
    {"rate", "RATE", "TAUX"},
    {"raw", "RAW", "BRUT"},
    {"reading", "VALUE", "VALEUR"},
    {"reason", "REASON", "RAISON"},
    {"record", "RECORD", "FICHE"},
    {"renewal_date", "RENEWAL", "RENOUVELLEMENT"},
    {"revoke_time", "REVOKED", "RÉVOCATION"},
    {"risk_count", "RISKS", "RISQUES"},
    {"risks", "RISKS", "RISQUES"},
    {"role", "ROLE", "RÔLE"},
    {"rule", "RULE", "RÈGLE"},
    {"score", "SCORE", "SCORE"},
    {"seat_count", "SEATS", "POSTES"},
    {"sector", "SECTOR", "SECTEUR"},
    {"severity", "SEVERITY", "GRAVITÉ"},
    {"since", "SINCE", "DEPUIS"},
    {"size", "SIZE", "TAILLE"},
    {"snooze_until", "SNOOZED UNTIL", "EN PAUSE JUSQU'AU"},
    {"source", "SOURCE", "SOURCE"},
    {"source_id", "SOURCE ID", "ID DANS LA SOURCE"},
    {"stage", "STAGE", "ÉTAPE"},
    {"start_date", "START", "DÉBUT"},
    {"state", "STATE", "ÉTAT"},
    {"state_time", "SINCE", "DEPUIS"},
    {"status", "STATUS", "STATUT"},
    {"subscription", "SUBSCRIPTION", "ABONNEMENT"},
    {"summary", "SUMMARY", "RÉSUMÉ"},
    {"time_zone", "TIME ZONE", "FUSEAU"},
    {"title", "TITLE", "TITRE"},
    {"total_count", "TOTAL", "TOTAL"},
    {"trial", "TRIAL", "ESSAI"},
    {"type", "TYPE", "TYPE"},
    {"unit", "UNIT", "UNITÉ"},
    {"value", "VALUE", "VALEUR"},
    {"version", "VERSION", "VERSION"},
    {"weight", "WEIGHT", "POIDS"},
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
