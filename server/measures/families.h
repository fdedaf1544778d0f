// The measures by family: a file each.
#pragma once

#include <span>

#include "server/measures/measure.h"

namespace folio::measures {

std::span<const Measure> UsageMeasures();
std::span<const Measure> EngagementMeasures();
std::span<const Measure> SatisfactionMeasures();
std::span<const Measure> HistoryMeasures();

inline Reading Value(double value, int64_t fact_count) { return {value, v1::ABSENCE_UNSPECIFIED, fact_count}; }
inline Reading Absent(v1::Absence why) { return {0, why, 0}; }

}  // namespace folio::measures
