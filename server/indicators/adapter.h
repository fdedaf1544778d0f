// Adapters: entries as an indicator reads them, where that depends on more than the facts.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "folio/v1/business_calendar.pb.h"
#include "server/base/business_hours.h"
#include "server/indicators/stretch.h"
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

  // A digest of the settings that count.
  static uint64_t DigestOf(const Question&) { return 0; }
  // When what is read of a stretch last changed.
  static uint64_t VersionOf(const Question&, const Stretch& stretch) { return stretch.segment->draft(); }
  const ledger::Entry& Read(const ledger::Entry& entry) const { return entry; }
};

// Amounts in the workspace's currency, at the rate of the day on which they happened; kNoValue where there is none.
class InOwnCurrency {
 public:
  explicit InOwnCurrency(const Question& question);

  static uint64_t DigestOf(const Question&) { return 0; }
  static uint64_t VersionOf(const Question& question, const Stretch& stretch);
  ledger::Entry Read(const ledger::Entry& entry) const;

 private:
  const TimeZone& zone_;
  const ledger::Rates& rates_;
  std::vector<ledger::Currency> currencies_;  // by number; the workspace's is the first
};

// Times that passed in business hours.
class InBusinessHours {
 public:
  explicit InBusinessHours(const Question& question);

  static uint64_t DigestOf(const Question& question);
  static uint64_t VersionOf(const Question&, const Stretch& stretch) { return stretch.segment->draft(); }
  ledger::Entry Read(const ledger::Entry& entry) const;

 private:
  absl::StatusOr<BusinessHours> hours_;
};

// The calendar of a question. Errors as of FindBusinessCalendar, on settings.business_calendar.
absl::StatusOr<v1::BusinessCalendar> CalendarOf(const Question& question);

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
