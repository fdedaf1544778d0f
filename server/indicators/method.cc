#include "server/indicators/method.h"

#include <string>

#include "server/base/error.h"
#include "server/engine/resources.h"

namespace folio::indicators {

Figures FiguresOf(const Method& method, const Question& question) {
  if (question.records == nullptr || method.Reads(question.records->kind)) return method.Compute(question);
  const std::string& collection = engine::FindResource(question.records->kind)->schema.collection();
  return Faulty(question, error::Precondition("RECORDS_NOT_READ", {{"collection", collection}}));
}

Figures Faulty(const Question& question, const absl::Status& fault) {
  return Figures(question.periods.size(), std::vector<Figure>(question.group_count(), Figure{.fault = fault}));
}

}  // namespace folio::indicators
