// Rules that follow from the names of columns.
#include <algorithm>
#include <set>
#include <string_view>

#include "client/cli/import/mapping.h"
#include "client/cli/import/rows.h"
#include "client/cli/value/field_path.h"
#include "google/type/money.pb.h"
#include "unicode/uchar.h"
#include "unicode/unorm2.h"
#include "unicode/ustring.h"

namespace folio::cli {
namespace {

struct Synonym {
  std::string_view collection;  // empty: any
  std::string_view column;      // folded
  std::string_view field;
};

constexpr Synonym kSynonyms[] = {
    {"accounts", "account_id", "id"},
    {"accounts", "account_name", "display_name"},
    {"accounts", "arr", "annual_recurring_revenue"},
    {"accounts", "ca_annuel", "annual_recurring_revenue"},
    {"accounts", "chiffre_d_affaires", "annual_recurring_revenue"},
    {"accounts", "client", "display_name"},
    {"accounts", "company", "display_name"},
    {"accounts", "company_name", "display_name"},
    {"accounts", "customer", "display_name"},
    {"accounts", "date_de_debut", "contract_start_date"},
    {"accounts", "date_de_renouvellement", "renewal_date"},
    {"accounts", "debut_de_contrat", "contract_start_date"},
    {"accounts", "entreprise", "display_name"},
    {"accounts", "domaine", "domain"},
    {"accounts", "effectif", "employee_count"},
    {"accounts", "employees", "employee_count"},
    {"accounts", "industry", "sector"},
    {"accounts", "nom", "display_name"},
    {"accounts", "nom_du_client", "display_name"},
    {"accounts", "nom_du_compte", "display_name"},
    {"accounts", "nom_de_l_entreprise", "display_name"},
    {"accounts", "nom_de_la_societe", "display_name"},
    {"accounts", "nombre_de_salaries", "employee_count"},
    {"accounts", "pays", "country_code"},
    {"accounts", "raison_sociale", "display_name"},
    {"accounts", "renouvellement", "renewal_date"},
    {"accounts", "responsable", "owner"},
    {"accounts", "salaries", "employee_count"},
    {"accounts", "secteur", "sector"},
    {"accounts", "site_web", "domain"},
    {"accounts", "societe", "display_name"},
    {"accounts", "taille", "size"},
    {"accounts", "ville", "city"},
    {"accounts", "website", "domain"},
    {"contacts", "contact_id", "id"},
    {"contacts", "courriel", "email"},
    {"contacts", "e_mail", "email"},
    {"contacts", "fonction", "title"},
    {"contacts", "full_name", "display_name"},
    {"contacts", "mail", "email"},
    {"contacts", "nom", "display_name"},
    {"contacts", "telephone", "phone"},
    {"subscriptions", "amount", "annual_amount"},
    {"subscriptions", "arr", "annual_amount"},
    {"subscriptions", "debut", "start_date"},
    {"subscriptions", "fin", "end_date"},
    {"subscriptions", "montant_annuel", "annual_amount"},
    {"subscriptions", "start", "start_date"},
    {"subscriptions", "end", "end_date"},
    {"subscriptions", "subscription_id", "id"},
    {"tasks", "echeance", "due_date"},
    {"tasks", "responsable", "assignee"},
    {"tasks", "task_id", "id"},
    {"tasks", "titre", "title"},
    {"leads", "converted_at", "convert_time"},
    {"leads", "created_at", "entry_time"},
    {"leads", "entreprise", "company"},
    {"leads", "lead_id", "id"},
    {"leads", "lead_source", "source"},
    {"leads", "nom", "display_name"},
    {"leads", "nom_de_l_entreprise", "company"},
    {"leads", "origine", "source"},
    {"leads", "responsable", "owner"},
    {"deals", "affaire", "display_name"},
    {"deals", "close_date", "close_time"},
    {"deals", "closed_at", "close_time"},
    {"deals", "created_at", "open_time"},
    {"deals", "deal_id", "id"},
    {"deals", "deal_stage", "stage"},
    {"deals", "etape", "stage"},
    {"deals", "montant", "amount"},
    {"deals", "opened_at", "open_time"},
    {"deals", "opportunity_id", "id"},
    {"deals", "probabilite", "probability"},
    {"deals", "produit", "product"},
    {"deals", "responsable", "owner"},
    {"deals", "value", "amount"},
    {"exchangeRates", "base", "base_currency_code"},
    {"exchangeRates", "currency", "quote_currency_code"},
    {"exchangeRates", "devise", "quote_currency_code"},
    {"exchangeRates", "quote", "quote_currency_code"},
    {"exchangeRates", "taux", "rate"},
    {"facts", "closed_at", "close_time"},
    {"facts", "conversation_id", "source_id"},
    {"facts", "cost_id", "source_id"},
    {"facts", "date", "event_time"},
    {"facts", "event_date", "event_time"},
    {"facts", "feature_name", "feature"},
    {"facts", "id", "source_id"},
    {"facts", "order_date", "event_time"},
    {"facts", "order_id", "source_id"},
    {"facts", "refund_id", "source_id"},
    {"facts", "response_id", "source_id"},
    {"facts", "submitted_at", "event_time"},
    {"facts", "subscription_id", "subscription"},
    {"facts", "ticket_id", "source_id"},
    {"facts", "time", "event_time"},
    {"facts", "timestamp", "event_time"},
    {"facts", "usage_count", "count"},
    {"facts", "usage_date", "event_time"},
    {"facts", "usage_id", "source_id"},
    {"", "account_id", "account"},
    {"", "client", "account"},
    {"", "compte", "account"},
    {"", "contact_id", "contact"},
    {"", "external_id", "external_ids"},
    {"", "identifiant", "id"},
    {"", "plan_tier", "plan"},
    {"", "formule", "plan"},
    {"", "postes", "seat_count"},
    {"", "seats", "seat_count"},
    {"", "etiquettes", "tags"},
};

// "Chiffre d'affaires" to "chiffre_d_affaires": small letters without accents, anything else an underscore.
std::string Fold(const std::string& name) {
  UErrorCode error = U_ZERO_ERROR;
  std::u16string wide(name.size() + 1, u'\0');
  int32_t length = 0;
  u_strFromUTF8WithSub(wide.data(), static_cast<int32_t>(wide.size()), &length, name.data(),
                       static_cast<int32_t>(name.size()), 0xfffd, nullptr, &error);
  std::u16string decomposed(static_cast<size_t>(length) * 4 + 1, u'\0');
  const UNormalizer2* nfd = unorm2_getNFDInstance(&error);
  length =
      unorm2_normalize(nfd, wide.data(), length, decomposed.data(), static_cast<int32_t>(decomposed.size()), &error);
  std::string folded;
  for (int32_t i = 0; i < length && U_SUCCESS(error) != 0; ++i) {
    const char16_t unit = decomposed[static_cast<size_t>(i)];
    if (u_charType(unit) == U_NON_SPACING_MARK) continue;
    const UChar32 lower = u_tolower(unit);
    const bool keep = lower == u'.' || (lower < 0x80 && u_isalnum(lower));
    if (keep)
      folded += static_cast<char>(lower);
    else if (!folded.empty() && folded.back() != '_')
      folded += '_';
  }
  while (folded.ends_with('_')) folded.pop_back();
  return folded;
}

// The field that a column feeds; empty where its name says nothing.
std::string FieldFor(const std::string& column, const RowType& type) {
  const std::string folded = Fold(column);
  for (const std::string& name : {column, folded}) {
    if (FindPath(*type.message, name, type.detail).ok()) return name;
  }
  const auto fits = [&](const Synonym& synonym) {
    const bool here = synonym.collection.empty() || synonym.collection == type.collection;
    return here && synonym.column == folded && FindPath(*type.message, synonym.field, type.detail).ok();
  };
  const auto* found = std::find_if(std::begin(kSynonyms), std::end(kSynonyms), fits);
  return found == std::end(kSynonyms) ? std::string() : std::string(found->field);
}

bool IsMoney(const std::string& field, const RowType& type) {
  const absl::StatusOr<FieldPath> path = FindPath(*type.message, field, type.detail);
  return path.ok() && path->leaf().message_type() == google::type::Money::descriptor();
}

// Gives the rules of amounts the columns of their currencies, of those columns that are no field.
void AddCurrencies(const std::vector<std::string>& columns, const RowType& type, std::vector<FieldRule>* rules) {
  constexpr std::string_view kEnding = "_currency";
  constexpr std::string_view kOfAll[] = {"currency", "currency_code", "devise"};
  for (const std::string& column : columns) {
    const std::string folded = Fold(column);
    const bool of_all = std::find(std::begin(kOfAll), std::end(kOfAll), folded) != std::end(kOfAll);
    if (!of_all && !folded.ends_with(kEnding)) continue;
    const std::string field = of_all ? "" : FieldFor(column.substr(0, column.size() - kEnding.size()), type);
    for (FieldRule& rule : *rules) {
      if ((of_all ? rule.currency_column.empty() : rule.field == field) && IsMoney(rule.field, type)) {
        rule.currency_column = column;
      }
    }
  }
}

}  // namespace

std::vector<FieldRule> AutomaticRules(const std::vector<std::string>& columns, const RowType& type) {
  std::vector<FieldRule> rules;
  std::set<std::string> fed;
  std::vector<std::string> left;
  for (const std::string& column : columns) {
    std::string field = FieldFor(column, type);
    if (field.empty()) left.push_back(column);
    if (field.empty() || !fed.insert(field).second) continue;
    FieldRule rule;
    rule.field = std::move(field);
    rule.parts = {{column, true}};
    rules.push_back(std::move(rule));
  }
  AddCurrencies(left, type, &rules);
  // "name" is what we call the resource, but most people call the company or the person so.
  const bool has_display_name = type.message->FindFieldByName("display_name") != nullptr;
  if (has_display_name && !fed.contains("display_name")) {
    for (FieldRule& rule : rules) {
      if (rule.field == "name") rule.field = "display_name";
    }
  }
  return rules;
}

}  // namespace folio::cli
