// Signals as a part of the portfolio: computed with the columns of an account, shown with what they are found from.
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

void Portfolio::SetSignals(RowKey account, const account::View& view, const signals::HealthSource& health) {
  const SignalSummary& found = signal_states_.Update(account, view, health);
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

bool Portfolio::ShowSignals(RowKey account, const std::function<void(const SignalsView&)>& show) const {
  const ModelVersionPtr model = ModelOf(*snapshot(), account);
  const ModelHealth health(model->scoring);
  return Show(account, today_, [&](const account::View& view) {
    show({.view = view,
          .health = health,
          .rules = signal_states_.rules(),
          .spells = signal_states_.SpellsOf(account),
          .choices = signal_states_.ChoicesOf(account)});
  });
}

std::shared_ptr<const signals::RuleSet> Portfolio::signal_rules() const {
  std::shared_lock lock(mutex_);
  return signal_states_.rules();
}

void Portfolio::SetSignalListener(std::function<void()> listener) {
  const std::lock_guard lock(listener_mutex_);
  signal_listener_ = std::move(listener);
}

}  // namespace folio::portfolio
