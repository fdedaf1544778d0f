#include "server/base/joined_faults.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/base/error.h"

namespace folio::error {

absl::Status JoinFaults(std::initializer_list<absl::Status> checks) {
  std::vector<Fault> joined;
  std::set<std::string> told;
  for (const absl::Status& check : checks) {
    if (check.ok()) continue;
    if (!absl::IsInvalidArgument(check)) return check;
    std::vector<Fault> faults = FaultsOf(check);
    std::erase_if(faults, [&](const Fault& fault) { return told.contains(fault.field); });
    for (Fault& fault : faults) {
      told.insert(fault.field);
      joined.push_back(std::move(fault));
    }
  }
  return joined.empty() ? absl::OkStatus() : InvalidFields(joined);
}

}  // namespace folio::error
