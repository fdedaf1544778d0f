#include "server/indicators/targets.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/engine/resources.h"
#include "server/indicators/lookup.h"
#include "server/indicators/target_state.h"
#include "server/portfolio/queries.h"
#include "server/portfolio/stored.h"

namespace folio::indicators {
namespace {

// A filter's fault, on the field of the target.
absl::Status InTarget(const absl::Status& status) {
  std::vector<error::Fault> faults = error::FaultsOf(status);
  if (faults.empty() || faults.front().field.empty()) return status;
  for (error::Fault& fault : faults) fault.field = "indicator_target." + fault.field;
  return error::InvalidFields(faults);
}

// Those of the domain, and what a target has to do with its indicator.
class TargetRules final : public engine::Rules {
 public:
  explicit TargetRules(const portfolio::Workspace& workspace) : workspace_(workspace) {}

  absl::Status Check(engine::Transaction& transaction, const engine::ResourceType& type,
                     const google::protobuf::Message* before, google::protobuf::Message* after) const override {
    if (auto status = workspace_.rules().Check(transaction, type, before, after); !status.ok()) return status;
    auto& target = static_cast<v1::IndicatorTarget&>(*after);
    if (before == nullptr) {
      if (auto status = CheckCount(); !status.ok()) return status;
    }
    if (auto status = TakeOverFromIndicator(&target); !status.ok()) return status;
    if (auto status = CheckThresholds(target); !status.ok()) return status;
    const auto filter = portfolio::AccountFilter(workspace_, *workspace_.portfolio().snapshot(), target.filter());
    if (!filter.ok()) return InTarget(filter.status());
    if (before == nullptr || !JudgedAlike(static_cast<const v1::IndicatorTarget&>(*before), target)) {
      target.set_state(v1::INDICATOR_TARGET_STATE_UNKNOWN);
      *target.mutable_state_time() = ToProtoTime(transaction.now());
      target.clear_reading();
    }
    return absl::OkStatus();
  }

  absl::Status CheckRemoval(engine::Transaction& transaction, const engine::ResourceType& type,
                            const google::protobuf::Message& before) const override {
    return workspace_.rules().CheckRemoval(transaction, type, before);
  }

 private:
  // Those that are created at the same moment are not seen, so that there may be a few more.
  absl::Status CheckCount() const {
    const auto count = workspace_.tables().table(engine::kIndicatorTarget)->snapshot()->row_count();
    if (count < limits::kIndicatorTargetsMax) return absl::OkStatus();
    return error::Precondition("TARGET_COUNT", {{"maximum", std::to_string(limits::kIndicatorTargetsMax)}});
  }

  absl::Status TakeOverFromIndicator(v1::IndicatorTarget* target) const {
    const auto indicator = Lookup(workspace_, target->indicator(), "indicator_target.indicator");
    if (!indicator.ok()) return indicator.status();
    target->set_unit((*indicator)->unit);
    target->set_higher_is_better((*indicator)->higher_is_better);
    if (target->period() == v1::TARGET_PERIOD_UNSPECIFIED) {
      target->set_period((*indicator)->timing == v1::INDICATOR_TIMING_END ? v1::TARGET_PERIOD_RUNNING
                                                                          : v1::TARGET_PERIOD_LAST_COMPLETE);
    }
    return absl::OkStatus();
  }

  const portfolio::Workspace& workspace_;
};

// The standard methods with these rules, for as long as one call takes.
struct Targets {
  explicit Targets(portfolio::Workspace& workspace)
      : rules(workspace),
        collection(*engine::FindResource(engine::kIndicatorTarget), workspace.storage(), workspace.committer(),
                   workspace.tables(), rules) {}

  const TargetRules rules;
  engine::Collection collection;
};

template <typename Request>
void Write(portfolio::Workspace& workspace, std::string actor, const Request& request, v1::IndicatorTarget* response,
           engine::Collection::Done done,
           void (engine::Collection::*write)(std::string, const google::protobuf::Message&, google::protobuf::Message*,
                                             engine::Collection::Done)) {
  const auto targets = std::make_shared<Targets>(workspace);
  (targets->collection.*write)(std::move(actor), request, response,
                               [targets, done = std::move(done)](const engine::Outcome& outcome) { done(outcome); });
}

}  // namespace

absl::StatusOr<std::vector<v1::IndicatorTarget>> AllTargets(const portfolio::Workspace& workspace) {
  auto all = portfolio::AllStored<v1::IndicatorTarget>(workspace, engine::kIndicatorTarget);
  if (all.ok()) std::ranges::sort(*all, {}, &v1::IndicatorTarget::name);
  return all;
}

absl::StatusOr<std::string> TargetThatReads(const portfolio::Workspace& workspace, std::string_view indicator) {
  const auto all = AllTargets(workspace);
  if (!all.ok()) return all.status();
  const auto reader = std::ranges::find(*all, indicator, &v1::IndicatorTarget::indicator);
  return reader == all->end() ? "" : reader->name();
}

void CreateTarget(portfolio::Workspace& workspace, std::string actor, const v1::CreateIndicatorTargetRequest& request,
                  v1::IndicatorTarget* response, engine::Collection::Done done) {
  Write(workspace, std::move(actor), request, response, std::move(done), &engine::Collection::Create);
}

void UpdateTarget(portfolio::Workspace& workspace, std::string actor, const v1::UpdateIndicatorTargetRequest& request,
                  v1::IndicatorTarget* response, engine::Collection::Done done) {
  Write(workspace, std::move(actor), request, response, std::move(done), &engine::Collection::Update);
}

}  // namespace folio::indicators
