// Where the portfolio's figures lie among the columns of the accounts' table.
#pragma once

#include "server/engine/table.h"

namespace folio::portfolio {

struct Columns {
  // Adds the computed columns to the accounts' table, and finds the account's own.
  explicit Columns(engine::Table* accounts);

  // Computed here.
  model::ColumnIndex arr, arr_year_ago, mrr, growth, health, health_raw, band, coverage, risk, opportunity, risk_count,
      opportunity_count, risk_severity, opportunity_severity, opportunity_value, next_renewal, health_model,
      health_trend, health_overridden;
  // The account's own.
  model::ColumnIndex display_name, sector, size, country, owner, lifecycle, tag, deleted, create_time, contract_start,
      renewal, seats, auto_renew;
};

}  // namespace folio::portfolio
