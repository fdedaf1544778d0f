// Which scores look the same to all rules: an account whose health moves within one step needs no look at its signals.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "server/signals/rule.h"

namespace folio::signals {

// The health that rules read of an account: whole scores, 0 to 100, of a day and of the day a month before.
struct HealthPair {
  static constexpr int8_t kAbsent = -1;
  int8_t now = kAbsent;
  int8_t then = kAbsent;

  bool operator==(const HealthPair&) const = default;
};

class HealthSteps {
 public:
  // `days_between` is how far back `then` lies.
  HealthSteps(const RuleSet& rules, int days_between);

  // Whether no condition of any rule tells the two apart.
  bool LookTheSame(HealthPair a, HealthPair b) const;
  // By number, whether a rule has a condition of health.
  const std::vector<bool>& rules_of_health() const { return rules_of_health_; }

 private:
  static constexpr int kScores = 101;

  std::vector<bool> rules_of_health_;
  bool all_differ_ = false;  // a rule compares with other days
  // Steps of each score, and of each change from -100 to 100.
  std::array<int16_t, kScores> of_score_{};
  std::array<int16_t, 2 * kScores - 1> of_change_{};
};

}  // namespace folio::signals
