// What a client has written: comparing it, and clearing what only the server may write.
#include <algorithm>

#include "google/protobuf/reflection.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"
#include "server/base/error.h"
#include "server/model/message_plan.h"
#include "server/model/schema.h"

namespace folio::model {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool MessagesEqual(const Message& a, const Message& b, const MessagePlan& plan);

template <typename Value>
const Value& As(const Message& message) {
  return static_cast<const Value&>(message);
}

bool DatesEqual(const google::type::Date& a, const google::type::Date& b) {
  return a.year() == b.year() && a.month() == b.month() && a.day() == b.day();
}

bool TimesEqual(const google::protobuf::Timestamp& a, const google::protobuf::Timestamp& b) {
  return a.seconds() == b.seconds() && a.nanos() == b.nanos();
}

bool AmountsEqual(const google::type::Money& a, const google::type::Money& b) {
  return a.units() == b.units() && a.nanos() == b.nanos() && a.currency_code() == b.currency_code();
}

// Messages in a field. The common ones are compared by hand, several times faster.
bool ValuesEqual(const Message& a, const Message& b, const FieldPlan& plan) {
  switch (plan.shape) {
    case Shape::kDate:
      return DatesEqual(As<google::type::Date>(a), As<google::type::Date>(b));
    case Shape::kTime:
      return TimesEqual(As<google::protobuf::Timestamp>(a), As<google::protobuf::Timestamp>(b));
    case Shape::kMoney:
      return AmountsEqual(As<google::type::Money>(a), As<google::type::Money>(b));
    default:
      return MessagesEqual(a, b, *plan.nested);
  }
}

bool SinglesEqual(const Message& a, const Message& b, const FieldPlan& plan) {
  const Reflection& of = *plan.reflection;
  const FieldDescriptor* field = plan.field;
  std::string scratch_a, scratch_b;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return of.GetInt32(a, field) == of.GetInt32(b, field);
    case FieldDescriptor::CPPTYPE_INT64:
      return of.GetInt64(a, field) == of.GetInt64(b, field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return of.GetUInt32(a, field) == of.GetUInt32(b, field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return of.GetUInt64(a, field) == of.GetUInt64(b, field);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return of.GetDouble(a, field) == of.GetDouble(b, field);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return of.GetFloat(a, field) == of.GetFloat(b, field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return of.GetBool(a, field) == of.GetBool(b, field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return of.GetEnumValue(a, field) == of.GetEnumValue(b, field);
    case FieldDescriptor::CPPTYPE_STRING:
      return of.GetStringReference(a, field, &scratch_a) == of.GetStringReference(b, field, &scratch_b);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return ValuesEqual(of.GetMessage(a, field), of.GetMessage(b, field), plan);
  }
  return false;
}

template <typename T>
bool ElementsEqual(const Message& a, const Message& b, const FieldPlan& plan) {
  const auto of_a = plan.reflection->GetRepeatedFieldRef<T>(a, plan.field);
  const auto of_b = plan.reflection->GetRepeatedFieldRef<T>(b, plan.field);
  return std::equal(of_a.begin(), of_a.end(), of_b.begin(), of_b.end());
}

bool RepeatedMessagesEqual(const Message& a, const Message& b, const FieldPlan& plan) {
  const Reflection& of = *plan.reflection;
  const int count = of.FieldSize(a, plan.field);
  for (int i = 0; i < count; ++i) {
    const Message& of_a = of.GetRepeatedMessage(a, plan.field, i);
    if (!ValuesEqual(of_a, of.GetRepeatedMessage(b, plan.field, i), plan)) return false;
  }
  return true;
}

// Fields of as many elements.
bool RepeatedEqual(const Message& a, const Message& b, const FieldPlan& plan) {
  switch (plan.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_ENUM:
      return ElementsEqual<int32_t>(a, b, plan);
    case FieldDescriptor::CPPTYPE_INT64:
      return ElementsEqual<int64_t>(a, b, plan);
    case FieldDescriptor::CPPTYPE_UINT32:
      return ElementsEqual<uint32_t>(a, b, plan);
    case FieldDescriptor::CPPTYPE_UINT64:
      return ElementsEqual<uint64_t>(a, b, plan);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return ElementsEqual<double>(a, b, plan);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return ElementsEqual<float>(a, b, plan);
    case FieldDescriptor::CPPTYPE_BOOL:
      return ElementsEqual<bool>(a, b, plan);
    case FieldDescriptor::CPPTYPE_STRING:
      return ElementsEqual<std::string>(a, b, plan);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return RepeatedMessagesEqual(a, b, plan);
  }
  return false;
}

// Maps with as many entries. Their order means nothing, and they are small.
bool MapsEqual(const Message& a, const Message& b, const FieldPlan& plan) {
  const Reflection& of = *plan.reflection;
  const MessagePlan& entries = PlanOf(plan.field->message_type());
  const int count = of.FieldSize(a, plan.field);
  for (int i = 0; i < count; ++i) {
    const Message& entry = of.GetRepeatedMessage(a, plan.field, i);
    bool found = false;
    for (int j = 0; j < count && !found; ++j) {
      found = MessagesEqual(entry, of.GetRepeatedMessage(b, plan.field, (i + j) % count), entries);
    }
    if (!found) return false;
  }
  return true;
}

bool FieldsEqual(const Message& a, const Message& b, const FieldPlan& plan) {
  if (plan.field->is_repeated()) {
    const Reflection& of = *plan.reflection;
    if (of.FieldSize(a, plan.field) != of.FieldSize(b, plan.field)) return false;
    return plan.map ? MapsEqual(a, b, plan) : RepeatedEqual(a, b, plan);
  }
  if (!plan.field->has_presence()) return SinglesEqual(a, b, plan);
  const bool set = IsSet(a, plan);
  return set == IsSet(b, plan) && (!set || SinglesEqual(a, b, plan));
}

bool MessagesEqual(const Message& a, const Message& b, const MessagePlan& plan) {
  for (const FieldPlan& field : plan.fields) {
    if (!FieldsEqual(a, b, field)) return false;
  }
  return true;
}

}  // namespace

bool SameContent(const Message& a, const Message& b) {
  for (const FieldPlan& field : PlanOf(a.GetDescriptor()).fields) {
    if (field.writable && !FieldsEqual(a, b, field)) return false;
  }
  return true;
}

absl::Status CheckImmutable(const Message& before, const Message& after, std::string_view prefix) {
  std::vector<error::Fault> faults;
  for (const FieldPlan& field : PlanOf(before.GetDescriptor()).fields) {
    if (!field.immutable || !IsSet(before, field) || FieldsEqual(before, after, field)) continue;
    const std::string path = (prefix.empty() ? "" : std::string(prefix) + ".") + field.field->name();
    faults.push_back({path, "FIELD_IMMUTABLE", {}});
  }
  return faults.empty() ? absl::OkStatus() : error::InvalidFields(faults);
}

void ClearOutputOnly(Message* resource) {
  for (const FieldPlan& field : PlanOf(resource->GetDescriptor()).fields) {
    if (field.output_only) field.reflection->ClearField(resource, field.field);
  }
}

}  // namespace folio::model
