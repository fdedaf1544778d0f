// Signals as a part of the portfolio: computed with the columns of an account, shown with what they are found from.
#include <algorithm>

#include "server/portfolio/model_health.h"
#include "server/portfolio/portfolio.h"

namespace folio::portfolio {

using engine::RowKey;

namespace {

void SetNames(engine::Table& table, RowKey account, model::ColumnIndex column, const std::vector<std::string>& names) {
  if (names.empty()) {
    table.SetMissing(account, column);
  } else {
    table.Set(account, column, names);
  }
}

void SetSeverity(engine::Table& table, RowKey account, model::ColumnIndex column, v1::SignalSeverity severity) {
  if (severity == v1::SIGNAL_SEVERITY_UNSPECIFIED) {
    table.SetMissing(account, column);
  } else {
    table.SetInt(account, column, severity);
  }
}

}  // namespace

void Portfolio::SetSignals(RowKey account, const SignalSummary& found) {
  engine::Table& table = *tables_.table(engine::kAccount);
  SetNames(table, account, columns_.risk, found.risks);
  SetNames(table, account, columns_.opportunity, found.opportunities);
  table.SetInt(account, columns_.risk_count, static_cast<int64_t>(found.risks.size()));
  table.SetInt(account, columns_.opportunity_count, static_cast<int64_t>(found.opportunities.size()));
  SetSeverity(table, account, columns_.risk_severity, found.risk_severity);
  SetSeverity(table, account, columns_.opportunity_severity, found.opportunity_severity);
  if (found.opportunity_value.has_value()) {
    table.SetInt(account, columns_.opportunity_value, *found.opportunity_value);
  } else {
    table.SetMissing(account, columns_.opportunity_value);
  }
}

// What the accounts' own columns say to the rules' filters, of each dirty account in its order.
RuleFilters::Present Portfolio::LookForRules() {
  engine::Table& table = *tables_.table(engine::kAccount);
  if (rule_filters_->rules() != signal_states_.rules() || rule_filters_->column_count() != table.columns().size()) {
    rule_filters_ = std::make_shared<const RuleFilters>(signal_states_.rules(), table.columns());
  }
  if (rule_filters_->empty()) return {};
  std::sort(dirty_.begin(), dirty_.end());
  return rule_filters_->Look(*table.Draft(), dirty_);
}

bool Portfolio::ShowSignals(RowKey account, const std::function<void(const SignalsView&)>& show) const {
  const auto published = snapshot();
  const ModelVersionPtr model = ModelOf(*published, account);
  return Show(account, today_, [&](const account::View& view) {
    const RuleFilters::Present present = rule_filters_->Look(*published, std::span(&account, 1));
    const PastHealth source(model->scoring, {*rule_filters_, present, 0});
    show({.view = view,
          .source = source,
          .rules = rule_filters_->rules(),
          .spells = signal_states_.SpellsOf(account),
          .choices = signal_states_.ChoicesOf(account)});
  });
}

std::shared_ptr<const signals::RuleSet> Portfolio::signal_rules() const {
  std::shared_lock lock(mutex_);
  return signal_states_.rules();
}

std::shared_ptr<const RuleFilters> Portfolio::rule_filters() const {
  std::shared_lock lock(mutex_);
  return rule_filters_;
}

void Portfolio::SetSignalListener(std::function<void()> listener) {
  const std::lock_guard lock(listener_mutex_);
  signal_listener_ = std::move(listener);
}

}  // namespace folio::portfolio
