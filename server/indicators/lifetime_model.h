// What lifetime values of models have in common: one model for all accounts of a workspace, and what it says of each.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "server/indicators/method.h"
#include "server/lifetime/maximise.h"

namespace folio::indicators {

// What a model expects of one account, before margin.
struct Expected {
  int64_t account = 0;
  double value = 0;  // discounted revenue to come
  double count = 0;  // purchases or renewals to come, not discounted
  double alive = 1;  // that the account is still a client
};

// A model fitted on what was known at the end of a period.
struct LifetimeModel {
  absl::Status fault;  // why there is none: the data are too thin, or do not determine it
  std::vector<Expected> accounts;
  std::vector<lifetime::Fit> fits;
  std::optional<double> hold_out_error;  // as a share of what came
};

class LifetimeMethod final : public Method {
 public:
  // Fits the model of a period's end. It is kept for as long as nothing that it reads has changed.
  using Fitter = std::shared_ptr<const LifetimeModel> (*)(const Question& question, const Period& period);
  explicit LifetimeMethod(Fitter fitter) : fitter_(fitter) {}

  // The mean over the accounts of a group. Parts: mean count and mean probability to be alive, then of each fit its
  // parameters with their errors and the log-likelihood, then the hold-out error where there is one.
  Figures Compute(const Question& question) const override;
  std::vector<Contribution> ContributionsTo(const Question& question, uint32_t group) const override;

 private:
  const Fitter fitter_;
};

// Horizon and discount of the settings.
int HorizonDaysOf(const Question& question);
double YearlyDiscountOf(const Question& question);
// The discount of a stretch of time.
double DiscountOver(const Question& question, double years);

}  // namespace folio::indicators
