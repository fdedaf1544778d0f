#include "server/lifetime/sbg.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "fmt/format.h"
#include "server/base/error.h"
#include "server/lifetime/log_gamma.h"

namespace folio::lifetime {
namespace {

// A client of n renewals keeps with probability (beta + n) / (alpha + beta + n): the likelihood of a cohort's whole
// history is the product over its renewals.
double LogLikelihoodOf(std::span<const Renewals> renewals, std::span<const double> parameters,
                       std::span<double> slopes) {
  const double alpha = parameters[0];
  double sum = 0;
  std::ranges::fill(slopes, 0.0);
  for (size_t n = 0; n < renewals.size(); ++n) {
    const double beta = parameters[1] + static_cast<double>(n);
    const auto kept = static_cast<double>(renewals[n].kept);
    const auto lost = static_cast<double>(renewals[n].lost);
    sum += kept * std::log(beta) + lost * std::log(alpha) - (kept + lost) * std::log(alpha + beta);
    if (slopes.empty()) continue;
    slopes[0] += lost / alpha - (kept + lost) / (alpha + beta);
    slopes[1] += kept / beta - (kept + lost) / (alpha + beta);
  }
  return sum;
}

absl::Status CheckRenewals(std::span<const Renewals> renewals, int64_t* due) {
  Renewals all;
  int64_t steps = 0;
  for (const auto& [kept, lost] : renewals) {
    if (kept < 0 || lost < 0) return absl::InvalidArgumentError("a count of renewals is below 0");
    all.kept += kept;
    all.lost += lost;
    steps += kept + lost > 0 ? 1 : 0;
  }
  *due = all.kept + all.lost;
  if (all.kept >= kRenewalsMin && all.lost >= kRenewalsMin && steps >= 2) return absl::OkStatus();
  return error::Precondition("RENEWALS_TOO_FEW", {{"kept", fmt::format("{}", all.kept)},
                                                  {"lost", fmt::format("{}", all.lost)},
                                                  {"periods", fmt::format("{}", steps)},
                                                  {"needed", fmt::format("{}", kRenewalsMin)}});
}

}  // namespace

double Sbg::RetentionAt(int64_t number) const {
  const double kept = beta + static_cast<double>(number - 1);
  return kept / (alpha + kept);
}

double Sbg::SurvivalAfter(int64_t renewals) const {
  return std::exp(LogRising(beta, renewals) - LogRising(alpha + beta, renewals));
}

// The paper's closed form, with 2F1(1, beta + n + 1; alpha + beta + n + 1; 1 / (1 + rate)), is this sum.
double Sbg::DiscountedRenewals(int64_t renewed, double rate, std::optional<int64_t> horizon) const {
  constexpr double kNothing = std::numeric_limits<double>::epsilon();
  double expected = 0;
  double term = 1 + rate;
  for (int64_t k = 1; k <= horizon.value_or(std::numeric_limits<int64_t>::max()); ++k) {
    term *= RetentionAt(renewed + k) / (1 + rate);
    expected += term;
    if (term < kNothing * rate * expected) break;
  }
  return expected;
}

absl::StatusOr<SbgFit> FitSbg(std::span<const Renewals> renewals) {
  int64_t due = 0;
  if (const absl::Status status = CheckRenewals(renewals, &due); !status.ok()) return status;
  const auto likelihood = [&](std::span<const double> parameters, std::span<double> slopes) {
    return LogLikelihoodOf(renewals, parameters, slopes);
  };
  const Start starts[] = {{"alpha", 1}, {"beta", 1}};
  absl::StatusOr<Fit> fit = Maximise("sBG", likelihood, starts, due);
  if (!fit.ok()) return fit.status();
  return SbgFit{{.alpha = fit->parameters[0].value, .beta = fit->parameters[1].value}, *std::move(fit)};
}

}  // namespace folio::lifetime
