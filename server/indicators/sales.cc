#include "server/indicators/sales.h"

#include <algorithm>

namespace folio::indicators {

Instant NowIn(const Question& question) { return question.calendar.zone.StartOf(question.calendar.today + 1); }

Figure RatioToOthers(int64_t happened, int64_t others) {
  return RatioOf(static_cast<double>(happened), static_cast<double>(others), others);
}

void DealAmounts::Add(const ledger::Deal& deal, Instant when, const Worths& worths) {
  if (deal.amount == ledger::kNoAmount) {
    ++without_amount;
  } else {
    amounts.Add(worths.Of(deal.amount, deal.currency, when), deal.currency, when);
  }
}

std::vector<StageStay> StaysOf(const ledger::Deal& deal, Instant until) {
  std::vector<StageStay> stays;
  for (size_t i = 0; i < deal.stages.size() && deal.stages[i].time < until; ++i) {
    const Instant entered = deal.stages[i].time;
    const bool is_last = i + 1 == deal.stages.size() || deal.stages[i + 1].time >= until;
    const bool is_over = !is_last || (deal.closed != kNoInstant && deal.closed < until);
    const Instant left = !is_last ? deal.stages[i + 1].time : is_over ? std::max(deal.closed, entered) : until;
    const uint16_t stage = deal.stages[i].stage;
    const auto place = std::lower_bound(stays.begin(), stays.end(), stage,
                                        [](const StageStay& stay, uint16_t wanted) { return stay.stage < wanted; });
    StageStay& stay = place != stays.end() && place->stage == stage ? *place : *stays.insert(place, {.stage = stage});
    stay.micros += left - entered;
    stay.last_left = is_over ? left : kNoInstant;
  }
  return stays;
}

}  // namespace folio::indicators
