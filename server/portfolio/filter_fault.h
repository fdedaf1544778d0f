// Faults of a filter, which its parser tells without knowing where the filter stands.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/base/error.h"

namespace folio::portfolio {

// The faults of a parser's status, told on the field that holds the filter.
inline absl::Status FilterFault(const absl::Status& status, const std::string& field) {
  std::vector<error::Fault> faults = error::FaultsOf(status);
  for (error::Fault& fault : faults) fault.field = field;
  return error::InvalidFields(faults);
}

}  // namespace folio::portfolio
