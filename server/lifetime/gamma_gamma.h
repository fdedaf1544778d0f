// Gamma-Gamma: what customers spend on a purchase, from the few that are known of each.
//
// P. S. Fader, B. G. S. Hardie, "The Gamma-Gamma model of monetary value", 2013: a customer's purchases vary around a
// mean of their own (gamma, shape p), and the means over customers (p, q, gamma). It takes spend to be independent of
// how often they buy; FitGammaGamma says how far from it they are.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "absl/status/statusor.h"
#include "server/lifetime/maximise.h"

namespace folio::lifetime {

// What a customer has spent on repeat purchases, the first one left out, as models of purchases do.
struct Spend {
  int64_t purchases = 0;  // at least 1
  double mean = 0;        // amount of a purchase, above 0
};

struct GammaGamma {
  double p = 0;
  double q = 0;
  double gamma = 0;

  // Mean spend on a purchase of all customers, known or not. Absent where q is 1 or less: the mean has no limit.
  std::optional<double> MeanSpend() const;

  // Mean spend expected of a customer with such purchases: between theirs and that of all, nearer to theirs the more
  // there are. Absent as above, where it is so for them.
  std::optional<double> ExpectedSpend(const Spend& known) const;
};

struct GammaGammaFit {
  GammaGamma model;
  Fit fit;                 // p, q, gamma
  double correlation = 0;  // of the number of purchases and their mean; the model supposes 0
};

// INVALID_ARGUMENT without details: a spend that is not as above. FAILED_PRECONDITION: PURCHASES_TOO_FEW;
// LIFETIME_NOT_DETERMINED.
absl::StatusOr<GammaGammaFit> FitGammaGamma(std::span<const Spend> spends);

}  // namespace folio::lifetime
