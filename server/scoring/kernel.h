// Kernels: what turns a figure into a credit from 0 to 1.
#pragma once

#include <utility>
#include <vector>

#include "folio/v1/health_model.pb.h"

namespace folio::scoring {

class Kernel {
 public:
  // The kernel of a measure, which IsValid() accepts.
  explicit Kernel(const v1::HealthMeasure& measure);

  // A ramp whose ends are finite and differ, or at least one tier, ascending, with credits from 0 to 1.
  static bool IsValid(const v1::HealthMeasure& measure);

  // 0 to 1, for any finite value.
  double CreditOf(double value) const;

 private:
  // Tiers by ascending `from`; a ramp has none.
  std::vector<std::pair<double, double>> tiers_;
  double below_ = 0;
  double zero_at_ = 0;
  double full_at_ = 1;
};

}  // namespace folio::scoring
