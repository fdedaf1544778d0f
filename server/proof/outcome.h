// What a health model is to tell beforehand, and whether it came about.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "folio/v1/health_proof.pb.h"
#include "server/account/view.h"

namespace folio::proof {

// What became of an account after a cut-off.
struct Happening {
  bool known = false;     // false: nothing was at stake for it, or nothing says what became of it
  bool happened = false;  // meaningless where not known
  Day day = kNoDay;       // on which it happened; kNoDay where it did not, or has no date
};

class Outcome {
 public:
  // INVALID_ARGUMENT on "outcome...": FIELD_REQUIRED, CUSTOM_FIELD_UNKNOWN, OUTCOME_FIELD_TYPE, FIELD_TYPE,
  // CHOICE_UNKNOWN.
  static absl::StatusOr<Outcome> Compile(const v1::HealthOutcome& outcome, account::CustomFields& fields);

  // A loss is expected where the score is low; a gain where it is high.
  bool is_loss() const { return kind_ != v1::HealthOutcome::kRenewal; }
  // False for a custom field, of which only the present value is known.
  bool has_date() const { return kind_ != v1::HealthOutcome::kCustomField; }
  bool is_renewal() const { return kind_ == v1::HealthOutcome::kRenewal; }
  // 0 without a date.
  int horizon_days() const { return horizon_days_; }
  // "custom.{field}", or empty: a model that reads it would read the outcome.
  const std::string& measure() const { return measure_; }

  // Whether a paid subscription of the account has a renewal date at all.
  static bool HasRenewalDate(const account::View& view);

  // Reads days after the cut-off, up to the horizon and never beyond, whatever view.today is.
  Happening After(const account::View& view, Day cutoff) const;

 private:
  Outcome() = default;
  Happening FallAfter(const account::View& view, Day cutoff) const;
  Happening RenewalAfter(const account::View& view, Day cutoff) const;
  Happening FieldNow(const account::View& view) const;

  v1::HealthOutcome::KindCase kind_ = v1::HealthOutcome::KIND_NOT_SET;
  int horizon_days_ = 0;
  double least_share_ = 0;  // of ARR that must be lost
  std::string measure_;
  uint32_t field_ = 0;  // number of the custom field
  double value_ = 0;    // of the custom field
};

}  // namespace folio::proof
