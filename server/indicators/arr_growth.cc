#include "server/account/revenue.h"
#include "server/indicators/accounts_method.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {
namespace {

// ARR on the last day of a period, and twelve months before.
struct Year {
  static constexpr std::string_view kId = "arr_year";

  struct Reading {
    Micros now = 0;
    Micros then = 0;
    bool too_young = false;
  };
  static Reading Read(const account::View& view, const Period& period) {
    const account::Growth growth = account::GrowthOn(view, period.last_day);
    return {account::ArrOn(view, period.last_day), growth.arr_then,
            growth.absence == account::GrowthAbsence::kTooYoung};
  }
  void Add(const Reading& reading) {
    now += reading.now;
    then += reading.then;
    ++accounts;
    if (!reading.too_young) ++old_enough;
  }
  void Merge(const Year& other) {
    now += other.now;
    then += other.then;
    accounts += other.accounts;
    old_enough += other.old_enough;
  }

  Int128 now = 0;
  Int128 then = 0;
  int64_t accounts = 0;
  int64_t old_enough = 0;  // accounts whose first revenue is at least twelve months old
};

Figure Absolute(const Year& sum, const Context&) {
  const PartValue change = PartMoney(sum.now - sum.then);
  Figure figure{.micros = change.micros, .numerator = UnitsOf(change.micros), .sample_size = sum.accounts};
  figure.parts = {PartMoney(sum.now), PartMoney(sum.then)};
  return figure;
}

Figure Relative(const Year& sum, const Context& context) {
  Figure figure = Absolute(sum, context);
  figure.micros = 0;
  figure.denominator = UnitsOf(sum.then);
  if (sum.then != 0) {
    figure.number = static_cast<double>(sum.now - sum.then) / static_cast<double>(sum.then);
  } else if (sum.accounts == 0) {
    figure.absence = v1::ABSENCE_NO_DATA;
  } else {
    figure.absence = sum.old_enough == 0 ? v1::ABSENCE_TOO_YOUNG : v1::ABSENCE_NO_DENOMINATOR;
  }
  return figure;
}

Indicator Growth(Indicator indicator) {
  indicator.category = v1::INDICATOR_CATEGORY_BUSINESS;
  indicator.timing = v1::INDICATOR_TIMING_END;
  indicator.inputs = {"accounts", "subscriptions"};
  indicator.parts = {{"now", "ARR on the last day", "ARR le dernier jour", v1::INDICATOR_UNIT_MONEY},
                     {"then", "ARR twelve months before", "ARR douze mois plus tôt", v1::INDICATOR_UNIT_MONEY}};
  return indicator;
}

const Registrar kArrGrowth(Growth({
    .id = "arr_growth",
    .name = "Growth",
    .name_fr = "Évolution",
    .description = "(ARR on the last day − ARR twelve months before) ÷ ARR twelve months before.",
    .description_fr = "(ARR du dernier jour − ARR douze mois plus tôt) ÷ ARR douze mois plus tôt.",
    .formula = "({now} − {then}) ÷ {then}",
    .unit = v1::INDICATOR_UNIT_RATIO,
    .method = std::make_shared<AccountsMethod<Year>>(Relative),
}));

const Registrar kArrGrowthAbsolute(Growth({
    .id = "arr_growth_absolute",
    .variant_of = "arr_growth",
    .name = "Growth, amount",
    .name_fr = "Évolution, montant",
    .description = "ARR on the last day − ARR twelve months before.",
    .description_fr = "ARR du dernier jour − ARR douze mois plus tôt.",
    .formula = "{now} − {then}",
    .unit = v1::INDICATOR_UNIT_MONEY,
    .additive = true,
    .method = std::make_shared<AccountsMethod<Year>>(Absolute),
}));

}  // namespace
}  // namespace folio::indicators
