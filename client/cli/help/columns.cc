#include "client/cli/help/columns.h"

#include "client/cli/value/field_path.h"
#include "folio/v1/account.pb.h"
#include "folio/v1/deal.pb.h"
#include "folio/v1/lead.pb.h"
#include "folio/v1/options.pb.h"
#include "folio/v1/portfolio.pb.h"

namespace folio::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// Columns of accounts that the server computes: docs/filters.md. A test asks a server for each.
struct Computed {
  const char* name;
  bool facet;
  bool set;  // of several values, by which nothing is sorted
};

constexpr Computed kComputed[] = {
    {"arr", false, false},
    {"arr_year_ago", false, false},
    {"mrr", false, false},
    {"growth", false, false},
    {"health", false, false},
    {"health_raw", false, false},
    {"band", true, false},
    {"coverage", false, false},
    {"health_model", true, false},
    {"health_trend", false, false},
    {"health_overridden", true, false},
    {"risk", true, true},
    {"opportunity", true, true},
    {"risk_count", false, false},
    {"opportunity_count", false, false},
    {"risk_severity", true, false},
    {"opportunity_severity", true, false},
    {"opportunity_value", false, false},
    {"next_renewal", false, false},
};

// Dimensions of facts: docs/indicators.md.
constexpr const char* kDimensions[] = {"cost.category",        "cost.subcategory", "cost.campaign",
                                       "order.channel",        "ticket.priority",  "ticket.topic",
                                       "conversation.channel", "ticket.channel",   "revenue.currency"};

std::string ColumnOf(const FieldDescriptor& field) {
  const std::string& column = field.options().GetExtension(v1::rules).column();
  return column.empty() ? field.name() : column;
}

std::vector<std::string> FacetsOf(const Descriptor& type, const std::string& prefix) {
  std::vector<std::string> facets;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (field.options().GetExtension(v1::rules).facet()) facets.push_back(prefix + ColumnOf(field));
  }
  return facets;
}

}  // namespace

std::vector<std::string> FieldsOf(const Descriptor& type, std::string_view typed) {
  std::vector<std::string> names;
  const size_t dot = typed.find('.');
  const FieldDescriptor* whole =
      dot == std::string_view::npos ? nullptr : type.FindFieldByName(std::string(typed.substr(0, dot)));
  if (whole != nullptr && whole->message_type() != nullptr && !whole->is_repeated()) {
    for (const std::string& part : FieldsOf(*whole->message_type(), typed.substr(dot + 1))) {
      names.push_back(whole->name() + "." + part);
    }
    return names;
  }
  if (!CollectionOf(type).empty()) names.emplace_back("id");
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  return names;
}

std::vector<std::string> OrderColumnsOf(const Descriptor& type) {
  const bool of_accounts = &type == v1::PortfolioEntry::descriptor() || &type == v1::Account::descriptor();
  const Descriptor& stored = of_accounts ? *v1::Account::descriptor() : type;
  std::vector<std::string> columns;
  for (int i = 0; i < stored.field_count(); ++i) {
    const FieldDescriptor& field = *stored.field(i);
    if (field.options().GetExtension(v1::rules).indexed() && !field.is_repeated()) columns.push_back(ColumnOf(field));
  }
  if (!of_accounts) return columns;
  for (const Computed& computed : kComputed) {
    if (!computed.set) columns.emplace_back(computed.name);
  }
  return columns;
}

std::vector<std::string> AccountFacets() {
  std::vector<std::string> facets = FacetsOf(*v1::Account::descriptor(), "");
  for (const Computed& computed : kComputed) {
    if (computed.facet) facets.emplace_back(computed.name);
  }
  return facets;
}

std::vector<std::string> IndicatorFacets() {
  std::vector<std::string> facets = AccountFacets();
  for (const std::string& facet : FacetsOf(*v1::Deal::descriptor(), "deals.")) facets.push_back(facet);
  for (const std::string& facet : FacetsOf(*v1::Lead::descriptor(), "leads.")) facets.push_back(facet);
  facets.insert(facets.end(), std::begin(kDimensions), std::end(kDimensions));
  return facets;
}

}  // namespace folio::cli
