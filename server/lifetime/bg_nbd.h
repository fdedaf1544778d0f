// BG/NBD: how often customers buy, and when they stop, where nobody tells that they leave.
//
// P. S. Fader, B. G. S. Hardie, K. L. Lee, "Counting your customers the easy way", Marketing Science 24, 2005, 275-284:
// while alive, a customer buys at a rate of their own, gamma distributed over customers (shape r, rate alpha); after
// each purchase they leave with a probability of their own, beta distributed (a, b).
#pragma once

#include <cstdint>
#include <span>

#include "absl/status/statusor.h"
#include "server/lifetime/histories.h"
#include "server/lifetime/maximise.h"

namespace folio::lifetime {

struct BgNbd {
  double r = 0;
  double alpha = 0;  // a time, in the unit of the histories
  double a = 0;
  double b = 0;

  double LogLikelihoodOf(const History& history) const;

  // That the customer has not left by the end of observation. 1 without repeats: the model lets nobody leave before a
  // second purchase.
  double ProbabilityAlive(const History& history) const;

  // Purchases expected of this customer within `time` after the end of observation; of a newcomer, with History{},
  // within `time` after the first purchase, which is not counted. `time` at least 0; takes about
  // 40 * (alpha + age + time) / (alpha + age) steps.
  double ExpectedPurchases(const History& history, double time) const;

  // That a newcomer buys so many times within `time` after the first purchase, which is not counted.
  double ProbabilityOfPurchases(int64_t count, double time) const;
};

struct BgNbdFit {
  BgNbd model;
  Fit fit;  // r, alpha, a, b
};

// Some tens of passes over the distinct histories.
//
// INVALID_ARGUMENT without details: as of GroupHistories. FAILED_PRECONDITION: PURCHASES_TOO_FEW;
// LIFETIME_NOT_DETERMINED.
absl::StatusOr<BgNbdFit> FitBgNbd(std::span<const History> histories);

}  // namespace folio::lifetime
