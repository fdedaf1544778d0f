#include "server/indicators/question.h"

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "server/base/error.h"
#include "server/indicators/entries_method.h"
#include "server/ledger/dimension.h"

namespace folio::indicators {
namespace {

absl::Status TooMany(std::string_view field, int64_t count, int64_t maximum) {
  return error::InvalidField(field, "FIELD_TOO_MANY_ITEMS",
                             {{"count", std::to_string(count)}, {"maximum", std::to_string(maximum)}});
}

// A filter's or a group's fault, on the field of the query.
absl::Status InQuery(const absl::Status& status) {
  std::vector<error::Fault> faults = error::FaultsOf(status);
  if (faults.empty() || faults.front().field.empty()) return status;
  for (error::Fault& fault : faults) fault.field = "query." + fault.field;
  return error::InvalidFields(faults);
}

}  // namespace

absl::StatusOr<Asked> Asked::From(const portfolio::Workspace& workspace, const v1::IndicatorQuery& query) {
  Asked asked;
  asked.workspace_ = &workspace;
  asked.query_ = query;
  asked.settings_ = workspace.indicator_settings();
  // A list of its own replaces the workspace's.
  if (query.settings().engagement_types_size() > 0) asked.settings_.clear_engagement_types();
  asked.settings_.MergeFrom(query.settings());
  asked.TakeState();
  if (query.as_of_revision() != 0) {
    if (auto status = asked.GoBack(); !status.ok()) return status;
  }
  auto periods = PeriodsOf(query, asked.calendar());
  if (!periods.ok()) return periods.status();
  asked.periods_ = *std::move(periods);
  const int64_t work = std::max<int64_t>(1, asked.snapshot_->row_count()) * std::ssize(asked.periods_);
  if (work > kAccountPeriodsMax) return TooMany("query.grain", work, kAccountPeriodsMax);
  if (auto status = asked.SetScope(); !status.ok()) return status;
  return asked;
}

Calendar Asked::calendar() const {
  return {.zone = workspace_->portfolio().zone(),
          .today = today_,
          .fiscal_year_start_month = workspace_->fiscal_year_start_month()};
}

// Both parts of the state are published one after the other: takes them anew until they are of one revision.
void Asked::TakeState() {
  do {
    state_ = workspace_->ledger().state();
    snapshot_ = workspace_->portfolio().snapshot();
    if (state_->revision != snapshot_->revision()) std::this_thread::yield();
  } while (state_->revision != snapshot_->revision());
  revision_ = snapshot_->revision();
  today_ = workspace_->portfolio().today();
}

absl::Status Asked::GoBack() {
  auto past = Past::Read(*workspace_, *state_, query_.as_of_revision());
  if (!past.ok()) return past.status();
  past_ = *std::move(past);
  state_ = past_->state();
  revision_ = past_->revision();
  today_ = past_->day();
  return absl::OkStatus();
}

Rows Asked::rows() const {
  if (past_ == nullptr) return {.now = *snapshot_};
  return {.now = *snapshot_,
          .changed = past_->changed_accounts(),
          .before = &past_->rows(),
          .deleted_before = past_->deleted_column()};
}

ledger::Memos& Asked::memos() const { return past_ == nullptr ? workspace_->ledger().memos() : past_->memos(); }

absl::Status Asked::SetScope() {
  const Rows rows = this->rows();
  const auto filter = FilterOf(*workspace_, rows, query_.filter());
  if (!filter.ok()) return InQuery(filter.status());
  std::string name = filter->now.canonical;
  std::vector<RowsColumn> group_by;
  std::optional<Scope::Labels> labels;
  for (const std::string& group : query_.group_by()) {
    if (const auto dimension = ledger::FindDimension(group)) {
      if (labels.has_value()) return error::InvalidField("query.group_by", "DIMENSIONS_SEVERAL");
      const std::vector<std::string>& names = state_->LabelsOf(*dimension);
      labels = Scope::Labels{.dimension = *dimension, .names = names, .first = group_by.empty()};
      name.append(1, '\0').append(group).append(1, '\0').append(std::to_string(names.size()));
      continue;
    }
    const auto column = GroupColumnOf(rows, group);
    if (!column.ok()) return InQuery(column.status());
    group_by.push_back(*column);
    name.append(1, '\0').append(group);
  }
  const bool with_nobody = query_.filter().empty() && state_->has_nobody;
  // One page asks of one scope again and again.
  const ledger::MemoKey key{.component = DigestOf("scope"), .scope = DigestOf(name), .part = with_nobody};
  const auto version = static_cast<uint64_t>(snapshot_->revision());
  scope_ = std::static_pointer_cast<const Scope>(memos().Find(key, version));
  if (scope_ == nullptr) {
    scope_ = std::make_shared<const Scope>(rows, *filter, group_by, labels, with_nobody, kGroupsMax);
    memos().Put(key, version, scope_, scope_->bytes());
  }
  return scope_->group_count() > kGroupsMax ? TooMany("query.group_by", scope_->group_count(), kGroupsMax)
                                            : absl::OkStatus();
}

absl::Status Asked::CheckDimension(const Indicator& indicator) const {
  const std::optional<ledger::Dimension> dimension = scope_->dimension();
  if (!dimension.has_value() || std::ranges::find(indicator.dimensions, *dimension) != indicator.dimensions.end()) {
    return absl::OkStatus();
  }
  return error::InvalidField("query.group_by", "DIMENSION_NOT_READ",
                             {{"indicator", std::string(indicator.id)}, {"dimension", std::string(IdOf(*dimension))}});
}

Question Asked::QuestionOf(std::span<const Period> periods) const {
  return {.workspace = *workspace_,
          .settings = settings_,
          .state = *state_,
          .memos = memos(),
          .portfolio = workspace_->portfolio(),
          .rows = rows(),
          .scope = *scope_,
          .periods = periods,
          .grain = query_.grain(),
          .calendar = calendar(),
          .in_the_past = past_ != nullptr};
}

std::vector<Period> Asked::ComparedPeriods() const {
  std::vector<Period> others;
  if (query_.comparison() == v1::COMPARISON_BASE_UNSPECIFIED) return others;
  for (const Period& period : periods_) {
    others.push_back(
        ComparedWith(period, query_.comparison(), query_.grain(), query_.compare_whole_periods(), calendar()));
  }
  return others;
}

absl::StatusOr<uint32_t> Asked::GroupNumber(const google::protobuf::RepeatedPtrField<std::string>& values) const {
  const std::vector<std::string> wanted(values.begin(), values.end());
  const auto& groups = scope_->groups();
  const auto found = std::find(groups.begin(), groups.end(), wanted);
  if (found != groups.end()) return static_cast<uint32_t>(found - groups.begin());
  std::string name;
  for (const std::string& value : wanted) name += (name.empty() ? "" : ", ") + value;
  return error::InvalidField("groups", "GROUP_UNKNOWN", {{"value", name}});
}

}  // namespace folio::indicators
