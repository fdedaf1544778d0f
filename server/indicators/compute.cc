#include "server/indicators/compute.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/base/nearest.h"
#include "server/engine/group.h"
#include "server/indicators/indicator.h"
#include "server/portfolio/queries.h"

namespace folio::indicators {
namespace {

using Folds = std::vector<std::unique_ptr<Fold>>;

Folds BeginAll(const std::vector<const Indicator*>& indicators) {
  Folds folds;
  for (const Indicator* indicator : indicators) folds.push_back(indicator->begin());
  return folds;
}

// The sums of one day, as a whole and by group.
struct DaySums {
  Day day = kNoDay;
  Folds whole;
  std::map<std::string, Folds, std::less<>> groups;
};

// One request at work: visits the accounts that match once, each on every day.
class Computation {
 public:
  Computation(const portfolio::Portfolio& portfolio, const engine::Snapshot& snapshot,
              std::vector<const Indicator*> indicators, const std::vector<Day>& days, model::ColumnIndex group_by)
      : portfolio_(portfolio), snapshot_(snapshot), indicators_(std::move(indicators)), group_by_(group_by) {
    for (const Day day : days) days_.push_back({.day = day, .whole = BeginAll(indicators_), .groups = {}});
    value_count_ = std::ssize(days_) * std::ssize(indicators_);
  }

  void Visit(engine::RowKey key) {
    if (value_count_ > kValuesMax) return;
    model_ = portfolio_.ModelOf(snapshot_, key);
    const std::vector<std::string> groups =
        group_by_ < 0 ? std::vector<std::string>() : engine::GroupsOf(snapshot_, key, group_by_);
    for (DaySums& sums : days_) {
      portfolio_.Show(key, sums.day, [&](const account::View& view) {
        Add(view, &sums.whole);
        for (const std::string& group : groups) {
          const auto [known, is_new] = sums.groups.try_emplace(group);
          if (is_new) {
            known->second = BeginAll(indicators_);
            value_count_ += std::ssize(indicators_);
          }
          Add(view, &known->second);
        }
      });
    }
  }

  // Values of the answer; beyond kValuesMax the computation has stopped.
  int64_t value_count() const { return value_count_; }

  void Fill(v1::ComputeIndicatorsResponse* response) const {
    for (size_t i = 0; i < indicators_.size(); ++i) {
      for (const DaySums& sums : days_) {
        FillValue(*indicators_[i], sums.day, "", sums.whole[i]->Finish(), response->add_values());
        for (const auto& [group, folds] : sums.groups) {
          FillValue(*indicators_[i], sums.day, group, folds[i]->Finish(), response->add_values());
        }
      }
    }
  }

 private:
  void Add(const account::View& view, Folds* folds) const {
    const Sample sample{.view = view, .model = model_->scoring};
    for (const std::unique_ptr<Fold>& fold : *folds) fold->Add(sample);
  }

  void FillValue(const Indicator& indicator, Day day, const std::string& group, const Figure& figure,
                 v1::IndicatorValue* value) const {
    value->set_indicator(std::string(indicator.id));
    value->set_version(indicator.version);
    *value->mutable_as_of() = ToProtoDate(day);
    value->set_group(group);
    value->set_numerator(figure.numerator);
    value->set_denominator(figure.denominator);
    value->set_account_count(figure.account_count);
    if (figure.absence != v1::ABSENCE_UNSPECIFIED) {
      value->set_absence(figure.absence);
    } else if (indicator.unit == v1::INDICATOR_UNIT_MONEY) {
      *value->mutable_money() = ToProtoMoney(figure.micros, portfolio_.currency());
    } else {
      value->set_number(figure.number);
    }
  }

  const portfolio::Portfolio& portfolio_;
  const engine::Snapshot& snapshot_;
  portfolio::ModelVersionPtr model_;  // of the account that is visited
  const std::vector<const Indicator*> indicators_;
  const model::ColumnIndex group_by_;
  std::vector<DaySums> days_;
  int64_t value_count_ = 0;
};

absl::StatusOr<std::vector<const Indicator*>> IndicatorsOf(const v1::ComputeIndicatorsRequest& request) {
  std::vector<const Indicator*> indicators;
  for (int i = 0; i < request.indicators_size(); ++i) {
    const std::string& id = request.indicators(i);
    indicators.push_back(FindIndicator(id));
    if (indicators.back() != nullptr) continue;
    std::vector<std::string_view> known;
    for (const Indicator& indicator : AllIndicators()) known.push_back(indicator.id);
    std::vector<error::Detail> details = {{"name", id}};
    if (std::string nearest = NearestName(id, known); !nearest.empty()) details.emplace_back("nearest", nearest);
    return error::InvalidField(fmt::format("indicators[{}]", i), "INDICATOR_UNKNOWN", std::move(details));
  }
  return indicators;
}

absl::StatusOr<std::vector<Day>> DaysOf(const v1::ComputeIndicatorsRequest& request, Day today) {
  if (request.days().empty()) return std::vector<Day>{today};
  std::vector<Day> days;
  for (int i = 0; i < request.days_size(); ++i) {
    const std::string field = fmt::format("days[{}]", i);
    const absl::StatusOr<Day> day = FromProto(request.days(i));
    if (!day.ok() || *day == kNoDay) return error::InvalidField(field, "DATE_INVALID");
    if (*day > today) return error::InvalidField(field, "FUTURE_DATE", {{"value", FormatDay(*day)}});
    days.push_back(*day);
  }
  return days;
}

absl::Status TooMany(std::string_view field, int64_t count, int64_t maximum) {
  return error::InvalidField(field, "FIELD_TOO_MANY_ITEMS",
                             {{"count", std::to_string(count)}, {"maximum", std::to_string(maximum)}});
}

}  // namespace

void List(error::Locale locale, v1::ListIndicatorsResponse* response) {
  const bool french = locale == error::Locale::kFrench;
  for (const Indicator& indicator : AllIndicators()) {
    v1::IndicatorDefinition& definition = *response->add_indicators();
    definition.set_id(std::string(indicator.id));
    definition.set_version(indicator.version);
    definition.set_display_name(std::string(french ? indicator.name_fr : indicator.name));
    definition.set_description(std::string(french ? indicator.description_fr : indicator.description));
    definition.set_category(indicator.category);
    definition.set_unit(indicator.unit);
    definition.set_higher_is_better(indicator.higher_is_better);
    definition.set_north_star(indicator.north_star);
    for (const std::string_view input : indicator.inputs) definition.add_inputs(std::string(input));
  }
}

absl::Status Compute(const portfolio::Workspace& workspace, const v1::ComputeIndicatorsRequest& request,
                     v1::ComputeIndicatorsResponse* response) {
  const portfolio::Portfolio& portfolio = workspace.portfolio();
  auto indicators = IndicatorsOf(request);
  if (!indicators.ok()) return indicators.status();
  const auto days = DaysOf(request, portfolio.today());
  if (!days.ok()) return days.status();
  const std::shared_ptr<const engine::Snapshot> snapshot = portfolio.snapshot();
  const auto filter = portfolio::AccountFilter(workspace, *snapshot, request.filter());
  if (!filter.ok()) return filter.status();
  model::ColumnIndex group_by = -1;
  if (!request.group_by().empty()) {
    const auto column = portfolio::GroupColumn(*snapshot, request.group_by());
    if (!column.ok()) return column.status();
    group_by = *column;
  }
  const int64_t days_max = std::max<int64_t>(1, kAccountDaysMax / std::max<int64_t>(1, snapshot->row_count()));
  if (std::ssize(*days) > days_max) return TooMany("days", std::ssize(*days), days_max);

  Computation computation(portfolio, *snapshot, *std::move(indicators), *days, group_by);
  snapshot->VisitMatches(
      &*filter,
      [](void* context, const engine::RowKey* keys, int count) {
        for (int i = 0; i < count; ++i) static_cast<Computation*>(context)->Visit(keys[i]);
      },
      &computation);
  if (computation.value_count() > kValuesMax) return TooMany("group_by", computation.value_count(), kValuesMax);
  computation.Fill(response);
  response->set_revision(snapshot->revision());
  return absl::OkStatus();
}

}  // namespace folio::indicators
