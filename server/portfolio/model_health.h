// Health for the rules of signals: an account's computed score under a model, on any day.
#pragma once

#include "server/portfolio/scores.h"
#include "server/scoring/score.h"
#include "server/signals/figure.h"

namespace folio::portfolio {

class ModelHealth final : public signals::HealthSource {
 public:
  // `model` must outlive it. `known` are scores of the account that need not be computed again.
  explicit ModelHealth(const scoring::Model& model, const ScoredDays& known = {}) : model_(model), known_(known) {}

  measures::Reading HealthOn(const account::View& view) const override {
    if (view.today == known_.today) return ReadingOf(known_.now);
    if (view.today == known_.month_ago) return ReadingOf(known_.then);
    return ReadingOf(model_.Run(view, nullptr));
  }

 private:
  static measures::Reading ReadingOf(const scoring::Score& score) {
    if (score.absent) return {};
    return {static_cast<double>(score.score), v1::ABSENCE_UNSPECIFIED, 0};
  }

  const scoring::Model& model_;
  const ScoredDays known_;
};

}  // namespace folio::portfolio
