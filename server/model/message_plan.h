// The rules of a message type, read from its descriptor once, so that checking a message looks nothing up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "folio/v1/options.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "re2/re2.h"

namespace folio::model {

struct MessagePlan;

// What a value is, beyond its type in protobuf.
enum class Shape : uint8_t { kText, kBytes, kInt, kReal, kBool, kEnum, kDate, kTime, kMoney, kMessage };

struct FieldPlan {
  const google::protobuf::FieldDescriptor* field = nullptr;
  const google::protobuf::Reflection* reflection = nullptr;  // of the field's message; asking a message for it is slow
  Shape shape = Shape::kText;                                // of an element, and of a map's value
  bool repeated = false;                                     // maps not among them
  bool map = false;
  bool required = false;
  bool immutable = false;
  bool output_only = false;
  bool writable = true;  // neither OUTPUT_ONLY nor IDENTIFIER
  bool personal = false;
  size_t max_bytes = 0;
  int max_items = 0;
  std::optional<double> minimum;
  std::optional<double> maximum;
  std::unique_ptr<RE2> pattern;
  std::string reference;  // collection; empty where the field is no reference
  // Fields of a message value, or of a map's value; nullptr for anything else.
  const MessagePlan* nested = nullptr;
  // A resource inside of another message is checked on its own, once it is complete.
  bool nested_resource = false;
};

struct MessagePlan {
  const google::protobuf::Descriptor* descriptor = nullptr;
  std::vector<FieldPlan> fields;
};

// The plan of a message type, which lives for ever. Callable from any thread.
const MessagePlan& PlanOf(const google::protobuf::Descriptor* descriptor);

// The field of that name; nullptr where there is none.
const FieldPlan* FindField(const MessagePlan& plan, std::string_view name);

// True where the field holds something: it is set, or (without presence) is not empty, zero or false.
inline bool IsSet(const google::protobuf::Message& message, const FieldPlan& plan) {
  return plan.field->is_repeated() ? plan.reflection->FieldSize(message, plan.field) > 0
                                   : plan.reflection->HasField(message, plan.field);
}

}  // namespace folio::model
