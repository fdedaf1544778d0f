// Messages that are known by their descriptors alone. A field that a message lacks reads as empty, and is not set.
#pragma once

#include <memory>
#include <string>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace folio::cli {

// An empty message of the type.
std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor* type);

std::string TextOf(const google::protobuf::Message& message, const std::string& field);
void SetText(google::protobuf::Message* message, const std::string& field, const std::string& value);
void SetFlag(google::protobuf::Message* message, const std::string& field, bool value);
void SetNumber(google::protobuf::Message* message, const std::string& field, int32_t value);

// The message in a field, which the message must have.
google::protobuf::Message* PartOf(google::protobuf::Message* message, const std::string& field);

}  // namespace folio::cli
