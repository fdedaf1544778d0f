// Sums of amounts in the workspace's currency, each at the rate of its day, and what of them could not be exchanged.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <utility>

#include "absl/status/status.h"
#include "server/indicators/adapter.h"
#include "server/indicators/figure.h"
#include "server/indicators/method.h"

namespace folio::indicators {

struct Amounts {
  // Of an entry as InOwnCurrency reads it.
  void Add(const ledger::Entry& entry) { Add(entry.value, entry.tag, entry.time); }
  // What an amount was worth (Worths), with its currency and when that was.
  void Add(int64_t worth, uint16_t currency, Instant when) {
    if (worth == ledger::kNoValue) return Miss(when, currency, 1);
    tally.Add(worth);
  }
  void Merge(const Amounts& other) {
    tally.Merge(other.tally);
    Miss(other.missing_time, other.missing_currency, other.missing);
  }

  // RATE_MISSING where amounts are missing: of the earliest of them.
  absl::Status FaultIn(const Currencies& currencies) const;
  absl::Status FaultIn(const Question& question) const { return FaultIn(CurrenciesOf(question)); }

  Tally tally;
  int64_t missing = 0;
  Instant missing_time = kNoInstant;
  uint16_t missing_currency = 0;

 private:
  void Miss(Instant time, uint16_t currency, int64_t count) {
    if (count == 0) return;
    if (missing == 0 || std::pair(time, currency) < std::pair(missing_time, missing_currency)) {
      missing_time = time;
      missing_currency = currency;
    }
    missing += count;
  }
};

// The first fault of several statuses.
inline absl::Status FirstOf(std::initializer_list<absl::Status> statuses) {
  for (const absl::Status& status : statuses) {
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace folio::indicators
