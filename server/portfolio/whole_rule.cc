#include "server/portfolio/whole_rule.h"

#include "server/base/joined_faults.h"
#include "server/model/schema.h"
#include "server/portfolio/rule_filters.h"
#include "server/signals/rule.h"

namespace folio::portfolio {

absl::Status CheckWholeRule(const v1::SignalRule& rule, const model::ColumnSet& columns) {
  return error::JoinFaults(
      {model::Validate(rule, "signal_rule"), signals::CheckRule(rule), CheckRuleFilters(rule, columns)});
}

}  // namespace folio::portfolio
