#include "server/scoring/figure.h"

#include "server/measures/custom.h"

namespace folio::scoring {

namespace {

measures::Reading ReadOn(const Figure& figure, const account::View& view) {
  return figure.measure != nullptr ? figure.measure->read(view, figure.window_days)
                                   : measures::ReadCustom(view, figure.custom);
}

}  // namespace

FigureReading ReadFigure(const Figure& figure, const account::View& view) {
  FigureReading read{.reading = ReadOn(figure, view)};
  account::View earlier = view;
  for (int days = 1; read.reading.missing() && days <= figure.carry_days; ++days) {
    earlier.today = view.today - days;
    const measures::Reading carried = ReadOn(figure, earlier);
    if (!carried.missing()) read = {.reading = carried, .carried_days = days};
  }
  return read;
}

}  // namespace folio::scoring
