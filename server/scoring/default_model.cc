#include <cstdlib>

#include "default_model_text.h"
#include "google/protobuf/text_format.h"
#include "server/scoring/score.h"

namespace folio::scoring {

const v1::HealthModel& DefaultModel() {
  static const v1::HealthModel* const model = [] {
    auto* parsed = new v1::HealthModel;
    // It is part of the program: one that does not parse is a fault of the build, which no caller can handle.
    if (!google::protobuf::TextFormat::ParseFromString(kDefaultModelText, parsed)) std::abort();
    return parsed;
  }();
  return *model;
}

}  // namespace folio::scoring
