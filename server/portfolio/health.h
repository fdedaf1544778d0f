// Health scores as clients see them, with what they are made of.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "folio/v1/health.pb.h"
#include "folio/v1/health_model.pb.h"
#include "server/base/error.h"
#include "server/portfolio/workspace.h"

namespace folio::portfolio {

// The score of an account on a day, with its contributions. INVALID_ARGUMENT (FUTURE_DATE) for a day to come. As of a
// revision: what PastAccount::Read refuses, and for a thread that may work for a while.
absl::Status ExplainHealth(const Workspace& workspace, const v1::ExplainHealthRequest& request, error::Locale locale,
                           v1::HealthScore* score);

// What a model would have said of an account on past days. For a thread that may work for a while.
absl::Status ReplayHealthModel(const Workspace& workspace, const v1::ReplayHealthModelRequest& request,
                               v1::ReplayHealthModelResponse* response);

// --- Shared with other questions about scores ---

// A day of a request, `otherwise` where it is not set. INVALID_ARGUMENT (DATE_INVALID, FUTURE_DATE) on `field`.
absl::StatusOr<Day> PastDay(const Portfolio& portfolio, const google::type::Date& date, const char* field,
                            Day otherwise);

// The version in force for an account on a day, and a sentence that says why.
ModelVersionPtr ModelInForce(const Portfolio& portfolio, engine::RowKey account, Day day);
std::string ReasonOf(const ModelVersion& version, error::Locale locale);

// A score without contributions. `name` is the account's.
void FillScore(const ModelVersion& version, const scoring::Score& from, Day day, const OverridePtr& override,
               v1::HealthScore* to);

// Unit of a contribution's figure.
std::string UnitOf(const Portfolio& portfolio, const v1::HealthModel& model, const scoring::Contribution& part);
// "base", "clamp", or the measure's name.
std::string MeasureOf(const v1::HealthModel& model, const scoring::Contribution& part);

}  // namespace folio::portfolio
