#include "server/portfolio/rule_filters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "server/account/revenue.h"
#include "server/base/error.h"
#include "server/base/money.h"
#include "server/portfolio/scores.h"

namespace folio::portfolio {

using account::View;
using model::Cell;
using model::FilterNode;

namespace {

using ScoreOf = RuleFilters::ScoreOf;

// --- Columns that are told of the day looked at ---

Cell ArrOf(const View& view, const ScoreOf&) { return account::ArrOn(view, view.today); }

Cell MrrOf(const View& view, const ScoreOf&) { return Twelfth(account::ArrOn(view, view.today)); }

Cell ArrYearAgoOf(const View& view, const ScoreOf&) {
  const account::Growth growth = account::GrowthOn(view, view.today);
  return growth.absence == account::GrowthAbsence::kTooYoung ? Cell() : Cell(growth.arr_then);
}

Cell GrowthOf(const View& view, const ScoreOf&) {
  const account::Growth growth = account::GrowthOn(view, view.today);
  return growth.absence == account::GrowthAbsence::kNone ? Cell(growth.value) : Cell();
}

Cell NextRenewalOf(const View& view, const ScoreOf&) {
  int8_t auto_renew = -1;
  const Day renewal = account::NextRenewal(view, &auto_renew);
  return renewal == kNoDay ? Cell() : Cell(int64_t{renewal});
}

Cell HealthOf(const View& view, const ScoreOf& score_of) {
  const scoring::Score score = score_of(view);
  return score.absent ? Cell() : Cell(int64_t{score.score});
}

Cell BandOf(const View& view, const ScoreOf& score_of) {
  const scoring::Score score = score_of(view);
  return score.absent ? Cell() : Cell(int64_t{score.band});
}

Cell HealthRawOf(const View& view, const ScoreOf& score_of) {
  const scoring::Score score = score_of(view);
  return score.absent ? Cell() : Cell(score.raw);
}

Cell CoverageOf(const View& view, const ScoreOf& score_of) { return score_of(view).coverage; }

Cell HealthTrendOf(const View& view, const ScoreOf& score_of) {
  View before = view;
  before.today = MonthBefore(view.today);
  const scoring::Score now = score_of(view);
  const scoring::Score then = score_of(before);
  return now.absent || then.absent ? Cell() : Cell(int64_t{now.score - then.score});
}

struct Dated {
  std::string_view column;
  Cell (*read)(const View&, const ScoreOf&);
};
constexpr std::array kDated = {Dated{"arr", ArrOf},
                               Dated{"mrr", MrrOf},
                               Dated{"arr_year_ago", ArrYearAgoOf},
                               Dated{"growth", GrowthOf},
                               Dated{"next_renewal", NextRenewalOf},
                               Dated{"health", HealthOf},
                               Dated{"band", BandOf},
                               Dated{"health_raw", HealthRawOf},
                               Dated{"coverage", CoverageOf},
                               Dated{"health_trend", HealthTrendOf}};

const Dated* FindDated(std::string_view column) {
  const auto* const found =
      std::find_if(kDated.begin(), kDated.end(), [column](const Dated& dated) { return dated.column == column; });
  return found == kDated.end() ? nullptr : &*found;
}

// What the portfolio tells of an account once its rules have been looked at, or beside them.
constexpr std::array<std::string_view, 9> kToldLater = {"risk",
                                                        "opportunity",
                                                        "risk_count",
                                                        "opportunity_count",
                                                        "risk_severity",
                                                        "opportunity_severity",
                                                        "opportunity_value",
                                                        "health_model",
                                                        "health_overridden"};

template <typename Number>
bool Compares(Number value, model::Operator op, Number literal) {
  switch (op) {
    case model::Operator::kEqual:
      return value == literal;
    case model::Operator::kNotEqual:
      return value != literal;
    case model::Operator::kLess:
      return value < literal;
    case model::Operator::kLessEqual:
      return value <= literal;
    case model::Operator::kGreater:
      return value > literal;
    case model::Operator::kGreaterEqual:
      return value >= literal;
    default:
      return true;  // it is there
  }
}

// As filters say it: what is missing matches no comparison.
bool Compares(const Cell& value, model::Operator op, const Cell& literal) {
  if (std::holds_alternative<std::monostate>(value)) return false;
  if (op == model::Operator::kPresent) return true;
  if (const auto* number = std::get_if<int64_t>(&value)) return Compares(*number, op, std::get<int64_t>(literal));
  return Compares(std::get<double>(value), op, std::get<double>(literal));
}

void CollectColumns(const FilterNode& node, const model::ColumnSet& columns, std::vector<std::string>* names) {
  if (node.kind == FilterNode::Kind::kCompare) names->push_back(columns.at(node.column).name);
  for (const FilterNode& child : node.children) CollectColumns(child, columns, names);
}

// Calls visit(path, text) for each filter of a rule.
template <typename Visit>
void VisitFilters(const v1::SignalRule& rule, Visit visit) {
  const auto of = [&visit](const auto& conditions, const std::string& path) {
    for (int i = 0; i < conditions.size(); ++i) {
      const std::string& filter = conditions.Get(i).filter();
      if (!filter.empty()) visit(fmt::format("{}[{}].filter", path, i), filter);
    }
  };
  of(rule.where(), "signal_rule.where");
  for (int i = 0; i < rule.alternatives_size(); ++i) {
    of(rule.alternatives(i).conditions(), fmt::format("signal_rule.alternatives[{}].conditions", i));
  }
}

// Faults of one filter.
void Check(const std::string& text, const std::string& path, const model::ColumnSet& columns,
           std::vector<error::Fault>* faults) {
  const auto filter = model::ParseFilter(text, columns);
  if (!filter.ok()) {
    for (error::Fault& fault : error::FaultsOf(filter.status())) {
      fault.field = path;
      faults->push_back(std::move(fault));
    }
    return;
  }
  std::vector<std::string> names;
  CollectColumns(filter->root, columns, &names);
  for (const std::string& name : names) {
    if (std::find(kToldLater.begin(), kToldLater.end(), name) == kToldLater.end()) continue;
    faults->push_back({path, "RULE_FILTER_COLUMN", {{"column", name}}});
    return;
  }
}

}  // namespace

absl::Status CheckRuleFilters(const v1::SignalRule& rule, const model::ColumnSet& columns) {
  std::vector<error::Fault> faults;
  VisitFilters(rule, [&](const std::string& path, const std::string& text) { Check(text, path, columns, &faults); });
  return faults.empty() ? absl::OkStatus() : error::InvalidFields(faults);
}

RuleFilters::RuleFilters(std::shared_ptr<const signals::RuleSet> rules, const model::ColumnSet& columns)
    : rules_(std::move(rules)), column_count_(columns.size()) {
  for (const std::string& text : rules_->filters()) {
    const auto filter = model::ParseFilter(text, columns);
    columns_read_.emplace_back();
    if (!filter.ok()) {
      roots_.push_back({.kind = FilterNode::Kind::kOr});
      continue;
    }
    CollectColumns(filter->root, columns, &columns_read_.back());
    roots_.push_back(NodeOf(filter->root, columns));
  }
}

RuleFilters::Node RuleFilters::NodeOf(const FilterNode& from, const model::ColumnSet& columns) {
  Node node{.kind = from.kind};
  for (const FilterNode& child : from.children) node.children.push_back(NodeOf(child, columns));
  if (from.kind != FilterNode::Kind::kCompare) return node;
  if (const Dated* dated = FindDated(columns.at(from.column).name); dated != nullptr) {
    node.column = dated->column;
    node.op = from.op;
    node.literal = from.literal;
    return node;
  }
  node.present = static_cast<int>(present_.size());
  present_.push_back({.root = from, .canonical = "", .warnings = {}});
  return node;
}

RuleFilters::Present RuleFilters::Look(const engine::Snapshot& snapshot,
                                       std::span<const engine::RowKey> accounts) const {
  Present present;
  present.reserve(present_.size());
  for (const model::Filter& comparison : present_) present.push_back(snapshot.Matches(comparison, accounts));
  return present;
}

bool RuleFilters::Holds(const Node& node, const View& view, const ScoreOf& score_of, const Present& present,
                        size_t position) {
  const auto holds = [&](const Node& child) { return Holds(child, view, score_of, present, position); };
  switch (node.kind) {
    case FilterNode::Kind::kAll:
      return true;
    case FilterNode::Kind::kAnd:
      return std::all_of(node.children.begin(), node.children.end(), holds);
    case FilterNode::Kind::kOr:
      return std::any_of(node.children.begin(), node.children.end(), holds);
    case FilterNode::Kind::kNot:
      return !holds(node.children.front());
    case FilterNode::Kind::kCompare:
      break;
  }
  if (node.present >= 0) return present[static_cast<size_t>(node.present)][position] != 0;
  return Compares(FindDated(node.column)->read(view, score_of), node.op, node.literal);
}

bool RuleFilters::OfAccount::Matches(int filter, const View& view, const ScoreOf& score_of) const {
  if (filters_ == nullptr) return false;
  return Holds(filters_->roots_[static_cast<size_t>(filter)], view, score_of, *present_, position_);
}

std::string RuleFilters::ReaderOf(std::string_view column) const {
  const auto filters = rules_->filters();
  for (const signals::Rule& rule : rules_->rules()) {
    bool reads = false;
    VisitFilters(rule.proto(), [&](const std::string&, const std::string& text) {
      const auto at = static_cast<size_t>(std::find(filters.begin(), filters.end(), text) - filters.begin());
      const std::vector<std::string>& names = columns_read_[at];
      reads = reads || std::find(names.begin(), names.end(), column) != names.end();
    });
    if (reads && rule.used()) return rule.id();
  }
  return "";
}

}  // namespace folio::portfolio
