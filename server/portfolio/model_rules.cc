#include "server/portfolio/model_rules.h"

#include <fmt/format.h>

#include "server/base/error.h"
#include "server/measures/custom.h"
#include "server/model/schema.h"

namespace folio::portfolio {

namespace {

// The content of a published version; nothing of one that does not exist.
absl::StatusOr<v1::HealthModel> ReadPublished(engine::Transaction& transaction, std::string_view id, int version) {
  if (id == kDefaultModelId && version == 1) return scoring::DefaultModel();
  v1::HealthModelVersion published;
  const auto key = transaction.Find(engine::kHealthModelVersion, VersionId(id, version));
  if (!key.ok()) return error::FromStorage(key.status());
  if (!key->has_value()) return v1::HealthModel();
  const auto data = transaction.Get(engine::kHealthModelVersion, **key);
  if (!data.ok()) return error::FromStorage(data.status());
  if (!data->has_value() || !published.ParseFromString(**data)) {
    return error::Internal("a stored resource cannot be parsed");
  }
  return published.content();
}

bool Reads(const v1::HealthModel& model, const std::string& measure) {
  if (model.filter().find(measure) != std::string::npos) return true;
  for (const v1::HealthDimension& dimension : model.dimensions()) {
    for (const v1::HealthMeasure& read : dimension.measures()) {
      if (read.measure() == measure) return true;
    }
  }
  return false;
}

}  // namespace

std::string VersionId(std::string_view model, int version) { return fmt::format("{}~{}", model, version); }

absl::Status CheckModel(engine::Transaction& transaction, const Portfolio& portfolio, v1::HealthModel* model) {
  const std::string id = model->name().substr(model->name().find('/') + 1);
  const auto made = MakeVersion(id, *model, portfolio.custom_fields(), portfolio.newest_columns());
  if (!made.ok()) return made.status();
  if (model->version() == 0) {
    model->set_draft(true);
    return absl::OkStatus();
  }
  const auto published = ReadPublished(transaction, id, model->version());
  if (!published.ok()) return published.status();
  model->set_draft(!model::SameContent(*model, *published));
  return absl::OkStatus();
}

absl::Status CheckFieldIsFree(const Portfolio& portfolio, const v1::CustomField& field) {
  if (field.collection() != "accounts") return absl::OkStatus();
  const std::string id = field.name().substr(field.name().find('/') + 1);
  for (const ModelVersionPtr& version : portfolio.models()->InForce()) {
    if (Reads(version->scoring.proto(), std::string(measures::kCustomPrefix) + id)) {
      return error::Precondition("MODEL_READS_FIELD",
                                 {{"name", field.name()}, {"model", "healthModels/" + version->id}});
    }
  }
  const std::string rule = portfolio.rule_filters()->ReaderOf(std::string(measures::kCustomPrefix) + id);
  if (rule.empty()) return absl::OkStatus();
  return error::Precondition("RULE_READS_FIELD", {{"name", field.name()}, {"rule", "signalRules/" + rule}});
}

}  // namespace folio::portfolio
