// Shifted beta-geometric: how many clients renew, where a contract tells when they leave.
//
// P. S. Fader, B. G. S. Hardie, "How to project customer retention", J. Interactive Marketing 21, 2007, 76-90: each
// client fails to renew with a probability of their own, beta distributed over clients (alpha, beta). Those who leave
// easily leave first, so that the share who renew rises from year to year though nobody changes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "absl/status/statusor.h"
#include "server/lifetime/maximise.h"

namespace folio::lifetime {

// What came of the renewals that were due: of all first ones at index 0, of all second ones at index 1, and so on. A
// cohort of 1000 of whom 869 are left after a year and 743 after two has {869, 131}, {743, 126}; cohorts are added up.
struct Renewals {
  int64_t kept = 0;
  int64_t lost = 0;
};

// Kept and lost, of each below which no model is fitted: ten for each of two parameters, and some.
inline constexpr int64_t kRenewalsMin = 30;

struct Sbg {
  double alpha = 0;
  double beta = 0;

  // The share who renew at renewal `number`, of those who came so far. `number` from 1.
  double RetentionAt(int64_t number) const;

  // The share of clients who are left after so many renewals; 1 after none.
  double SurvivalAfter(int64_t renewals) const;

  // Renewals expected of a client who has renewed so many times, those later than the next one discounted by `rate`
  // for each period (DERL). Times the margin of a period it is the residual lifetime value, just before the next
  // renewal. Counts at most `horizon` renewals, where there is one. Without a horizon `rate` must be above 0; takes
  // about 40 / rate steps.
  double DiscountedRenewals(int64_t renewed, double rate, std::optional<int64_t> horizon = std::nullopt) const;
};

struct SbgFit {
  Sbg model;
  Fit fit;  // alpha, beta; its observations are the renewals that were due
};

// INVALID_ARGUMENT without details: a count below 0. FAILED_PRECONDITION: RENEWALS_TOO_FEW, also where there is but one
// renewal to learn from; LIFETIME_NOT_DETERMINED, for instance where the share who renew does not rise.
absl::StatusOr<SbgFit> FitSbg(std::span<const Renewals> renewals);

}  // namespace folio::lifetime
