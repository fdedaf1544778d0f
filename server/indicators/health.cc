#include "server/indicators/indicator.h"

namespace folio::indicators {
namespace {

class HealthFold final : public Fold {
 public:
  void Add(const Sample& sample) override {
    const scoring::Score score = sample.model.Run(sample.view, nullptr);
    if (score.absent) return;
    sum_ += score.raw;
    ++scored_;
  }

  Figure Finish() const override {
    Figure figure{.numerator = sum_, .denominator = static_cast<double>(scored_), .account_count = scored_};
    if (scored_ == 0) {
      figure.absence = v1::ABSENCE_NO_DATA;
    } else {
      figure.number = sum_ / static_cast<double>(scored_);
    }
    return figure;
  }

 private:
  double sum_ = 0;
  int64_t scored_ = 0;
};

const Registrar kHealth({
    .id = "health",
    .name = "Health score",
    .name_fr = "Score de santé",
    .description = "Mean of the raw health scores of the accounts that have one, under the model in use today.",
    .description_fr = "Moyenne des scores de santé bruts des comptes qui en ont un, selon le modèle en vigueur.",
    .category = v1::INDICATOR_CATEGORY_PERCEPTION,
    .unit = v1::INDICATOR_UNIT_POINTS,
    .inputs = {"accounts", "subscriptions", "contacts", "facts", "healthModels"},
    .begin = Begin<HealthFold>,
});

}  // namespace
}  // namespace folio::indicators
