// A rule of signals, checked and ready to run, and a set of them.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "folio/v1/signal_rule.pb.h"
#include "server/base/money.h"
#include "server/signals/figure.h"

namespace folio::signals {

inline constexpr int kWindowDaysMax = 3660;
// Rules of a workspace, the library's among them: each is looked at for every account at every change.
inline constexpr int kRulesMax = 200;
// Share of used seats that EXPECTED_VALUE_SEATS goes back to where a rule does not say.
inline constexpr double kSeatShareDefault = 0.8;

// What a rule says of an account on a day; UNSPECIFIED for nothing.
struct Verdict {
  v1::SignalSeverity begins = v1::SIGNAL_SEVERITY_UNSPECIFIED;  // for one that is not a signal yet
  v1::SignalSeverity stays = v1::SIGNAL_SEVERITY_UNSPECIFIED;   // for one that is: never less than `begins`
};

// Whether a figure fulfils a comparison, with some tolerance for what rounding does to it.
bool Compares(double value, v1::Comparison comparison, double threshold);

// A rule over the figures of a Sheet. Callable from any thread.
class Rule {
 public:
  // A comparison, with the position of its figure. A filter is one that is to be at least 1.
  struct Condition {
    int figure = 0;
    v1::Comparison comparison = v1::COMPARISON_UNSPECIFIED;
    double threshold = 0;
    double exit = 0;
    bool holds_where_missing = false;
    std::vector<std::pair<double, v1::SignalSeverity>> grades;
  };
  struct Alternative {
    std::vector<Condition> conditions;
    v1::SignalSeverity severity = v1::SIGNAL_SEVERITY_UNSPECIFIED;
    std::vector<int> evidence;  // figures, as the alternative of the message has them
  };

  const std::string& id() const { return id_; }
  v1::SignalKind kind() const { return proto_.kind(); }
  bool used() const { return used_; }
  int cool_down_days() const { return proto_.cool_down_days(); }
  const v1::SignalRule& proto() const { return proto_; }
  std::span<const Alternative> alternatives() const { return alternatives_; }
  std::span<const Condition> where() const { return where_; }

  Verdict Judge(Sheet& sheet) const;
  // Whether an alternative stays, given that `where` does.
  static bool Stays(const Alternative& alternative, Sheet& sheet);

  // What an opportunity of this rule may bring in a year; nothing where that cannot be computed.
  std::optional<Micros> ExpectedValue(const account::View& view) const;

 private:
  friend class RuleSet;
  Rule(std::string id, v1::SignalRule proto, bool used, std::vector<Figure>* figures,
       std::vector<std::string>* filters);

  std::string id_;
  v1::SignalRule proto_;
  bool used_;  // false: disabled or deleted
  std::vector<Condition> where_;
  std::vector<Alternative> alternatives_;
};

// INVALID_ARGUMENT with a fault for each wrong measure (with the nearest), window, threshold, grade, exit or sentence;
// paths begin with "signal_rule". Reasons: RULE_EMPTY, RULE_MEASURE_UNKNOWN, RULE_WINDOW, RULE_THRESHOLD,
// RULE_GRADE_ORDER, RULE_EXIT, RULE_FIGURE, RULE_SENTENCE, RULE_VALUE, RULE_FILTER_ALONE. Does not read filters.
absl::Status CheckRule(const v1::SignalRule& rule);

// The built-in rules, in risks.textproto and opportunities.textproto of this folder, compiled into the program.
std::span<const v1::SignalRule> Library();
// nullptr where the library has none of that id.
const v1::SignalRule* FindInLibrary(std::string_view id);

// The id in "signalRules/{signal_rule}"; empty where the name is no such name.
std::string_view RuleIdOf(std::string_view name);

// The rules in use, by number. A rule keeps its number for as long as the program runs; numbers are never used again.
// Immutable; a change makes another set.
class RuleSet {
 public:
  // The library.
  static std::shared_ptr<const RuleSet> Default();
  // One rule alone, as number 0; CheckRule must accept it.
  static std::shared_ptr<const RuleSet> Of(const v1::SignalRule& rule);

  // This set with a rule put in the place of the one with its id, or added; CheckRule must accept it.
  std::shared_ptr<const RuleSet> With(const v1::SignalRule& rule) const;
  // This set without a stored rule: the library's of the same id is back, or the rule is used no more.
  std::shared_ptr<const RuleSet> Without(std::string_view id) const;

  std::span<const Rule> rules() const { return rules_; }
  const Rule& at(int number) const { return rules_[static_cast<size_t>(number)]; }
  // -1 where there is none; rules that were deleted are found too.
  int Find(std::string_view id) const;
  // Whether the rule of a number has not been deleted.
  bool Exists(int number) const { return entries_[static_cast<size_t>(number)].exists; }
  std::span<const Figure> figures() const { return figures_; }
  // The filters among the conditions of all rules, as text.
  std::span<const std::string> filters() const { return filters_; }
  Sheet NewSheet() const { return Sheet(figures_); }

 private:
  struct Entry {
    std::string id;
    v1::SignalRule rule;
    bool exists = true;
  };
  explicit RuleSet(std::vector<Entry> entries);

  std::vector<Entry> entries_;
  std::vector<Figure> figures_;
  std::vector<std::string> filters_;
  std::vector<Rule> rules_;
};

}  // namespace folio::signals
