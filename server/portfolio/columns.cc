#include "server/portfolio/columns.h"

namespace folio::portfolio {

using model::ColumnType;

Columns::Columns(engine::Table* accounts) {
  const auto add = [accounts](const char* name, ColumnType type, bool facet = false,
                              std::vector<std::string> enum_names = {}) {
    return accounts->AddColumn({.name = name, .type = type, .facet = facet, .enum_names = std::move(enum_names)});
  };
  arr = add("arr", ColumnType::kMoney);
  arr_year_ago = add("arr_year_ago", ColumnType::kMoney);
  mrr = add("mrr", ColumnType::kMoney);
  growth = add("growth", ColumnType::kReal);
  health = add("health", ColumnType::kInt);
  health_raw = add("health_raw", ColumnType::kReal);
  band = add("band", ColumnType::kEnum, true, {"", "red", "yellow", "green"});
  coverage = add("coverage", ColumnType::kReal);
  risk = add("risk", ColumnType::kSymbolSet, true);
  opportunity = add("opportunity", ColumnType::kSymbolSet, true);
  risk_count = add("risk_count", ColumnType::kInt);
  opportunity_count = add("opportunity_count", ColumnType::kInt);
  const std::vector<std::string> severities = {"", "low", "medium", "high", "critical"};
  risk_severity = add("risk_severity", ColumnType::kEnum, true, severities);
  opportunity_severity = add("opportunity_severity", ColumnType::kEnum, true, severities);
  opportunity_value = add("opportunity_value", ColumnType::kMoney);
  next_renewal = add("next_renewal", ColumnType::kDate);
  health_model = add("health_model", ColumnType::kSymbol, true);
  health_trend = add("health_trend", ColumnType::kInt);
  health_overridden = add("health_overridden", ColumnType::kBool, true);

  const auto find = [accounts](const char* name) { return *accounts->columns().Find(name); };
  display_name = find("display_name");
  sector = find("sector");
  size = find("size");
  country = find("country");
  owner = find("owner");
  lifecycle = find("lifecycle");
  tag = find("tag");
  deleted = find("deleted");
  create_time = find("create_time");
  contract_start = find("contract_start");
  renewal = find("renewal");
  seats = find("seats");
  auto_renew = find("auto_renew");
}

}  // namespace folio::portfolio
