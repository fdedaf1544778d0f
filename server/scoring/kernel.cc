#include "server/scoring/kernel.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <span>
#include <string>

#include "server/scoring/loops.h"

namespace folio::scoring {
namespace {

bool IsCredit(double credit) { return credit >= 0 && credit <= 1; }

// Ends beyond it could overflow in the division, and no measure comes near.
constexpr double kEndMax = 1e15;

bool IsEnd(double value) { return std::abs(value) <= kEndMax; }

bool AreEnds(double low, double high) { return IsEnd(low) && IsEnd(high) && low != high; }

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

bool IsValidChoices(const v1::ChoicesKernel& kernel) {
  if (kernel.choices().empty() || !IsCredit(kernel.other())) return false;
  std::set<std::string> seen;
  return std::all_of(kernel.choices().begin(), kernel.choices().end(), [&seen](const v1::ChoiceCredit& choice) {
    return IsCredit(choice.credit()) && seen.insert(choice.choice()).second;
  });
}

}  // namespace

Kernel::Kernel(const v1::HealthMeasure& measure, account::CustomFields* fields) : kind_(measure.kernel_case()) {
  if (measure.has_ramp()) {
    low_ = measure.ramp().zero_at();
    high_ = measure.ramp().full_at();
  } else if (measure.has_three_state()) {
    low_ = measure.three_state().bad_from();
    high_ = measure.three_state().good_from();
  } else if (measure.has_tiers()) {
    otherwise_ = measure.tiers().below();
    for (const v1::Tier& tier : measure.tiers().tiers()) credits_.emplace_back(tier.from(), tier.credit());
  } else if (measure.has_choices() && fields != nullptr) {
    otherwise_ = measure.choices().other();
    for (const v1::ChoiceCredit& choice : measure.choices().choices()) {
      credits_.emplace_back(fields->NumberOf(choice.choice()), choice.credit());
    }
  }
}

bool Kernel::IsValid(const v1::HealthMeasure& measure) {
  switch (measure.kernel_case()) {
    case v1::HealthMeasure::kRamp:
      return AreEnds(measure.ramp().zero_at(), measure.ramp().full_at());
    case v1::HealthMeasure::kTiers:
      return IsValidTiers(measure.tiers());
    case v1::HealthMeasure::kThreeState:
      return AreEnds(measure.three_state().bad_from(), measure.three_state().good_from());
    case v1::HealthMeasure::kChoices:
      return IsValidChoices(measure.choices());
    case v1::HealthMeasure::KERNEL_NOT_SET:
      return false;
  }
  return false;
}

double Kernel::CreditOf(double value) const {
  switch (kind_) {
    case v1::HealthMeasure::kRamp:
      return std::clamp((value - low_) / (high_ - low_), 0.0, 1.0);
    case v1::HealthMeasure::kTiers:
      return CreditOfTier(value);
    case v1::HealthMeasure::kThreeState:
      return CreditOfState(value);
    default:
      return CreditOfChoice(value);
  }
}

void Kernel::CreditsOf(const double* values, int rows, double* credits) const {
  switch (kind_) {
    case v1::HealthMeasure::kRamp:
      return loops::Ramp(values, rows, low_, high_, credits);
    case v1::HealthMeasure::kThreeState:
      return loops::States(values, rows, low_, high_, credits);
    case v1::HealthMeasure::kTiers:
      std::fill(credits, credits + rows, otherwise_);
      for (size_t first = 0; first < credits_.size(); first += loops::kStepsOfOne) {
        const size_t count = std::min(loops::kStepsOfOne, credits_.size() - first);
        loops::Raise(values, rows, std::span(credits_).subspan(first, count), credits);
      }
      return;
    default:
      std::fill(credits, credits + rows, otherwise_);
      for (const auto& [choice, credit] : credits_) loops::Choose(values, rows, choice, credit, credits);
  }
}

void Kernel::AddCredits(const double* values, int rows, double weight, double* scratch, double* sums) const {
  if (kind_ == v1::HealthMeasure::kRamp) return loops::AddRamp(values, rows, low_, high_, weight, sums);
  CreditsOf(values, rows, scratch);
  loops::Add(scratch, rows, weight, sums);
}

void Kernel::AddCreditsOf(const double* values, const double* counted, int rows, double share, double otherwise,
                          double* scratch, double* sums) const {
  if (kind_ == v1::HealthMeasure::kRamp) {
    return loops::AddRampOf(values, counted, rows, low_, high_, otherwise, share, sums);
  }
  CreditsOf(values, rows, scratch);
  loops::StandIn(values, rows, otherwise, scratch);
  loops::AddOf(scratch, counted, rows, share, sums);
}

double Kernel::CreditOfTier(double value) const {
  double credit = otherwise_;
  for (const auto& [from, tier_credit] : credits_) {
    if (value < from) break;
    credit = tier_credit;
  }
  return credit;
}

double Kernel::CreditOfState(double value) const {
  const bool upwards = high_ > low_;
  if (upwards ? value >= high_ : value <= high_) return 1;
  return (upwards ? value <= low_ : value >= low_) ? 0 : 0.5;
}

double Kernel::CreditOfChoice(double value) const {
  const auto found =
      std::find_if(credits_.begin(), credits_.end(), [value](const auto& choice) { return choice.first == value; });
  return found == credits_.end() ? otherwise_ : found->second;
}

}  // namespace folio::scoring
