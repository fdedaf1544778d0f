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

// A filter's or a group's fault, on the field of the query; `field` is the query's name for it where that is another.
absl::Status InQuery(const absl::Status& status, const std::string& field = "") {
  std::vector<error::Fault> faults = error::FaultsOf(status);
  if (faults.empty() || faults.front().field.empty()) return status;
  for (error::Fault& fault : faults) fault.field = "query." + (field.empty() ? fault.field : field);
  return error::InvalidFields(faults);
}

absl::StatusOr<std::vector<RowsColumn>> ColumnsOf(const Rows& rows, std::span<const std::string> group_by) {
  std::vector<RowsColumn> columns;
  for (const std::string& group : group_by) {
    const auto column = GroupColumnOf(rows, group);
    if (!column.ok()) return InQuery(column.status());
    columns.push_back(*column);
  }
  return columns;
}

// A name for a scope: another one where anything of it is.
std::string NameOf(const std::string& of, const model::Filter& filter, std::span<const std::string> group_by) {
  std::string name = of + '\0' + filter.canonical;
  for (const std::string& group : group_by) name.append(1, '\0').append(group);
  return name;
}

// What a query groups by: the kind of resource, and its columns.
struct GroupBy {
  storage::Kind kind = engine::kAccount;
  std::vector<std::string> names;
};

absl::StatusOr<GroupBy> GroupsOf(const v1::IndicatorQuery& query) {
  GroupBy groups;
  for (int i = 0; i < query.group_by_size(); ++i) {
    std::string_view name = query.group_by(i);
    storage::Kind kind = engine::kAccount;
    for (const auto& [of, prefix] :
         {std::pair(engine::kDeal, std::string_view("deals.")), std::pair(engine::kLead, std::string_view("leads."))}) {
      if (!name.starts_with(prefix)) continue;
      kind = of;
      name.remove_prefix(prefix.size());
    }
    if (i > 0 && kind != groups.kind) return error::InvalidField("query.group_by", "GROUPS_MIXED");
    groups.kind = kind;
    groups.names.emplace_back(name);
  }
  return groups;
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
  if (auto status = asked.SetScopes(); !status.ok()) return status;
  return asked;
}

Calendar Asked::calendar() const {
  return {.zone = workspace_->portfolio().zone(),
          .today = today_,
          .fiscal_year_start_month = workspace_->fiscal_year_start_month()};
}

// The parts of the state are published one after the other: takes them anew until they are of one revision.
void Asked::TakeState() {
  const auto taken = [this] {
    state_ = workspace_->ledger().state();
    snapshot_ = workspace_->portfolio().snapshot();
    leads_ = workspace_->tables().table(engine::kLead)->snapshot();
    deals_ = workspace_->tables().table(engine::kDeal)->snapshot();
    const auto is_of_it = [this](const auto& snapshot) { return snapshot->revision() == state_->revision; };
    return is_of_it(snapshot_) && is_of_it(leads_) && is_of_it(deals_);
  };
  while (!taken()) std::this_thread::yield();
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

template <typename Make>
std::shared_ptr<const Scope> Asked::Remembered(const std::string& name, Make make) const {
  // One page asks of one scope again and again.
  const ledger::MemoKey key{.component = DigestOf("scope"), .scope = DigestOf(name)};
  const auto version = static_cast<uint64_t>(snapshot_->revision());
  if (auto known = memos().Find(key, version)) return std::static_pointer_cast<const Scope>(known);
  const auto scope = std::make_shared<const Scope>(make());
  memos().Put(key, version, scope, scope->bytes());
  return scope;
}

absl::StatusOr<std::shared_ptr<const Scope>> Asked::AccountScope(std::span<const std::string> group_by) {
  const Rows rows = this->rows();
  const auto filter = FilterOf(*workspace_, rows, query_.filter());
  if (!filter.ok()) return InQuery(filter.status());
  std::vector<std::string> facets;
  std::optional<Scope::Labels> labels;
  std::string name = "accounts";
  for (const std::string& group : group_by) {
    const auto dimension = ledger::FindDimension(group);
    if (!dimension.has_value()) {
      facets.push_back(group);
      continue;
    }
    if (labels.has_value()) return error::InvalidField("query.group_by", "DIMENSIONS_SEVERAL");
    const std::vector<std::string>& names = state_->LabelsOf(*dimension);
    labels = Scope::Labels{.dimension = *dimension, .names = names, .first = facets.empty()};
    name += std::to_string(names.size());
  }
  const auto columns = ColumnsOf(rows, facets);
  if (!columns.ok()) return columns.status();
  const bool with_nobody = query_.filter().empty() && state_->has_nobody;
  return Remembered(NameOf(name, filter->now, group_by) + (with_nobody ? "+" : ""),
                    [&] { return Scope(rows, *filter, *columns, labels, with_nobody, kGroupsMax); });
}

absl::StatusOr<std::shared_ptr<const Scope>> Asked::ScopeOfRecords(storage::Kind kind,
                                                                   std::span<const std::string> group_by) {
  const engine::Snapshot& snapshot = kind == engine::kDeal ? *deals_ : *leads_;
  const std::string field = kind == engine::kDeal ? "deal_filter" : "lead_filter";
  if (past_ != nullptr) {
    return error::InvalidField(group_by.empty() ? "query." + field : "query.group_by", "AS_OF_COLUMN",
                               {{"column", engine::FindResource(kind)->schema.collection()}});
  }
  const auto filter =
      model::ParseFilter(kind == engine::kDeal ? query_.deal_filter() : query_.lead_filter(), snapshot.columns());
  if (!filter.ok()) return InQuery(filter.status(), field);
  const Rows rows{.now = snapshot};
  const auto columns = ColumnsOf(rows, group_by);
  if (!columns.ok()) return columns.status();
  return Remembered(NameOf(field, *filter, group_by),
                    [&] { return Scope(rows, {.now = *filter}, *columns, std::nullopt, false, kGroupsMax); });
}

absl::Status Asked::SetScopes() {
  const auto groups = GroupsOf(query_);
  if (!groups.ok()) return groups.status();
  if (!query_.deal_filter().empty() && !query_.lead_filter().empty()) {
    return error::InvalidField("query.lead_filter", "FIELD_EXCLUSIVE", {{"other", "deal_filter"}});
  }
  storage::Kind kind = groups->kind;
  for (const auto& [filtered, filter] :
       {std::pair(engine::kDeal, query_.deal_filter()), std::pair(engine::kLead, query_.lead_filter())}) {
    if (filter.empty()) continue;
    if (kind == engine::kAccount) kind = filtered;
    if (kind != filtered) return error::InvalidField("query.group_by", "GROUPS_MIXED");
  }
  const bool own_groups = groups->kind != engine::kAccount;
  auto accounts = AccountScope(own_groups ? std::vector<std::string>() : groups->names);
  if (!accounts.ok()) return accounts.status();
  scope_ = *std::move(accounts);
  if (kind != engine::kAccount) {
    const auto scope = ScopeOfRecords(kind, own_groups ? groups->names : std::vector<std::string>());
    if (!scope.ok()) return scope.status();
    records_ = std::make_shared<const RecordScope>(RecordScope{.kind = kind, .scope = **scope, .groups = own_groups});
  }
  const int64_t count = std::ssize(this->groups());
  return count > kGroupsMax ? TooMany("query.group_by", count, kGroupsMax) : absl::OkStatus();
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
          .in_the_past = past_ != nullptr,
          .records = records_.get()};
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
  const auto found = std::find(groups().begin(), groups().end(), wanted);
  if (found != groups().end()) return static_cast<uint32_t>(found - groups().begin());
  std::string name;
  for (const std::string& value : wanted) name += (name.empty() ? "" : ", ") + value;
  return error::InvalidField("groups", "GROUP_UNKNOWN", {{"value", name}});
}

}  // namespace folio::indicators
