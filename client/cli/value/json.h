// Messages as JSON for people and scripts: money as {"amount": "1200.00", "currency": "EUR"} (exact), dates and times
// as ISO text, enums in lower case, names as in the contract (snake case).
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cli/value/set_value.h"
#include "google/protobuf/message.h"
#include "nlohmann/json.hpp"

namespace folio::cli {

using Json = nlohmann::ordered_json;

// Numbers, flags and lists are always there; texts, enums and messages only where they are set.
Json ToJson(const google::protobuf::Message& message);

// Reads what ToJson writes, the canonical JSON of protocol buffers, and for every field the texts that SetFromText
// takes. Paths of the fields that were there are added to `paths` ("custom_fields.region" for a key of a map), unless
// it is nullptr; fields that only the server sets are read past, unless they are unknown. Faults: those of SetFromText,
// and JSON_TYPE (a value of the wrong type).
absl::Status FromJson(const Json& json, const ValueStyle& style, google::protobuf::Message* message,
                      std::vector<std::string>* paths = nullptr);

// Sets a field that HasParts from JSON: an object, or for a list an array of them. Faults as above.
absl::Status PartsFromText(std::string_view text, const google::protobuf::FieldDescriptor& field,
                           const ValueStyle& style, google::protobuf::Message* message);

// A list of messages as PartsFromText reads it back.
Json ListToJson(const google::protobuf::Message& message, const google::protobuf::FieldDescriptor& field);

// What a file holds; "-" reads standard input. Fault of usage where it cannot be read.
absl::StatusOr<std::string> ReadText(const std::string& path);

// JSON of a file named `path`. Fault of usage where it is none, with the line, the column and what is wrong there.
absl::StatusOr<Json> ParseJson(const std::string& text, const std::string& path);

// ReadText and ParseJson.
absl::StatusOr<Json> ReadJson(const std::string& path);

}  // namespace folio::cli
