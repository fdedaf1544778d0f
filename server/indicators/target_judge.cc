#include "server/indicators/target_judge.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "server/engine/resources.h"
#include "server/indicators/answer.h"
#include "server/indicators/compute.h"
#include "server/indicators/period.h"
#include "server/indicators/target_state.h"
#include "server/indicators/targets.h"

namespace folio::indicators {
namespace {

using SteadyClock = std::chrono::steady_clock;

// The detail of a fault that names the field of the question at fault.
constexpr char kFieldDetail[] = "field";

v1::IndicatorQuery QueryOf(const portfolio::Workspace& workspace, const v1::IndicatorTarget& target) {
  v1::IndicatorQuery query;
  query.set_grain(target.grain());
  query.set_filter(target.filter());
  if (target.period() == v1::TARGET_PERIOD_LAST_COMPLETE) {
    const Day running = FirstDayOf(workspace.portfolio().today(), target.grain(), workspace.fiscal_year_start_month());
    *query.mutable_end_date() = ToProtoDate(running);
  }
  return query;
}

}  // namespace

bool TargetJudge::IsDue() const {
  return !next_after_.empty() || pass_revision_ != workspace_.portfolio().snapshot()->revision();
}

absl::Status TargetJudge::Judge() {
  if (next_after_.empty()) pass_revision_ = workspace_.portfolio().snapshot()->revision();
  auto targets = AllTargets(workspace_);
  if (!targets.ok()) return targets.status();
  Forget(*targets);
  auto next = std::ranges::upper_bound(*targets, next_after_, {}, &v1::IndicatorTarget::name);
  const SteadyClock::time_point end = SteadyClock::now() + kJudgeTimeMax;
  std::vector<Judged> judged;
  while (next != targets->end()) {
    judged.push_back(JudgeOne(*next++));
    if (SteadyClock::now() >= end) break;
  }
  if (auto status = Record(&judged); !status.ok()) {
    pass_revision_ = kNever;
    return status;
  }
  Keep(judged);
  next_after_ = next == targets->end() ? "" : judged.back().target.name();
  return absl::OkStatus();
}

TargetJudge::Judged TargetJudge::JudgeOne(v1::IndicatorTarget target) const {
  v1::IndicatorReading reading;
  *reading.mutable_value() = Read(target);
  const Instant now = workspace_.clock().Now();
  *reading.mutable_read_time() = ToProtoTime(now);
  const auto value = DecidingValue(target, reading.value());
  reading.set_judged(value.has_value());
  const v1::IndicatorTargetState state = value ? StateWith(target, *value) : target.state();
  const bool changes = state != target.state();
  if (changes) {
    target.set_state(state);
    *target.mutable_state_time() = ToProtoTime(now);
  }
  const bool tells = !target.has_reading() || TellsOtherwise(target.reading(), reading);
  *target.mutable_reading() = std::move(reading);
  return {.target = std::move(target), .to_be_recorded = changes || tells};
}

v1::IndicatorValue TargetJudge::Read(const v1::IndicatorTarget& target) const {
  v1::ComputeIndicatorsRequest request;
  request.add_indicators(target.indicator());
  *request.mutable_query() = QueryOf(workspace_, target);
  v1::ComputeIndicatorsResponse response;
  const absl::Status status = Compute(workspace_, request, error::Locale::kEnglish, &response);
  if (status.ok()) return std::move(*response.mutable_values(0));
  // What was right when the target was written need not be so for ever: a custom field of its filter may be gone.
  v1::IndicatorValue value;
  value.set_indicator(target.indicator());
  value.set_filter(target.filter());
  FillFault(status, error::Locale::kEnglish, value.mutable_fault());
  const std::vector<error::Fault> faults = error::FaultsOf(status);
  if (!faults.empty()) (*value.mutable_fault()->mutable_details())[kFieldDetail] = faults.front().field;
  return value;
}

absl::Status TargetJudge::Record(std::vector<Judged>* judged) const {
  if (std::ranges::none_of(*judged, &Judged::to_be_recorded)) return absl::OkStatus();
  const engine::Writer writer(*engine::FindResource(engine::kIndicatorTarget), workspace_.rules());
  const auto record = [&](engine::Transaction& transaction) {
    for (Judged& one : *judged) {
      if (!one.to_be_recorded) continue;
      const std::string id = one.target.name().substr(one.target.name().find('/') + 1);
      const auto stored = writer.Read(transaction, id);
      if (!stored.ok()) return stored.status();
      // One that somebody has changed meanwhile is judged as it is now: what they wrote makes it due.
      if (!stored->has_value()) continue;
      if (static_cast<const v1::IndicatorTarget&>(*(*stored)->message).etag() != one.target.etag()) continue;
      auto changed = std::make_shared<v1::IndicatorTarget>(one.target);
      writer.Rewrite(transaction, id, **stored, changed);
      one.target.set_etag(changed->etag());
    }
    return absl::OkStatus();
  };
  return workspace_.committer()
      .Run({.actor = std::string(engine::kSystemActor), .apply = record, .done = nullptr})
      .status;
}

void TargetJudge::Keep(const std::vector<Judged>& judged) {
  const std::lock_guard lock(mutex_);
  for (const Judged& one : judged) {
    newest_[one.target.name()] = {.etag = one.target.etag(), .reading = one.target.reading()};
  }
}

void TargetJudge::Forget(const std::vector<v1::IndicatorTarget>& all_but) {
  const std::lock_guard lock(mutex_);
  std::erase_if(newest_, [&](const auto& kept) {
    return !std::ranges::binary_search(all_but, kept.first, {}, &v1::IndicatorTarget::name);
  });
}

void TargetJudge::Show(error::Locale locale, v1::IndicatorTarget* target) const {
  {
    const std::lock_guard lock(mutex_);
    const auto found = newest_.find(target->name());
    if (found != newest_.end() && found->second.etag == target->etag()) {
      *target->mutable_reading() = found->second.reading;
    }
  }
  if (!target->reading().value().has_fault()) return;
  v1::IndicatorFault& fault = *target->mutable_reading()->mutable_value()->mutable_fault();
  error::Fault told{.field = "", .reason = fault.reason(), .details = {}};
  for (const auto& [name, value] : fault.details()) {
    if (name == kFieldDetail) {
      told.field = value;
    } else {
      told.details.emplace_back(name, value);
    }
  }
  fault.set_message(error::Localize(told, locale));
}

}  // namespace folio::indicators
