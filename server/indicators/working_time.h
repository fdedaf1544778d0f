// Durations in business hours.
#pragma once

#include <cstdint>

#include "server/base/business_hours.h"
#include "server/indicators/method.h"

namespace folio::indicators {

// The business hours of a workspace: its calendar "default", else France's.
class WorkingTime {
 public:
  explicit WorkingTime(const Question& question);
  // Different for different calendars.
  uint64_t digest() const { return digest_; }

  // Microseconds worked in [from, to).
  int64_t Between(Instant from, Instant to) const { return hours_.Between(from, to); }

 private:
  WorkingTime(const v1::BusinessCalendar& calendar, const Question& question);

  uint64_t digest_ = 0;
  BusinessHours hours_;
};

}  // namespace folio::indicators
