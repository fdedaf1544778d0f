#include "server/indicators/question.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "server/base/error.h"
#include "server/indicators/entries_method.h"
#include "server/portfolio/queries.h"

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
  auto periods = PeriodsOf(query, asked.calendar());
  if (!periods.ok()) return periods.status();
  asked.periods_ = *std::move(periods);
  asked.TakeState();
  const int64_t work = std::max<int64_t>(1, asked.snapshot_->row_count()) * std::ssize(asked.periods_);
  if (work > kAccountPeriodsMax) return TooMany("query.grain", work, kAccountPeriodsMax);
  if (auto status = asked.SetScope(); !status.ok()) return status;
  return asked;
}

Calendar Asked::calendar() const {
  const portfolio::Portfolio& portfolio = workspace_->portfolio();
  return {.zone = portfolio.zone(),
          .today = portfolio.today(),
          .fiscal_year_start_month = workspace_->fiscal_year_start_month()};
}

// Both parts of the state are published one after the other: takes them anew until they are of one revision.
void Asked::TakeState() {
  do {
    state_ = workspace_->ledger().state();
    snapshot_ = workspace_->portfolio().snapshot();
    if (state_->revision != snapshot_->revision()) std::this_thread::yield();
  } while (state_->revision != snapshot_->revision());
}

absl::Status Asked::SetScope() {
  const auto filter = portfolio::AccountFilter(*workspace_, *snapshot_, query_.filter());
  if (!filter.ok()) return InQuery(filter.status());
  std::string name = filter->canonical;
  std::vector<model::ColumnIndex> group_by;
  for (const std::string& group : query_.group_by()) {
    const auto column = portfolio::GroupColumn(*snapshot_, group);
    if (!column.ok()) return InQuery(column.status());
    group_by.push_back(*column);
    name.append(1, '\0').append(group);
  }
  const bool with_nobody = query_.filter().empty() && state_->has_nobody;
  // One page asks of one scope again and again.
  ledger::Memos& memos = workspace_->ledger().memos();
  const ledger::MemoKey key{.component = DigestOf("scope"), .scope = DigestOf(name), .part = with_nobody};
  const auto version = static_cast<uint64_t>(snapshot_->revision());
  scope_ = std::static_pointer_cast<const Scope>(memos.Find(key, version));
  if (scope_ == nullptr) {
    scope_ = std::make_shared<const Scope>(*snapshot_, *filter, group_by, with_nobody, kGroupsMax);
    memos.Put(key, version, scope_, scope_->bytes());
  }
  return scope_->group_count() > kGroupsMax ? TooMany("query.group_by", scope_->group_count(), kGroupsMax)
                                            : absl::OkStatus();
}

Question Asked::QuestionOf(std::span<const Period> periods) const {
  return {.state = *state_,
          .memos = workspace_->ledger().memos(),
          .portfolio = workspace_->portfolio(),
          .snapshot = *snapshot_,
          .scope = *scope_,
          .periods = periods,
          .grain = query_.grain(),
          .calendar = calendar()};
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
