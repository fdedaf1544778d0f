#include "server/portfolio/health.h"

#include <fmt/format.h>

#include <utility>

#include "server/engine/resources.h"
#include "server/engine/write_call.h"
#include "server/measures/measure.h"
#include "server/scoring/score.h"

namespace folio::portfolio {

namespace {

constexpr std::string_view kModelId = "default";
constexpr std::string_view kModelName = "healthModels/default";

std::string Explanation(const scoring::Contribution& contribution, const measures::Measure& measure,
                        error::Locale locale) {
  const bool french = locale == error::Locale::kFrench;
  std::string text(french ? measure.description_fr : measure.description);
  if (contribution.missing) return text + (french ? " Pas de donnée." : " No data.");
  return text + fmt::format(" {}: {:g} ({}).", french ? "Valeur lue" : "Value read", contribution.value, measure.unit);
}

void FillContribution(const v1::HealthModel& model, const scoring::Contribution& from, error::Locale locale,
                      v1::HealthContribution* to) {
  const v1::HealthDimension& dimension = model.dimensions(from.dimension);
  const measures::Measure& measure = *measures::FindMeasure(dimension.measures(from.measure).measure());
  to->set_dimension(dimension.id());
  to->set_measure(std::string(measure.name));
  to->set_value(from.value);
  to->set_unit(std::string(measure.unit));
  to->set_absence(from.absence);
  to->set_credit(from.credit);
  to->set_weight(from.weight);
  to->set_points(from.points);
  to->set_fact_count(from.fact_count);
  to->set_window_days(from.window_days);
  to->set_explanation(Explanation(from, measure, locale));
}

// The model as clients see it: as it was stored, or as it was built in.
v1::HealthModel CurrentModel(const Workspace& workspace) {
  v1::HealthModel model = workspace.portfolio().model()->proto();
  model.set_name(std::string(kModelName));
  return model;
}

}  // namespace

absl::Status ExplainHealth(const Workspace& workspace, const v1::ExplainHealthRequest& request, error::Locale locale,
                           v1::HealthScore* score) {
  const Portfolio& portfolio = workspace.portfolio();
  const auto id = engine::FindResource(engine::kAccount)->schema.IdOf(request.account(), "account");
  if (!id.ok()) return id.status();
  const auto key = workspace.storage().Find(engine::kAccount, *id);
  if (!key.ok()) return error::FromStorage(key.status());
  if (!key->has_value()) return error::NotFound(request.account());
  const auto asked = FromProto(request.as_of());
  if (!asked.ok()) return error::InvalidField("as_of", "DATE_INVALID");
  const Day day = *asked == kNoDay ? portfolio.today() : *asked;
  if (day > portfolio.today()) return error::InvalidField("as_of", "FUTURE_DATE", {{"value", FormatDay(day)}});

  const auto model = portfolio.model();
  std::vector<scoring::Contribution> contributions;
  scoring::Score result;
  const storage::Revision revision = portfolio.snapshot()->revision();
  if (!portfolio.Show(**key, day, [&](const account::View& view) { result = model->Run(view, &contributions); })) {
    return error::NotFound(request.account());
  }
  score->set_score(result.score);
  score->set_raw(result.raw);
  score->set_band(result.band);
  score->set_coverage(result.coverage);
  score->set_model(std::string(kModelName));
  score->set_model_version(model->proto().version());
  *score->mutable_as_of() = ToProtoDate(day);
  if (result.absent) {
    score->set_absence(v1::ABSENCE_NO_DATA);
  } else {
    score->set_computed_through(revision);
  }
  for (const scoring::Contribution& contribution : contributions) {
    FillContribution(model->proto(), contribution, locale, score->add_contributions());
  }
  return absl::OkStatus();
}

absl::Status GetHealthModel(const Workspace& workspace, const v1::GetHealthModelRequest& request,
                            v1::HealthModel* model) {
  if (auto s = engine::CheckMinRevision(workspace.storage(), request.min_revision()); !s.ok()) return s;
  if (request.name() != kModelName) return error::NotFound(request.name());
  *model = CurrentModel(workspace);
  return absl::OkStatus();
}

absl::Status ListHealthModels(const Workspace& workspace, const v1::ListHealthModelsRequest& request,
                              v1::ListHealthModelsResponse* response) {
  if (auto s = engine::CheckMinRevision(workspace.storage(), request.min_revision()); !s.ok()) return s;
  *response->add_health_models() = CurrentModel(workspace);
  response->set_total_size(1);
  response->set_revision(workspace.storage().head());
  return absl::OkStatus();
}

void UpdateHealthModel(Workspace& workspace, std::string actor, const v1::UpdateHealthModelRequest& request,
                       v1::HealthModel* response, engine::Collection::Done done) {
  const auto work = [&workspace, &request, response](engine::Transaction& transaction) -> absl::Status {
    if (request.health_model().name() != kModelName) return error::NotFound(request.health_model().name());
    const auto paths = model::ExpandMask(request.update_mask(), request.health_model());
    if (!paths.ok()) return paths.status();
    const engine::Writer writer(*engine::FindResource(engine::kHealthModel), workspace.rules());
    const auto stored = writer.Read(transaction, kModelId);
    if (!stored.ok()) return stored.status();
    // Until it is first changed, the model is the built-in one, which is not stored.
    auto model = std::make_shared<v1::HealthModel>(scoring::DefaultModel());
    if (stored->has_value()) {
      model->CopyFrom(*(*stored)->message);
      const std::string& etag = request.health_model().etag();
      if (!etag.empty() && etag != model->etag()) return error::EtagMismatch(kModelName, etag, model->etag());
    }
    model::CopyPaths(request.health_model(), *paths, model.get());
    if (auto status = model::Validate(*model, "health_model"); !status.ok()) return status;
    if (stored->has_value()) {
      const auto effect = writer.Replace(transaction, kModelId, **stored, model);
      if (!effect.ok()) return effect.status();
    } else if (auto status = writer.Create(transaction, kModelId, model); !status.ok()) {
      return status;
    }
    response->CopyFrom(*model);
    return absl::OkStatus();
  };
  engine::SubmitWrite(workspace.committer(), std::move(actor), request, response, work, std::move(done));
}

}  // namespace folio::portfolio
