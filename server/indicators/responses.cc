#include "server/indicators/responses.h"

#include <utility>

namespace folio::indicators {
namespace {

constexpr double kMicrosInSecond = 1e6;

void AddWaiting(const ResponseTimes& sum, const EntriesContext& context, Figure* figure) {
  const Instant age = sum.unanswered == 0 ? 0 : context.period.read_end - sum.oldest;
  figure->parts = {PartNumber(static_cast<double>(sum.unanswered)),
                   PartNumber(static_cast<double>(age) / kMicrosInSecond)};
}

Figure TimeOfShare(const ResponseTimes& sum, const EntriesContext& context, double share) {
  Figure figure = QuantileOf(sum.times, share);
  AddWaiting(sum, context, &figure);
  return figure;
}

}  // namespace

Figure MeanOf(const ResponseTimes& sum, const EntriesContext& context) {
  Figure figure = MeanOf(sum.tally);
  AddWaiting(sum, context, &figure);
  return figure;
}

Figure MedianOf(const ResponseTimes& sum, const EntriesContext& context) { return TimeOfShare(sum, context, 0.5); }
Figure P90Of(const ResponseTimes& sum, const EntriesContext& context) { return TimeOfShare(sum, context, 0.9); }

Indicator OfResponses(Indicator indicator) {
  indicator.category = v1::INDICATOR_CATEGORY_PERCEPTION;
  indicator.unit = v1::INDICATOR_UNIT_SECONDS;
  indicator.higher_is_better = false;
  indicator.parts = {
      {"unanswered", "Open and without an answer", "Ouverts et sans réponse"},
      {"oldest_unanswered", "Age of the oldest of them", "Âge du plus ancien d'entre eux", v1::INDICATOR_UNIT_SECONDS}};
  return indicator;
}

}  // namespace folio::indicators
