#include "server/indicators/scope.h"

#include <xxhash.h>

#include <algorithm>
#include <map>
#include <utility>

#include "server/base/error.h"
#include "server/engine/collection.h"
#include "server/engine/group.h"
#include "server/ledger/dimension.h"
#include "server/model/facet.h"
#include "server/portfolio/queries.h"

namespace folio::indicators {
namespace {

using engine::RowKey;

constexpr RowKey kNobody = 0;

std::vector<RowKey> MatchesIn(const engine::Snapshot& snapshot, const model::Filter& filter) {
  std::vector<RowKey> matches;
  snapshot.VisitMatches(
      &filter,
      [](void* context, const RowKey* keys, int count) {
        static_cast<std::vector<RowKey>*>(context)->insert(static_cast<std::vector<RowKey>*>(context)->end(), keys,
                                                           keys + count);
      },
      &matches);
  return matches;
}

// Shows the accounts that match, by ascending key, and whether they are of `rows.before`.
template <typename Visit>
void VisitMatches(const Rows& rows, const RowsFilter& filter, Visit visit) {
  const std::vector<RowKey> before =
      rows.before == nullptr ? std::vector<RowKey>() : MatchesIn(*rows.before, filter.before);
  auto next = before.begin();
  for (const RowKey key : MatchesIn(rows.now, filter.now)) {
    for (; next != before.end() && *next <= key; ++next) visit(*next, true);
    if (!std::binary_search(rows.changed.begin(), rows.changed.end(), key)) visit(key, false);
  }
  for (; next != before.end(); ++next) visit(*next, true);
}

// Gives each account its numbers, in the order of keys.
class Builder {
 public:
  Builder(const Rows& rows, std::span<const RowsColumn> group_by, size_t groups_max, std::vector<uint32_t>* first,
          std::vector<uint32_t>* numbers)
      : rows_(rows), group_by_(group_by), groups_max_(groups_max), first_(first), numbers_(numbers) {}

  void Visit(RowKey key, bool before) {
    if (known_.size() > groups_max_) return;
    first_->resize(static_cast<size_t>(key) + 1, static_cast<uint32_t>(numbers_->size()));
    numbers_->push_back(0);
    if (group_by_.size() == 1) {
      for (std::string& value : ValuesOf(key, group_by_[0], before)) Add({std::move(value)});
    } else if (group_by_.size() == 2) {
      const std::vector<std::string> outer = ValuesOf(key, group_by_[0], before);
      const std::vector<std::string> inner = ValuesOf(key, group_by_[1], before);
      for (const std::string& a : outer) {
        for (const std::string& b : inner) Add({a, b});
      }
    }
    first_->push_back(static_cast<uint32_t>(numbers_->size()));
  }

  const std::map<std::vector<std::string>, uint32_t>& known() const { return known_; }

 private:
  std::vector<std::string> ValuesOf(RowKey key, const RowsColumn& column, bool before) const {
    if (key == kNobody) return {""};
    return before ? engine::GroupsOf(*rows_.before, key, column.before) : engine::GroupsOf(rows_.now, key, column.now);
  }
  void Add(std::vector<std::string> values) {
    numbers_->push_back(known_.try_emplace(std::move(values), known_.size() + 1).first->second);
  }

  const Rows& rows_;
  const std::span<const RowsColumn> group_by_;
  const size_t groups_max_;
  std::vector<uint32_t>* const first_;
  std::vector<uint32_t>* const numbers_;
  std::map<std::vector<std::string>, uint32_t> known_;
};

absl::Status NotKnownThen(std::string_view field, const std::string& column) {
  return error::InvalidField(field, "AS_OF_COLUMN", {{"column", column}});
}

}  // namespace

absl::StatusOr<RowsFilter> FilterOf(const portfolio::Workspace& workspace, const Rows& rows, const std::string& text) {
  auto now = portfolio::AccountFilter(workspace, rows.now, text);
  if (!now.ok()) return now.status();
  RowsFilter filter{.now = *std::move(now)};
  if (rows.before == nullptr) return filter;
  auto before = model::ParseFilter(text, rows.before->columns());
  if (!before.ok()) {
    // The filter is right today: what is missing is a column.
    std::string column = text;
    for (const error::Fault& fault : error::FaultsOf(before.status())) {
      for (const auto& [name, value] : fault.details) {
        if (name == "column") column = value;
      }
    }
    return NotKnownThen("filter", column);
  }
  filter.before = engine::LiveOnly(*std::move(before), rows.deleted_before);
  return filter;
}

absl::StatusOr<RowsColumn> GroupColumnOf(const Rows& rows, const std::string& name) {
  const auto now = model::FindFacet(rows.now.columns(), name, "group_by");
  if (!now.ok()) return now.status();
  RowsColumn column{.now = *now};
  if (rows.before == nullptr) return column;
  const auto before = model::FindFacet(rows.before->columns(), name, "group_by");
  if (!before.ok()) return NotKnownThen("group_by", name);
  column.before = *before;
  return column;
}

Scope::Scope(const Rows& rows, const RowsFilter& filter, std::span<const RowsColumn> group_by,
             const std::optional<Labels>& labels, bool with_nobody, int64_t groups_max) {
  Builder builder(rows, group_by, static_cast<size_t>(groups_max), &first_, &numbers_);
  if (with_nobody) builder.Visit(kNobody, false);
  VisitMatches(rows, filter, [&builder](RowKey key, bool before) { builder.Visit(key, before); });
  // Numbers in the order of the values, whichever account came first.
  std::vector<uint32_t> sorted(builder.known().size() + 1);
  for (const auto& [values, number] : builder.known()) {
    sorted[number] = static_cast<uint32_t>(groups_.size());
    groups_.push_back(values);
  }
  for (uint32_t& number : numbers_) number = sorted[number];
  if (labels.has_value()) Combine(*labels, groups_max);
  SetDigests();
}

// Groups by label in the place of those by account alone.
void Scope::Combine(const Labels& labels, int64_t groups_max) {
  dimension_ = labels.dimension;
  label_count_ = labels.names.size();
  whole_has_labels_ = groups_.size() == 1;
  const std::vector<std::vector<std::string>> of_accounts = std::exchange(groups_, {{}});
  combined_.assign(of_accounts.size() * label_count_, 0);
  if (std::ssize(combined_) > groups_max) {
    groups_.resize(combined_.size() + 1);  // too many: told by their number alone
    return;
  }
  std::map<std::vector<std::string>, size_t> places;
  for (size_t group = whole_has_labels_ ? 0 : 1; group < of_accounts.size(); ++group) {
    for (size_t label = 0; label < label_count_; ++label) {
      std::vector<std::string> values = of_accounts[group];
      values.insert(labels.first ? values.begin() : values.end(), labels.names[label]);
      places[std::move(values)] = group * label_count_ + label;
    }
  }
  for (const auto& [values, place] : places) {
    combined_[place] = static_cast<uint32_t>(groups_.size());
    groups_.push_back(values);
  }
}

std::span<const uint32_t> Scope::OfEntry(ledger::EntryKind kind, const ledger::Entry& entry,
                                         std::vector<uint32_t>* scratch) const {
  const std::span<const uint32_t> of_account = Of(entry.account);
  if (!dimension_.has_value() || of_account.empty()) return of_account;
  scratch->assign(1, 0);
  AddLabelled(of_account, LabelOf(*dimension_, kind, entry), scratch);
  return *scratch;
}

std::span<const uint32_t> Scope::OfLabel(int64_t account, size_t label, std::vector<uint32_t>* scratch) const {
  scratch->clear();
  AddLabelled(Of(account), label, scratch);
  return *scratch;
}

void Scope::AddLabelled(std::span<const uint32_t> of_account, size_t label, std::vector<uint32_t>* groups) const {
  for (const uint32_t group : of_account) {
    if (group != 0 || whole_has_labels_) groups->push_back(combined_[group * label_count_ + label]);
  }
}

Scope Scope::Within(const Rows& rows, const RowsFilter& filter) const {
  Scope part;
  part.groups_ = groups_;
  part.dimension_ = dimension_;
  part.whole_has_labels_ = whole_has_labels_;
  part.label_count_ = label_count_;
  part.combined_ = combined_;
  VisitMatches(rows, filter, [this, &part](RowKey key, bool) {
    const std::span<const uint32_t> numbers = Of(key);
    if (numbers.empty()) return;
    part.first_.resize(static_cast<size_t>(key) + 1, static_cast<uint32_t>(part.numbers_.size()));
    part.numbers_.insert(part.numbers_.end(), numbers.begin(), numbers.end());
    part.first_.push_back(static_cast<uint32_t>(part.numbers_.size()));
  });
  part.SetDigests();
  return part;
}

void Scope::SetDigests() {
  std::string names;
  for (const std::vector<std::string>& values : groups_) {
    for (const std::string& value : values) names.append(value).push_back('\0');
  }
  digest_ = XXH3_64bits_withSeed(names.data(), names.size(), dimension_ ? 1 + static_cast<uint64_t>(*dimension_) : 0);
  for (size_t begin = 0; begin + 1 < first_.size(); begin += kUnitAccounts) {
    const size_t end = std::min(begin + kUnitAccounts, first_.size() - 1);
    std::vector<uint32_t> shape;  // how many groups each account of the unit has, then their numbers
    for (size_t account = begin; account < end; ++account) shape.push_back(first_[account + 1] - first_[account]);
    shape.insert(shape.end(), numbers_.begin() + first_[begin], numbers_.begin() + first_[end]);
    unit_digests_.push_back(XXH3_64bits_withSeed(shape.data(), shape.size() * sizeof(uint32_t), digest_));
  }
  digest_ = XXH3_64bits_withSeed(unit_digests_.data(), unit_digests_.size() * sizeof(uint64_t), digest_);
}

}  // namespace folio::indicators
