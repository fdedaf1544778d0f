// Figures of several sums: each indicator of this kind brings two functions of its own.
#pragma once

#include <vector>

#include "server/indicators/method.h"

namespace folio::indicators {

// A figure for each period and group: `of(period, group)`, both by number.
template <typename Of>
Figures EachFigure(const Question& question, Of of) {
  Figures figures;
  for (size_t period = 0; period < question.periods.size(); ++period) {
    std::vector<Figure>& row = figures.emplace_back();
    for (uint32_t group = 0; group < question.scope.group_count(); ++group) row.push_back(of(period, group));
  }
  return figures;
}

class FunctionMethod final : public Method {
 public:
  using Computation = Figures (*)(const Question& question);
  using Contributors = std::vector<Contribution> (*)(const Question& question, uint32_t group);
  FunctionMethod(Computation compute, Contributors contributors) : compute_(compute), contributors_(contributors) {}

  Figures Compute(const Question& question) const override { return compute_(question); }
  std::vector<Contribution> ContributionsTo(const Question& question, uint32_t group) const override {
    return contributors_(question, group);
  }

 private:
  const Computation compute_;
  const Contributors contributors_;
};

}  // namespace folio::indicators
