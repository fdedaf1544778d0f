#include "server/indicators/movements.h"

#include <algorithm>

#include "server/account/revenue.h"

namespace folio::indicators {

Movements::Reading Movements::Read(const account::View& view, const Period& period) {
  Reading reading{.opening = account::ArrOn(view, period.start_day - 1),
                  .closing = account::ArrOn(view, period.last_day)};
  reading.is_new = reading.opening == 0 && reading.closing > 0 && account::FirstRevenueDay(view) >= period.start_day;
  return reading;
}

void Movements::Add(const Reading& reading) {
  const Micros change = reading.closing - reading.opening;
  opening += reading.opening;
  closing += reading.closing;
  ++accounts;
  if (reading.opening > 0) ++opening_customers;
  if (reading.closing > 0) ++closing_customers;
  if (change == 0) return;
  if (reading.opening == 0) {
    (reading.is_new ? fresh : reactivation) += change;
    ++(reading.is_new ? new_customers : reactivated);
  } else if (reading.closing == 0) {
    churn -= change;
    ++lost;
  } else if (change > 0) {
    expansion += change;
    ++expanded;
  } else {
    contraction -= change;
    ++contracted;
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
