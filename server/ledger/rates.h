// Exchange rates by day, and what amounts were worth by them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "folio/v1/exchange_rate.pb.h"
#include "server/base/date.h"
#include "server/base/exchange.h"
#include "server/ledger/month.h"
#include "server/ledger/segment.h"

namespace folio::ledger {

// A currency's code as a number; 0 for none.
using Currency = uint32_t;
Currency CurrencyOf(std::string_view code);
std::string CodeOf(Currency currency);

class Rates {
 public:
  // A rate holds over weekends and holidays: so many days, where none of a later day is known.
  static constexpr int kHoldsDays = 7;

  explicit Rates(Draft draft) : draft_(draft) {}
  Rates(const Rates& other, Draft draft) : Rates(other) { draft_ = draft; }

  // When a rate was last changed.
  Draft draft() const { return draft_; }

  // When a rate was last changed that holds on days of a month.
  Draft VersionOf(Month month) const;

  // What an amount was worth in another currency on a day: by the rate of that day, else by the latest one that still
  // holds; one of the other direction is read backwards. An amount beyond what can be told stays at the limit.
  // FAILED_PRECONDITION (RATE_MISSING, with the pair and the date) where no rate is known.
  absl::StatusOr<Micros> Worth(Micros amount, Currency from, Currency to, Day day) const;

  // --- The writer, on rates of its draft ---

  void Put(const v1::ExchangeRate& rate);
  void Drop(const v1::ExchangeRate& rate);

 private:
  using Pair = std::pair<Currency, Currency>;
  using Days = std::vector<std::pair<Day, Rate>>;  // ascending

  struct PairRates {
    Draft draft = 0;
    Days days;
  };

  Rates(const Rates&) = default;
  // The rates of a pair, as ones that can be changed.
  Days& Own(const v1::ExchangeRate& rate);
  // The rate of a pair that holds on a day.
  std::optional<std::pair<Day, Rate>> On(const Pair& pair, Day day) const;

  Draft draft_ = 0;
  std::map<Month, Draft> versions_;                   // when a rate of its days was last changed
  std::map<Pair, std::shared_ptr<PairRates>> pairs_;  // only those of this draft are ever changed
};

}  // namespace folio::ledger
