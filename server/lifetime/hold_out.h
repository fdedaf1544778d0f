// How wrong a model was on what it had not seen.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace folio::lifetime {

struct HoldOut {
  int64_t count = 0;  // customers, or periods
  double expected = 0;
  double actual = 0;
  std::optional<double> error;     // of the whole, as a share of the actual one: -0.1 is a tenth too few; absent at 0
  double mean_absolute_error = 0;  // of one
};

// What a model that was fitted to an earlier time expected of each customer, or of each period, and what came. As many
// of both, at least one.
HoldOut JudgeHoldOut(std::span<const double> expected, std::span<const double> actual);

}  // namespace folio::lifetime
