// What must hold of a health model before it is stored.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "folio/v1/custom_field.pb.h"
#include "folio/v1/health_model.pb.h"
#include "server/engine/transaction.h"
#include "server/portfolio/portfolio.h"

namespace folio::portfolio {

// "default~3".
std::string VersionId(std::string_view model, int version);

// Checks a draft, and says in it whether it differs from the version in force. What scoring::Model::Compile and
// ParseModelFilter refuse. On the committer's thread.
absl::Status CheckModel(engine::Transaction& transaction, const Portfolio& portfolio, v1::HealthModel* model);

// FAILED_PRECONDITION (MODEL_READS_FIELD, RULE_READS_FIELD) where a model in force, or a rule of signals, reads a
// custom field that is to go.
absl::Status CheckFieldIsFree(const Portfolio& portfolio, const v1::CustomField& field);

}  // namespace folio::portfolio
