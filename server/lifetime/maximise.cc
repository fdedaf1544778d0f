#include "server/lifetime/maximise.h"

#include <nlopt.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <memory>

#include "fmt/format.h"
#include "server/base/error.h"

namespace folio::lifetime {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

// Far more than a fit that settles needs: some tens.
constexpr int kEvaluationsMax = 2'000;

// What the likelihood may still gain, as a share of it, when the search stops: less than a slope of kSlopeMax stands
// for.
constexpr double kGainMin = 1e-14;

// How far the logarithm of a parameter may go from its start.
const double kReach = std::log(1e5);
// A parameter this near to the end of the search is at it.
constexpr double kAtEnd = 1e-3;

// Step of the second derivatives: the cube root of what a double resolves, where errors of rounding and of curvature
// meet.
constexpr double kStep = 6e-6;

constexpr double kStartFactors[] = {1, 0.2, 5};

// The likelihood as the optimiser sees it: per observation, over logarithms, turned so that less is better.
class Objective {
 public:
  Objective(const LogLikelihood& likelihood, int64_t observations, size_t size)
      : likelihood_(likelihood), observations_(static_cast<double>(observations)), parameters_(size) {}

  double Evaluate(const double* logarithms, double* gradient) {
    ++evaluations_;
    const size_t size = parameters_.size();
    for (size_t i = 0; i < size; ++i) parameters_[i] = std::exp(logarithms[i]);
    const std::span<double> slopes(gradient, gradient == nullptr ? 0 : size);
    const double value = likelihood_(parameters_, slopes);
    for (size_t i = 0; i < slopes.size(); ++i) slopes[i] *= -parameters_[i] / observations_;
    return -value / observations_;
  }

  VectorXd GradientAt(const VectorXd& logarithms) {
    VectorXd gradient(logarithms.size());
    Evaluate(logarithms.data(), gradient.data());
    return gradient;
  }

  int evaluations() const { return evaluations_; }

 private:
  const LogLikelihood& likelihood_;
  double observations_;
  std::vector<double> parameters_;
  int evaluations_ = 0;
};

double Call(unsigned, const double* point, double* gradient, void* objective) {
  return static_cast<Objective*>(objective)->Evaluate(point, gradient);
}

struct Optimum {
  VectorXd logarithms;
  double value = HUGE_VAL;
  double slope = HUGE_VAL;
  VectorXd log_errors;        // empty where the information has no inverse
  Eigen::Index doubtful = 0;  // the parameter that is known least
  bool at_end = false;

  bool settled() const {
    return slope <= kSlopeMax && !at_end && log_errors.size() > 0 && log_errors.maxCoeff() <= kLogErrorMax;
  }
};

MatrixXd InformationAt(Objective& objective, const VectorXd& logarithms) {
  const Eigen::Index size = logarithms.size();
  MatrixXd information(size, size);
  for (Eigen::Index i = 0; i < size; ++i) {
    VectorXd point = logarithms;
    point[i] = logarithms[i] + kStep;
    const VectorXd above = objective.GradientAt(point);
    point[i] = logarithms[i] - kStep;
    information.col(i) = (above - objective.GradientAt(point)) / (2 * kStep);
  }
  return (information + information.transpose()) / 2;
}

// A step of Newton's, now that the curvature is known, for the digits that the search left; and the errors.
void Polish(Objective& objective, int64_t observations, Optimum* optimum) {
  const Eigen::Index size = optimum->logarithms.size();
  const Eigen::LDLT<MatrixXd> factors(InformationAt(objective, optimum->logarithms));
  VectorXd gradient = objective.GradientAt(optimum->logarithms);
  optimum->slope = gradient.cwiseAbs().maxCoeff();
  if (factors.info() != Eigen::Success || !(factors.vectorD().minCoeff() > 0)) return;
  const VectorXd better = optimum->logarithms - factors.solve(gradient);
  const double value = objective.Evaluate(better.data(), gradient.data());
  if (const double slope = gradient.cwiseAbs().maxCoeff(); slope <= optimum->slope) {
    *optimum = {.logarithms = better, .value = value, .slope = slope};
  }
  const VectorXd variances = factors.solve(MatrixXd::Identity(size, size)).diagonal();
  optimum->log_errors = (variances / static_cast<double>(observations)).cwiseSqrt();
  optimum->log_errors.maxCoeff(&optimum->doubtful);
}

// Where NLopt stopped does not decide, nor what it says of why: its line search can fail at the optimum itself.
Optimum Search(Objective& objective, const VectorXd& from, const VectorXd& lowest, const VectorXd& highest,
               int64_t observations) {
  const std::unique_ptr<nlopt_opt_s, decltype(&nlopt_destroy)> search(
      nlopt_create(NLOPT_LD_LBFGS, static_cast<unsigned>(from.size())), nlopt_destroy);
  nlopt_set_min_objective(search.get(), Call, &objective);
  nlopt_set_maxeval(search.get(), kEvaluationsMax);
  nlopt_set_ftol_rel(search.get(), kGainMin);
  nlopt_set_lower_bounds(search.get(), lowest.data());
  nlopt_set_upper_bounds(search.get(), highest.data());
  Optimum optimum{.logarithms = from};
  nlopt_optimize(search.get(), optimum.logarithms.data(), &optimum.value);
  Polish(objective, observations, &optimum);

  const VectorXd room = (optimum.logarithms - lowest).cwiseMin(highest - optimum.logarithms);
  Eigen::Index nearest = 0;
  optimum.at_end = room.minCoeff(&nearest) <= kAtEnd;
  if (optimum.at_end) optimum.doubtful = nearest;
  return optimum;
}

Fit Describe(const Optimum& optimum, std::span<const Start> starts, int64_t observations, int evaluations) {
  Fit fit{.log_likelihood = -optimum.value * static_cast<double>(observations),
          .observations = observations,
          .slope = optimum.slope,
          .evaluations = evaluations};
  const double quantile = statistics::NormalQuantile(statistics::kLevel);
  for (size_t i = 0; i < starts.size(); ++i) {
    const auto index = static_cast<Eigen::Index>(i);
    const double value = std::exp(optimum.logarithms[index]);
    const double log_error = optimum.log_errors[index];
    fit.parameters.push_back({starts[i].name,
                              value,
                              value * log_error,
                              {value * std::exp(-quantile * log_error), value * std::exp(quantile * log_error)}});
  }
  return fit;
}

}  // namespace

absl::StatusOr<Fit> Maximise(std::string_view model, const LogLikelihood& likelihood, std::span<const Start> starts,
                             int64_t observations) {
  VectorXd middle(static_cast<Eigen::Index>(starts.size()));
  for (size_t i = 0; i < starts.size(); ++i) middle[static_cast<Eigen::Index>(i)] = std::log(starts[i].value);
  const VectorXd lowest = middle.array() - kReach;
  const VectorXd highest = middle.array() + kReach;
  Objective objective(likelihood, observations, starts.size());
  Optimum best;
  for (const double factor : kStartFactors) {
    const Optimum optimum = Search(objective, middle.array() + std::log(factor), lowest, highest, observations);
    if (optimum.settled()) return Describe(optimum, starts, observations, objective.evaluations());
    if (!(optimum.value >= best.value)) best = optimum;
  }
  return error::Precondition("LIFETIME_NOT_DETERMINED",
                             {{"model", std::string(model)},
                              {"parameter", std::string(starts[static_cast<size_t>(best.doubtful)].name)},
                              {"value", fmt::format("{:.4g}", std::exp(best.logarithms[best.doubtful]))}});
}

}  // namespace folio::lifetime
