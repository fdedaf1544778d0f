// The parameters that make what was observed likeliest, and how well it determines them.
//
// Everything in this folder is a pure function of numbers: it keeps nothing, may be called from any thread, and answers
// the same to the last bit for the same input on the same machine.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "server/statistics/interval.h"

namespace folio::lifetime {

struct Parameter {
  std::string_view name;  // that of the paper
  double value = 0;
  double standard_error = 0;
  statistics::Interval interval;  // at 95 %, normal on the scale of the logarithm: above 0, as the value is
};

struct Fit {
  std::vector<Parameter> parameters;
  double log_likelihood = 0;  // of all observations
  int64_t observations = 0;
  double slope = 0;  // largest one left, per observation and unit of a parameter's logarithm; at most kSlopeMax
  int evaluations = 0;
};

// A fit with a larger slope left has not settled: beyond it the fourth digit of a parameter would be in doubt.
inline constexpr double kSlopeMax = 1e-6;

// Standard error of a parameter's logarithm above which the parameter is not determined: its interval would reach from
// a fiftieth of its value to fifty times that.
inline constexpr double kLogErrorMax = 2;

// The log-likelihood of all observations at parameters above 0. Where `slopes` is not empty, it gets the derivative by
// each parameter.
using LogLikelihood = std::function<double(std::span<const double> parameters, std::span<double> slopes)>;

struct Start {
  std::string_view name;
  double value = 0;  // the search goes from a hundred-thousandth of it to a hundred thousand times it
};

// Maximises by NLopt's L-BFGS (J. Nocedal, Math. Comput. 35, 1980, 773-782) over the parameters' logarithms; where that
// does not settle, from a fifth and from five times the start. Standard errors are from the inverse of the observed
// information. `observations` above 0.
//
// FAILED_PRECONDITION: LIFETIME_NOT_DETERMINED, naming `model` and a parameter, where no start settles, a parameter
// runs to the end of the search, or its error is above kLogErrorMax.
absl::StatusOr<Fit> Maximise(std::string_view model, const LogLikelihood& likelihood, std::span<const Start> starts,
                             int64_t observations);

}  // namespace folio::lifetime
