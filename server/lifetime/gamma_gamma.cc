#include "server/lifetime/gamma_gamma.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "server/lifetime/histories.h"
#include "server/lifetime/log_gamma.h"

namespace folio::lifetime {
namespace {

// Spends, and what the likelihood needs of them at any parameters.
struct Problem {
  std::span<const Spend> spends;
  std::map<int64_t, double> customers;  // by number of purchases
  double customers_in_all = 0;
  double sum_of_x_log_total = 0;  // of purchases * ln(purchases * mean)
  double sum_of_log_mean = 0;
};

Problem MakeProblem(std::span<const Spend> spends) {
  Problem problem{.spends = spends, .customers_in_all = static_cast<double>(spends.size())};
  for (const auto& [purchases, mean] : spends) {
    const auto x = static_cast<double>(purchases);
    problem.customers[purchases] += 1;
    problem.sum_of_x_log_total += x * std::log(x * mean);
    problem.sum_of_log_mean += std::log(mean);
  }
  return problem;
}

double LogLikelihoodOf(const Problem& problem, std::span<const double> parameters, std::span<double> slopes) {
  const double p = parameters[0];
  const double q = parameters[1];
  const double gamma = parameters[2];
  double sum = problem.customers_in_all * (q * std::log(gamma) - LogGamma(q)) + p * problem.sum_of_x_log_total -
               problem.sum_of_log_mean;
  double by_p = problem.sum_of_x_log_total;
  double by_q = problem.customers_in_all * (std::log(gamma) - Digamma(q));
  double by_gamma = problem.customers_in_all * q / gamma;
  for (const auto& [purchases, customers] : problem.customers) {
    const auto x = static_cast<double>(purchases);
    const double shape = Digamma(p * x + q);
    sum += customers * (LogGamma(p * x + q) - LogGamma(p * x));
    by_p += customers * x * (shape - Digamma(p * x));
    by_q += customers * shape;
  }
  for (const auto& [purchases, mean] : problem.spends) {
    const auto x = static_cast<double>(purchases);
    const double scale = gamma + mean * x;
    const double log_scale = std::log(scale);
    sum -= (p * x + q) * log_scale;
    by_p -= x * log_scale;
    by_q -= log_scale;
    by_gamma -= (p * x + q) / scale;
  }
  if (!slopes.empty()) std::ranges::copy(std::vector{by_p, by_q, by_gamma}, slopes.begin());
  return sum;
}

double CorrelationOf(std::span<const Spend> spends) {
  const auto count = static_cast<double>(spends.size());
  double mean_x = 0;
  double mean_m = 0;
  for (const auto& [purchases, mean] : spends) {
    mean_x += static_cast<double>(purchases) / count;
    mean_m += mean / count;
  }
  double xx = 0;
  double mm = 0;
  double xm = 0;
  for (const auto& [purchases, mean] : spends) {
    const double x = static_cast<double>(purchases) - mean_x;
    xx += x * x;
    mm += (mean - mean_m) * (mean - mean_m);
    xm += x * (mean - mean_m);
  }
  return xx > 0 && mm > 0 ? xm / std::sqrt(xx * mm) : 0;
}

}  // namespace

std::optional<double> GammaGamma::MeanSpend() const {
  if (q <= 1) return std::nullopt;
  return p * gamma / (q - 1);
}

std::optional<double> GammaGamma::ExpectedSpend(const Spend& known) const {
  const auto x = static_cast<double>(known.purchases);
  if (p * x + q <= 1) return std::nullopt;
  return p * (gamma + x * known.mean) / (p * x + q - 1);
}

absl::StatusOr<GammaGammaFit> FitGammaGamma(std::span<const Spend> spends) {
  const auto is_sound = [](const Spend& spend) {
    return spend.purchases >= 1 && spend.mean > 0 && std::isfinite(spend.mean);
  };
  if (!std::ranges::all_of(spends, is_sound)) return absl::InvalidArgumentError("a spend is not above 0");
  const auto count = static_cast<int64_t>(spends.size());
  if (const absl::Status status = CheckRepeaters(count, count); !status.ok()) return status;
  const Problem problem = MakeProblem(spends);
  const auto likelihood = [&](std::span<const double> parameters, std::span<double> slopes) {
    return LogLikelihoodOf(problem, parameters, slopes);
  };
  const Start starts[] = {{"p", 5}, {"q", 3}, {"gamma", std::exp(problem.sum_of_log_mean / problem.customers_in_all)}};
  absl::StatusOr<Fit> fit = Maximise("Gamma-Gamma", likelihood, starts, count);
  if (!fit.ok()) return fit.status();
  const std::vector<Parameter>& found = fit->parameters;
  return GammaGammaFit{
      {.p = found[0].value, .q = found[1].value, .gamma = found[2].value}, *std::move(fit), CorrelationOf(spends)};
}

}  // namespace folio::lifetime
