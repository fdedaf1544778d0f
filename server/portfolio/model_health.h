// What the rules of signals cannot find out by themselves: an account's computed score under a model, on any day, and
// which filters it matches.
#pragma once

#include "server/portfolio/rule_filters.h"
#include "server/portfolio/scores.h"
#include "server/scoring/day_scores.h"
#include "server/signals/figure.h"

namespace folio::portfolio {

class HealthSource : public signals::AccountSource {
 public:
  measures::Reading HealthOn(const account::View& view) const final {
    const scoring::Score score = ScoreOn(view);
    if (score.absent) return {};
    return {static_cast<double>(score.score), v1::ABSENCE_UNSPECIFIED, 0};
  }

  bool Matches(int filter, const account::View& view) const final {
    return filters_.Matches(filter, view, [this](const account::View& on) { return ScoreOn(on); });
  }

 protected:
  // What `filters` borrows must outlive it. Without filters it matches none.
  explicit HealthSource(const RuleFilters::OfAccount& filters) : filters_(filters) {}

 private:
  virtual scoring::Score ScoreOn(const account::View& view) const = 0;

  const RuleFilters::OfAccount filters_;
};

// For whoever asks of today and a month ago.
class ModelHealth final : public HealthSource {
 public:
  // `model` must outlive it. `known` are scores of the account that need not be computed again.
  ModelHealth(const scoring::Model& model, const ScoredDays& known, const RuleFilters::OfAccount& filters = {})
      : HealthSource(filters), model_(model), known_(known) {}

 private:
  scoring::Score ScoreOn(const account::View& view) const override {
    if (view.today == known_.today) return known_.now;
    if (view.today == known_.month_ago) return known_.then;
    return model_.Run(view, nullptr);
  }

  const scoring::Model& model_;
  const ScoredDays known_;
};

// For whoever asks of many days. Of one account, and not for use by two threads at once.
class PastHealth final : public HealthSource {
 public:
  // `model` must outlive it.
  PastHealth(const scoring::Model& model, const RuleFilters::OfAccount& filters)
      : HealthSource(filters), scores_(model) {}

 private:
  scoring::Score ScoreOn(const account::View& view) const override { return scores_.On(view); }

  mutable scoring::DayScores scores_;
};

}  // namespace folio::portfolio
