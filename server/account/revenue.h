// Recurring revenue of one account: ARR on a day, and its growth. Pure functions; definitions in docs/indicators.md.
#pragma once

#include <vector>

#include "server/account/view.h"

namespace folio::account {

// Annual recurring revenue on a day: the sum of subscriptions active then (start <= day and day < end), trials left
// out. An account without any subscription has its own amount, from its contract's start where that is known.
Micros ArrOn(const View& view, Day day);

// The same by the currency in which it is held (Term::currency), those in which there is none on the day left out. In
// the order of the subscriptions.
struct HeldArr {
  uint16_t currency = 0;
  Micros arr = 0;
};
std::vector<HeldArr> ArrByCurrencyOn(const View& view, Day day);

// Whether a subscription (trials too) is active on a day, or the account has revenue of its own then.
bool IsActiveOn(const View& view, Day day);

// Seats bought on a day: of the active subscriptions, trials left out, else the account's own; -1 where not known.
int64_t SeatsOn(const View& view, Day day);

// The nearest renewal on or after `today`: of the active subscriptions, else the account's own; kNoDay where none is
// known. `auto_renew` gets what is known about it (1, 0, -1).
Day NextRenewal(const View& view, int8_t* auto_renew);

// First day with revenue, as far as is known: the earliest subscription that is not a trial, else the contract's start,
// else the day of creation.
Day FirstRevenueDay(const View& view);

// Growth of ARR over the twelve months up to `day`. Absent: kTooYoung where the first revenue is less than twelve
// months old, kNoDenominator where ARR was 0 then.
enum class GrowthAbsence : uint8_t { kNone, kTooYoung, kNoDenominator };
struct Growth {
  double value = 0;  // 0.25 is +25 %
  GrowthAbsence absence = GrowthAbsence::kNone;
  Micros arr_then = 0;
};
Growth GrowthOn(const View& view, Day day);

// ARR on the last day of each of `months` months, the last of which holds `day` (and is read on `day` itself).
std::vector<Micros> MonthlyArr(const View& view, Day day, int months);

}  // namespace folio::account
