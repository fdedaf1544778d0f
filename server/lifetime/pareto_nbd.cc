#include "server/lifetime/pareto_nbd.h"

#include <algorithm>
#include <array>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <vector>

#include "server/lifetime/log_gamma.h"

namespace folio::lifetime {
namespace {

using Quadrature = boost::math::quadrature::gauss<double, 30>;

// Where the integrand has fallen by this factor's logarithm, the rest is nothing. Up to there thirty nodes give
// thirteen digits.
constexpr double kFall = 40;

// The logarithm of the likelihood of having left, as against that of being alive, both without what they share:
//   left  = s * integral from `last` to `age` of (alpha + t)^-(r + x) * (beta + t)^-(s + 1) dt
//   alive = (alpha + age)^-(r + x) * (beta + age)^-s
// Derivatives are by r, alpha, s, beta. The paper has the integral as a difference of two 2F1, which loses digits where
// they are near to each other, and has no derivatives.
struct Likelihoods {
  double log_alive = 0;
  double log_left = -HUGE_VAL;
  std::array<double, 4> alive_slopes{};
  std::array<double, 4> left_slopes{};

  double log_odds_left() const { return log_left - log_alive; }
  double share_left() const { return 1 / (1 + std::exp(-log_odds_left())); }
  double log_sum() const {
    const double odds = log_odds_left();
    return log_alive + std::max(odds, 0.0) + std::log1p(std::exp(-std::abs(odds)));
  }
};

void AddLeft(const ParetoNbd& model, const History& history, Likelihoods* likelihoods) {
  const auto& [r, alpha, s, beta] = model;
  const double shape = r + static_cast<double>(history.repeats);
  // On the scale of ln(near + t) the integrand falls more and more steeply, and never more than as its powers.
  const double near = std::min(alpha, beta);
  const double begin = std::log(near + history.last);
  const double steepness = (near + history.last) * (shape / (alpha + history.last) + (s + 1) / (beta + history.last));
  const double end = std::min(std::log(near + history.age), begin + kFall / steepness);
  const double half = (end - begin) / 2;
  const double largest = -shape * std::log(alpha + history.last) - (s + 1) * std::log(beta + history.last);
  double integral = 0;
  std::array<double, 4> sums{};
  const auto add = [&](double abscissa, double weight) {
    const double point = std::exp(begin + half * (1 + abscissa));  // near + t
    const double to_alpha = point + (alpha - near);
    const double to_beta = point + (beta - near);
    const double log_alpha = std::log(to_alpha);
    const double log_beta = std::log(to_beta);
    const double value = weight * point * std::exp(-shape * log_alpha - (s + 1) * log_beta - largest);
    integral += value;
    sums[0] -= value * log_alpha;
    sums[1] -= value * shape / to_alpha;
    sums[2] -= value * log_beta;
    sums[3] -= value * (s + 1) / to_beta;
  };
  for (size_t i = 0; i < Quadrature::abscissa().size(); ++i) {
    add(Quadrature::abscissa()[i], Quadrature::weights()[i]);
    add(-Quadrature::abscissa()[i], Quadrature::weights()[i]);
  }
  if (!(integral * half > 0)) return;
  likelihoods->log_left = std::log(s * half * integral) + largest;
  for (size_t i = 0; i < sums.size(); ++i) likelihoods->left_slopes[i] = sums[i] / integral;
  likelihoods->left_slopes[2] += 1 / s;
}

Likelihoods LikelihoodsOf(const ParetoNbd& model, const History& history) {
  const auto& [r, alpha, s, beta] = model;
  const double shape = r + static_cast<double>(history.repeats);
  const double log_alpha = std::log(alpha + history.age);
  const double log_beta = std::log(beta + history.age);
  Likelihoods likelihoods{
      .log_alive = -shape * log_alpha - s * log_beta,
      .alive_slopes = {-log_alpha, -shape / (alpha + history.age), -log_beta, -s / (beta + history.age)}};
  AddLeft(model, history, &likelihoods);
  return likelihoods;
}

double LogLikelihoodOf(const GroupedHistories& grouped, const ParetoNbd& model, std::span<double> slopes) {
  const auto& [r, alpha, s, beta] = model;
  const auto all = static_cast<double>(grouped.customers);
  double sum = all * (r * std::log(alpha) + s * std::log(beta));
  std::array<double, 4> by = {all * std::log(alpha), all * r / alpha, all * std::log(beta), all * s / beta};
  for (const auto& [repeats, customers] : grouped.counts) {
    sum += customers * LogRising(r, repeats);
    by[0] += customers * (Digamma(r + static_cast<double>(repeats)) - Digamma(r));
  }
  for (const GroupedHistories::Group& group : grouped.groups) {
    const Likelihoods likelihoods = LikelihoodsOf(
        model, {grouped.counts[group.count].repeats, grouped.times[group.last], grouped.times[group.age]});
    const double left = likelihoods.share_left();
    sum += group.customers * likelihoods.log_sum();
    for (size_t i = 0; i < by.size(); ++i) {
      by[i] += group.customers * (left * likelihoods.left_slopes[i] + (1 - left) * likelihoods.alive_slopes[i]);
    }
  }
  if (!slopes.empty()) std::ranges::copy(by, slopes.begin());
  return sum;
}

ParetoNbd ModelAt(std::span<const double> parameters) {
  return {.r = parameters[0], .alpha = parameters[1], .s = parameters[2], .beta = parameters[3]};
}

}  // namespace

double ParetoNbd::LogLikelihoodOf(const History& history) const {
  return LogRising(r, history.repeats) + r * std::log(alpha) + s * std::log(beta) +
         LikelihoodsOf(*this, history).log_sum();
}

double ParetoNbd::ProbabilityAlive(const History& history) const {
  return 1 - LikelihoodsOf(*this, history).share_left();
}

double ParetoNbd::ExpectedPurchases(const History& history, double time) const {
  const double rate = (r + static_cast<double>(history.repeats)) / (alpha + history.age);
  const double growth = std::log1p(time / (beta + history.age));
  // In units of beta + age, the time that a customer who is alive now is expected to stay within `time`.
  const double stay = s == 1 ? growth : -std::expm1((1 - s) * growth) / (s - 1);
  return ProbabilityAlive(history) * rate * (beta + history.age) * stay;
}

absl::StatusOr<ParetoNbdFit> FitParetoNbd(std::span<const History> histories) {
  const absl::StatusOr<GroupedHistories> grouped = GroupHistories(histories);
  if (!grouped.ok()) return grouped.status();
  if (const absl::Status status = CheckRepeaters(grouped->customers, grouped->repeaters); !status.ok()) return status;
  const auto likelihood = [&](std::span<const double> parameters, std::span<double> slopes) {
    return LogLikelihoodOf(*grouped, ModelAt(parameters), slopes);
  };
  const Start starts[] = {{"r", 1}, {"alpha", grouped->mean_age}, {"s", 1}, {"beta", grouped->mean_age}};
  absl::StatusOr<Fit> fit = Maximise("Pareto/NBD", likelihood, starts, grouped->customers);
  if (!fit.ok()) return fit.status();
  const std::vector<Parameter>& found = fit->parameters;
  return ParetoNbdFit{{.r = found[0].value, .alpha = found[1].value, .s = found[2].value, .beta = found[3].value},
                      *std::move(fit)};
}

}  // namespace folio::lifetime
