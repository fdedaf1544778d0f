#include "server/signals/rule.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "server/account/points.h"
#include "server/account/revenue.h"
#include "server/base/int128.h"

namespace folio::signals {
namespace {

using Condition = Rule::Condition;

// Days over which the users of seats are counted.
constexpr int kUsersWindowDays = 30;

// The position of something in a list, to which it is added where it is missing.
template <typename T>
int PositionIn(const T& wanted, std::vector<T>* all) {
  const auto known = std::find(all->begin(), all->end(), wanted);
  if (known != all->end()) return static_cast<int>(known - all->begin());
  all->push_back(wanted);
  return static_cast<int>(all->size()) - 1;
}

int PositionOf(const std::string& measure, int window_days, std::vector<Figure>* figures) {
  const measures::Measure* found = FindRuleMeasure(measure);
  return PositionIn({found, window_days > 0 ? window_days : found->default_window_days}, figures);
}

Condition ConditionOf(const v1::SignalCondition& from, std::vector<Figure>* figures,
                      std::vector<std::string>* filters) {
  if (!from.filter().empty()) {
    return {.figure = PositionIn({.filter = PositionIn(from.filter(), filters)}, figures),
            .comparison = v1::COMPARISON_AT_LEAST,
            .threshold = 1,
            .exit = 1};
  }
  Condition condition{.figure = PositionOf(from.measure(), from.window_days(), figures),
                      .comparison = from.comparison(),
                      .threshold = from.threshold(),
                      .exit = from.has_exit() ? from.exit() : from.threshold(),
                      .holds_where_missing = from.holds_where_missing()};
  for (const v1::SignalGrade& grade : from.grades()) {
    condition.grades.emplace_back(grade.threshold(), grade.severity());
  }
  return condition;
}

// Thresholds are written in decimals and figures are computed: 1 - 0.8 is to be a drop of 20 %.
constexpr double kDust = 1e-9;

bool Begins(const Condition& condition, Sheet& sheet) {
  const measures::Reading& reading = sheet.At(condition.figure);
  if (reading.missing()) return condition.holds_where_missing;
  return Compares(reading.value, condition.comparison, condition.threshold);
}

bool Stays(const Condition& condition, Sheet& sheet) {
  const measures::Reading& reading = sheet.At(condition.figure);
  if (reading.missing()) return condition.holds_where_missing;
  return Compares(reading.value, condition.comparison, condition.exit) ||
         Compares(reading.value, condition.comparison, condition.threshold);
}

bool AllBegin(const std::vector<Condition>& conditions, Sheet& sheet) {
  return std::all_of(conditions.begin(), conditions.end(), [&](const Condition& c) { return Begins(c, sheet); });
}

bool AllStay(const std::vector<Condition>& conditions, Sheet& sheet) {
  return std::all_of(conditions.begin(), conditions.end(), [&](const Condition& c) { return Stays(c, sheet); });
}

v1::SignalSeverity SeverityOf(const Rule::Alternative& alternative, Sheet& sheet) {
  v1::SignalSeverity severity = alternative.severity;
  for (const Condition& condition : alternative.conditions) {
    const measures::Reading& reading = sheet.At(condition.figure);
    if (reading.missing()) continue;
    for (const auto& [threshold, grade] : condition.grades) {
      if (Compares(reading.value, condition.comparison, threshold)) severity = std::max(severity, grade);
    }
  }
  return severity;
}

// 128 bits: ARR times seats can be more than 64 hold. Absent where the value itself is beyond what an amount can be.
std::optional<Micros> ValueOf(Int128 value) {
  if (value > kMaxMicros) return std::nullopt;
  return static_cast<Micros>(value);
}

// What the seats would bring that take the share of used ones back to `share`, at today's price of a seat.
std::optional<Micros> ValueOfSeats(const account::View& view, Micros arr, double share) {
  const auto points = account::PointsInLast(view, account::PointKind::kUser, kUsersWindowDays);
  const int64_t seats = points.empty() ? 0 : account::SeatsOn(view, view.today);
  if (seats <= 0) return std::nullopt;
  const auto users = static_cast<double>(account::DistinctUsers(points));
  if (users / static_cast<double>(seats) < share - kDust) return std::nullopt;
  const auto wanted = static_cast<int64_t>(std::ceil(users / share - kDust));
  return ValueOf(static_cast<Int128>(arr) * std::max<int64_t>(1, wanted - seats) / seats);
}

// What a measure of money tells over its own window.
std::optional<Micros> ValueOfMeasure(std::string_view name, const account::View& view) {
  const measures::Measure& measure = *measures::FindMeasure(name);
  const measures::Reading reading = measure.read(view, measure.default_window_days);
  if (reading.missing() || reading.value <= 0 || reading.value >= static_cast<double>(kMaxMicros) / kMicrosPerUnit) {
    return std::nullopt;
  }
  return std::llround(reading.value * kMicrosPerUnit);
}

}  // namespace

bool Compares(double value, v1::Comparison comparison, double threshold) {
  switch (comparison) {
    case v1::COMPARISON_AT_LEAST:
      return value >= threshold - kDust;
    case v1::COMPARISON_AT_MOST:
      return value <= threshold + kDust;
    case v1::COMPARISON_ABOVE:
      return value > threshold + kDust;
    case v1::COMPARISON_BELOW:
      return value < threshold - kDust;
    default:
      return false;
  }
}

Rule::Rule(std::string id, v1::SignalRule proto, bool used, std::vector<Figure>* figures,
           std::vector<std::string>* filters)
    : id_(std::move(id)), proto_(std::move(proto)), used_(used) {
  for (const v1::SignalCondition& condition : proto_.where()) {
    where_.push_back(ConditionOf(condition, figures, filters));
  }
  for (const v1::SignalAlternative& from : proto_.alternatives()) {
    Alternative& alternative = alternatives_.emplace_back();
    alternative.severity = from.severity();
    for (const v1::SignalCondition& condition : from.conditions()) {
      alternative.conditions.push_back(ConditionOf(condition, figures, filters));
    }
    for (const v1::SignalFigure& figure : from.evidence()) {
      alternative.evidence.push_back(PositionOf(figure.measure(), figure.window_days(), figures));
    }
  }
}

bool Rule::Stays(const Alternative& alternative, Sheet& sheet) { return AllStay(alternative.conditions, sheet); }

// What is most often false is asked first: the alternatives, whose conditions are the rule's own, before `where`, which
// most accounts fulfil.
Verdict Rule::Judge(Sheet& sheet) const {
  Verdict verdict;
  for (const Alternative& alternative : alternatives_) {
    if (!AllStay(alternative.conditions, sheet)) continue;
    const v1::SignalSeverity severity = SeverityOf(alternative, sheet);
    verdict.stays = std::max(verdict.stays, severity);
    if (AllBegin(alternative.conditions, sheet)) verdict.begins = std::max(verdict.begins, severity);
  }
  if (verdict.stays == v1::SIGNAL_SEVERITY_UNSPECIFIED || where_.empty()) return verdict;
  if (!AllStay(where_, sheet)) return {};
  if (!AllBegin(where_, sheet)) verdict.begins = v1::SIGNAL_SEVERITY_UNSPECIFIED;
  return verdict;
}

std::optional<Micros> Rule::ExpectedValue(const account::View& view) const {
  if (proto_.expected_value() == v1::EXPECTED_VALUE_UNSPECIFIED) return std::nullopt;
  if (proto_.expected_value() == v1::EXPECTED_VALUE_NEED) return ValueOfMeasure("need_amount", view);
  if (proto_.expected_value() == v1::EXPECTED_VALUE_BUDGET) return ValueOfMeasure("budget_amount", view);
  const Micros arr = account::ArrOn(view, view.today);
  if (arr <= 0) return std::nullopt;
  const double share = proto_.expected_share();
  if (proto_.expected_value() == v1::EXPECTED_VALUE_SEATS) {
    return ValueOfSeats(view, arr, share > 0 ? share : kSeatShareDefault);
  }
  return ValueOf(static_cast<Int128>(std::llround(static_cast<long double>(arr) * share)));
}

}  // namespace folio::signals
