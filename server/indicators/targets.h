// Targets of indicators as clients write them: checked, and kept. What becomes of them is the judge's (target_judge.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "folio/v1/indicator_target.pb.h"
#include "server/portfolio/workspace.h"

namespace folio::indicators {

// The committed state of all of them, by name.
absl::StatusOr<std::vector<v1::IndicatorTarget>> AllTargets(const portfolio::Workspace& workspace);

// Name of one that reads an indicator; empty where none does.
absl::StatusOr<std::string> TargetThatReads(const portfolio::Workspace& workspace, std::string_view indicator);

// Request and response must live until `done` is called. Besides the faults of the standard methods, INVALID_ARGUMENT:
// INDICATOR_UNKNOWN, a fault of the filter, TARGET_EMPTY, TARGET_ORDER; FAILED_PRECONDITION: TARGET_COUNT where there
// are as many as are kept. A target of which something that decides on its state has changed is UNKNOWN until it is
// judged.
void CreateTarget(portfolio::Workspace& workspace, std::string actor, const v1::CreateIndicatorTargetRequest& request,
                  v1::IndicatorTarget* response, engine::Collection::Done done);
void UpdateTarget(portfolio::Workspace& workspace, std::string actor, const v1::UpdateIndicatorTargetRequest& request,
                  v1::IndicatorTarget* response, engine::Collection::Done done);

}  // namespace folio::indicators
