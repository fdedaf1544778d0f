// Scopes: the accounts that a question is about, and the groups that they are counted in.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/engine/table.h"
#include "server/ledger/entry.h"
#include "server/model/filter.h"
#include "server/portfolio/workspace.h"

namespace folio::indicators {

// Accounts whose results are kept together (see Memos): a change of one recomputes so many.
inline constexpr int64_t kUnitAccounts = 4'096;

// The rows of accounts in which filters and groups are read: those of a snapshot, except for accounts that were others
// at a past revision.
struct Rows {
  const engine::Snapshot& now;
  std::span<const engine::RowKey> changed;   // accounts whose rows in `now` do not count, ascending
  const engine::Snapshot* before = nullptr;  // the rows in their place; nullptr where none has changed
  model::ColumnIndex deleted_before = -1;    // the column of `before` that hides deleted accounts
};

// A filter, or a column to group by, of both.
struct RowsFilter {
  model::Filter now;
  model::Filter before;
};
struct RowsColumn {
  model::ColumnIndex now = 0;
  model::ColumnIndex before = 0;
};

// INVALID_ARGUMENT: the faults of filters and of columns to group by, and AS_OF_COLUMN where a past revision does not
// know the column.
absl::StatusOr<RowsFilter> FilterOf(const portfolio::Workspace& workspace, const Rows& rows, const std::string& text);
absl::StatusOr<RowsColumn> GroupColumnOf(const Rows& rows, const std::string& name);

class Scope {
 public:
  // What facts of the accounts are grouped by as well.
  struct Labels {
    ledger::Dimension dimension = {};
    std::vector<std::string> names;  // by number
    bool first = true;               // among the values of a group
  };

  // The accounts that match, grouped by none, one or two facets. An account with several members of a set counts for
  // each. With `labels` by one facet at most. `with_nobody`: facts of nobody that is known count too, as those of an
  // account without values. Stops beyond `groups_max` groups: then group_count() is above it.
  Scope(const Rows& rows, const RowsFilter& filter, std::span<const RowsColumn> group_by,
        const std::optional<Labels>& labels, bool with_nobody, int64_t groups_max);

  // The same groups, with only those of its accounts that match.
  Scope Within(const Rows& rows, const RowsFilter& filter) const;

  // Groups by number: 0 is the whole, with no values; the others by their values, sorted.
  const std::vector<std::vector<std::string>>& groups() const { return groups_; }
  uint32_t group_count() const { return static_cast<uint32_t>(groups_.size()); }

  // Numbers of the groups of an account, 0 for nobody: empty where it does not match, else the whole and its groups.
  std::span<const uint32_t> Of(int64_t account) const {
    const auto index = static_cast<size_t>(account);
    if (index + 1 >= first_.size()) return {};
    return std::span(numbers_).subspan(first_[index], first_[index + 1] - first_[index]);
  }

  // The same of an entry of an account: only with labels is it another. `scratch` may hold the answer.
  std::span<const uint32_t> OfEntry(ledger::EntryKind kind, const ledger::Entry& entry,
                                    std::vector<uint32_t>* scratch) const;
  // Groups of an account by a label of its revenue, where the scope has labels of that; the whole, which is of all
  // labels together, is not among them. `scratch` holds the answer.
  std::span<const uint32_t> OfLabel(int64_t account, size_t label, std::vector<uint32_t>* scratch) const;
  std::optional<ledger::Dimension> dimension() const { return dimension_; }

  // Highest key of an account that matches; -1 where none does.
  int64_t last_account() const { return std::ssize(first_) - 2; }

  // What it takes, about.
  int64_t bytes() const { return std::ssize(first_) * 4 + std::ssize(numbers_) * 4 + std::ssize(groups_) * 64; }

  int64_t unit_count() const { return std::ssize(unit_digests_); }

  // Digests: equal where the accounts and groups are. Of everything, and of one unit of accounts.
  uint64_t digest() const { return digest_; }
  uint64_t UnitDigest(int64_t unit) const { return unit_digests_[static_cast<size_t>(unit)]; }

 private:
  Scope() = default;
  void SetDigests();
  void AddLabelled(std::span<const uint32_t> of_account, size_t label, std::vector<uint32_t>* groups) const;
  void Combine(const Labels& labels, int64_t groups_max);

  std::vector<std::vector<std::string>> groups_ = {{}};
  std::vector<uint32_t> first_ = {0};  // position of each account's first number, by key
  std::vector<uint32_t> numbers_;
  // With labels: numbers of the groups of an account's group and a label, one group after the other.
  std::optional<ledger::Dimension> dimension_;
  bool whole_has_labels_ = false;
  size_t label_count_ = 0;
  std::vector<uint32_t> combined_;
  std::vector<uint64_t> unit_digests_;
  uint64_t digest_ = 0;
};

}  // namespace folio::indicators
