#include <algorithm>

#include "server/base/error.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {
namespace {

struct Scored {
  double sum = 0;
  int64_t count = 0;
};

// A mean of scores. The scores are all there are, so the mean is no estimate.
Figure MeanOf(const Scored& scored) {
  Figure figure{.numerator = scored.sum, .denominator = static_cast<double>(scored.count), .sample_size = scored.count};
  if (scored.count == 0) {
    figure.absence = v1::ABSENCE_NO_DATA;
  } else {
    figure.number = scored.sum / figure.denominator;
  }
  return figure;
}

// Scores each account on the last day of each period.
class HealthMethod final : public Method {
 public:
  Figures Compute(const Question& question) const override {
    if (question.in_the_past) {
      const Figure fault{.fault = error::Precondition("AS_OF_UNKNOWN", {{"name", "health"}})};
      return Figures(question.periods.size(), std::vector<Figure>(question.scope.group_count(), fault));
    }
    std::vector<std::vector<Scored>> sums(question.periods.size(), std::vector<Scored>(question.scope.group_count()));
    for (int64_t account = 1; account <= question.scope.last_account(); ++account) {
      const std::span<const uint32_t> groups = question.scope.Of(account);
      if (groups.empty()) continue;
      for (size_t p = 0; p < sums.size(); ++p) {
        const scoring::Score score = ScoreOn(question, account, question.periods[p].last_day);
        if (score.absent) continue;
        for (const uint32_t group : groups) {
          sums[p][group].sum += score.raw;
          ++sums[p][group].count;
        }
      }
    }
    Figures figures;
    for (const std::vector<Scored>& row : sums) {
      std::vector<Figure>& means = figures.emplace_back();
      for (const Scored& scored : row) means.push_back(MeanOf(scored));
    }
    return figures;
  }

  std::vector<Contribution> ContributionsTo(const Question& question, uint32_t group) const override {
    std::vector<Contribution> contributions;
    if (question.in_the_past) return contributions;
    for (int64_t account = 1; account <= question.scope.last_account(); ++account) {
      const std::span<const uint32_t> groups = question.scope.Of(account);
      if (std::find(groups.begin(), groups.end(), group) == groups.end()) continue;
      const scoring::Score score = ScoreOn(question, account, question.periods.front().last_day);
      if (!score.absent) contributions.push_back({.account = account, .figure = MeanOf({score.raw, 1})});
    }
    return contributions;
  }

 private:
  static scoring::Score ScoreOn(const Question& question, int64_t account, Day day) {
    const portfolio::ModelVersionPtr model = question.portfolio.ModelOf(question.rows.now, account);
    scoring::Score score;
    score.absent = true;
    question.portfolio.Show(account, day,
                            [&](const account::View& view) { score = model->scoring.Run(view, nullptr); });
    return score;
  }
};

const Registrar kHealth({
    .id = "health",
    .name = "Health score",
    .name_fr = "Score de santé",
    .description = "Mean of the raw health scores of the accounts that have one, under the model in use today.",
    .description_fr = "Moyenne des scores de santé bruts des comptes qui en ont un, selon le modèle en vigueur.",
    .formula = "{numerator} ÷ {n}",
    .category = v1::INDICATOR_CATEGORY_PERCEPTION,
    .unit = v1::INDICATOR_UNIT_POINTS,
    .timing = v1::INDICATOR_TIMING_END,
    .inputs = {"accounts", "subscriptions", "contacts", "facts", "healthModels"},
    .method = std::make_shared<HealthMethod>(),
});

}  // namespace
}  // namespace folio::indicators
