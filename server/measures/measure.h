// Measures: the figures that health models and signal rules can read from an account. Each is a pure function with a
// name.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "folio/v1/common.pb.h"
#include "server/account/view.h"

namespace folio::measures {

// What a measure read: a value, or why there is none. A measure is never 0 for want of data.
struct Reading {
  double value = 0;
  v1::Absence absence = v1::ABSENCE_NO_DATA;
  int64_t fact_count = 0;  // facts, subscriptions or contacts it was read from

  bool missing() const { return absence != v1::ABSENCE_UNSPECIFIED; }
};

struct Measure {
  std::string_view name;        // "usage_trend"
  std::string_view unit;        // "ratio", "days", "count", "points", "hours", "months", "money" (units of the
                                // workspace's currency) or "flag" (1 or 0)
  int default_window_days = 0;  // 0: does not look back over a window
  Reading (*read)(const account::View& view, int window_days) = nullptr;
  std::string_view description;  // one English sentence
  std::string_view description_fr;
};

// All measures, by name.
std::span<const Measure> AllMeasures();
// nullptr where there is none of that name.
const Measure* FindMeasure(std::string_view name);

// The name most like one that is not known; empty where none is near.
std::string NearestMeasure(std::string_view name);

}  // namespace folio::measures
