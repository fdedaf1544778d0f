#include "server/portfolio/health.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "server/engine/resources.h"
#include "server/measures/custom.h"
#include "server/measures/facts.h"
#include "server/portfolio/model_drafts.h"
#include "server/portfolio/past_account.h"
#include "server/portfolio/queries.h"
#include "server/scoring/sentences.h"

namespace folio::portfolio {

using engine::RowKey;

namespace {

// Days of one replay.
constexpr int kReplayScoresMax = 3'660;

std::string NameOf(const ModelVersion& version) {
  return version.id.empty() ? "" : engine::FindResource(engine::kHealthModel)->schema.NameOf(version.id);
}

// What an explanation is made from.
struct Explained {
  scoring::Score score;
  std::vector<scoring::Contribution> parts;
  std::vector<std::vector<int64_t>> facts;  // of each part, by key
};

// Ids of facts by key. One that has gone meanwhile is left out.
void FillFacts(const Workspace& workspace, const std::vector<int64_t>& keys, v1::HealthContribution* to) {
  for (const int64_t key : keys) {
    const auto record = workspace.storage().Get(engine::kFact, key);
    if (record.ok() && record->has_value()) {
      to->add_facts(engine::FindResource(engine::kFact)->schema.NameOf((*record)->id));
    }
  }
}

void FillContribution(const Portfolio& portfolio, const v1::HealthModel& model, const scoring::Contribution& from,
                      error::Locale locale, v1::HealthContribution* to) {
  const std::string unit = UnitOf(portfolio, model, from);
  to->set_dimension(model.dimensions(from.dimension).id());
  to->set_measure(MeasureOf(model, from));
  to->set_unit(unit);
  to->set_absence(from.absence);
  to->set_credit(from.credit);
  to->set_weight(from.weight);
  to->set_points(from.points);
  to->set_fact_count(from.fact_count);
  to->set_window_days(from.window_days);
  to->set_carried_days(from.carried_days);
  if (unit == "choice" && !from.missing) {
    to->set_choice(portfolio.custom_fields().TextOf(static_cast<uint32_t>(from.value)));
  } else {
    to->set_value(from.value);
  }
  to->set_explanation(scoring::ContributionSentence(model, from, unit, to->choice(), locale));
  if (from.share == scoring::Share::kMeasure) {
    to->set_kernel(scoring::KernelSentence(model.dimensions(from.dimension).measures(from.measure), unit, locale));
  }
}

Explained Explain(const scoring::Model& model, const account::View& view, int fact_limit) {
  Explained explained;
  explained.score = model.Run(view, &explained.parts);
  for (const scoring::Contribution& part : explained.parts) {
    account::View read = view;
    read.today -= part.carried_days;
    explained.facts.push_back(
        part.missing ? std::vector<int64_t>()
                     : measures::FactsBehind(MeasureOf(model.proto(), part), read, part.window_days, fact_limit));
  }
  return explained;
}

}  // namespace

absl::StatusOr<Day> PastDay(const Portfolio& portfolio, const google::type::Date& date, const char* field,
                            Day otherwise) {
  const auto asked = FromProto(date);
  if (!asked.ok()) return error::InvalidField(field, "DATE_INVALID");
  if (*asked > portfolio.today()) return error::InvalidField(field, "FUTURE_DATE", {{"value", FormatDay(*asked)}});
  return *asked == kNoDay ? otherwise : *asked;
}

ModelVersionPtr ModelInForce(const Portfolio& portfolio, RowKey account, Day day) {
  const auto snapshot = portfolio.snapshot();
  if (day == portfolio.today()) return portfolio.ModelOf(*snapshot, account);
  return ChooseModel(portfolio.models()->InForceOn(day), *snapshot, account);
}

std::string ReasonOf(const ModelVersion& version, error::Locale locale) {
  const bool french = locale == error::Locale::kFrench;
  const std::string& name = version.scoring.proto().display_name();
  if (version.id == kDefaultModelId) {
    return fmt::format(fmt::runtime(french ? "« {} », version {} : aucun autre modèle n'est pour ce compte."
                                           : "'{}', version {}: no other model is for this account."),
                       name, version.version);
  }
  if (version.is_for_all()) {
    return fmt::format(fmt::runtime(french ? "« {} », version {} : il est pour tous les comptes, à la priorité {}."
                                           : "'{}', version {}: it is for all accounts, at priority {}."),
                       name, version.version, version.priority());
  }
  return fmt::format(
      fmt::runtime(french ? "« {} », version {} : à la priorité {}, le premier modèle dont le filtre convient : {}"
                          : "'{}', version {}: at priority {}, the first model whose filter holds: {}"),
      name, version.version, version.priority(), version.filter_text);
}

void FillScore(const ModelVersion& version, const scoring::Score& from, Day day, const OverridePtr& override,
               v1::HealthScore* to) {
  to->set_score(from.score);
  to->set_raw(from.raw);
  to->set_band(from.band);
  to->set_coverage(from.coverage);
  to->set_model(NameOf(version));
  to->set_model_version(version.version);
  *to->mutable_as_of() = ToProtoDate(day);
  if (from.absent) to->set_absence(v1::ABSENCE_NO_DATA);
  if (override == nullptr) return;
  to->set_score(override->score());
  to->set_band(scoring::BandOf(override->score()));
  *to->mutable_override() = *override;
}

std::string UnitOf(const Portfolio& portfolio, const v1::HealthModel& model, const scoring::Contribution& part) {
  if (part.share != scoring::Share::kMeasure) return "";
  const std::string& name = model.dimensions(part.dimension).measures(part.measure).measure();
  if (const measures::Measure* measure = measures::FindMeasure(name); measure != nullptr) {
    return std::string(measure->unit);
  }
  const auto field = portfolio.custom_fields().Find(measures::CustomIdOf(name));
  return field == nullptr ? "" : std::string(measures::UnitOf(field->type()));
}

std::string MeasureOf(const v1::HealthModel& model, const scoring::Contribution& part) {
  switch (part.share) {
    case scoring::Share::kBase:
      return "base";
    case scoring::Share::kClamp:
      return "clamp";
    case scoring::Share::kMeasure:
      break;
  }
  return model.dimensions(part.dimension).measures(part.measure).measure();
}

absl::Status ExplainHealth(const Workspace& workspace, const v1::ExplainHealthRequest& request, error::Locale locale,
                           v1::HealthScore* score) {
  const Portfolio& portfolio = workspace.portfolio();
  const auto key = AccountKey(workspace, request.account());
  if (!key.ok()) return key.status();
  std::optional<PastAccount> past;
  if (request.as_of_revision() > 0) {
    auto read = PastAccount::Read(workspace, *key, request.account(), request.as_of_revision());
    if (!read.ok()) return read.status();
    past = *std::move(read);
  }
  const auto day = PastDay(portfolio, request.as_of(), "as_of", past.has_value() ? past->day() : portfolio.today());
  if (!day.ok()) return day.status();
  ModelVersionPtr version;
  if (request.model().empty()) {
    version = past.has_value() ? past->Model() : ModelInForce(portfolio, *key, *day);
    score->set_model_reason(ReasonOf(*version, locale));
  } else {
    const auto asked = RequestedModel(workspace, request.model(), nullptr);
    if (!asked.ok()) return asked.status();
    version = *asked;
    score->set_model_reason(locale == error::Locale::kFrench ? "Le modèle demandé." : "The model that was asked for.");
  }
  const storage::Revision revision = past.has_value() ? request.as_of_revision() : portfolio.snapshot()->revision();
  Explained explained;
  const auto explain = [&](const account::View& view) {
    explained = Explain(version->scoring, view, request.fact_limit());
  };
  if (past.has_value()) {
    explain(past->ViewOn(*day));
    for (std::string& caveat : past->Caveats(locale)) score->add_caveats(std::move(caveat));
  } else if (!portfolio.Show(*key, *day, explain)) {
    return error::NotFound(request.account());
  }
  const OverridePtr override = past.has_value() ? past->OverrideOn(*day) : portfolio.scores().OverrideOn(*key, *day);
  FillScore(*version, explained.score, *day, override, score);
  score->set_computed_through(revision);
  for (size_t i = 0; i < explained.parts.size(); ++i) {
    v1::HealthContribution* to = score->add_contributions();
    FillContribution(portfolio, version->scoring.proto(), explained.parts[i], locale, to);
    FillFacts(workspace, explained.facts[i], to);
  }
  return absl::OkStatus();
}

absl::Status ReplayHealthModel(const Workspace& workspace, const v1::ReplayHealthModelRequest& request,
                               v1::ReplayHealthModelResponse* response) {
  const Portfolio& portfolio = workspace.portfolio();
  const auto key = AccountKey(workspace, request.account());
  if (!key.ok()) return key.status();
  const auto version =
      RequestedModel(workspace, request.model(), request.has_inline_model() ? &request.inline_model() : nullptr);
  if (!version.ok()) return version.status();
  const auto to = PastDay(portfolio, request.to(), "to", portfolio.today());
  if (!to.ok()) return to.status();
  const auto from = PastDay(portfolio, request.from(), "from", *to);
  if (!from.ok()) return from.status();
  if (*from > *to) return error::InvalidField("to", "DATE_ORDER", {{"other", FormatDay(*from)}});
  const int step = std::max(request.step_days(), 1);
  if ((*to - *from) / step >= kReplayScoresMax) {
    return error::InvalidField("step_days", "FIELD_OUT_OF_RANGE",
                               {{"minimum", std::to_string((*to - *from) / kReplayScoresMax + 1)}});
  }
  for (Day day = *from; day <= *to; day += step) {
    v1::HealthScore* score = response->add_scores();
    const auto run = [&](const account::View& view) {
      FillScore(**version, (*version)->scoring.Run(view, nullptr), day, nullptr, score);
    };
    if (!portfolio.Show(*key, day, run)) return error::NotFound(request.account());
  }
  return absl::OkStatus();
}

}  // namespace folio::portfolio
