// Checks of messages against the rules of their contract.
#include <fmt/format.h>

#include <cmath>

#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"
#include "server/base/date.h"
#include "server/base/error.h"
#include "server/base/id.h"
#include "server/base/money.h"
#include "server/base/text.h"
#include "server/model/message_plan.h"
#include "server/model/schema.h"

namespace folio::model {
namespace {

using error::Detail;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Where the check is, as a chain from the innermost step outwards; made text only when there is a fault to report.
struct Path {
  const Path* outer = nullptr;
  std::string_view name;  // of a field, or a map's key
  int index = -1;         // of an element; -1 for none

  std::string Text() const {
    std::string text = outer == nullptr ? std::string() : outer->Text();
    if (!text.empty() && !name.empty()) text += '.';
    text += name;
    if (index >= 0) text += fmt::format("[{}]", index);
    return text;
  }
};

class Validator {
 public:
  void Check(const Message& message, const MessagePlan& plan, const Path& path) {
    for (const FieldPlan& field : plan.fields) {
      if (field.writable) CheckField(message, *field.reflection, field, {&path, field.field->name()});
    }
  }

  std::vector<error::Fault> faults;

 private:
  void Report(const Path& path, std::string reason, std::vector<Detail> details = {}) {
    faults.push_back({path.Text(), std::move(reason), std::move(details)});
  }

  void CheckField(const Message& message, const Reflection& reflection, const FieldPlan& plan, const Path& path) {
    if (!IsSet(message, plan)) {
      // An unset `bool` cannot be told from false.
      if (plan.required && plan.shape != Shape::kBool) Report(path, "FIELD_REQUIRED");
      return;
    }
    if (plan.map) {
      CheckMap(message, reflection, plan, path);
    } else if (plan.repeated) {
      CheckRepeated(message, reflection, plan, path);
    } else {
      CheckSingle(message, reflection, plan, path);
    }
  }

  bool CheckCount(int count, const FieldPlan& plan, const Path& path) {
    if (count <= plan.max_items) return true;
    Report(path, "FIELD_TOO_MANY_ITEMS",
           {{"count", std::to_string(count)}, {"maximum", std::to_string(plan.max_items)}});
    return false;
  }

  void CheckMap(const Message& message, const Reflection& reflection, const FieldPlan& plan, const Path& path) {
    const int count = reflection.FieldSize(message, plan.field);
    if (!CheckCount(count, plan, path)) return;
    const FieldDescriptor& key = *plan.field->message_type()->map_key();
    const FieldDescriptor& value = *plan.field->message_type()->map_value();
    std::string scratch;
    for (int i = 0; i < count; ++i) {
      const Message& entry = reflection.GetRepeatedMessage(message, plan.field, i);
      const Reflection& of_entry = *entry.GetReflection();
      const std::string& text = of_entry.GetStringReference(entry, &key, &scratch);
      if (!IsValidResourceId(text)) {
        Report(path, "ID_MALFORMED", IsCleanText(text) ? std::vector<Detail>{{"value", text}} : std::vector<Detail>{});
      } else {
        CheckMessage(of_entry.GetMessage(entry, &value), plan, {&path, text});
      }
    }
  }

  void CheckRepeated(const Message& message, const Reflection& reflection, const FieldPlan& plan, const Path& path) {
    const int count = reflection.FieldSize(message, plan.field);
    if (!CheckCount(count, plan, path)) return;
    const FieldDescriptor* field = plan.field;
    std::string scratch;
    for (int i = 0; i < count; ++i) {
      const Path element{path.outer, path.name, i};
      switch (plan.shape) {
        case Shape::kText:
          CheckText(reflection.GetRepeatedStringReference(message, field, i, &scratch), plan, element);
          break;
        case Shape::kEnum:
          CheckEnum(reflection.GetRepeatedEnumValue(message, field, i), plan, element);
          break;
        case Shape::kReal:
          if (field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) {
            CheckReal(reflection.GetRepeatedDouble(message, field, i), plan, element);
          }
          break;
        case Shape::kDate:
        case Shape::kTime:
        case Shape::kMoney:
        case Shape::kMessage:
          CheckMessage(reflection.GetRepeatedMessage(message, field, i), plan, element);
          break;
        default:
          break;
      }
    }
  }

  void CheckSingle(const Message& message, const Reflection& reflection, const FieldPlan& plan, const Path& path) {
    std::string scratch;
    switch (plan.field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return CheckText(reflection.GetStringReference(message, plan.field, &scratch), plan, path);
      case FieldDescriptor::CPPTYPE_INT32:
        return CheckRange(reflection.GetInt32(message, plan.field), plan, path);
      case FieldDescriptor::CPPTYPE_INT64:
        return CheckRange(reflection.GetInt64(message, plan.field), plan, path);
      case FieldDescriptor::CPPTYPE_UINT32:
        return CheckRange(reflection.GetUInt32(message, plan.field), plan, path);
      case FieldDescriptor::CPPTYPE_DOUBLE:
        return CheckReal(reflection.GetDouble(message, plan.field), plan, path);
      case FieldDescriptor::CPPTYPE_ENUM:
        return CheckEnum(reflection.GetEnumValue(message, plan.field), plan, path);
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return CheckMessage(reflection.GetMessage(message, plan.field), plan, path);
      default:
        return;
    }
  }

  void CheckText(const std::string& text, const FieldPlan& plan, const Path& path) {
    if (text.size() > plan.max_bytes) {
      Report(path, "FIELD_TOO_LONG",
             {{"bytes", std::to_string(text.size())}, {"maximum", std::to_string(plan.max_bytes)}});
    } else if (plan.shape == Shape::kText) {
      CheckForm(text, plan, path);
    }
  }

  void CheckForm(const std::string& text, const FieldPlan& plan, const Path& path) {
    if (!IsCleanText(text)) {
      Report(path, "FIELD_NOT_TEXT");
    } else if (plan.pattern != nullptr && !text.empty() && !RE2::FullMatch(text, *plan.pattern)) {
      Report(path, "FIELD_PATTERN", {{"pattern", plan.pattern->pattern()}});
    } else if (!plan.reference.empty() && !text.empty() && !IsNameIn(plan.reference, text)) {
      Report(path, "NAME_MALFORMED", {{"value", text}, {"expected", plan.reference + "/{id}"}});
    }
  }

  static bool IsNameIn(std::string_view collection, std::string_view name) {
    return name.size() > collection.size() && name.starts_with(collection) && name[collection.size()] == '/' &&
           IsValidResourceId(name.substr(collection.size() + 1));
  }

  template <typename Number>
  void CheckRange(Number value, const FieldPlan& plan, const Path& path) {
    const auto real = static_cast<double>(value);
    if ((!plan.minimum || real >= *plan.minimum) && (!plan.maximum || real <= *plan.maximum)) return;
    std::vector<Detail> details = {{"value", fmt::format("{}", value)}};
    if (plan.minimum) details.emplace_back("minimum", fmt::format("{}", *plan.minimum));
    if (plan.maximum) details.emplace_back("maximum", fmt::format("{}", *plan.maximum));
    Report(path, "FIELD_OUT_OF_RANGE", std::move(details));
  }

  void CheckReal(double value, const FieldPlan& plan, const Path& path) {
    if (!std::isfinite(value)) {
      Report(path, "FIELD_NOT_FINITE");
    } else {
      CheckRange(value, plan, path);
    }
  }

  void CheckEnum(int number, const FieldPlan& plan, const Path& path) {
    const auto* type = plan.field->enum_type();
    if (type->FindValueByNumber(number) != nullptr) return;
    std::string names;
    for (int i = 0; i < type->value_count(); ++i) names += (i == 0 ? "" : ", ") + type->value(i)->name();
    Report(path, "ENUM_UNKNOWN", {{"value", std::to_string(number)}, {"names", names}});
  }

  void CheckMessage(const Message& value, const FieldPlan& plan, const Path& path) {
    switch (plan.shape) {
      case Shape::kDate:
        return CheckDate(static_cast<const google::type::Date&>(value), plan, path);
      case Shape::kTime:
        return CheckTime(static_cast<const google::protobuf::Timestamp&>(value), path);
      case Shape::kMoney:
        if (!FromProto(static_cast<const google::type::Money&>(value)).ok()) Report(path, "MONEY_INVALID");
        return;
      default:
        if (!plan.nested_resource) Check(value, *plan.nested, path);
    }
  }

  void CheckDate(const google::type::Date& date, const FieldPlan& plan, const Path& path) {
    const auto day = FromProto(date);
    if (!day.ok()) {
      const std::string text = fmt::format("{:04}-{:02}-{:02}", date.year(), date.month(), date.day());
      Report(path, "DATE_INVALID", {{"value", text}});
    } else if (*day == kNoDay && plan.required) {
      Report(path, "FIELD_REQUIRED");
    }
  }

  void CheckTime(const google::protobuf::Timestamp& time, const Path& path) {
    // What cannot be held comes back changed.
    const google::protobuf::Timestamp held = ToProtoTime(FromProto(time));
    if (held.seconds() != time.seconds() || time.nanos() < 0 || time.nanos() > 999'999'999) {
      Report(path, "TIME_INVALID", {{"value", std::to_string(time.seconds()) + " s"}});
    }
  }
};

}  // namespace

absl::Status Validate(const Message& message, std::string_view prefix) {
  Validator validator;
  validator.Check(message, PlanOf(message.GetDescriptor()), {nullptr, prefix});
  return validator.faults.empty() ? absl::OkStatus() : error::InvalidFields(validator.faults);
}

}  // namespace folio::model
