#include "server/indicators/custom_indicators.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "re2/re2.h"
#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/engine/resources.h"
#include "server/engine/write_call.h"
#include "server/formula/cycle.h"
#include "server/formula/formula.h"
#include "server/indicators/formula_names.h"
#include "server/indicators/indicator.h"
#include "server/indicators/targets.h"
#include "server/model/schema.h"
#include "server/portfolio/stored.h"

namespace folio::indicators {
namespace {

// An id is a word of formulas.
constexpr char kIdPattern[] = "[a-z][a-z0-9_]{0,63}";

const model::Schema& SchemaOfCustom() { return engine::FindResource(engine::kCustomIndicator)->schema; }

engine::Writer WriterOf(const portfolio::Workspace& workspace) {
  return {*engine::FindResource(engine::kCustomIndicator), workspace.rules()};
}

// What a transaction sees of custom indicators.
class Seen {
 public:
  explicit Seen(const engine::Transaction& transaction) : transaction_(transaction) {}

  std::optional<v1::CustomIndicator> Find(std::string_view id) const {
    const auto record = transaction_.FindRecord(engine::kCustomIndicator, id);
    v1::CustomIndicator indicator;
    if (!record.ok() || !record->has_value() || !indicator.ParseFromString((*record)->data)) return std::nullopt;
    return indicator;
  }

  std::optional<v1::IndicatorUnit> UnitOf(std::string_view id) const {
    const auto indicator = Find(id);
    return indicator ? std::optional(indicator->unit()) : std::nullopt;
  }

  std::vector<std::string> InputsOf(std::string_view id) const {
    const auto indicator = Find(id);
    if (!indicator) return {};
    return {indicator->inputs().begin(), indicator->inputs().end()};
  }

 private:
  const engine::Transaction& transaction_;
};

// Checks the formula, and sets what follows from it. `before` is null for a new one.
absl::Status Derive(const portfolio::Workspace& workspace, const engine::Transaction& transaction, std::string_view id,
                    const v1::CustomIndicator* before, v1::CustomIndicator* indicator) {
  if (auto status = model::Validate(*indicator, "custom_indicator"); !status.ok()) return status;
  const Seen seen(transaction);
  const FormulaNames names(workspace, [&](std::string_view name) { return seen.UnitOf(name); });
  const auto formula = formula::ParseFormula(indicator->formula(), names);
  if (!formula.ok()) return formula.status();
  indicator->clear_inputs();
  int32_t figures = 0;
  for (const formula::Reference& reference : formula->references) {
    const auto own = reference.is_measure ? std::nullopt : seen.Find(reference.name);
    figures += own ? own->figure_count() : 1;
    if (std::ranges::count(indicator->inputs(), reference.name) == 0) indicator->add_inputs(reference.name);
  }
  const std::vector<std::string> uses(indicator->inputs().begin(), indicator->inputs().end());
  const auto uses_of = [&](std::string_view name) { return seen.InputsOf(name); };
  if (auto status = formula::CheckAcyclic(id, uses, uses_of); !status.ok()) return status;
  if (figures > limits::kFormulaFiguresMax) {
    return error::InvalidField("formula", "FORMULA_TOO_LARGE",
                               {{"maximum", std::to_string(limits::kFormulaFiguresMax)}, {"unit", "figures"}});
  }
  indicator->set_figure_count(figures);
  indicator->set_unit(UnitOfResult(formula->unit()));
  const bool same = before != nullptr && before->formula() == indicator->formula();
  indicator->set_version(before == nullptr ? 1 : before->version() + (same ? 0 : 1));
  return absl::OkStatus();
}

// CUSTOM_INDICATOR_USED where another one reads this. One that is written at the same moment is not seen: it is told
// then what it lacks when it is computed.
absl::Status CheckUnused(const portfolio::Workspace& workspace, std::string_view id) {
  const auto all = AllCustomIndicators(workspace);
  if (!all.ok()) return all.status();
  for (const v1::CustomIndicator& other : *all) {
    if (std::ranges::count(other.inputs(), id) > 0 && IdOfCustom(other) != id) {
      return error::Precondition("CUSTOM_INDICATOR_USED",
                                 {{"name", SchemaOfCustom().NameOf(id)}, {"user", other.name()}});
    }
  }
  return absl::OkStatus();
}

// The same of targets: their thresholds are in its unit, and in the order of its direction.
absl::Status CheckNoTarget(const portfolio::Workspace& workspace, std::string_view id) {
  const auto reader = TargetThatReads(workspace, id);
  if (!reader.ok()) return reader.status();
  if (reader->empty()) return absl::OkStatus();
  return error::Precondition("CUSTOM_INDICATOR_USED", {{"name", SchemaOfCustom().NameOf(id)}, {"user", *reader}});
}

absl::Status CheckId(const std::string& id) {
  if (!RE2::FullMatch(id, kIdPattern)) {
    return error::InvalidField("custom_indicator_id", "FIELD_PATTERN", {{"pattern", kIdPattern}});
  }
  return FindIndicator(id) == nullptr ? absl::OkStatus() : error::AlreadyExists(SchemaOfCustom().NameOf(id));
}

absl::Status CreateAs(const std::string& id, const portfolio::Workspace& workspace, engine::Transaction& transaction,
                      const v1::CustomIndicator& sent, v1::CustomIndicator* response) {
  if (auto status = CheckId(id); !status.ok()) return status;
  auto indicator = std::make_shared<v1::CustomIndicator>(sent);
  model::ClearOutputOnly(indicator.get());
  if (auto status = Derive(workspace, transaction, id, nullptr, indicator.get()); !status.ok()) return status;
  if (auto status = WriterOf(workspace).Create(transaction, id, indicator); !status.ok()) return status;
  *response = *indicator;
  return absl::OkStatus();
}

absl::Status Update(const portfolio::Workspace& workspace, engine::Transaction& transaction,
                    const v1::UpdateCustomIndicatorRequest& request, v1::CustomIndicator* response) {
  const v1::CustomIndicator& sent = request.custom_indicator();
  const auto id = SchemaOfCustom().IdOf(sent.name(), "custom_indicator.name");
  if (!id.ok()) return id.status();
  const engine::Writer writer = WriterOf(workspace);
  const auto stored = writer.Read(transaction, *id);
  if (!stored.ok()) return stored.status();
  if (!stored->has_value()) {
    return request.allow_missing() ? CreateAs(*id, workspace, transaction, sent, response)
                                   : error::NotFound(sent.name());
  }
  const auto paths = model::ExpandMask(request.update_mask(), sent);
  if (!paths.ok()) return paths.status();
  const auto& before = static_cast<const v1::CustomIndicator&>(*(*stored)->message);
  if (!sent.etag().empty() && sent.etag() != before.etag()) {
    return error::EtagMismatch(sent.name(), sent.etag(), before.etag());
  }
  auto indicator = std::make_shared<v1::CustomIndicator>(before);
  model::CopyPaths(sent, *paths, indicator.get());
  if (auto status = Derive(workspace, transaction, *id, &before, indicator.get()); !status.ok()) return status;
  if (indicator->unit() != before.unit() || indicator->figure_count() > before.figure_count()) {
    if (auto status = CheckUnused(workspace, *id); !status.ok()) return status;
  }
  if (indicator->unit() != before.unit() || indicator->lower_is_better() != before.lower_is_better()) {
    if (auto status = CheckNoTarget(workspace, *id); !status.ok()) return status;
  }
  const auto written = writer.Replace(transaction, *id, **stored, indicator);
  if (written.ok()) *response = *indicator;
  return written.status();
}

absl::Status Delete(const portfolio::Workspace& workspace, engine::Transaction& transaction,
                    const v1::DeleteCustomIndicatorRequest& request, google::protobuf::Empty* response) {
  const auto id = SchemaOfCustom().IdOf(request.name(), "name");
  if (!id.ok()) return id.status();
  if (auto status = CheckUnused(workspace, *id); !status.ok()) return status;
  if (auto status = CheckNoTarget(workspace, *id); !status.ok()) return status;
  return workspace.collection(engine::kCustomIndicator).DeleteIn(transaction, request, response);
}

}  // namespace

std::string_view IdOfCustom(const v1::CustomIndicator& indicator) {
  const std::string_view name = indicator.name();
  return name.substr(name.find('/') + 1);
}

absl::StatusOr<std::optional<v1::CustomIndicator>> FindCustomIndicator(const portfolio::Workspace& workspace,
                                                                       std::string_view id) {
  const auto record = workspace.storage().FindRecord(engine::kCustomIndicator, id);
  if (!record.ok()) return error::FromStorage(record.status());
  if (!record->has_value()) return std::nullopt;
  v1::CustomIndicator indicator;
  if (!indicator.ParseFromString((*record)->data)) return error::Internal("a stored resource cannot be parsed");
  return indicator;
}

absl::StatusOr<std::vector<v1::CustomIndicator>> AllCustomIndicators(const portfolio::Workspace& workspace) {
  auto all = portfolio::AllStored<v1::CustomIndicator>(workspace, engine::kCustomIndicator);
  if (all.ok()) std::ranges::sort(*all, {}, &v1::CustomIndicator::name);
  return all;
}

void CreateCustomIndicator(portfolio::Workspace& workspace, std::string actor,
                           const v1::CreateCustomIndicatorRequest& request, v1::CustomIndicator* response,
                           engine::Collection::Done done) {
  const auto work = [&workspace, &request, response](engine::Transaction& transaction) {
    return CreateAs(request.custom_indicator_id(), workspace, transaction, request.custom_indicator(), response);
  };
  engine::SubmitWrite(workspace.committer(), std::move(actor), request, response, work, std::move(done));
}

void UpdateCustomIndicator(portfolio::Workspace& workspace, std::string actor,
                           const v1::UpdateCustomIndicatorRequest& request, v1::CustomIndicator* response,
                           engine::Collection::Done done) {
  const auto work = [&workspace, &request, response](engine::Transaction& transaction) {
    return Update(workspace, transaction, request, response);
  };
  engine::SubmitWrite(workspace.committer(), std::move(actor), request, response, work, std::move(done));
}

void DeleteCustomIndicator(portfolio::Workspace& workspace, std::string actor,
                           const v1::DeleteCustomIndicatorRequest& request, google::protobuf::Empty* response,
                           engine::Collection::Done done) {
  const auto work = [&workspace, &request, response](engine::Transaction& transaction) {
    return Delete(workspace, transaction, request, response);
  };
  engine::SubmitWrite(workspace.committer(), std::move(actor), request, response, work, std::move(done));
}

}  // namespace folio::indicators
