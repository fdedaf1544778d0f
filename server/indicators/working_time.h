// Durations in business hours.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "server/base/business_hours.h"
#include "server/indicators/method.h"

namespace folio::indicators {

// The business hours of a question: those of the calendar of its settings, as it was at the question's revision.
class WorkingTime {
 public:
  explicit WorkingTime(const Question& question);

  // Why they are not known: NOT_FOUND, or INVALID_ARGUMENT on settings.business_calendar.
  const absl::Status& fault() const { return hours_.status(); }
  // Different for different hours.
  uint64_t digest() const { return digest_; }

  // Microseconds worked in [from, to); 0 where the hours are not known.
  int64_t Between(Instant from, Instant to) const { return hours_.ok() ? hours_->Between(from, to) : 0; }

 private:
  uint64_t digest_ = 0;
  absl::StatusOr<BusinessHours> hours_;
};

}  // namespace folio::indicators
