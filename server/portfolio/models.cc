#include "server/portfolio/models.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "server/base/error.h"
#include "server/base/joined_faults.h"
#include "server/measures/custom.h"
#include "server/portfolio/filter_fault.h"

namespace folio::portfolio {

using engine::RowKey;

namespace {

// What the portfolio computes without looking at health.
constexpr std::array<std::string_view, 5> kComputedColumns = {"arr", "arr_year_ago", "mrr", "growth", "next_renewal"};
// What it computes from health, or from signals, which may read health.
constexpr std::array<std::string_view, 5> kHealthPrefixes = {"health", "band", "coverage", "risk", "opportunity"};

bool DependsOnHealth(std::string_view column) {
  if (!measures::CustomIdOf(column).empty()) return false;
  if (std::find(kComputedColumns.begin(), kComputedColumns.end(), column) != kComputedColumns.end()) return false;
  return std::any_of(kHealthPrefixes.begin(), kHealthPrefixes.end(),
                     [column](std::string_view prefix) { return column.starts_with(prefix); }) ||
         column.starts_with("signal") || column.ends_with("severity");
}

const std::string* HealthColumnIn(const model::FilterNode& node, const model::ColumnSet& columns) {
  if (node.kind == model::FilterNode::Kind::kCompare) {
    const std::string& name = columns.at(node.column).name;
    return DependsOnHealth(name) ? &name : nullptr;
  }
  for (const model::FilterNode& child : node.children) {
    if (const std::string* name = HealthColumnIn(child, columns); name != nullptr) return name;
  }
  return nullptr;
}

// The default model comes last, whatever its priority.
auto TrialOf(const ModelVersion& version) {
  return std::make_tuple(version.id == kDefaultModelId, version.priority(), std::string_view(version.id));
}

ModelOrder InOrder(ModelOrder order) {
  std::sort(order.begin(), order.end(),
            [](const ModelVersionPtr& a, const ModelVersionPtr& b) { return TrialOf(*a) < TrialOf(*b); });
  return order;
}

// The default model is for all that are left, so that every account has a model.
std::string FilterOf(std::string_view id, const v1::HealthModel& model) {
  return id == kDefaultModelId ? "" : model.filter();
}

std::shared_ptr<ModelVersion> BuiltIn() {
  return std::make_shared<ModelVersion>(
      ModelVersion{.id = std::string(kDefaultModelId),
                   .version = 1,
                   .filter_text = "",
                   .filter = std::nullopt,
                   .scoring = scoring::Model::Compile(scoring::DefaultModel()).value()});
}

}  // namespace

ModelOrder ModelSet::InForce() const {
  return InForceWhere([](const ModelVersion& version) { return version.end == kNoDay; });
}

ModelOrder ModelSet::InForceOn(Day day) const {
  return InForceWhere([day](const ModelVersion& version) {
    return version.first <= day && (version.end == kNoDay || day < version.end);
  });
}

ModelOrder ModelSet::InForceWhere(const std::function<bool(const ModelVersion&)>& is_in_force) const {
  ModelOrder order;
  for (const ModelVersionPtr& version : versions_) {
    if (is_in_force(*version)) order.push_back(version);
  }
  return InOrder(std::move(order));
}

ModelVersionPtr ModelSet::Current(std::string_view id) const {
  for (const ModelVersionPtr& version : versions_) {
    if (version->id == id && version->end == kNoDay) return version;
  }
  return nullptr;
}

ModelVersionPtr ModelSet::Find(std::string_view id, int number) const {
  for (const ModelVersionPtr& version : versions_) {
    if (version->id == id && version->version == number) return version;
  }
  return nullptr;
}

int ModelSet::LastVersion(std::string_view id) const {
  int last = 0;
  for (const ModelVersionPtr& version : versions_) {
    if (version->id == id) last = std::max(last, version->version);
  }
  return last;
}

ModelOrder ModelSet::InForceWith(const ModelVersionPtr& draft) const {
  ModelOrder order = InForce();
  std::erase_if(order, [&draft](const ModelVersionPtr& version) { return version->id == draft->id; });
  order.push_back(draft);
  return InOrder(std::move(order));
}

std::vector<const ModelVersion*> ChooseModels(const ModelOrder& order, const engine::Snapshot& snapshot,
                                              std::span<const RowKey> accounts) {
  std::vector<const ModelVersion*> chosen(accounts.size());
  for (const ModelVersionPtr& version : order) {
    std::vector<uint8_t> holds;
    if (!version->is_for_all()) {
      if (!version->filter.has_value()) continue;
      holds = snapshot.Matches(*version->filter, accounts);
    }
    bool all = true;
    for (size_t i = 0; i < chosen.size(); ++i) {
      if (chosen[i] == nullptr && (version->is_for_all() || holds[i] != 0)) chosen[i] = version.get();
      all = all && chosen[i] != nullptr;
    }
    if (all) break;
  }
  // A row that is not live, for which no filter holds.
  for (const ModelVersion*& version : chosen) {
    if (version == nullptr) version = order.back().get();
  }
  return chosen;
}

ModelVersionPtr ChooseModel(const ModelOrder& order, const engine::Snapshot& snapshot, RowKey account) {
  const ModelVersion* chosen = ChooseModels(order, snapshot, std::span(&account, 1)).front();
  return *std::find_if(order.begin(), order.end(),
                       [chosen](const ModelVersionPtr& version) { return version.get() == chosen; });
}

absl::StatusOr<model::Filter> ParseModelFilter(const std::string& text, const model::ColumnSet& columns) {
  auto filter = model::ParseFilter(text, columns);
  if (!filter.ok()) return FilterFault(filter.status(), "health_model.filter");
  if (const std::string* column = HealthColumnIn(filter->root, columns); column != nullptr) {
    return error::InvalidField("health_model.filter", "MODEL_FILTER_COLUMN", {{"column", *column}});
  }
  return filter;
}

absl::StatusOr<ModelVersionPtr> MakeVersion(std::string id, const v1::HealthModel& model, account::CustomFields& fields,
                                            const model::ColumnSet& columns) {
  auto scoring = scoring::Model::Compile(model, &fields);
  std::optional<model::Filter> filter;
  const std::string text = FilterOf(id, model);
  absl::Status filtered;
  if (!text.empty()) {
    auto parsed = ParseModelFilter(text, columns);
    filtered = parsed.status();
    if (parsed.ok()) filter = *std::move(parsed);
  }
  if (auto status = error::JoinFaults({scoring.status(), filtered}); !status.ok()) return status;
  return std::make_shared<const ModelVersion>(ModelVersion{
      .id = std::move(id), .filter_text = text, .filter = std::move(filter), .scoring = *std::move(scoring)});
}

Models::Models(account::CustomFields& fields, TimeZone zone) : fields_(fields), zone_(zone) {
  versions_[{std::string(kDefaultModelId), 1}] = BuiltIn();
  set_ = std::make_shared<const ModelSet>(std::vector<ModelVersionPtr>{versions_.begin()->second});
}

void Models::Take(const v1::HealthModelVersion& record) { waiting_.push_back(record); }

bool Models::Settle(const model::ColumnSet& columns) {
  if (waiting_.empty()) return false;
  for (const v1::HealthModelVersion& record : waiting_) {
    const std::string id = record.model().substr(record.model().find('/') + 1);
    const std::string text = FilterOf(id, record.content());
    auto filter = model::ParseFilter(text, columns);
    const Day first = zone_.DayAt(FromProto(record.publish_time()));
    ModelVersionPtr& version = versions_[{id, record.version()}];
    version = std::make_shared<const ModelVersion>(
        ModelVersion{.id = id,
                     .version = record.version(),
                     .number = version == nullptr ? ++last_number_ : version->number,
                     .first = first,
                     .end = FromProto(record.end_date()).value_or(kNoDay),
                     .filter_text = text,
                     .filter = filter.ok() && !text.empty() ? std::optional(*std::move(filter)) : std::nullopt,
                     .scoring = scoring::Model::Restore(record.content(), &fields_)});
    // The built-in version has no record that could tell its end.
    if (id == kDefaultModelId && record.version() == 2) {
      auto built_in = BuiltIn();
      built_in->end = first;
      versions_[{id, 1}] = std::move(built_in);
    }
  }
  waiting_.clear();
  std::vector<ModelVersionPtr> all;
  for (const auto& [place, version] : versions_) all.push_back(version);
  auto set = std::make_shared<const ModelSet>(std::move(all));
  const std::lock_guard lock(mutex_);
  set_ = std::move(set);
  return true;
}

std::shared_ptr<const ModelSet> Models::set() const {
  const std::lock_guard lock(mutex_);
  return set_;
}

}  // namespace folio::portfolio
