// What indicators of leads and deals have in common.
#pragma once

#include <string>
#include <vector>

#include "server/indicators/amounts.h"
#include "server/indicators/records_method.h"

namespace folio::indicators {

inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerDay = 24 * 3600 * kMicrosPerSecond;

// Whether an instant lies in what has come of a period.
inline bool IsIn(Instant instant, const Period& period) {
  return instant != kNoInstant && instant >= period.start && instant < period.read_end;
}

// Whether a deal was open at the end of what has come of a period.
inline bool IsOpenAtEnd(const ledger::Deal& deal, const Period& period) {
  return deal.opened < period.read_end && (deal.closed == kNoInstant || deal.closed >= period.read_end);
}

// The first instant that has not come: the end of the current day.
Instant NowIn(const Question& question);

// The current instant, for sums in which it tells what is still undecided.
struct Now {
  explicit Now(const Question& question) : instant(NowIn(question)) {}
  uint64_t digest() const { return static_cast<uint64_t>(instant); }
  const Instant instant;
};

// What happened in a period to some, divided by the number of others: no share, and may be above 1.
Figure RatioToOthers(int64_t happened, int64_t others);

// A sum of amounts of deals, each as of its day.
struct DealAmounts {
  Amounts amounts;
  int64_t without_amount = 0;

  void Add(const ledger::Deal& deal, Instant when, const Worths& worths);
  void Merge(const DealAmounts& other) {
    amounts.Merge(other.amounts);
    without_amount += other.without_amount;
  }
  Int128 sum() const { return amounts.tally.sum; }
  int64_t count() const { return amounts.tally.count; }
  // Why the sum cannot be told: a missing rate.
  absl::Status fault(const Question& question) const { return amounts.FaultIn(question); }
};

// Sums by stage, by its number; few are ever touched.
template <typename Sum>
struct ByStage {
  std::vector<std::pair<uint16_t, Sum>> sums;  // ascending

  Sum& operator[](uint16_t stage) {
    const auto place = std::lower_bound(sums.begin(), sums.end(), stage,
                                        [](const auto& known, uint16_t wanted) { return known.first < wanted; });
    if (place != sums.end() && place->first == stage) return place->second;
    return sums.insert(place, {stage, Sum()})->second;
  }
  const Sum* Find(uint16_t stage) const {
    for (const auto& [known, sum] : sums) {
      if (known == stage) return &sum;
    }
    return nullptr;
  }
  void Merge(const ByStage& other) {
    for (const auto& [stage, sum] : other.sums) (*this)[stage].Merge(sum);
  }
  int64_t bytes() const { return std::ssize(sums) * static_cast<int64_t>(sizeof(sums[0])); }

  // A figure for each stage, by its name.
  template <typename Make>
  std::vector<StageFigure> Figures(const Question& question, Make make) const {
    std::vector<StageFigure> figures;
    for (const auto& [stage, sum] : this->sums) figures.push_back({(*question.state.stages)[stage], make(sum)});
    std::sort(figures.begin(), figures.end(),
              [](const StageFigure& a, const StageFigure& b) { return a.stage < b.stage; });
    return figures;
  }
};

// How long a deal was in a stage, re-entries added up, until an instant.
struct StageStay {
  uint16_t stage = 0;
  int64_t micros = 0;
  Instant last_left = kNoInstant;  // when it was last left; kNoInstant where the deal is still there
};
// Its stays, by the stage's number. Stages entered at `until` or later are left out.
std::vector<StageStay> StaysOf(const ledger::Deal& deal, Instant until);

}  // namespace folio::indicators
