#include "server/signals/health_steps.h"

#include <span>

namespace folio::signals {

namespace {

// Whether two neighbouring values fulfil the same comparisons of a condition.
bool Agree(const Rule::Condition& condition, double a, double b) {
  const auto agree = [&](double threshold) {
    return Compares(a, condition.comparison, threshold) == Compares(b, condition.comparison, threshold);
  };
  if (!agree(condition.threshold) || !agree(condition.exit)) return false;
  for (const auto& [threshold, grade] : condition.grades) {
    if (!agree(threshold)) return false;
  }
  return true;
}

// Numbers the steps of the values from `least` on: a new one begins where a condition tells a value from the one
// before.
void Number(const std::vector<Rule::Condition>& conditions, int least, std::span<int16_t> steps) {
  for (size_t i = 1; i < steps.size(); ++i) {
    const double value = least + static_cast<int>(i);
    bool same = true;
    for (const Rule::Condition& condition : conditions) same = same && Agree(condition, value - 1, value);
    steps[i] = static_cast<int16_t>(steps[i - 1] + (same ? 0 : 1));
  }
}

}  // namespace

HealthSteps::HealthSteps(const RuleSet& rules, int days_between) {
  std::vector<Rule::Condition> of_score;
  std::vector<Rule::Condition> of_change;
  const auto take = [&](std::span<const Rule::Condition> conditions) {
    for (const Rule::Condition& condition : conditions) {
      const Figure& figure = rules.figures()[static_cast<size_t>(condition.figure)];
      if (figure.measure == &HealthMeasures()[0]) of_score.push_back(condition);
      if (figure.measure != &HealthMeasures()[1]) continue;
      of_change.push_back(condition);
      all_differ_ = all_differ_ || figure.window_days != days_between;
    }
  };
  for (const Rule& rule : rules.rules()) {
    const size_t known = of_score.size() + of_change.size();
    if (rule.used()) {
      take(rule.where());
      for (const Rule::Alternative& alternative : rule.alternatives()) take(alternative.conditions);
    }
    rules_of_health_.push_back(of_score.size() + of_change.size() > known);
  }
  Number(of_score, 0, of_score_);
  Number(of_change, 1 - kScores, of_change_);
}

bool HealthSteps::LookTheSame(HealthPair a, HealthPair b) const {
  if (a == b) return true;
  if (all_differ_) return false;
  constexpr int8_t kAbsent = HealthPair::kAbsent;
  if ((a.now == kAbsent) != (b.now == kAbsent) || (a.then == kAbsent) != (b.then == kAbsent)) return false;
  const auto score_of = [this](HealthPair pair) { return of_score_[static_cast<size_t>(pair.now)]; };
  const auto change_of = [this](HealthPair pair) {
    return of_change_[static_cast<size_t>(pair.now - pair.then + kScores - 1)];
  };
  if (a.now != kAbsent && score_of(a) != score_of(b)) return false;
  return a.now == kAbsent || a.then == kAbsent || change_of(a) == change_of(b);
}

}  // namespace folio::signals
