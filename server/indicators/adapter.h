// Adapters: entries as an indicator reads them, where that depends on more than the facts.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/indicators/stretch.h"
#include "server/indicators/working_time.h"
#include "server/ledger/rates.h"

namespace folio::indicators {

// What currencies are called, and where days begin.
struct Currencies {
  const std::vector<std::string>& codes;  // by number; the workspace's is the first
  const TimeZone& zone;
};
inline Currencies CurrenciesOf(const Question& question) {
  return {*question.state.currencies, question.portfolio.zone()};
}

// As they are.
class AsTheyAre {
 public:
  explicit AsTheyAre(const Question&) {}

  // Why nothing can be read.
  static absl::Status FaultOf(const Question&) { return absl::OkStatus(); }
  // A digest of the settings that count.
  static uint64_t DigestOf(const Question&) { return 0; }
  // When what is read of a stretch last changed.
  static uint64_t VersionOf(const Question&, const Stretch& stretch) { return stretch.segment->draft(); }
  const ledger::Entry& Read(const ledger::Entry& entry) const { return entry; }
};

// What amounts are worth in the workspace's currency, at the rates of their day.
class Worths {
 public:
  explicit Worths(const Question& question);

  // Different for different rates.
  uint64_t digest() const { return rates_.draft(); }

  // What an amount of a currency, by its number, was worth on the day of an instant; kNoValue where no rate is known.
  int64_t Of(int64_t amount, uint16_t currency, Instant when) const;

 private:
  const TimeZone& zone_;
  const ledger::Rates& rates_;
  std::vector<ledger::Currency> currencies_;  // by number; the workspace's is the first
};

// Amounts in the workspace's currency; kNoValue where no rate is known.
class InOwnCurrency {
 public:
  explicit InOwnCurrency(const Question& question) : worths_(question) {}

  static absl::Status FaultOf(const Question&) { return absl::OkStatus(); }
  static uint64_t DigestOf(const Question&) { return 0; }
  static uint64_t VersionOf(const Question& question, const Stretch& stretch);
  ledger::Entry Read(const ledger::Entry& entry) const;

 private:
  const Worths worths_;
};

// Times that passed in business hours.
class InBusinessHours {
 public:
  explicit InBusinessHours(const Question& question) : hours_(question) {}

  static absl::Status FaultOf(const Question& question) { return WorkingTime(question).fault(); }
  static uint64_t DigestOf(const Question& question) { return WorkingTime(question).digest(); }
  static uint64_t VersionOf(const Question&, const Stretch& stretch) { return stretch.segment->draft(); }
  ledger::Entry Read(const ledger::Entry& entry) const;

 private:
  const WorkingTime hours_;
};

namespace adapter_internal {
template <typename Component>
struct Choice {
  using Type = AsTheyAre;
};
template <typename Component>
requires requires { typename Component::Adapter; }
struct Choice<Component> {
  using Type = typename Component::Adapter;
};
}  // namespace adapter_internal

template <typename Component>
using AdapterOf = typename adapter_internal::Choice<Component>::Type;

}  // namespace folio::indicators
