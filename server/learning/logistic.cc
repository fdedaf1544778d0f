#include "server/learning/logistic.h"

#include <nlopt.h>

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <memory>

#include "fmt/format.h"
#include "server/base/error.h"
#include "server/learning/events.h"

namespace folio::learning {
namespace {

using Eigen::ArrayXd;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Far more than a fit that converges needs: a few tens.
constexpr int kEvaluationsMax = 5'000;

// A coefficient this near to its bound, in log-odds for a standard deviation, is at it.
constexpr double kAtBound = 1e-9;

// The sample as the optimiser sees it: standardised, without constant columns, behind a column of ones.
struct Problem {
  std::vector<size_t> source;  // column of the sample for each column but the first
  VectorXd mean;               // of all columns of the sample
  VectorXd deviation;
  MatrixXd design;
  ArrayXd outcomes;
  ArrayXd weights;
  double total_weight = 0;
  double base_rate = 0;
  double penalty = 0;
};

Problem Standardise(const Sample& sample, double penalty) {
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto rows = static_cast<Eigen::Index>(sample.rows());
  const auto columns = static_cast<Eigen::Index>(sample.features.columns);
  const Eigen::Map<const RowMajor> values(sample.features.values.data(), rows, columns);

  Problem problem{.penalty = penalty};
  problem.outcomes =
      Eigen::Map<const Eigen::Array<uint8_t, Eigen::Dynamic, 1>>(sample.outcomes.data(), rows).cast<double>();
  if (sample.weights.empty()) {
    problem.weights = ArrayXd::Ones(rows);
  } else {
    problem.weights = Eigen::Map<const ArrayXd>(sample.weights.data(), rows);
  }
  problem.total_weight = problem.weights.sum();
  problem.base_rate = (problem.weights * problem.outcomes).sum() / problem.total_weight;
  const VectorXd share = problem.weights / problem.total_weight;
  problem.mean = values.transpose() * share;
  problem.deviation = VectorXd::Zero(columns);
  for (Eigen::Index column = 0; column < columns; ++column) {
    const auto value = values.col(column).array();
    if (rows == 0 || value.minCoeff() == value.maxCoeff()) continue;
    problem.deviation[column] = std::sqrt((share.array() * (value - problem.mean[column]).square()).sum());
    if (problem.deviation[column] > 0) problem.source.push_back(static_cast<size_t>(column));
  }
  problem.design.resize(rows, static_cast<Eigen::Index>(problem.source.size()) + 1);
  problem.design.col(0).setOnes();
  for (size_t i = 0; i < problem.source.size(); ++i) {
    const auto column = static_cast<Eigen::Index>(problem.source[i]);
    problem.design.col(static_cast<Eigen::Index>(i) + 1) =
        (values.col(column).array() - problem.mean[column]) / problem.deviation[column];
  }
  return problem;
}

ArrayXd Probabilities(const ArrayXd& log_odds) { return log_odds.unaryExpr(&statistics::Expit); }

// Sum over rows of weight * -log(probability of what happened), with no overflow at any log-odds.
double Loss(const Problem& problem, const ArrayXd& log_odds) {
  const ArrayXd log_of_one_plus_exp = log_odds.max(0.0) + (-log_odds.abs()).exp().log1p();
  return (problem.weights * (log_of_one_plus_exp - problem.outcomes * log_odds)).sum();
}

// The mean loss of a row with the penalty, and its gradient where asked: an nlopt_func.
double Objective(unsigned size, const double* point, double* gradient, void* data) {
  const Problem& problem = *static_cast<const Problem*>(data);
  const Eigen::Map<const VectorXd> coefficients(point, size);
  const auto slopes = coefficients.tail(size - 1);
  const ArrayXd log_odds = (problem.design * coefficients).array();
  if (gradient != nullptr) {
    Eigen::Map<VectorXd> into(gradient, size);
    const VectorXd residual = problem.weights * (Probabilities(log_odds) - problem.outcomes) / problem.total_weight;
    into.noalias() = problem.design.transpose() * residual;
    into.tail(size - 1) += problem.penalty * slopes;
  }
  return Loss(problem, log_odds) / problem.total_weight + problem.penalty / 2 * slopes.squaredNorm();
}

struct Optimum {
  std::vector<double> point;
  std::vector<bool> at_bound;
  double gradient = 0;  // largest slope in a direction that is allowed
  int evaluations = 0;
};

// Whatever NLopt says of why it stopped, the slope left is what decides (the conditions of Karush, Kuhn and Tucker,
// sufficient since the objective is convex): its line search can fail at the optimum itself.
Optimum Minimise(Problem& problem, bool non_negative) {
  const auto size = static_cast<unsigned>(problem.design.cols());
  Optimum optimum{.point = std::vector<double>(size, 0.0), .at_bound = std::vector<bool>(size, false)};
  optimum.point[0] = statistics::Logit(problem.base_rate);

  const std::unique_ptr<nlopt_opt_s, decltype(&nlopt_destroy)> search(nlopt_create(NLOPT_LD_LBFGS, size),
                                                                      nlopt_destroy);
  nlopt_set_min_objective(search.get(), Objective, &problem);
  nlopt_set_maxeval(search.get(), kEvaluationsMax);
  if (non_negative) {
    std::vector<double> bounds(size, 0.0);
    bounds[0] = -HUGE_VAL;
    nlopt_set_lower_bounds(search.get(), bounds.data());
  }
  double smallest = 0;
  nlopt_optimize(search.get(), optimum.point.data(), &smallest);
  optimum.evaluations = nlopt_get_numevals(search.get());

  std::vector<double> slope(size);
  Objective(size, optimum.point.data(), slope.data(), &problem);
  for (unsigned i = 0; i < size; ++i) {
    optimum.at_bound[i] = non_negative && i > 0 && optimum.point[i] <= kAtBound && slope[i] >= 0;
    if (optimum.at_bound[i]) {
      optimum.point[i] = 0;
    } else {
      optimum.gradient = std::max(optimum.gradient, std::abs(slope[i]));
    }
  }
  return optimum;
}

// The covariance over accounts of their scores: gradients of the log-likelihood, summed over the rows of each. They are
// taken about their mean, which is not 0 under a penalty.
MatrixXd CovarianceOfScores(const MatrixXd& row_scores, Clusters clusters) {
  MatrixXd sums = MatrixXd::Zero(*std::ranges::max_element(clusters) + 1, row_scores.cols());
  std::vector<uint8_t> present(static_cast<size_t>(sums.rows()), 0);
  for (Eigen::Index row = 0; row < row_scores.rows(); ++row) {
    sums.row(clusters[row]) += row_scores.row(row);
    present[clusters[row]] = 1;
  }
  const auto count = static_cast<double>(std::ranges::count(present, 1));
  const VectorXd mean = sums.colwise().sum() / count;
  const MatrixXd products = sums.transpose() * sums - count * mean * mean.transpose();
  return products * (count / (count - 1));
}

// Of the standardised coefficients, with zeros for those at the bound. Empty where the information is singular.
MatrixXd Covariance(const Problem& problem, const Optimum& optimum, Clusters clusters) {
  std::vector<Eigen::Index> free;
  for (size_t i = 0; i < optimum.point.size(); ++i) {
    if (!optimum.at_bound[i]) free.push_back(static_cast<Eigen::Index>(i));
  }
  const Eigen::Map<const VectorXd> coefficients(optimum.point.data(), static_cast<Eigen::Index>(optimum.point.size()));
  const ArrayXd probability = Probabilities((problem.design * coefficients).array());
  const ArrayXd curvature = problem.weights * probability * (1 - probability);
  const MatrixXd columns = problem.design(Eigen::all, free);
  MatrixXd information = columns.transpose() * (columns.array().colwise() * curvature).matrix();
  information.diagonal().tail(information.rows() - 1).array() += problem.total_weight * problem.penalty;

  const Eigen::LDLT<MatrixXd> factors(information);
  if (factors.info() != Eigen::Success || !(factors.vectorD().minCoeff() > 0)) return {};
  MatrixXd among_free = factors.solve(MatrixXd::Identity(information.rows(), information.cols()));
  if (!clusters.empty()) {
    const ArrayXd residual = problem.weights * (problem.outcomes - probability);
    const MatrixXd row_scores = columns.array().colwise() * residual;
    among_free = among_free * CovarianceOfScores(row_scores, clusters) * among_free;
  }
  MatrixXd covariance = MatrixXd::Zero(problem.design.cols(), problem.design.cols());
  covariance(free, free) = among_free;
  return covariance;
}

Estimate MakeEstimate(double value, double variance, double level) {
  const double error = std::sqrt(variance);
  const double reach = statistics::NormalQuantile(level) * error;
  return {value, error, statistics::Interval{value - reach, value + reach}};
}

// From the optimiser's standardised coefficients to the caller's units.
LogisticFit Describe(const Problem& problem, const Optimum& optimum, const MatrixXd& covariance,
                     const LogisticOptions& options) {
  LogisticFit fit{.mean_log_odds = optimum.point[0], .gradient = optimum.gradient, .evaluations = optimum.evaluations};
  fit.coefficients.resize(static_cast<size_t>(problem.mean.size()));
  for (size_t column = 0; column < fit.coefficients.size(); ++column) {
    const auto index = static_cast<Eigen::Index>(column);
    fit.coefficients[column] = {
        .state = Coefficient::State::kConstant, .mean = problem.mean[index], .deviation = problem.deviation[index]};
  }
  // The intercept is a linear combination of the standardised coefficients.
  VectorXd combination = VectorXd::Zero(problem.design.cols());
  combination[0] = 1;
  double intercept = fit.mean_log_odds;
  for (size_t i = 0; i < problem.source.size(); ++i) {
    const auto position = static_cast<Eigen::Index>(i) + 1;
    Coefficient& coefficient = fit.coefficients[problem.source[i]];
    combination[position] = -coefficient.mean / coefficient.deviation;
    intercept += combination[position] * optimum.point[i + 1];
    if (optimum.at_bound[i + 1]) {
      coefficient.state = Coefficient::State::kAtBound;
      continue;
    }
    coefficient.state = Coefficient::State::kFree;
    const double variance = covariance(position, position) / (coefficient.deviation * coefficient.deviation);
    coefficient.estimate = MakeEstimate(optimum.point[i + 1] / coefficient.deviation, variance, options.level);
    if (options.non_negative) {
      coefficient.estimate.interval->low = std::max(coefficient.estimate.interval->low, 0.0);
    }
  }
  fit.intercept = MakeEstimate(intercept, combination.dot(covariance * combination), options.level);
  return fit;
}

}  // namespace

double LogisticFit::LogOdds(std::span<const double> row) const {
  double sum = mean_log_odds;
  for (size_t i = 0; i < coefficients.size(); ++i) {
    sum += coefficients[i].estimate.value * (row[i] - coefficients[i].mean);
  }
  return sum;
}

std::vector<double> LogisticFit::Contributions(std::span<const double> row) const {
  std::vector<double> contributions(coefficients.size());
  for (size_t i = 0; i < coefficients.size(); ++i) {
    contributions[i] = coefficients[i].estimate.value * (row[i] - coefficients[i].mean);
  }
  return contributions;
}

absl::StatusOr<LogisticFit> FitLogistic(const Sample& sample, const LogisticOptions& options) {
  if (const absl::Status status = CheckSample(sample); !status.ok()) return status;
  if (!(std::isfinite(options.penalty) && options.penalty >= kPenaltyMin)) {
    return error::InvalidField(
        "penalty", "FIELD_OUT_OF_RANGE",
        {{"value", fmt::format("{}", options.penalty)}, {"minimum", fmt::format("{}", kPenaltyMin)}});
  }
  Problem problem = Standardise(sample, options.penalty);
  if (!(problem.base_rate > 0 && problem.base_rate < 1)) return TooFewOutcomes(CountClasses(sample.outcomes), 1);

  const Optimum optimum = Minimise(problem, options.non_negative);
  const MatrixXd covariance = Covariance(problem, optimum, sample.clusters);
  if (!(optimum.gradient <= kGradientMax) || covariance.size() == 0) {
    return error::Precondition("FIT_NOT_CONVERGED", {{"gradient", fmt::format("{:.2g}", optimum.gradient)},
                                                     {"penalty", fmt::format("{}", options.penalty)}});
  }
  LogisticFit fit = Describe(problem, optimum, covariance, options);
  const Eigen::Map<const VectorXd> coefficients(optimum.point.data(), problem.design.cols());
  fit.log_likelihood = -Loss(problem, (problem.design * coefficients).array());
  fit.null_log_likelihood =
      -Loss(problem, ArrayXd::Constant(problem.design.rows(), statistics::Logit(problem.base_rate)));
  return fit;
}

}  // namespace folio::learning
