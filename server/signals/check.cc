// CheckRule: every fault of a rule, with its path.
#include <cmath>
#include <set>
#include <utility>

#include "fmt/format.h"
#include "google/protobuf/util/message_differencer.h"
#include "server/base/error.h"
#include "server/base/error_template.h"
#include "server/signals/rule.h"

namespace folio::signals {
namespace {

using google::protobuf::util::MessageDifferencer;

bool IsUpward(v1::Comparison comparison) {
  return comparison == v1::COMPARISON_AT_LEAST || comparison == v1::COMPARISON_ABOVE;
}

// Brackets and braces of a sentence: in pairs, brackets around braces, and neither within its own kind.
bool IsWellFormed(std::string_view sentence) {
  bool in_part = false;
  bool in_figure = false;
  for (const char c : sentence) {
    if (c == '[' && (in_part || in_figure)) return false;
    if (c == ']' && (!in_part || in_figure)) return false;
    if (c == '{' && in_figure) return false;
    if (c == '}' && !in_figure) return false;
    if (c == '[' || c == ']') in_part = c == '[';
    if (c == '{' || c == '}') in_figure = c == '{';
  }
  return !in_part && !in_figure;
}

class Checker {
 public:
  std::vector<error::Fault> Check(const v1::SignalRule& rule) {
    const std::string path = "signal_rule";
    for (int i = 0; i < rule.where_size(); ++i) CheckCondition(rule.where(i), fmt::format("{}.where[{}]", path, i));
    if (rule.alternatives().empty()) Add(path + ".alternatives", "RULE_EMPTY");
    for (int i = 0; i < rule.alternatives_size(); ++i) {
      CheckAlternative(rule.alternatives(i), fmt::format("{}.alternatives[{}]", path, i));
    }
    CheckValue(rule, path);
    return std::move(faults_);
  }

 private:
  void CheckAlternative(const v1::SignalAlternative& alternative, const std::string& path) {
    if (alternative.conditions().empty()) Add(path + ".conditions", "RULE_EMPTY");
    for (int i = 0; i < alternative.conditions_size(); ++i) {
      CheckCondition(alternative.conditions(i), fmt::format("{}.conditions[{}]", path, i));
    }
    std::set<std::string> ids;
    for (int i = 0; i < alternative.evidence_size(); ++i) {
      const v1::SignalFigure& figure = alternative.evidence(i);
      const std::string here = fmt::format("{}.evidence[{}]", path, i);
      if (!ids.insert(figure.id()).second) Add(here + ".id", "RULE_FIGURE", {{"value", figure.id()}});
      CheckMeasure(figure.measure(), figure.window_days(), here);
    }
    CheckSentence(alternative.summary(), ids, path + ".summary");
    CheckSentence(alternative.summary_fr(), ids, path + ".summary_fr");
  }

  void CheckCondition(const v1::SignalCondition& condition, const std::string& path) {
    if (!condition.filter().empty()) {
      v1::SignalCondition alone;
      alone.set_filter(condition.filter());
      alone.set_reason(condition.reason());
      if (!MessageDifferencer::Equals(alone, condition)) Add(path + ".filter", "RULE_FILTER_ALONE");
      return;
    }
    if (condition.measure().empty()) {
      Add(path + ".measure", "FIELD_REQUIRED");
      return;
    }
    if (condition.comparison() == v1::COMPARISON_UNSPECIFIED) Add(path + ".comparison", "FIELD_REQUIRED");
    CheckMeasure(condition.measure(), condition.window_days(), path);
    CheckThreshold(condition.threshold(), path + ".threshold");
    const bool upward = IsUpward(condition.comparison());
    if (condition.has_exit()) {
      CheckThreshold(condition.exit(), path + ".exit");
      const bool beyond = upward ? condition.exit() > condition.threshold() : condition.exit() < condition.threshold();
      if (beyond) {
        Add(path + ".exit", "RULE_EXIT",
            {{"value", fmt::format("{:g}", condition.exit())}, {"other", fmt::format("{:g}", condition.threshold())}});
      }
    }
    double threshold = condition.threshold();
    int severity = 0;
    for (int i = 0; i < condition.grades_size(); ++i) {
      const v1::SignalGrade& grade = condition.grades(i);
      const std::string here = fmt::format("{}.grades[{}]", path, i);
      CheckThreshold(grade.threshold(), here + ".threshold");
      const bool in_order = upward ? grade.threshold() >= threshold : grade.threshold() <= threshold;
      if (!in_order || grade.severity() <= severity) {
        Add(here, "RULE_GRADE_ORDER", {{"value", fmt::format("{:g}", grade.threshold())}});
      }
      threshold = grade.threshold();
      severity = grade.severity();
    }
  }

  void CheckMeasure(const std::string& name, int window_days, const std::string& path) {
    const measures::Measure* measure = FindRuleMeasure(name);
    if (measure == nullptr) {
      Add(path + ".measure", "RULE_MEASURE_UNKNOWN", {{"name", name}, {"nearest", NearestRuleMeasure(name)}});
      return;
    }
    const int longest = measure->default_window_days == 0 ? 0 : kWindowDaysMax;
    if (window_days >= 0 && window_days <= longest) return;
    Add(path + ".window_days", "RULE_WINDOW",
        {{"value", std::to_string(window_days)}, {"minimum", "0"}, {"maximum", std::to_string(longest)}});
  }

  void CheckThreshold(double threshold, const std::string& path) {
    if (!std::isfinite(threshold)) Add(path, "RULE_THRESHOLD");
  }

  void CheckSentence(const std::string& sentence, const std::set<std::string>& ids, const std::string& path) {
    if (!IsWellFormed(sentence)) {
      Add(path, "RULE_SENTENCE");
      return;
    }
    for (const std::string& name : error::PlaceholdersOf(sentence)) {
      if (!ids.contains(name)) Add(path, "RULE_SENTENCE", {{"name", name}});
    }
  }

  void CheckValue(const v1::SignalRule& rule, const std::string& path) {
    if (rule.expected_value() == v1::EXPECTED_VALUE_UNSPECIFIED) return;
    if (rule.kind() != v1::SIGNAL_KIND_OPPORTUNITY) Add(path + ".expected_value", "RULE_VALUE");
    const bool share = rule.expected_value() == v1::EXPECTED_VALUE_ARR_SHARE;
    if (share && rule.expected_share() == 0) Add(path + ".expected_share", "FIELD_REQUIRED");
    const bool seats = rule.expected_value() == v1::EXPECTED_VALUE_SEATS;
    if (seats && rule.expected_share() > 1) {
      Add(path + ".expected_share", "FIELD_OUT_OF_RANGE", {{"minimum", "0"}, {"maximum", "1"}});
    }
  }

  void Add(std::string field, std::string reason, std::vector<error::Detail> details = {}) {
    std::erase_if(details, [](const error::Detail& detail) { return detail.second.empty(); });
    faults_.push_back({std::move(field), std::move(reason), std::move(details)});
  }

  std::vector<error::Fault> faults_;
};

}  // namespace

absl::Status CheckRule(const v1::SignalRule& rule) {
  const std::vector<error::Fault> faults = Checker().Check(rule);
  return faults.empty() ? absl::OkStatus() : error::InvalidFields(faults);
}

}  // namespace folio::signals
