#include <algorithm>

#include "server/indicators/indicator.h"

namespace folio::indicators {
namespace {

// Whether an account was one on the day: since its contract or its first subscription, or since it was entered here.
bool ExistsOn(const account::View& view, Day day) {
  const auto begun = [day](Day start) { return start != kNoDay && start <= day; };
  return begun(view.created) || begun(view.contract_start) ||
         std::any_of(view.terms.begin(), view.terms.end(),
                     [&begun](const account::Term& term) { return begun(term.start); });
}

class AccountCountFold final : public Fold {
 public:
  void Add(const Sample& sample) override { count_ += ExistsOn(sample.view, sample.view.today) ? 1 : 0; }
  Figure Finish() const override { return {.number = static_cast<double>(count_), .account_count = count_}; }

 private:
  int64_t count_ = 0;
};

const Registrar kAccountCount({
    .id = "account_count",
    .name = "Accounts",
    .name_fr = "Comptes",
    .description = "Accounts that existed on the day: from their contract, first subscription or creation here on.",
    .description_fr =
        "Comptes existant ce jour-là : depuis leur contrat, leur premier abonnement ou leur création ici.",
    .category = v1::INDICATOR_CATEGORY_BUSINESS,
    .unit = v1::INDICATOR_UNIT_COUNT,
    .inputs = {"accounts", "subscriptions"},
    .begin = Begin<AccountCountFold>,
});

}  // namespace
}  // namespace folio::indicators
