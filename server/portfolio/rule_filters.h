// Filters among the conditions of rules of signals.
//
// What moves from day to day without a change of the account (revenue, the next renewal, the computed score) is told of
// the day that is looked at, so that a dry run sees the past as it was. All other columns have no history, and are read
// as they are now.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "folio/v1/signal_rule.pb.h"
#include "server/account/view.h"
#include "server/engine/table.h"
#include "server/model/filter.h"
#include "server/scoring/score.h"
#include "server/signals/rule.h"

namespace folio::portfolio {

// INVALID_ARGUMENT on the path of each filter: what ParseFilter finds, and RULE_FILTER_COLUMN where it reads what is
// told only after the rules of signals.
absl::Status CheckRuleFilters(const v1::SignalRule& rule, const model::ColumnSet& columns);

// The filters of a set of rules, ready to be asked. Immutable.
class RuleFilters {
 public:
  // The computed score of an account on the day of a view.
  using ScoreOf = std::function<scoring::Score(const account::View&)>;

  // What columns without a history say of some accounts: a byte for each comparison and account.
  using Present = std::vector<std::vector<uint8_t>>;

  // One account's part of it: valid as long as both are.
  class OfAccount {
   public:
    OfAccount() = default;
    OfAccount(const RuleFilters& filters, const Present& present, size_t position)
        : filters_(&filters), present_(&present), position_(position) {}

    // Whether the account matches a filter of the set on the day of the view.
    bool Matches(int filter, const account::View& view, const ScoreOf& score_of) const;

   private:
    const RuleFilters* filters_ = nullptr;
    const Present* present_ = nullptr;
    size_t position_ = 0;
  };

  // A filter that cannot be read any more matches nothing.
  RuleFilters(std::shared_ptr<const signals::RuleSet> rules, const model::ColumnSet& columns);

  const std::shared_ptr<const signals::RuleSet>& rules() const { return rules_; }
  bool empty() const { return roots_.empty(); }
  // How many columns there were: with more, filters may say more.
  int column_count() const { return column_count_; }

  // `accounts` by ascending key.
  Present Look(const engine::Snapshot& snapshot, std::span<const engine::RowKey> accounts) const;

  // The id of a rule in use that reads a column; empty where none does.
  std::string ReaderOf(std::string_view column) const;

 private:
  // A comparison is either of a figure of the day, or at a position among those of the present.
  struct Node {
    model::FilterNode::Kind kind = model::FilterNode::Kind::kAll;
    std::vector<Node> children;
    int present = -1;
    std::string_view column;
    model::Operator op = model::Operator::kEqual;
    model::Cell literal;
  };

  Node NodeOf(const model::FilterNode& from, const model::ColumnSet& columns);
  static bool Holds(const Node& node, const account::View& view, const ScoreOf& score_of, const Present& present,
                    size_t position);

  const std::shared_ptr<const signals::RuleSet> rules_;
  const int column_count_;
  std::vector<Node> roots_;             // by position in rules_->filters(); kOr of nothing where it cannot be read
  std::vector<model::Filter> present_;  // each a single comparison
  std::vector<std::vector<std::string>> columns_read_;  // by filter
};

}  // namespace folio::portfolio
