#include "server/scoring/kernel.h"

#include <algorithm>
#include <cmath>

namespace folio::scoring {
namespace {

bool IsCredit(double credit) { return credit >= 0 && credit <= 1; }

// Ends beyond it could overflow in the division, and no measure comes near.
constexpr double kEndMax = 1e15;

bool IsEnd(double value) { return std::abs(value) <= kEndMax; }

bool IsValidRamp(const v1::RampKernel& ramp) {
  return IsEnd(ramp.zero_at()) && IsEnd(ramp.full_at()) && ramp.zero_at() != ramp.full_at();
}

bool IsValidTiers(const v1::TiersKernel& kernel) {
  if (kernel.tiers().empty() || !IsCredit(kernel.below())) return false;
  const v1::Tier* previous = nullptr;
  for (const v1::Tier& tier : kernel.tiers()) {
    if (!IsEnd(tier.from()) || !IsCredit(tier.credit())) return false;
    if (previous != nullptr && tier.from() <= previous->from()) return false;
    previous = &tier;
  }
  return true;
}

}  // namespace

Kernel::Kernel(const v1::HealthMeasure& measure) : below_(measure.tiers().below()) {
  for (const v1::Tier& tier : measure.tiers().tiers()) tiers_.emplace_back(tier.from(), tier.credit());
  if (measure.has_ramp()) {
    zero_at_ = measure.ramp().zero_at();
    full_at_ = measure.ramp().full_at();
  }
}

bool Kernel::IsValid(const v1::HealthMeasure& measure) {
  switch (measure.kernel_case()) {
    case v1::HealthMeasure::kRamp:
      return IsValidRamp(measure.ramp());
    case v1::HealthMeasure::kTiers:
      return IsValidTiers(measure.tiers());
    default:
      return false;
  }
}

double Kernel::CreditOf(double value) const {
  if (tiers_.empty()) return std::clamp((value - zero_at_) / (full_at_ - zero_at_), 0.0, 1.0);
  double credit = below_;
  for (const auto& [from, tier_credit] : tiers_) {
    if (value < from) break;
    credit = tier_credit;
  }
  return credit;
}

}  // namespace folio::scoring
