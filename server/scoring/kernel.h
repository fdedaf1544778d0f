// Kernels: what turns a figure into a credit from 0 to 1.
#pragma once

#include <utility>
#include <vector>

#include "folio/v1/health_model.pb.h"
#include "server/account/custom.h"

namespace folio::scoring {

class Kernel {
 public:
  // The kernel of a measure, which IsValid() accepts. `fields` numbers the choices; nullptr where there are none.
  Kernel(const v1::HealthMeasure& measure, account::CustomFields* fields);

  // Ramps and three states whose ends are finite and differ; at least one tier, ascending, or one choice, none twice;
  // credits from 0 to 1.
  static bool IsValid(const v1::HealthMeasure& measure);

  // 0 to 1, for any finite value. For choices the value is the number of the choice.
  double CreditOf(double value) const;

  // The credits of many values, the same to the last bit; of NaN, any credit.
  void CreditsOf(const double* values, int rows, double* credits) const;
  // sums += weight * credit. `scratch` has room for the rows.
  void AddCredits(const double* values, int rows, double weight, double* scratch, double* sums) const;
  // sums += 100 * (share / counted) * credit, or `otherwise` in place of the credit where the value is NaN.
  void AddCreditsOf(const double* values, const double* counted, int rows, double share, double otherwise,
                    double* scratch, double* sums) const;

 private:
  double CreditOfTier(double value) const;
  double CreditOfState(double value) const;
  double CreditOfChoice(double value) const;

  v1::HealthMeasure::KernelCase kind_;
  std::vector<std::pair<double, double>> credits_;  // of tiers by ascending `from`, or of choices by number
  double otherwise_ = 0;                            // below the first tier, or for every other choice
  double low_ = 0;                                  // zero_at or bad_from
  double high_ = 1;                                 // full_at or good_from
};

}  // namespace folio::scoring
