// Health models in files.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "folio/v1/health_model.pb.h"

namespace folio::cli {

// A model as JSON where it begins with a brace, else as protocol buffers' text; "-" is standard input. Fault USAGE
// where it is neither, and the faults of FromJson.
absl::Status ReadModel(const std::string& path, v1::HealthModel* model);

}  // namespace folio::cli
