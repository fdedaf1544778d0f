#include "server/portfolio/model_drafts.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "server/base/joined_faults.h"
#include "server/engine/list_page.h"
#include "server/engine/resources.h"
#include "server/engine/write_call.h"
#include "server/measures/custom.h"
#include "server/measures/measure.h"
#include "server/portfolio/model_rules.h"
#include "server/portfolio/stored.h"

namespace folio::portfolio {

using google::protobuf::Message;

namespace {

constexpr std::string_view kDefaultName = "healthModels/default";

const engine::ResourceType& ModelType() { return *engine::FindResource(engine::kHealthModel); }
const engine::ResourceType& VersionType() { return *engine::FindResource(engine::kHealthModelVersion); }

v1::HealthModel BuiltInModel() {
  v1::HealthModel model = scoring::DefaultModel();
  model.set_name(std::string(kDefaultName));
  return model;
}

v1::HealthModelVersion BuiltInVersion(const Workspace& workspace) {
  v1::HealthModelVersion version;
  version.set_name(VersionType().schema.NameOf(VersionId(kDefaultModelId, 1)));
  version.set_model(std::string(kDefaultName));
  version.set_version(1);
  *version.mutable_content() = BuiltInModel();
  const ModelVersionPtr known = workspace.portfolio().models()->Find(kDefaultModelId, 1);
  if (known->end != kNoDay) *version.mutable_end_date() = ToProtoDate(known->end);
  return version;
}

// All records of a kind, with the built-in one where no record has its id.
template <class Resource>
absl::StatusOr<std::vector<std::shared_ptr<Message>>> ReadAll(const Workspace& workspace, storage::Kind kind,
                                                              const Resource& built_in) {
  auto all = AllStored<Resource>(workspace, kind);
  if (!all.ok()) return all.status();
  std::vector<std::shared_ptr<Message>> rows;
  bool stored = false;
  for (Resource& row : *all) {
    stored = stored || row.name() == built_in.name();
    rows.push_back(std::make_shared<Resource>(std::move(row)));
  }
  if (!stored) rows.insert(rows.begin(), std::make_shared<Resource>(built_in));
  return rows;
}

// The stored draft, or the built-in one, which has no key yet.
absl::StatusOr<engine::Stored> ReadForWrite(engine::Transaction& transaction, const engine::Writer& writer,
                                            std::string_view id) {
  auto stored = writer.Read(transaction, id);
  if (!stored.ok()) return stored.status();
  if (stored->has_value()) return std::move(**stored);
  if (id != kDefaultModelId) return error::NotFound(ModelType().schema.NameOf(id));
  return engine::Stored{.message = std::make_unique<v1::HealthModel>(BuiltInModel())};
}

// Ends the version in force of a model, if it has one that is stored. The built-in one ends by its successor.
absl::Status EndVersion(engine::Transaction& transaction, const Workspace& workspace, std::string_view id,
                        int version) {
  const engine::Writer writer(VersionType(), workspace.rules());
  const std::string version_id = VersionId(id, version);
  const auto stored = writer.Read(transaction, version_id);
  if (!stored.ok()) return stored.status();
  if (!stored->has_value()) return absl::OkStatus();
  auto ended = std::make_shared<v1::HealthModelVersion>();
  ended->CopyFrom(*(*stored)->message);
  *ended->mutable_end_date() = ToProtoDate(workspace.portfolio().zone().DayAt(transaction.now()));
  writer.Rewrite(transaction, version_id, **stored, ended);
  return absl::OkStatus();
}

// The number of a model's next version: versions of a deleted model of the same name stay.
absl::StatusOr<int> NextVersion(engine::Transaction& transaction, const Workspace& workspace, std::string_view id) {
  for (int version = workspace.portfolio().models()->LastVersion(id) + 1;; ++version) {
    const auto key = transaction.Find(engine::kHealthModelVersion, VersionId(id, version));
    if (!key.ok()) return error::FromStorage(key.status());
    if (!key->has_value()) return version;
  }
}

absl::Status Publish(engine::Transaction& transaction, const Workspace& workspace,
                     const v1::PublishHealthModelRequest& request, v1::HealthModelVersion* response) {
  const auto id = ModelType().schema.IdOf(request.name(), "name");
  if (!id.ok()) return id.status();
  const engine::Writer writer(ModelType(), workspace.rules());
  const auto stored = ReadForWrite(transaction, writer, *id);
  if (!stored.ok()) return stored.status();
  auto draft = std::make_shared<v1::HealthModel>();
  draft->CopyFrom(*stored->message);
  if (!request.etag().empty() && request.etag() != draft->etag()) {
    return error::EtagMismatch(request.name(), request.etag(), draft->etag());
  }
  if (!draft->draft()) {
    return error::Precondition("MODEL_NOT_CHANGED",
                               {{"name", request.name()}, {"version", std::to_string(draft->version())}});
  }
  // What it reads may have gone since it was stored.
  if (auto status = CheckModel(transaction, workspace.portfolio(), draft.get()); !status.ok()) return status;
  const auto next = NextVersion(transaction, workspace, *id);
  if (!next.ok()) return next.status();
  if (auto status = EndVersion(transaction, workspace, *id, draft->version()); !status.ok()) return status;

  draft->set_version(*next);
  draft->set_draft(false);
  auto version = std::make_shared<v1::HealthModelVersion>();
  version->set_model(request.name());
  version->set_version(*next);
  *version->mutable_publish_time() = ToProtoTime(transaction.now());
  version->set_publisher(std::string(transaction.actor()));
  version->set_note(request.note());
  *version->mutable_content() = *draft;
  version->mutable_content()->clear_etag();
  const engine::Writer versions(VersionType(), workspace.rules());
  if (auto status = versions.Create(transaction, VersionId(*id, *next), version); !status.ok()) return status;
  writer.Rewrite(transaction, *id, *stored, draft);
  response->CopyFrom(*version);
  return absl::OkStatus();
}

v1::MeasureDefinition DefinitionOf(const measures::Measure& measure, error::Locale locale) {
  v1::MeasureDefinition definition;
  definition.set_name(std::string(measure.name));
  definition.set_unit(std::string(measure.unit));
  definition.set_default_window_days(measure.default_window_days);
  definition.set_description(
      std::string(locale == error::Locale::kFrench ? measure.description_fr : measure.description));
  return definition;
}

// A model that breaks a rule of its fields is refused before it is compiled: adds what compiling it finds.
engine::Collection::Done TellingEveryFault(const Workspace& workspace, const v1::HealthModel& sent,
                                           engine::Collection::Done done) {
  return [&workspace, &sent, done = std::move(done)](const engine::Outcome& outcome) {
    const std::vector<error::Fault> faults = error::FaultsOf(outcome.status);
    if (faults.empty() || !faults.front().field.starts_with("health_model.")) return done(outcome);
    const Portfolio& portfolio = workspace.portfolio();
    const auto made = MakeVersion("", sent, portfolio.custom_fields(), portfolio.snapshot()->columns());
    engine::Outcome told = outcome;
    told.status = error::JoinFaults({outcome.status, made.status()});
    done(told);
  };
}

bool IsWhole(const google::protobuf::FieldMask& mask) { return mask.paths_size() == 1 && mask.paths(0) == "*"; }

}  // namespace

absl::StatusOr<v1::HealthModel> ReadDraft(const Workspace& workspace, const std::string& name,
                                          const std::string& field) {
  const auto id = ModelType().schema.IdOf(name, field);
  if (!id.ok()) return id.status();
  const auto record = workspace.storage().FindRecord(engine::kHealthModel, *id);
  if (!record.ok()) return error::FromStorage(record.status());
  if (!record->has_value()) {
    if (*id == kDefaultModelId) return BuiltInModel();
    return error::NotFound(name);
  }
  v1::HealthModel model;
  if (!model.ParseFromString((*record)->data)) return error::Internal("a stored resource cannot be parsed");
  return model;
}

absl::Status GetHealthModel(const Workspace& workspace, const v1::GetHealthModelRequest& request,
                            v1::HealthModel* model) {
  if (auto s = engine::CheckMinRevision(workspace.storage(), request.min_revision()); !s.ok()) return s;
  auto draft = ReadDraft(workspace, request.name(), "name");
  if (!draft.ok()) return draft.status();
  *model = *std::move(draft);
  return absl::OkStatus();
}

absl::Status ListHealthModels(const Workspace& workspace, const v1::ListHealthModelsRequest& request,
                              v1::ListHealthModelsResponse* response) {
  if (auto s = engine::CheckMinRevision(workspace.storage(), request.min_revision()); !s.ok()) return s;
  const storage::Revision revision = workspace.storage().head();
  const auto rows = ReadAll(workspace, engine::kHealthModel, BuiltInModel());
  return rows.ok() ? engine::ListFew(ModelType(), *rows, revision, request, response) : rows.status();
}

absl::Status GetHealthModelVersion(const Workspace& workspace, const v1::GetHealthModelVersionRequest& request,
                                   v1::HealthModelVersion* version) {
  if (auto s = engine::CheckMinRevision(workspace.storage(), request.min_revision()); !s.ok()) return s;
  v1::HealthModelVersion built_in = BuiltInVersion(workspace);
  if (request.name() == built_in.name()) {
    *version = std::move(built_in);
    return absl::OkStatus();
  }
  return workspace.collection(engine::kHealthModelVersion).Get(request, version);
}

absl::Status ListHealthModelVersions(const Workspace& workspace, const v1::ListHealthModelVersionsRequest& request,
                                     v1::ListHealthModelVersionsResponse* response) {
  if (auto s = engine::CheckMinRevision(workspace.storage(), request.min_revision()); !s.ok()) return s;
  const storage::Revision revision = workspace.storage().head();
  const auto rows = ReadAll(workspace, engine::kHealthModelVersion, BuiltInVersion(workspace));
  return rows.ok() ? engine::ListFew(VersionType(), *rows, revision, request, response) : rows.status();
}

void CreateHealthModel(Workspace& workspace, std::string actor, const v1::CreateHealthModelRequest& request,
                       v1::HealthModel* response, engine::Collection::Done done) {
  workspace.collection(engine::kHealthModel)
      .Create(std::move(actor), request, response,
              TellingEveryFault(workspace, request.health_model(), std::move(done)));
}

void UpdateHealthModel(Workspace& workspace, std::string actor, const v1::UpdateHealthModelRequest& request,
                       v1::HealthModel* response, engine::Collection::Done done) {
  const auto work = [&workspace, &request, response](engine::Transaction& transaction) -> absl::Status {
    if (request.health_model().name() == kDefaultName) {
      // Until it is first changed, the default model is the built-in one, which is not stored.
      const auto key = transaction.Find(engine::kHealthModel, kDefaultModelId);
      if (!key.ok()) return error::FromStorage(key.status());
      const engine::Writer writer(ModelType(), workspace.rules());
      if (!key->has_value()) {
        auto built_in = std::make_shared<v1::HealthModel>(BuiltInModel());
        if (auto status = writer.Create(transaction, kDefaultModelId, built_in); !status.ok()) return status;
      }
    }
    return workspace.collection(engine::kHealthModel).UpdateIn(transaction, request, response);
  };
  // What a part of a model lacks, the stored one may have.
  if (IsWhole(request.update_mask())) done = TellingEveryFault(workspace, request.health_model(), std::move(done));
  engine::SubmitWrite(workspace.committer(), std::move(actor), request, response, work, std::move(done));
}

void DeleteHealthModel(Workspace& workspace, std::string actor, const v1::DeleteHealthModelRequest& request,
                       google::protobuf::Empty* response, engine::Collection::Done done) {
  const auto work = [&workspace, &request, response](engine::Transaction& transaction) -> absl::Status {
    if (request.name() == kDefaultName) return error::Precondition("MODEL_BUILT_IN", {{"name", request.name()}});
    const auto id = ModelType().schema.IdOf(request.name(), "name");
    if (!id.ok()) return id.status();
    const auto stored = engine::Writer(ModelType(), workspace.rules()).Read(transaction, *id);
    if (!stored.ok()) return stored.status();
    if (stored->has_value()) {
      const int version = static_cast<const v1::HealthModel&>(*(*stored)->message).version();
      if (auto status = EndVersion(transaction, workspace, *id, version); !status.ok()) return status;
    }
    return workspace.collection(engine::kHealthModel).DeleteIn(transaction, request, response);
  };
  engine::SubmitWrite(workspace.committer(), std::move(actor), request, response, work, std::move(done));
}

void PublishHealthModel(Workspace& workspace, std::string actor, const v1::PublishHealthModelRequest& request,
                        v1::HealthModelVersion* response, engine::Collection::Done done) {
  const auto work = [&workspace, &request, response](engine::Transaction& transaction) {
    return Publish(transaction, workspace, request, response);
  };
  engine::SubmitWrite(workspace.committer(), std::move(actor), request, response, work, std::move(done));
}

void ListMeasures(const Workspace& workspace, error::Locale locale, v1::ListMeasuresResponse* response) {
  for (const auto& [id, field] : workspace.portfolio().custom_fields().All()) {
    if (!account::IsReadable(field->type())) continue;
    v1::MeasureDefinition& definition = *response->add_measures();
    definition.set_name(std::string(measures::kCustomPrefix) + id);
    definition.set_unit(std::string(measures::UnitOf(field->type())));
    definition.set_description(field->description().empty() ? field->display_name() : field->description());
  }
  for (const measures::Measure& measure : measures::AllMeasures()) {
    *response->add_measures() = DefinitionOf(measure, locale);
  }
  std::sort(response->mutable_measures()->begin(), response->mutable_measures()->end(),
            [](const auto& a, const auto& b) { return a.name() < b.name(); });
}

absl::StatusOr<ModelVersionPtr> RequestedModel(const Workspace& workspace, const std::string& name,
                                               const v1::HealthModel* inline_model) {
  const Portfolio& portfolio = workspace.portfolio();
  const auto snapshot = portfolio.snapshot();
  if (inline_model != nullptr) {
    if (!name.empty()) return error::InvalidField("inline_model", "MODEL_TWICE_GIVEN");
    std::string id;
    if (!inline_model->name().empty()) {
      const auto named = ModelType().schema.IdOf(inline_model->name(), "inline_model.name");
      if (!named.ok()) return named.status();
      id = *named;
    }
    return MakeVersion(std::move(id), *inline_model, portfolio.custom_fields(), snapshot->columns());
  }
  const auto draft = ReadDraft(workspace, name, "model");
  if (!draft.ok()) return draft.status();
  const std::string id = draft->name().substr(draft->name().find('/') + 1);
  if (!draft->draft()) {
    if (auto current = portfolio.models()->Current(id); current != nullptr) return current;
  }
  return MakeVersion(id, *draft, portfolio.custom_fields(), snapshot->columns());
}

}  // namespace folio::portfolio
