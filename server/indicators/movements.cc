#include "server/indicators/movements.h"

#include <algorithm>

#include "server/account/revenue.h"

namespace folio::indicators {

namespace {

Movements::Step StepOf(const account::View& view, const Period& period, Micros opening, Micros closing) {
  using enum Movements::Step;
  if (opening == closing) return kNone;
  if (opening == 0) return account::FirstRevenueDay(view) >= period.start_day ? kNew : kReactivation;
  if (closing == 0) return kChurn;
  return closing > opening ? kExpansion : kContraction;
}

using ByCurrency = std::vector<std::pair<uint16_t, Movements::Reading>>;

Movements::Reading& PartIn(uint16_t currency, ByCurrency* parts) {
  const auto known = std::ranges::find(*parts, currency, &ByCurrency::value_type::first);
  return known != parts->end() ? known->second : parts->emplace_back(currency, Movements::Reading()).second;
}

}  // namespace

Movements::Reading Movements::Read(const account::View& view, const Period& period) {
  Reading reading{.opening = account::ArrOn(view, period.start_day - 1),
                  .closing = account::ArrOn(view, period.last_day)};
  reading.step = StepOf(view, period, reading.opening, reading.closing);
  reading.moved = reading.closing - reading.opening;
  return reading;
}

std::vector<std::pair<uint16_t, Movements::Reading>> Movements::SplitByCurrency(const account::View& view,
                                                                                const Period& period,
                                                                                const Reading& reading) {
  ByCurrency parts;
  for (const auto& [currency, arr] : account::ArrByCurrencyOn(view, period.start_day - 1)) {
    PartIn(currency, &parts).opening = arr;
  }
  for (const auto& [currency, arr] : account::ArrByCurrencyOn(view, period.last_day)) {
    PartIn(currency, &parts).closing = arr;
  }
  if (reading.moved == 0) return parts;
  const auto follows = [&reading](const Reading& part) {
    return part.closing != part.opening && (part.closing > part.opening) == (reading.moved > 0);
  };
  Int128 all = 0;
  for (const auto& [currency, part] : parts) all += follows(part) ? part.closing - part.opening : 0;
  // In proportion, each rounded so that they sum to the whole.
  Int128 so_far = 0;
  Micros told = 0;
  for (auto& [currency, part] : parts) {
    if (!follows(part)) continue;
    so_far += part.closing - part.opening;
    const auto sum = static_cast<Micros>(reading.moved * so_far / all);
    part.step = reading.step;
    part.moved = sum - std::exchange(told, sum);
  }
  return parts;
}

void Movements::Add(const Reading& reading) {
  opening += reading.opening;
  closing += reading.closing;
  between_currencies += reading.closing - reading.opening - reading.moved;
  ++accounts;
  if (reading.opening > 0) ++opening_customers;
  if (reading.closing > 0) ++closing_customers;
  switch (reading.step) {
    case Step::kNone:
      break;
    case Step::kNew:
      fresh += reading.moved;
      ++new_customers;
      break;
    case Step::kReactivation:
      reactivation += reading.moved;
      ++reactivated;
      break;
    case Step::kExpansion:
      expansion += reading.moved;
      ++expanded;
      break;
    case Step::kContraction:
      contraction -= reading.moved;
      ++contracted;
      break;
    case Step::kChurn:
      churn -= reading.moved;
      ++lost;
      break;
  }
}

void Movements::Merge(const Movements& other) {
  opening += other.opening;
  closing += other.closing;
  fresh += other.fresh;
  reactivation += other.reactivation;
  expansion += other.expansion;
  contraction += other.contraction;
  churn += other.churn;
  between_currencies += other.between_currencies;
  accounts += other.accounts;
  opening_customers += other.opening_customers;
  closing_customers += other.closing_customers;
  new_customers += other.new_customers;
  reactivated += other.reactivated;
  expanded += other.expanded;
  contracted += other.contracted;
  lost += other.lost;
}

}  // namespace folio::indicators
