#include "server/lifetime/hold_out.h"

#include <cmath>

namespace folio::lifetime {

HoldOut JudgeHoldOut(std::span<const double> expected, std::span<const double> actual) {
  HoldOut judged{.count = static_cast<int64_t>(expected.size())};
  for (size_t i = 0; i < expected.size(); ++i) {
    judged.expected += expected[i];
    judged.actual += actual[i];
    judged.mean_absolute_error += std::abs(expected[i] - actual[i]);
  }
  judged.mean_absolute_error /= static_cast<double>(judged.count);
  if (judged.actual != 0) judged.error = judged.expected / judged.actual - 1;
  return judged;
}

}  // namespace folio::lifetime
