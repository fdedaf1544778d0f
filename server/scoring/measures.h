// Measures: the figures that a health model can read from an account. Each is a pure function with a name.
#pragma once

#include <span>
#include <string_view>

#include "server/account/view.h"

namespace folio::scoring {

// What a measure read.
struct Reading {
  double value = 0;
  bool missing = true;
  int64_t fact_count = 0;  // facts (or subscriptions) it was read from
};

struct Measure {
  std::string_view name;         // "usage_trend"
  std::string_view unit;         // "ratio", "days", "count", "points"
  int default_window_days = 0;   // 0: does not look back
  Reading (*read)(const account::View& view, int window_days);
  std::string_view description;  // one English sentence
  std::string_view description_fr;
};

// All measures, by name.
std::span<const Measure> AllMeasures();
const Measure* FindMeasure(std::string_view name);

}  // namespace folio::scoring
