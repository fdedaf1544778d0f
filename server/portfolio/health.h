// Health scores as clients see them, with what they are made of, and the models behind them.
#pragma once

#include "absl/status/status.h"
#include "folio/v1/health.pb.h"
#include "folio/v1/health_model.pb.h"
#include "server/base/error.h"
#include "server/portfolio/workspace.h"

namespace folio::portfolio {

// The score of an account on a day, with its contributions. INVALID_ARGUMENT (FUTURE_DATE) for a day to come.
absl::Status ExplainHealth(const Workspace& workspace, const v1::ExplainHealthRequest& request, error::Locale locale,
                           v1::HealthScore* score);

// The model in use, "healthModels/default".
absl::Status GetHealthModel(const Workspace& workspace, const v1::GetHealthModelRequest& request,
                            v1::HealthModel* model);
absl::Status ListHealthModels(const Workspace& workspace, const v1::ListHealthModelsRequest& request,
                              v1::ListHealthModelsResponse* response);

// Changes the model in use, and scores every account again before it answers. Request and response must live until
// then.
void UpdateHealthModel(Workspace& workspace, std::string actor, const v1::UpdateHealthModelRequest& request,
                       v1::HealthModel* response, engine::Collection::Done done);

}  // namespace folio::portfolio
