// All that can be wrong with a rule of signals.
#pragma once

#include "absl/status/status.h"
#include "folio/v1/signal_rule.pb.h"
#include "server/model/column.h"

namespace folio::portfolio {

// Every fault of a rule at once: of its fields, those of signals::CheckRule, and of its filters (CheckRuleFilters).
absl::Status CheckWholeRule(const v1::SignalRule& rule, const model::ColumnSet& columns);

}  // namespace folio::portfolio
