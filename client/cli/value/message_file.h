// Resources in files that people write: health models, rules of signals.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "client/cli/value/set_value.h"
#include "google/protobuf/message.h"

namespace folio::cli {

// A message as JSON where it begins with a brace, else as protocol buffers' text; "-" is standard input. Fault USAGE
// where it is neither, with the line, the column and what is wrong there, and the faults of FromJson.
absl::Status ReadMessage(const std::string& path, const ValueStyle& style, google::protobuf::Message* message);

}  // namespace folio::cli
