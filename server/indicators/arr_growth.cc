#include "server/account/revenue.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {
namespace {

class GrowthFold final : public Fold {
 public:
  void Add(const Sample& sample) override {
    const account::Growth growth = account::GrowthOn(sample.view, sample.view.today);
    now_ += account::ArrOn(sample.view, sample.view.today);
    then_ += growth.arr_then;
    if (growth.absence != account::GrowthAbsence::kTooYoung) ++old_enough_;
    ++count_;
  }

  Figure Finish() const override {
    Figure figure{.numerator = UnitsOf(now_ - then_), .denominator = UnitsOf(then_), .account_count = count_};
    if (then_ != 0) {
      figure.number = static_cast<double>(now_ - then_) / static_cast<double>(then_);
    } else if (count_ == 0) {
      figure.absence = v1::ABSENCE_NO_DATA;
    } else {
      figure.absence = old_enough_ == 0 ? v1::ABSENCE_TOO_YOUNG : v1::ABSENCE_NO_DENOMINATOR;
    }
    return figure;
  }

 private:
  Int128 now_ = 0;
  Int128 then_ = 0;
  int64_t old_enough_ = 0;  // accounts whose first revenue is at least twelve months old
  int64_t count_ = 0;
};

const Registrar kArrGrowth({
    .id = "arr_growth",
    .name = "Growth",
    .name_fr = "Évolution",
    .description = "(ARR on the day − ARR twelve months before) ÷ ARR twelve months before.",
    .description_fr = "(ARR du jour − ARR douze mois plus tôt) ÷ ARR douze mois plus tôt.",
    .category = v1::INDICATOR_CATEGORY_BUSINESS,
    .unit = v1::INDICATOR_UNIT_RATIO,
    .inputs = {"accounts", "subscriptions"},
    .begin = Begin<GrowthFold>,
});

}  // namespace
}  // namespace folio::indicators
