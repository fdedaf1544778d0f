#include "server/scoring/loops.h"

#include <algorithm>
#include <limits>

#include "server/scoring/batch.h"
#include "server/scoring/score.h"

// Each loop twice, for processors with wide vectors and for all others; the program takes what its processor has. Both
// give the same bits: neither fuses a product with a sum. Sanitizers cannot start programs that choose in this way.
#if defined(__x86_64__) && !defined(FOLIO_SANITIZED)
#define FOLIO_WIDE __attribute__((target_clones("avx2", "default")))
#else
#define FOLIO_WIDE
#endif

namespace folio::scoring::loops {

namespace {

inline bool IsThere(double value) { return value == value; }

inline double Limit(double credit) {
  const double low = credit < 0 ? 0 : credit;
  return low > 1 ? 1 : low;
}

}  // namespace

FOLIO_WIDE void Ramp(const double* __restrict values, int rows, double low, double high, double* __restrict credits) {
  const double width = high - low;
  for (int i = 0; i < rows; ++i) credits[i] = Limit((values[i] - low) / width);
}

FOLIO_WIDE void AddRamp(const double* __restrict values, int rows, double low, double high, double weight,
                        double* __restrict sums) {
  const double width = high - low;
  for (int i = 0; i < rows; ++i) sums[i] += weight * Limit((values[i] - low) / width);
}

FOLIO_WIDE void States(const double* __restrict values, int rows, double bad, double good, double* __restrict credits) {
  if (good > bad) {
    for (int i = 0; i < rows; ++i) {
      const double below = values[i] <= bad ? 0 : 0.5;
      credits[i] = values[i] >= good ? 1 : below;
    }
  } else {
    for (int i = 0; i < rows; ++i) {
      const double above = values[i] >= bad ? 0 : 0.5;
      credits[i] = values[i] <= good ? 1 : above;
    }
  }
}

FOLIO_WIDE void AddRampOf(const double* __restrict values, const double* __restrict counted, int rows, double low,
                          double high, double otherwise, double share, double* __restrict sums) {
  const double width = high - low;
  for (int i = 0; i < rows; ++i) {
    const double ramp = Limit((values[i] - low) / width);
    const double credit = IsThere(values[i]) ? ramp : otherwise;
    sums[i] += 100 * (share / counted[i]) * credit;
  }
}

FOLIO_WIDE void Raise(const double* __restrict values, int rows, std::span<const std::pair<double, double>> steps,
                      double* __restrict credits) {
  // As many as there may be, so that one turn of the loop does all: no value is at least at NaN.
  double from[kStepsOfOne];
  double credit[kStepsOfOne];
  for (size_t step = 0; step < kStepsOfOne; ++step) {
    from[step] = step < steps.size() ? steps[step].first : std::numeric_limits<double>::quiet_NaN();
    credit[step] = step < steps.size() ? steps[step].second : 0;
  }
  static_assert(kStepsOfOne == 4);
  for (int i = 0; i < rows; ++i) {
    const double first = values[i] >= from[0] ? credit[0] : credits[i];
    const double second = values[i] >= from[1] ? credit[1] : first;
    const double third = values[i] >= from[2] ? credit[2] : second;
    credits[i] = values[i] >= from[3] ? credit[3] : third;
  }
}

FOLIO_WIDE void Choose(const double* __restrict values, int rows, double choice, double credit,
                       double* __restrict credits) {
  for (int i = 0; i < rows; ++i) credits[i] = values[i] == choice ? credit : credits[i];
}

FOLIO_WIDE void StandIn(const double* __restrict values, int rows, double credit, double* __restrict credits) {
  for (int i = 0; i < rows; ++i) credits[i] = IsThere(values[i]) ? credits[i] : credit;
}

FOLIO_WIDE void AddShare(const double* __restrict values, int rows, double share, double* __restrict sums) {
  for (int i = 0; i < rows; ++i) sums[i] += IsThere(values[i]) ? share : 0.0;
}

FOLIO_WIDE void Flag(const double* __restrict values, int rows, double* __restrict flags) {
  for (int i = 0; i < rows; ++i) flags[i] = IsThere(values[i]) ? 1.0 : flags[i];
}

FOLIO_WIDE void AddFlagged(const double* __restrict flags, int rows, double share, double* __restrict sums) {
  for (int i = 0; i < rows; ++i) sums[i] += flags[i] != 0 ? share : 0.0;
}

FOLIO_WIDE void Add(const double* __restrict credits, int rows, double weight, double* __restrict sums) {
  for (int i = 0; i < rows; ++i) sums[i] += weight * credits[i];
}

FOLIO_WIDE void AddOf(const double* __restrict credits, const double* __restrict counted, int rows, double share,
                      double* __restrict sums) {
  for (int i = 0; i < rows; ++i) sums[i] += 100 * (share / counted[i]) * credits[i];
}

FOLIO_WIDE void Weigh(const double* __restrict flags, const double* __restrict counted, int rows, double share,
                      double* __restrict weights) {
  for (int i = 0; i < rows; ++i) weights[i] = flags[i] != 0 ? share / counted[i] : 0.0;
}

FOLIO_WIDE void AddWeighted(const double* __restrict credits, const double* __restrict weights, int rows, double own,
                            double* __restrict sums) {
  for (int i = 0; i < rows; ++i) sums[i] += 100 * (weights[i] * own) * credits[i];
}

FOLIO_WIDE void AddClamp(const double* __restrict credits, const double* __restrict weights, int rows,
                         double* __restrict sums) {
  for (int i = 0; i < rows; ++i) sums[i] += 100 * weights[i] * (Limit(credits[i]) - credits[i]);
}

FOLIO_WIDE void KeepLeast(const double* __restrict values, const double* __restrict credits, bool counts_without,
                          int rows, double* __restrict least) {
  for (int i = 0; i < rows; ++i) {
    const double lesser = credits[i] < least[i] ? credits[i] : least[i];
    least[i] = IsThere(values[i]) | counts_without ? lesser : least[i];
  }
}

FOLIO_WIDE void Finish(int rows, double whole, double* __restrict raw, double* __restrict coverage,
                       int8_t* __restrict score) {
  for (int i = 0; i < rows; ++i) {
    const bool there = coverage[i] != 0;
    // Never below 0 but for dust, so that cutting off is rounding down.
    const int rounded = static_cast<int>((there ? raw[i] : 0.0) + 0.5 + kRoundingDust);
    score[i] = static_cast<int8_t>(there ? rounded : BatchScores::kAbsent);
    raw[i] = there ? raw[i] : std::numeric_limits<double>::quiet_NaN();
    coverage[i] = coverage[i] == whole ? 1.0 : coverage[i];
  }
}

}  // namespace folio::scoring::loops
