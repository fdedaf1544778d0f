#include "server/portfolio/queries.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/base/money.h"
#include "server/engine/resources.h"
#include "server/model/page_token.h"

namespace folio::portfolio {

using engine::RowKey;
using engine::Snapshot;

namespace {

bool IsMissing(int64_t value) { return value == Snapshot::kMissingInt; }

int64_t OrZero(int64_t value) { return IsMissing(value) ? 0 : value; }

void FillHealth(const Portfolio& portfolio, const Snapshot& snapshot, RowKey key, v1::PortfolioEntry* entry) {
  const Columns& columns = portfolio.columns();
  v1::HealthScore* health = entry->mutable_health();
  const ModelVersionPtr model = portfolio.ModelOf(snapshot, key);
  health->set_model(engine::FindResource(engine::kHealthModel)->schema.NameOf(model->id));
  health->set_model_version(model->version);
  *health->mutable_as_of() = ToProtoDate(portfolio.today());
  const double raw = snapshot.RealAt(key, columns.health_raw);
  if (std::isnan(raw)) {
    health->set_absence(v1::ABSENCE_NO_DATA);
  } else {
    health->set_raw(raw);
    health->set_coverage(snapshot.RealAt(key, columns.coverage));
    health->set_computed_through(snapshot.revision());
  }
  const int64_t score = snapshot.IntAt(key, columns.health);
  if (IsMissing(score)) return;
  health->set_score(static_cast<int32_t>(score));
  health->set_band(static_cast<v1::HealthBand>(snapshot.IntAt(key, columns.band)));
  if (snapshot.IntAt(key, columns.health_overridden) != 1) return;
  entry->set_health_overridden(true);
  const OverridePtr override = portfolio.scores().OverrideOn(key, portfolio.today());
  if (override != nullptr) *health->mutable_override() = *override;
}

// Growth is absent for one of two reasons, told apart by the revenue of a year ago: none, or 0.
void FillGrowth(const Portfolio& portfolio, const Snapshot& snapshot, RowKey key, v1::PortfolioEntry* entry) {
  const Columns& columns = portfolio.columns();
  const int64_t then = snapshot.IntAt(key, columns.arr_year_ago);
  if (!IsMissing(then)) *entry->mutable_arr_year_ago() = ToProtoMoney(then, portfolio.currency());
  const double growth = snapshot.RealAt(key, columns.growth);
  if (!std::isnan(growth)) {
    entry->mutable_growth()->set_value(growth);
  } else {
    entry->mutable_growth()->set_absence(IsMissing(then) ? v1::ABSENCE_TOO_YOUNG : v1::ABSENCE_NO_DENOMINATOR);
  }
}

}  // namespace

absl::StatusOr<engine::RowKey> AccountKey(const Workspace& workspace, const std::string& name) {
  const auto id = engine::FindResource(engine::kAccount)->schema.IdOf(name, "account");
  if (!id.ok()) return id.status();
  const auto key = workspace.storage().Find(engine::kAccount, *id);
  if (!key.ok()) return error::FromStorage(key.status());
  if (!key->has_value()) return error::NotFound(name);
  return **key;
}

absl::StatusOr<model::Filter> AccountFilter(const Workspace& workspace, const Snapshot& snapshot,
                                            const std::string& text) {
  auto filter = model::ParseFilter(text, snapshot.columns());
  if (!filter.ok()) return filter.status();
  return engine::LiveOnly(std::move(*filter), workspace.portfolio().columns().deleted);
}

void FillEntry(const Portfolio& portfolio, const Snapshot& snapshot, RowKey key, v1::PortfolioEntry* entry) {
  const Columns& columns = portfolio.columns();
  const auto text = [&](model::ColumnIndex column) { return std::string(snapshot.TextAt(key, column)); };
  const auto strings = [&](model::ColumnIndex column, auto* field) {
    std::vector<std::string_view> values = snapshot.SetAt(key, column);
    std::sort(values.begin(), values.end());  // a set has no order of its own that would last
    for (const std::string_view value : values) field->Add(std::string(value));
  };
  entry->set_account(engine::FindResource(engine::kAccount)->schema.NameOf(portfolio.IdOf(key)));
  entry->set_display_name(text(columns.display_name));
  entry->set_sector(text(columns.sector));
  entry->set_size(static_cast<v1::AccountSize>(OrZero(snapshot.IntAt(key, columns.size))));
  entry->set_country_code(text(columns.country));
  entry->set_owner(text(columns.owner));
  entry->set_lifecycle(static_cast<v1::Lifecycle>(OrZero(snapshot.IntAt(key, columns.lifecycle))));
  *entry->mutable_arr() = ToProtoMoney(OrZero(snapshot.IntAt(key, columns.arr)), portfolio.currency());
  *entry->mutable_mrr() = ToProtoMoney(OrZero(snapshot.IntAt(key, columns.mrr)), portfolio.currency());
  FillGrowth(portfolio, snapshot, key, entry);
  FillHealth(portfolio, snapshot, key, entry);
  strings(columns.risk, entry->mutable_risks());
  strings(columns.opportunity, entry->mutable_opportunities());
  entry->set_risk_count(static_cast<int32_t>(OrZero(snapshot.IntAt(key, columns.risk_count))));
  entry->set_opportunity_count(static_cast<int32_t>(OrZero(snapshot.IntAt(key, columns.opportunity_count))));
  entry->set_risk_severity(static_cast<v1::SignalSeverity>(OrZero(snapshot.IntAt(key, columns.risk_severity))));
  entry->set_opportunity_severity(
      static_cast<v1::SignalSeverity>(OrZero(snapshot.IntAt(key, columns.opportunity_severity))));
  const int64_t value = snapshot.IntAt(key, columns.opportunity_value);
  if (!IsMissing(value)) *entry->mutable_opportunity_value() = ToProtoMoney(value, portfolio.currency());
  const int64_t renewal = snapshot.IntAt(key, columns.next_renewal);
  if (!IsMissing(renewal)) *entry->mutable_renewal_date() = ToProtoDate(static_cast<Day>(renewal));
  strings(columns.tag, entry->mutable_tags());
  const int64_t trend = snapshot.IntAt(key, columns.health_trend);
  if (!IsMissing(trend)) entry->set_health_trend(static_cast<int32_t>(trend));
}

absl::Status ListPortfolio(const Workspace& workspace, const v1::ListPortfolioRequest& request,
                           v1::ListPortfolioResponse* response) {
  const Portfolio& portfolio = workspace.portfolio();
  if (auto s = engine::CheckMinRevision(workspace.storage(), request.min_revision()); !s.ok()) return s;
  const auto page_size = engine::PageSize(request.page_size());
  if (!page_size.ok()) return page_size.status();
  const auto snapshot = portfolio.snapshot();
  const auto filter = AccountFilter(workspace, *snapshot, request.filter());
  if (!filter.ok()) return filter.status();
  const auto order = model::ParseOrder(request.order_by(), snapshot->columns());
  if (!order.ok()) return order.status();

  const uint64_t binding = model::BindingOf({"portfolio", request.filter(), request.order_by()});
  model::PagePosition after;
  if (!request.page_token().empty()) {
    auto decoded = model::DecodePageToken(request.page_token(), binding);
    if (!decoded.ok()) return decoded.status();
    after = std::move(*decoded);
  }
  const engine::QueryResult result = snapshot->Run({.filter = &*filter,
                                                    .order = *order,
                                                    .after = request.page_token().empty() ? nullptr : &after,
                                                    .limit = *page_size,
                                                    .with_total = request.with_total_size()});
  response->mutable_entries()->Reserve(static_cast<int>(result.keys.size()));
  for (const RowKey key : result.keys) FillEntry(portfolio, *snapshot, key, response->add_entries());
  if (result.more) {
    response->set_next_page_token(model::EncodePageToken(snapshot->PositionOf(result.keys.back(), *order), binding));
  }
  response->set_total_size(result.total);
  response->set_revision(snapshot->revision());
  *response->mutable_as_of() = ToProtoDate(portfolio.today());
  return absl::OkStatus();
}

absl::Status ExplainFilter(const Workspace& workspace, const v1::ParseFilterRequest& request,
                           v1::ParseFilterResponse* response) {
  const auto filter = model::ParseFilter(request.filter(), workspace.portfolio().snapshot()->columns());
  if (!filter.ok()) return filter.status();
  response->set_canonical(filter->canonical);
  for (const std::string& warning : filter->warnings) response->add_warnings(warning);
  return absl::OkStatus();
}

}  // namespace folio::portfolio
