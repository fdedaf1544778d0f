#include "server/lifetime/bg_nbd.h"

#include <algorithm>
#include <array>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "server/lifetime/log_gamma.h"

namespace folio::lifetime {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

// ln(1 + e^exponent), and its derivative.
struct SoftPlus {
  double value;
  double slope;
};

SoftPlus SoftPlusOf(double exponent) {
  const double small = std::exp(-std::abs(exponent));
  return {std::max(exponent, 0.0) + std::log1p(small), (exponent >= 0 ? 1 : small) / (1 + small)};
}

// Logarithm of the odds that the customer has left: nobody leaves before a second purchase.
double LogOddsLeft(const BgNbd& model, const History& history) {
  if (history.repeats == 0) return kNever;
  const auto repeats = static_cast<double>(history.repeats);
  return std::log(model.a / (model.b + repeats - 1)) +
         (model.r + repeats) * std::log1p((history.age - history.last) / (model.alpha + history.last));
}

// What the likelihood needs of each time and count at given parameters.
struct TimeTerms {
  double log;      // of alpha + time
  double inverse;  // of alpha + time
};
struct CountTerms {
  double shape;       // r + repeats
  double log_share;   // ln(a / (b + repeats - 1))
  double share_by_b;  // derivative of log_share by b
};

std::vector<TimeTerms> TermsOfTimes(const GroupedHistories& grouped, double alpha) {
  std::vector<TimeTerms> terms;
  terms.reserve(grouped.times.size());
  for (const double time : grouped.times) terms.push_back({std::log(alpha + time), 1 / (alpha + time)});
  return terms;
}

// The part of the likelihood that only counts decide, and its derivatives by r, alpha, a, b.
double SumOverCounts(const GroupedHistories& grouped, const BgNbd& model, std::span<double> slopes) {
  const auto& [r, alpha, a, b] = model;
  double sum = 0;
  for (const auto& [repeats, customers] : grouped.counts) {
    const auto x = static_cast<double>(repeats);
    sum +=
        customers * (LogRising(r, repeats) + r * std::log(alpha) + LogRising(b, repeats) - LogRising(a + b, repeats));
    if (slopes.empty()) continue;
    const double of_both = Digamma(a + b + x) - Digamma(a + b);
    slopes[0] += customers * (Digamma(r + x) - Digamma(r) + std::log(alpha));
    slopes[1] += customers * r / alpha;
    slopes[2] -= customers * of_both;
    slopes[3] += customers * (Digamma(b + x) - Digamma(b) - of_both);
  }
  return sum;
}

// The rest of it: how long ago customers last bought.
double SumOverGroups(const GroupedHistories& grouped, const BgNbd& model, std::span<double> slopes) {
  const std::vector<TimeTerms> times = TermsOfTimes(grouped, model.alpha);
  std::vector<CountTerms> counts;
  for (const auto& [repeats, customers] : grouped.counts) {
    const auto x = static_cast<double>(repeats);
    counts.push_back({model.r + x, std::log(model.a / (model.b + x - 1)), -1 / (model.b + x - 1)});
  }
  double sum = 0;
  std::array<double, 4> by{};
  for (const GroupedHistories::Group& group : grouped.groups) {
    const TimeTerms& age = times[group.age];
    const TimeTerms& last = times[group.last];
    const CountTerms& count = counts[group.count];
    sum -= group.customers * count.shape * age.log;
    by[0] -= group.customers * age.log;
    by[1] -= group.customers * count.shape * age.inverse;
    if (grouped.counts[group.count].repeats == 0) continue;
    const double gap = age.log - last.log;
    const SoftPlus left = SoftPlusOf(count.log_share + count.shape * gap);
    const double weight = group.customers * left.slope;
    sum += group.customers * left.value;
    by[0] += weight * gap;
    by[1] += weight * count.shape * (age.inverse - last.inverse);
    by[2] += weight / model.a;
    by[3] += weight * count.share_by_b;
  }
  for (size_t i = 0; i < slopes.size(); ++i) slopes[i] += by[i];
  return sum;
}

BgNbd ModelAt(std::span<const double> parameters) {
  return {.r = parameters[0], .alpha = parameters[1], .a = parameters[2], .b = parameters[3]};
}

}  // namespace

double BgNbd::LogLikelihoodOf(const History& history) const {
  const auto repeats = static_cast<double>(history.repeats);
  return LogRising(r, history.repeats) + LogRising(b, history.repeats) - LogRising(a + b, history.repeats) +
         r * std::log(alpha) - (r + repeats) * std::log(alpha + history.age) +
         SoftPlusOf(LogOddsLeft(*this, history)).value;
}

double BgNbd::ProbabilityAlive(const History& history) const {
  return 1 - SoftPlusOf(LogOddsLeft(*this, history)).slope;
}

// The paper has, with x repeats and z = time / (alpha + age + time),
//   (a + b + x - 1) / (a - 1) * (1 - (1 - z)^(r + x) * 2F1(r + x, b + x; a + b + x - 1; z)),
// which overflows with many repeats and divides by 0 where a is 1. Euler's transformation of 2F1 takes x out of its
// numerators; then q = a - 1 is taken out of the difference, and c = a + b + x - 1 into the series.
double BgNbd::ExpectedPurchases(const History& history, double time) const {
  const double c = a + b + static_cast<double>(history.repeats) - 1;
  const double p = a + b - 1 - r;
  const double q = a - 1;
  const double z = time / (alpha + history.age + time);
  const double log_rest = std::log1p(-z);
  double term = p * z;
  double series = term;
  for (double n = 1; std::abs(term) > std::numeric_limits<double>::epsilon() * (1 - z) * std::abs(series); ++n) {
    term *= (p + n) * (q + n) / ((c + n) * (n + 1)) * z;
    series += term;
  }
  const double head = q == 0 ? log_rest : std::expm1(q * log_rest) / q;
  return ProbabilityAlive(history) * (-c * head - std::exp(q * log_rest) * series);
}

double BgNbd::ProbabilityOfPurchases(int64_t count, double time) const {
  const auto n = static_cast<double>(count);
  const double bought = time / (alpha + time);
  const double still_alive = std::exp(LogRising(b, count) - LogRising(a + b, count));
  const double so_many = std::exp(LogRising(r, count) - LogGamma(n + 1) + r * std::log1p(-bought));
  double probability = still_alive * so_many * std::pow(bought, n);
  if (count > 0) {
    // Left at the last of them: as many or more would have come.
    probability += still_alive * a / (b + n - 1) * boost::math::ibeta(n, r, bought);
  }
  return probability;
}

absl::StatusOr<BgNbdFit> FitBgNbd(std::span<const History> histories) {
  const absl::StatusOr<GroupedHistories> grouped = GroupHistories(histories);
  if (!grouped.ok()) return grouped.status();
  if (const absl::Status status = CheckRepeaters(grouped->customers, grouped->repeaters); !status.ok()) return status;
  const auto likelihood = [&](std::span<const double> parameters, std::span<double> slopes) {
    std::ranges::fill(slopes, 0.0);
    const BgNbd model = ModelAt(parameters);
    return SumOverCounts(*grouped, model, slopes) + SumOverGroups(*grouped, model, slopes);
  };
  const Start starts[] = {{"r", 1}, {"alpha", grouped->mean_age}, {"a", 1}, {"b", 2}};
  absl::StatusOr<Fit> fit = Maximise("BG/NBD", likelihood, starts, grouped->customers);
  if (!fit.ok()) return fit.status();
  const std::vector<Parameter>& found = fit->parameters;
  return BgNbdFit{{.r = found[0].value, .alpha = found[1].value, .a = found[2].value, .b = found[3].value},
                  *std::move(fit)};
}

}  // namespace folio::lifetime
