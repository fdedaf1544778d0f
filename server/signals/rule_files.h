// The rules by file, and their thresholds.
#pragma once

#include "server/signals/rules.h"

namespace folio::signals {

// Usage is compared over 30 days: long enough to hold four of each weekday, short enough to act upon.
inline constexpr int kUsageWindowDays = 30;
inline constexpr double kDropFrom = 0.2;
inline constexpr double kDropHighFrom = 0.4;
inline constexpr double kDropCriticalFrom = 0.7;
inline constexpr double kRiseFrom = 0.3;
inline constexpr double kRiseHighFrom = 1.0;
// Less than this in the window before says nothing: a single visit more or less would be a signal.
inline constexpr int kUsageBaseCount = 20;
inline constexpr int kUsageBaseDays = 3;
inline constexpr double kSeatsFrom = 0.8;
inline constexpr double kSeatsHighFrom = 1.0;

// Days before a renewal at which it becomes low, medium, high and critical.
inline constexpr int kRenewalDays[] = {120, 90, 60, 30};

inline constexpr int kContactChangeDays = 30;

// How long a need or a budget that the client told of counts.
inline constexpr int kInterestDays = 90;

extern const Rule kUsageDrop;
extern const Rule kRenewalNear;
extern const Rule kContactChange;
extern const Rule kIntensiveUsage;
extern const Rule kIdentifiedNeed;
extern const Rule kBudgetAvailable;

}  // namespace folio::signals
