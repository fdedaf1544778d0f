#include "server/indicators/sales.h"

#include <algorithm>

namespace folio::indicators {

Instant NowIn(const Question& question) { return question.calendar.zone.StartOf(question.calendar.today + 1); }

Figure RatioToOthers(int64_t happened, int64_t others) {
  Figure figure{
      .numerator = static_cast<double>(happened), .denominator = static_cast<double>(others), .sample_size = others};
  if (others == 0) {
    figure.absence = v1::ABSENCE_NO_DENOMINATOR;
  } else {
    figure.number = figure.numerator / figure.denominator;
  }
  return figure;
}

Worths::Worths(const Question& question)
    : rates_(*question.state.rates),
      zone_(question.portfolio.zone()),
      currency_(ledger::CurrencyOf(question.portfolio.currency())) {}

uint64_t Worths::digest() const { return rates_.draft(); }

absl::StatusOr<Micros> Worths::Of(const ledger::Deal& deal, Instant when) const {
  return rates_.Worth(deal.amount, deal.currency, currency_, zone_.DayAt(when));
}

void Worth::Add(const ledger::Deal& deal, Instant when, const Worths& worths) {
  if (deal.amount == ledger::kNoAmount) {
    ++without_amount;
    return;
  }
  ++count;
  const absl::StatusOr<Micros> worth = worths.Of(deal, when);
  if (worth.ok()) {
    sum += *worth;
  } else {
    Miss(worths.DayOf(when), deal.currency);
  }
}

void Worth::Merge(const Worth& other) {
  sum += other.sum;
  count += other.count;
  without_amount += other.without_amount;
  if (other.missing != 0) Miss(other.missing_day, other.missing);
}

void Worth::Miss(Day day, ledger::Currency currency) {
  if (std::pair(day, currency) < std::pair(missing_day, missing) || missing == 0) {
    missing_day = day;
    missing = currency;
  }
}

absl::Status Worth::fault(const Question& question) const {
  if (missing == 0) return absl::OkStatus();
  const ledger::Currency currency = ledger::CurrencyOf(question.portfolio.currency());
  return question.state.rates->Worth(kMicrosPerUnit, missing, currency, missing_day).status();
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
