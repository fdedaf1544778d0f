// Errors of validation, as short texts that tests compare.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/base/error.h"

namespace folio::model {

// "account.display_name FIELD_REQUIRED" for each fault.
inline std::vector<std::string> FaultsIn(const absl::Status& status) {
  std::vector<std::string> texts;
  for (const error::Fault& fault : error::FaultsOf(status)) texts.push_back(fault.field + " " + fault.reason);
  return texts;
}

// Value of a detail of the first fault; empty where it has none.
inline std::string DetailIn(const absl::Status& status, const std::string& name) {
  for (const error::Fault& fault : error::FaultsOf(status)) {
    for (const auto& [key, value] : fault.details) {
      if (key == name) return value;
    }
  }
  return "";
}

}  // namespace folio::model
