// Fields of messages by their path, as in "display_name", "custom_fields.region" or "external_ids.salesforce".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace folio::cli {

struct FieldPath {
  std::vector<const google::protobuf::FieldDescriptor*> fields;  // from the root's field to the leaf
  std::string key;     // key of a map, or system of an external id; empty where the path names the whole field
  bool is_id = false;  // "id": the last part of the resource's name
  std::string text;    // as the contract spells it, for masks and messages

  const google::protobuf::FieldDescriptor& leaf() const { return *fields.back(); }
};

// Finds a path. A field may also be named by its column ("country" for country_code), and a field of a fact's detail
// without the detail ("count" for "usage.count") where `detail` names it. Fault FIELD_UNKNOWN, with the nearest name.
absl::StatusOr<FieldPath> FindPath(const google::protobuf::Descriptor& type, std::string_view path,
                                   std::string_view detail = "");

// True for fields that only the server sets.
bool IsOutputOnly(const google::protobuf::FieldDescriptor& field);

// True for a field of messages with parts of their own, which are written as JSON: not for money, dates, times and
// external ids.
bool HasParts(const google::protobuf::FieldDescriptor& field);

// "accounts" of an Account; empty for a message that is no resource.
std::string CollectionOf(const google::protobuf::Descriptor& type);

// The choices of an enum as people write them: "monthly, quarterly, annual".
std::vector<std::string> EnumChoices(const google::protobuf::EnumDescriptor& type);
// "monthly" for BILLING_PERIOD_MONTHLY; empty for the zero value.
std::string EnumText(const google::protobuf::EnumValueDescriptor& value);
// The value of "monthly", "Monthly" or "BILLING_PERIOD_MONTHLY"; nullptr where there is none.
const google::protobuf::EnumValueDescriptor* FindEnumValue(const google::protobuf::EnumDescriptor& type,
                                                           std::string_view text);

// The candidate that differs least from a misspelled word; empty where none is near.
std::string Nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace folio::cli
