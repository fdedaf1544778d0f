#include "server/account/revenue.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {
namespace {

class PayingFold final : public Fold {
 public:
  void Add(const Sample& sample) override { count_ += account::ArrOn(sample.view, sample.view.today) > 0 ? 1 : 0; }
  Figure Finish() const override { return {.number = static_cast<double>(count_), .account_count = count_}; }

 private:
  int64_t count_ = 0;
};

const Registrar kPayingAccountCount({
    .id = "paying_account_count",
    .name = "Paying accounts",
    .name_fr = "Comptes payants",
    .description = "Accounts whose ARR on the day is above 0.",
    .description_fr = "Comptes dont l'ARR est supérieur à 0 ce jour-là.",
    .category = v1::INDICATOR_CATEGORY_BUSINESS,
    .unit = v1::INDICATOR_UNIT_COUNT,
    .inputs = {"accounts", "subscriptions"},
    .begin = Begin<PayingFold>,
});

}  // namespace
}  // namespace folio::indicators
