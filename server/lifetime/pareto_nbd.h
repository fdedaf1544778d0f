// Pareto/NBD: as BG/NBD, but customers may leave at any time, not only after a purchase.
//
// D. C. Schmittlein, D. G. Morrison, R. Colombo, "Counting your customers: who are they and what will they do next?",
// Management Science 33, 1987, 1-24: while alive, a customer buys at a rate of their own (gamma; shape r, rate alpha),
// and leaves at a rate of their own (gamma; shape s, rate beta). Fits a little less well than BG/NBD where most
// customers buy once, and says of those that they may have left.
#pragma once

#include <span>

#include "absl/status/statusor.h"
#include "server/lifetime/histories.h"
#include "server/lifetime/maximise.h"

namespace folio::lifetime {

struct ParetoNbd {
  double r = 0;
  double alpha = 0;  // a time, in the unit of the histories, as beta is
  double s = 0;
  double beta = 0;

  double LogLikelihoodOf(const History& history) const;

  // That the customer has not left by the end of observation.
  double ProbabilityAlive(const History& history) const;

  // Purchases expected of this customer within `time` after the end of observation; of a newcomer, with History{},
  // within `time` after the first purchase, which is not counted.
  double ExpectedPurchases(const History& history, double time) const;
};

struct ParetoNbdFit {
  ParetoNbd model;
  Fit fit;  // r, alpha, s, beta
};

// Takes some twenty times as long as FitBgNbd. Errors as of that.
absl::StatusOr<ParetoNbdFit> FitParetoNbd(std::span<const History> histories);

}  // namespace folio::lifetime
