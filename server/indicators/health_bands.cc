// health_green_share, health_green_arr and so on: the accounts in each band of health, and what they are worth.
#include "server/indicators/bands.h"
#include "server/indicators/indicator.h"

namespace folio::indicators {
namespace {

template <Band band>
Figure Share(const BandMoves& sum, const Context&) {
  // The scores are all there are, so the share is no estimate.
  Figure figure = RatioOf(static_cast<double>(sum.In(band).accounts), static_cast<double>(sum.scored()), sum.scored(),
                          v1::ABSENCE_NO_DATA);
  for (const Band other : kScoredBands) figure.parts.push_back(PartNumber(static_cast<double>(sum.In(other).accounts)));
  return figure;
}

template <Band band>
Figure Arr(const BandMoves& sum, const Context&) {
  Figure figure{.sample_size = sum.scored()};
  for (const Band other : kScoredBands) figure.parts.push_back(PartMoney(sum.In(other).arr));
  figure.parts.push_back(PartMoney(sum.In(v1::HEALTH_BAND_UNSPECIFIED).arr));
  if (sum.scored() == 0) {
    figure.absence = v1::ABSENCE_NO_DATA;
    return figure;
  }
  figure.micros = PartMoney(sum.In(band).arr).micros;
  figure.numerator = UnitsOf(figure.micros);
  return figure;
}

Indicator InBand(Indicator indicator) {
  indicator.variant_of = "health";
  indicator.category = v1::INDICATOR_CATEGORY_PERCEPTION;
  indicator.timing = v1::INDICATOR_TIMING_END;
  return indicator;
}

Indicator ShareIn(Indicator indicator) {
  indicator.formula = "{numerator} ÷ {n}";
  indicator.unit = v1::INDICATOR_UNIT_RATIO;
  indicator.inputs = {"accounts", "healthHistory"};
  indicator.parts = {{"green", "Green accounts", "Comptes verts"},
                     {"yellow", "Yellow accounts", "Comptes jaunes"},
                     {"red", "Red accounts", "Comptes rouges"}};
  return InBand(std::move(indicator));
}

Indicator ArrIn(Indicator indicator) {
  constexpr v1::IndicatorUnit kMoney = v1::INDICATOR_UNIT_MONEY;
  indicator.formula = "{numerator}";
  indicator.unit = kMoney;
  indicator.additive = true;
  indicator.inputs = {"accounts", "subscriptions", "healthHistory"};
  indicator.parts = {{"green", "Green ARR", "ARR vert", kMoney},
                     {"yellow", "Yellow ARR", "ARR jaune", kMoney},
                     {"red", "Red ARR", "ARR rouge", kMoney},
                     {"unscored", "ARR without a score", "ARR sans score", kMoney}};
  return InBand(std::move(indicator));
}

const Registrar kGreenShare(ShareIn({
    .id = "health_green_share",
    .name = "Green accounts, share",
    .name_fr = "Comptes verts, part",
    .description = "Accounts that showed a green score at the end of the last day ÷ accounts that showed one.",
    .description_fr = "Comptes qui montraient un score vert à la fin du dernier jour ÷ comptes qui en montraient un.",
    .method = std::make_shared<AccountsMethod<BandMoves>>(Share<v1::HEALTH_BAND_GREEN>),
}));

const Registrar kYellowShare(ShareIn({
    .id = "health_yellow_share",
    .name = "Yellow accounts, share",
    .name_fr = "Comptes jaunes, part",
    .description = "Accounts that showed a yellow score at the end of the last day ÷ accounts that showed one.",
    .description_fr = "Comptes qui montraient un score jaune à la fin du dernier jour ÷ comptes qui en montraient un.",
    .higher_is_better = false,
    .method = std::make_shared<AccountsMethod<BandMoves>>(Share<v1::HEALTH_BAND_YELLOW>),
}));

const Registrar kRedShare(ShareIn({
    .id = "health_red_share",
    .name = "Red accounts, share",
    .name_fr = "Comptes rouges, part",
    .description = "Accounts that showed a red score at the end of the last day ÷ accounts that showed one.",
    .description_fr = "Comptes qui montraient un score rouge à la fin du dernier jour ÷ comptes qui en montraient un.",
    .higher_is_better = false,
    .method = std::make_shared<AccountsMethod<BandMoves>>(Share<v1::HEALTH_BAND_RED>),
}));

const Registrar kGreenArr(ArrIn({
    .id = "health_green_arr",
    .name = "Green accounts, ARR",
    .name_fr = "Comptes verts, ARR",
    .description = "ARR on the last day of the accounts that showed a green score at its end.",
    .description_fr = "ARR du dernier jour des comptes qui montraient un score vert à sa fin.",
    .method = std::make_shared<AccountsMethod<BandMoves>>(Arr<v1::HEALTH_BAND_GREEN>),
}));

const Registrar kYellowArr(ArrIn({
    .id = "health_yellow_arr",
    .name = "Yellow accounts, ARR",
    .name_fr = "Comptes jaunes, ARR",
    .description = "ARR on the last day of the accounts that showed a yellow score at its end.",
    .description_fr = "ARR du dernier jour des comptes qui montraient un score jaune à sa fin.",
    .higher_is_better = false,
    .method = std::make_shared<AccountsMethod<BandMoves>>(Arr<v1::HEALTH_BAND_YELLOW>),
}));

const Registrar kRedArr(ArrIn({
    .id = "health_red_arr",
    .name = "Red accounts, ARR",
    .name_fr = "Comptes rouges, ARR",
    .description = "ARR on the last day of the accounts that showed a red score at its end.",
    .description_fr = "ARR du dernier jour des comptes qui montraient un score rouge à sa fin.",
    .higher_is_better = false,
    .method = std::make_shared<AccountsMethod<BandMoves>>(Arr<v1::HEALTH_BAND_RED>),
}));

}  // namespace
}  // namespace folio::indicators
