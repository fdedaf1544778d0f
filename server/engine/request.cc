#include "server/engine/request.h"

#include <utility>

namespace folio::engine {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* Fields::Find(std::string_view field) const {
  return message_.GetDescriptor()->FindFieldByName(std::string(field));
}

std::string Fields::Text(std::string_view field) const {
  const auto* found = Find(field);
  return found == nullptr ? "" : message_.GetReflection()->GetString(message_, found);
}

bool Fields::Flag(std::string_view field) const {
  const auto* found = Find(field);
  return found != nullptr && message_.GetReflection()->GetBool(message_, found);
}

int32_t Fields::Int32(std::string_view field) const {
  const auto* found = Find(field);
  return found == nullptr ? 0 : message_.GetReflection()->GetInt32(message_, found);
}

int64_t Fields::Int64(std::string_view field) const {
  const auto* found = Find(field);
  return found == nullptr ? 0 : message_.GetReflection()->GetInt64(message_, found);
}

const Message& Fields::Sub(std::string_view field) const {
  return message_.GetReflection()->GetMessage(message_, Find(field));
}

void SetText(Message* message, std::string_view field, std::string value) {
  if (const auto* found = message->GetDescriptor()->FindFieldByName(std::string(field))) {
    message->GetReflection()->SetString(message, found, std::move(value));
  }
}

void SetInt64(Message* message, std::string_view field, int64_t value) {
  if (const auto* found = message->GetDescriptor()->FindFieldByName(std::string(field))) {
    message->GetReflection()->SetInt64(message, found, value);
  }
}

}  // namespace folio::engine
