#include "server/proof/question.h"

#include <algorithm>
#include <utility>

#include "server/base/error.h"
#include "server/base/limits.h"
#include "server/portfolio/model_drafts.h"
#include "server/portfolio/queries.h"

namespace folio::proof {
namespace {

constexpr int kStepDaysDefault = 30;
constexpr int kYearDays = 365;

// Faults of an inline model, under the name that the request has for it.
absl::Status InRequest(const absl::Status& status) {
  constexpr std::string_view kThere = "health_model.";
  std::vector<error::Fault> faults = error::FaultsOf(status);
  for (error::Fault& fault : faults) {
    if (fault.field.starts_with(kThere)) fault.field = "inline_model." + fault.field.substr(kThere.size());
  }
  return error::InvalidFields(faults);
}

template <class Request>
absl::StatusOr<portfolio::ModelVersionPtr> ModelOf(const portfolio::Workspace& workspace, const Request& request) {
  if (!request.has_inline_model() && request.model().empty()) return error::InvalidField("model", "FIELD_REQUIRED");
  auto model = portfolio::RequestedModel(workspace, request.model(),
                                         request.has_inline_model() ? &request.inline_model() : nullptr);
  return model.ok() || !request.has_inline_model() ? model : InRequest(model.status());
}

absl::Status CheckNotRead(const v1::HealthModel& model, const Outcome& outcome) {
  if (outcome.measure().empty()) return absl::OkStatus();
  for (const v1::HealthDimension& dimension : model.dimensions()) {
    for (const v1::HealthMeasure& measure : dimension.measures()) {
      if (measure.measure() != outcome.measure()) continue;
      return error::InvalidField("outcome.custom_field.custom_field", "OUTCOME_IN_MODEL",
                                 {{"name", outcome.measure()}});
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Day> DayIn(const google::type::Date& date, const char* field, Day otherwise) {
  const auto day = FromProto(date);
  if (!day.ok()) return error::InvalidField(field, "DATE_INVALID");
  return *day == kNoDay ? otherwise : *day;
}

// From the last back to the first, so that the latest outcomes always count.
template <class Request>
absl::StatusOr<std::vector<Day>> CutoffsOf(const Request& request, const Outcome& outcome, Day today) {
  if (!outcome.has_date()) {
    const char* field = request.has_first_cutoff()  ? "first_cutoff"
                        : request.has_last_cutoff() ? "last_cutoff"
                        : request.step_days() != 0  ? "step_days"
                                                    : nullptr;
    if (field != nullptr) return error::InvalidField(field, "OUTCOME_HAS_NO_DATE");
    return std::vector<Day>{today};
  }
  const Day latest = today - outcome.horizon_days();
  const auto last = DayIn(request.last_cutoff(), "last_cutoff", latest);
  if (!last.ok()) return last.status();
  if (*last > latest) {
    return error::InvalidField("last_cutoff", "CUTOFF_TOO_LATE",
                               {{"value", FormatDay(*last)}, {"latest", FormatDay(latest)}});
  }
  const auto first = DayIn(request.first_cutoff(), "first_cutoff", *last - kYearDays);
  if (!first.ok()) return first.status();
  if (*first > *last) return error::InvalidField("last_cutoff", "DATE_ORDER", {{"other", "first_cutoff"}});
  const int step = request.step_days() == 0 ? kStepDaysDefault : request.step_days();
  const int count = (*last - *first) / step + 1;
  if (count > limits::kCutoffsMax) {
    const int least = (*last - *first) / (limits::kCutoffsMax - 1) + 1;
    return error::InvalidField("step_days", "FIELD_OUT_OF_RANGE",
                               {{"value", std::to_string(step)}, {"minimum", std::to_string(least)}});
  }
  std::vector<Day> days;
  for (int back = count - 1; back >= 0; --back) days.push_back(*last - back * step);
  return days;
}

std::vector<engine::RowKey> Matching(const engine::Snapshot& snapshot, const model::Filter& filter) {
  std::vector<engine::RowKey> keys;
  snapshot.VisitMatches(
      &filter,
      [](void* context, const engine::RowKey* matches, int count) {
        auto* all = static_cast<std::vector<engine::RowKey>*>(context);
        all->insert(all->end(), matches, matches + count);
      },
      &keys);
  return keys;
}

template <class Request>
absl::StatusOr<Question> Ask(const portfolio::Workspace& workspace, const Request& request) {
  const portfolio::Portfolio& portfolio = workspace.portfolio();
  auto model = ModelOf(workspace, request);
  if (!model.ok()) return model.status();
  auto outcome = Outcome::Compile(request.outcome(), portfolio.custom_fields());
  if (!outcome.ok()) return outcome.status();
  if (auto status = CheckNotRead((*model)->scoring.proto(), *outcome); !status.ok()) return status;
  auto cutoffs = CutoffsOf(request, *outcome, portfolio.today());
  if (!cutoffs.ok()) return cutoffs.status();
  Question question{.snapshot = portfolio.snapshot(),
                    .version = *std::move(model),
                    .outcome = *std::move(outcome),
                    .cutoffs = *std::move(cutoffs),
                    .accounts = {},
                    .has_filter = !request.filter().empty()};
  const auto filter = portfolio::AccountFilter(workspace, *question.snapshot, request.filter());
  if (!filter.ok()) return filter.status();
  question.accounts = Matching(*question.snapshot, *filter);
  std::sort(question.accounts.begin(), question.accounts.end());
  return question;
}

}  // namespace

absl::StatusOr<Question> AskBacktest(const portfolio::Workspace& workspace,
                                     const v1::BacktestHealthModelRequest& request) {
  return Ask(workspace, request);
}

absl::StatusOr<Question> AskFit(const portfolio::Workspace& workspace, const v1::FitHealthModelRequest& request) {
  return Ask(workspace, request);
}

}  // namespace folio::proof
