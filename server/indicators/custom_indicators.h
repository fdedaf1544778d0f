// Custom indicators as clients see them: kept, checked, and found again.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "folio/v1/custom_indicator.pb.h"
#include "google/protobuf/empty.pb.h"
#include "server/portfolio/workspace.h"

namespace folio::indicators {

// The committed state of one; nothing where there is none.
absl::StatusOr<std::optional<v1::CustomIndicator>> FindCustomIndicator(const portfolio::Workspace& workspace,
                                                                       std::string_view id);

// All of them, by id.
absl::StatusOr<std::vector<v1::CustomIndicator>> AllCustomIndicators(const portfolio::Workspace& workspace);

// "gross_arr" of "customIndicators/gross_arr".
std::string_view IdOfCustom(const v1::CustomIndicator& indicator);

// Request and response must live until `done` is called. Besides the faults of a formula (formula/formula.h, cycle.h):
// ALREADY_EXISTS where an indicator of the catalogue has the id; CUSTOM_INDICATOR_USED where the formula of another one
// reads what would be deleted, get another unit, or take more figures to compute, or where a target reads what would be
// deleted, get another unit, or be better the other way round.
void CreateCustomIndicator(portfolio::Workspace& workspace, std::string actor,
                           const v1::CreateCustomIndicatorRequest& request, v1::CustomIndicator* response,
                           engine::Collection::Done done);
void UpdateCustomIndicator(portfolio::Workspace& workspace, std::string actor,
                           const v1::UpdateCustomIndicatorRequest& request, v1::CustomIndicator* response,
                           engine::Collection::Done done);
void DeleteCustomIndicator(portfolio::Workspace& workspace, std::string actor,
                           const v1::DeleteCustomIndicatorRequest& request, google::protobuf::Empty* response,
                           engine::Collection::Done done);

}  // namespace folio::indicators
