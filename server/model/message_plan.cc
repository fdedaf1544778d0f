#include "server/model/message_plan.h"

#include <algorithm>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

#include "google/api/field_behavior.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"
#include "server/base/limits.h"

namespace folio::model {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

bool HasBehavior(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  const auto& behaviors = field.options().GetRepeatedExtension(google::api::field_behavior);
  return std::find(behaviors.begin(), behaviors.end(), behavior) != behaviors.end();
}

Shape ShapeOfMessage(const Descriptor* type) {
  if (type == google::type::Date::descriptor()) return Shape::kDate;
  if (type == google::protobuf::Timestamp::descriptor()) return Shape::kTime;
  if (type == google::type::Money::descriptor()) return Shape::kMoney;
  return Shape::kMessage;
}

Shape ShapeOf(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_BYTES ? Shape::kBytes : Shape::kText;
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return Shape::kReal;
    case FieldDescriptor::CPPTYPE_BOOL:
      return Shape::kBool;
    case FieldDescriptor::CPPTYPE_ENUM:
      return Shape::kEnum;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return ShapeOfMessage(field.message_type());
    default:
      return Shape::kInt;
  }
}

// The plans of all message types that were ever asked for.
class PlanCache {
 public:
  const MessagePlan& Get(const Descriptor* descriptor) {
    {
      const std::shared_lock lock(mutex_);
      const auto found = plans_.find(descriptor);
      if (found != plans_.end()) return *found->second;
    }
    const std::unique_lock lock(mutex_);
    return Build(descriptor);
  }

 private:
  // A plan is entered before its fields are read, so a type may contain itself.
  const MessagePlan& Build(const Descriptor* descriptor) {
    auto& plan = plans_[descriptor];
    if (plan != nullptr) return *plan;
    plan = std::make_unique<MessagePlan>();
    MessagePlan& made = *plan;
    made.descriptor = descriptor;
    for (int i = 0; i < descriptor->field_count(); ++i) made.fields.push_back(ReadField(*descriptor->field(i)));
    return made;
  }

  FieldPlan ReadField(const FieldDescriptor& field) {
    const auto& rules = field.options().GetExtension(folio::v1::rules);
    const FieldDescriptor& value = field.is_map() ? *field.message_type()->map_value() : field;
    FieldPlan plan;
    plan.field = &field;
    plan.reflection =
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(field.containing_type())->GetReflection();
    plan.shape = ShapeOf(value);
    plan.map = field.is_map();
    plan.repeated = field.is_repeated() && !plan.map;
    plan.required = HasBehavior(field, google::api::REQUIRED);
    plan.immutable = HasBehavior(field, google::api::IMMUTABLE);
    plan.output_only = HasBehavior(field, google::api::OUTPUT_ONLY);
    plan.writable = !plan.output_only && !HasBehavior(field, google::api::IDENTIFIER);
    plan.personal = rules.personal();
    plan.max_bytes = rules.max_bytes() == 0 ? limits::kTextBytesMax : rules.max_bytes();
    plan.max_items = rules.max_items() == 0 ? limits::kItemsMax : static_cast<int>(rules.max_items());
    if (rules.has_minimum()) plan.minimum = rules.minimum();
    if (rules.has_maximum()) plan.maximum = rules.maximum();
    if (!rules.pattern().empty()) plan.pattern = std::make_unique<RE2>(rules.pattern());
    plan.reference = rules.reference();
    if (value.message_type() != nullptr) {
      plan.nested = &Build(value.message_type());
      plan.nested_resource = value.message_type()->options().HasExtension(folio::v1::resource);
    }
    return plan;
  }

  std::shared_mutex mutex_;
  std::unordered_map<const Descriptor*, std::unique_ptr<MessagePlan>> plans_;
};

}  // namespace

const MessagePlan& PlanOf(const Descriptor* descriptor) {
  static auto* const cache = new PlanCache;
  // Plans never change, so a thread that has met one needs no lock to find it again.
  thread_local std::unordered_map<const Descriptor*, const MessagePlan*> known;
  const MessagePlan*& plan = known[descriptor];
  if (plan == nullptr) plan = &cache->Get(descriptor);
  return *plan;
}

const FieldPlan* FindField(const MessagePlan& plan, std::string_view name) {
  for (const FieldPlan& field : plan.fields) {
    if (field.field->name() == name) return &field;
  }
  return nullptr;
}

}  // namespace folio::model
