// How recurring revenue moves in a period: each account's ARR at its end beside that at its start.
//
// A customer is an account whose ARR is above 0. An account is lost where its ARR falls to 0: one that keeps another
// subscription contracts. What comes and goes within the period is not seen.
//
// Told by the currencies in which an account holds its revenue, each step of the account is divided among those that
// moved in its direction, so that the steps of all currencies sum to those of the whole; what one currency lost to
// another is a step of its own, of which nothing is left over all of them.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "server/account/view.h"
#include "server/indicators/figure.h"
#include "server/indicators/period.h"

namespace folio::indicators {

struct Movements {
  static constexpr std::string_view kId = "movements";

  // What became of an account as a whole.
  enum class Step : uint8_t { kNone, kNew, kReactivation, kExpansion, kContraction, kChurn };
  struct Reading {
    Micros opening = 0;  // ARR on the day before the period
    Micros closing = 0;  // ARR on its last day
    Step step = Step::kNone;
    Micros moved = 0;  // of the step; the rest of what changed moved between currencies
  };
  static Reading Read(const account::View& view, const Period& period);
  static std::vector<std::pair<uint16_t, Reading>> SplitByCurrency(const account::View& view, const Period& period,
                                                                   const Reading& reading);
  void Add(const Reading& reading);
  void Merge(const Movements& other);

  // opening + fresh + reactivation + expansion − contraction − churn + between_currencies = closing, exactly.
  Int128 opening = 0;
  Int128 closing = 0;
  Int128 fresh = 0;
  Int128 reactivation = 0;
  Int128 expansion = 0;
  Int128 contraction = 0;
  Int128 churn = 0;
  Int128 between_currencies = 0;
  int64_t accounts = 0;
  int64_t opening_customers = 0;
  int64_t closing_customers = 0;
  int64_t new_customers = 0;
  int64_t reactivated = 0;
  int64_t expanded = 0;
  int64_t contracted = 0;
  int64_t lost = 0;
};

}  // namespace folio::indicators
