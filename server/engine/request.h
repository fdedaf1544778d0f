// Reading and filling messages by the field names that all standard methods share.
#pragma once

#include <string>
#include <string_view>

#include "google/protobuf/message.h"

namespace folio::engine {

// A message whose fields are reached by name. A field that the message does not have reads as empty.
class Fields {
 public:
  explicit Fields(const google::protobuf::Message& message) : message_(message) {}

  std::string Text(std::string_view field) const;
  bool Flag(std::string_view field) const;
  int32_t Int32(std::string_view field) const;
  int64_t Int64(std::string_view field) const;
  // The message in a field, or its default instance.
  const google::protobuf::Message& Sub(std::string_view field) const;

 private:
  const google::protobuf::FieldDescriptor* Find(std::string_view field) const;
  const google::protobuf::Message& message_;
};

void SetText(google::protobuf::Message* message, std::string_view field, std::string value);
void SetInt64(google::protobuf::Message* message, std::string_view field, int64_t value);

}  // namespace folio::engine
