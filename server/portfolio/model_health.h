// What the rules of signals cannot find out by themselves: an account's computed score under a model, on any day, and
// which filters it matches.
#pragma once

#include "server/portfolio/rule_filters.h"
#include "server/portfolio/scores.h"
#include "server/scoring/score.h"
#include "server/signals/figure.h"

namespace folio::portfolio {

class ModelHealth final : public signals::AccountSource {
 public:
  // `model`, and what `filters` borrows, must outlive it. `known` are scores of the account that need not be computed
  // again. Without filters it matches none.
  explicit ModelHealth(const scoring::Model& model, const ScoredDays& known = {},
                       const RuleFilters::OfAccount& filters = {})
      : model_(model), known_(known), filters_(filters) {}

  measures::Reading HealthOn(const account::View& view) const override {
    const scoring::Score score = ScoreOn(view);
    if (score.absent) return {};
    return {static_cast<double>(score.score), v1::ABSENCE_UNSPECIFIED, 0};
  }

  bool Matches(int filter, const account::View& view) const override {
    return filters_.Matches(filter, view, [this](const account::View& on) { return ScoreOn(on); });
  }

 private:
  scoring::Score ScoreOn(const account::View& view) const {
    if (view.today == known_.today) return known_.now;
    if (view.today == known_.month_ago) return known_.then;
    return model_.Run(view, nullptr);
  }

  const scoring::Model& model_;
  const ScoredDays known_;
  const RuleFilters::OfAccount filters_;
};

}  // namespace folio::portfolio
