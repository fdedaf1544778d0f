// The gamma function's logarithm, and that one's derivative.
#pragma once

#include <boost/math/special_functions/digamma.hpp>
#include <cmath>
#include <cstdint>

namespace folio::lifetime {

// Of x above 0. std::lgamma writes a global variable, so it may not be called from two threads.
inline double LogGamma(double x) {
  int sign = 0;
  return lgamma_r(x, &sign);
}

// The derivative of LogGamma. Boost.Math throws where this overflows; a search that strays there has to come back.
inline double Digamma(double x) {
  using boost::math::policies::errno_on_error;
  using boost::math::policies::policy;
  using Quiet =
      policy<boost::math::policies::pole_error<errno_on_error>, boost::math::policies::domain_error<errno_on_error>,
             boost::math::policies::overflow_error<errno_on_error>,
             boost::math::policies::evaluation_error<errno_on_error>>;
  return boost::math::digamma(x, Quiet());
}

// ln(x * (x + 1) * ... * (x + count - 1)), x above 0.
inline double LogRising(double x, int64_t count) { return LogGamma(x + static_cast<double>(count)) - LogGamma(x); }

}  // namespace folio::lifetime
