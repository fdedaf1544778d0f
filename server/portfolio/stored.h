// Resources as they are stored.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/error.h"
#include "server/portfolio/workspace.h"

namespace folio::portfolio {

// All of a kind, in the order in which they were created. For kinds of which there are few.
template <class Resource>
absl::StatusOr<std::vector<Resource>> AllStored(const Workspace& workspace, storage::Kind kind) {
  std::vector<Resource> all;
  bool parsed = true;
  const absl::Status scanned = workspace.storage().Scan(kind, 0, [&](const storage::RecordView& record) {
    parsed = all.emplace_back().ParseFromArray(record.data.data(), static_cast<int>(record.data.size()));
    return parsed;
  });
  if (!scanned.ok()) return error::FromStorage(scanned);
  if (!parsed) return error::Internal("a stored resource cannot be parsed");
  return all;
}

}  // namespace folio::portfolio
