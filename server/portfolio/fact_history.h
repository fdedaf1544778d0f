// What has been done to facts, one by one, from what the log keeps beside each batch.
#pragma once

#include "absl/status/status.h"
#include "folio/v1/fact_history.pb.h"
#include "server/portfolio/workspace.h"

namespace folio::portfolio {

// One page of the changes of facts. INVALID_ARGUMENT (REVISION_IN_FUTURE, page token), OUT_OF_RANGE (LOG_COMPACTED).
// Reads the log from the page's first change on: for a thread that may work for a while.
absl::Status ListFactChanges(const Workspace& workspace, const v1::ListFactChangesRequest& request,
                             v1::ListFactChangesResponse* response);

}  // namespace folio::portfolio
