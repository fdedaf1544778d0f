// Health models as clients see and change them: drafts, and the versions that were published.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "folio/v1/health_model.pb.h"
#include "google/protobuf/empty.pb.h"
#include "server/base/error.h"
#include "server/portfolio/workspace.h"

namespace folio::portfolio {

// "healthModels/default", and its version 1, are there also where no record is.
absl::Status GetHealthModel(const Workspace& workspace, const v1::GetHealthModelRequest& request,
                            v1::HealthModel* model);
absl::Status ListHealthModels(const Workspace& workspace, const v1::ListHealthModelsRequest& request,
                              v1::ListHealthModelsResponse* response);
absl::Status GetHealthModelVersion(const Workspace& workspace, const v1::GetHealthModelVersionRequest& request,
                                   v1::HealthModelVersion* version);
absl::Status ListHealthModelVersions(const Workspace& workspace, const v1::ListHealthModelVersionsRequest& request,
                                     v1::ListHealthModelVersionsResponse* response);

// Requests and responses of the writes must live until `done` is called. Drafts change no score.
void CreateHealthModel(Workspace& workspace, std::string actor, const v1::CreateHealthModelRequest& request,
                       v1::HealthModel* response, engine::Collection::Done done);
void UpdateHealthModel(Workspace& workspace, std::string actor, const v1::UpdateHealthModelRequest& request,
                       v1::HealthModel* response, engine::Collection::Done done);
void DeleteHealthModel(Workspace& workspace, std::string actor, const v1::DeleteHealthModelRequest& request,
                       google::protobuf::Empty* response, engine::Collection::Done done);
// Every account is scored again before `done` is called.
void PublishHealthModel(Workspace& workspace, std::string actor, const v1::PublishHealthModelRequest& request,
                        v1::HealthModelVersion* response, engine::Collection::Done done);

// All measures by name, custom fields among them.
void ListMeasures(const Workspace& workspace, error::Locale locale, v1::ListMeasuresResponse* response);

// The draft of a model by name. NOT_FOUND, INVALID_ARGUMENT (NAME_MALFORMED) on `field`.
absl::StatusOr<v1::HealthModel> ReadDraft(const Workspace& workspace, const std::string& name,
                                          const std::string& field);

// The model that a request means: a stored one, its draft included, or one that it brings along. INVALID_ARGUMENT where
// it gives both or neither, or one that cannot be scored.
absl::StatusOr<ModelVersionPtr> RequestedModel(const Workspace& workspace, const std::string& name,
                                               const v1::HealthModel* inline_model);

}  // namespace folio::portfolio
