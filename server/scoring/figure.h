// What models read: a measure over a window, or a custom field, with what stands in where it is missing.
#pragma once

#include <cstdint>

#include "server/account/view.h"
#include "server/measures/measure.h"

namespace folio::scoring {

struct Figure {
  const measures::Measure* measure = nullptr;  // nullptr for a custom field
  uint32_t custom = 0;                         // number of the custom field
  int window_days = 0;
  int carry_days = 0;  // how far back a figure is looked for where there is none on the day

  bool operator==(const Figure&) const = default;
};

struct FigureReading {
  measures::Reading reading;
  int carried_days = 0;  // the figure is that of so many days before
};

// Reads a figure on view.today, or else on the latest of the carry_days days before that has one.
FigureReading ReadFigure(const Figure& figure, const account::View& view);

}  // namespace folio::scoring
