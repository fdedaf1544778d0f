#include "client/cli/value/dynamic.h"

namespace folio::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* FieldOf(const Message& message, const std::string& name) {
  return message.GetDescriptor()->FindFieldByName(name);
}

}  // namespace

std::unique_ptr<Message> NewMessage(const google::protobuf::Descriptor* type) {
  return std::unique_ptr<Message>(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

std::string TextOf(const Message& message, const std::string& field) {
  const FieldDescriptor* found = FieldOf(message, field);
  return found == nullptr ? "" : message.GetReflection()->GetString(message, found);
}

void SetText(Message* message, const std::string& field, const std::string& value) {
  if (const FieldDescriptor* found = FieldOf(*message, field)) {
    message->GetReflection()->SetString(message, found, value);
  }
}

void SetFlag(Message* message, const std::string& field, bool value) {
  if (const FieldDescriptor* found = FieldOf(*message, field)) message->GetReflection()->SetBool(message, found, value);
}

void SetNumber(Message* message, const std::string& field, int32_t value) {
  if (const FieldDescriptor* found = FieldOf(*message, field)) {
    message->GetReflection()->SetInt32(message, found, value);
  }
}

Message* PartOf(Message* message, const std::string& field) {
  return message->GetReflection()->MutableMessage(message, FieldOf(*message, field));
}

}  // namespace folio::cli
