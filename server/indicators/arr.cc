#include "server/account/revenue.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {
namespace {

class ArrFold final : public Fold {
 public:
  void Add(const Sample& sample) override {
    sum_ += account::ArrOn(sample.view, sample.view.today);
    ++count_;
  }
  Figure Finish() const override { return {.micros = Saturated(sum_), .account_count = count_}; }

 private:
  Int128 sum_ = 0;
  int64_t count_ = 0;
};

const Registrar kArr({
    .id = "arr",
    .name = "Annual recurring revenue",
    .name_fr = "Revenu récurrent annuel",
    .description = "Sum of the annual amounts of the subscriptions active on the day, trials left out.",
    .description_fr = "Somme des montants annuels des abonnements actifs ce jour-là, hors périodes d'essai.",
    .category = v1::INDICATOR_CATEGORY_BUSINESS,
    .unit = v1::INDICATOR_UNIT_MONEY,
    .inputs = {"accounts", "subscriptions"},
    .begin = Begin<ArrFold>,
});

}  // namespace
}  // namespace folio::indicators
