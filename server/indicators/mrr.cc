#include "server/account/revenue.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {
namespace {

// The twelfth of the sum, not the sum of rounded twelfths: twelve times MRR is ARR.
class MrrFold final : public Fold {
 public:
  void Add(const Sample& sample) override {
    arr_ += account::ArrOn(sample.view, sample.view.today);
    ++count_;
  }
  Figure Finish() const override { return {.micros = Twelfth(Saturated(arr_)), .account_count = count_}; }

 private:
  Int128 arr_ = 0;
  int64_t count_ = 0;
};

const Registrar kMrr({
    .id = "mrr",
    .name = "Monthly recurring revenue",
    .name_fr = "Revenu récurrent mensuel",
    .description = "ARR ÷ 12, rounded half to even to a millionth of the unit.",
    .description_fr = "ARR ÷ 12, arrondi au millionième de l'unité, le demi vers le pair.",
    .category = v1::INDICATOR_CATEGORY_BUSINESS,
    .unit = v1::INDICATOR_UNIT_MONEY,
    .inputs = {"accounts", "subscriptions"},
    .begin = Begin<MrrFold>,
});

}  // namespace
}  // namespace folio::indicators
