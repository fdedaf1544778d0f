#include "server/model/schema.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "folio/v1/common.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"
#include "server/base/date.h"
#include "server/base/error.h"
#include "server/base/id.h"
#include "server/base/money.h"
#include "server/model/message_plan.h"

namespace folio::model {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kKindMax = 255;

void Require(bool holds, const std::string& message, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "folio: %s: %s\n", message.c_str(), what);
  std::abort();
}

// Text with few distinct values, or a name that is only ever compared whole.
ColumnType TypeOfText(const folio::v1::FieldRules& rules) {
  const bool symbol = (rules.facet() || !rules.reference().empty()) && !rules.searchable();
  return symbol ? ColumnType::kSymbol : ColumnType::kText;
}

ColumnType TypeOf(const FieldPlan& plan, const folio::v1::FieldRules& rules) {
  const std::string& name = plan.field->full_name();
  Require(!plan.repeated || plan.shape == Shape::kText, name, "only texts can be indexed where they are repeated");
  switch (plan.shape) {
    case Shape::kText:
      return plan.repeated ? ColumnType::kSymbolSet : TypeOfText(rules);
    case Shape::kInt:
      return ColumnType::kInt;
    case Shape::kReal:
      return ColumnType::kReal;
    case Shape::kBool:
      return ColumnType::kBool;
    case Shape::kEnum:
      return ColumnType::kEnum;
    case Shape::kDate:
      return ColumnType::kDate;
    case Shape::kTime:
      return ColumnType::kTime;
    case Shape::kMoney:
      return ColumnType::kMoney;
    default:
      Require(false, name, "cannot be indexed");
      return ColumnType::kText;
  }
}

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return text;
}

// {"", "micro", "small"} and "account_size_" of ACCOUNT_SIZE_UNSPECIFIED, ACCOUNT_SIZE_MICRO, ACCOUNT_SIZE_SMALL.
void NameEnum(const EnumDescriptor& type, Column* column) {
  constexpr std::string_view kUnset = "UNSPECIFIED";
  const std::string& zero = type.FindValueByNumber(0)->name();
  Require(zero.ends_with(kUnset), type.full_name(), "its zero value must be called ..._UNSPECIFIED");
  const size_t prefix = zero.size() - kUnset.size();
  column->enum_prefix = Lower(zero.substr(0, prefix));
  std::vector<std::string>& names = column->enum_names;
  for (int i = 0; i < type.value_count(); ++i) {
    const auto number = static_cast<size_t>(type.value(i)->number());
    if (names.size() <= number) names.resize(number + 1);
    if (number != 0) names[number] = Lower(type.value(i)->name().substr(prefix));
  }
}

Column ColumnOf(const FieldPlan& plan, const folio::v1::FieldRules& rules) {
  Column column;
  column.name = rules.column().empty() ? plan.field->name() : rules.column();
  column.type = TypeOf(plan, rules);
  column.facet = rules.facet();
  if (column.type == ColumnType::kEnum) NameEnum(*plan.field->enum_type(), &column);
  return column;
}

bool IsCustomFields(const FieldPlan& plan) {
  return plan.map && plan.nested != nullptr && plan.nested->descriptor == folio::v1::CustomValue::descriptor();
}

Cell ReadText(const Message& message, const Reflection& reflection, const FieldDescriptor& field) {
  std::string scratch;
  const std::string& text = reflection.GetStringReference(message, &field, &scratch);
  return text.empty() ? Cell() : Cell(text);
}

Cell ReadSet(const Message& message, const Reflection& reflection, const FieldDescriptor& field) {
  std::vector<std::string> values;
  const int count = reflection.FieldSize(message, &field);
  for (int i = 0; i < count; ++i) values.push_back(reflection.GetRepeatedString(message, &field, i));
  return values;
}

Cell ReadInt(const Message& message, const Reflection& reflection, const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return int64_t{reflection.GetInt32(message, &field)};
    case FieldDescriptor::CPPTYPE_UINT32:
      return int64_t{reflection.GetUInt32(message, &field)};
    default:
      return reflection.GetInt64(message, &field);
  }
}

Cell ReadEnum(const Message& message, const Reflection& reflection, const FieldDescriptor& field) {
  const int number = reflection.GetEnumValue(message, &field);
  return number == 0 ? Cell() : Cell(int64_t{number});
}

Cell ReadReal(const Message& message, const Reflection& reflection, const FieldDescriptor& field) {
  const double value = reflection.GetDouble(message, &field);
  return std::isnan(value) ? Cell() : Cell(value);
}

Cell ReadDate(const Message& value) {
  const auto day = FromProto(static_cast<const google::type::Date&>(value));
  return day.ok() && *day != kNoDay ? Cell(int64_t{*day}) : Cell();
}

Cell ReadMoney(const Message& value) {
  const auto micros = FromProto(static_cast<const google::type::Money&>(value));
  return micros.ok() ? Cell(*micros) : Cell();
}

}  // namespace

Schema::Schema(const Descriptor* descriptor) : descriptor_(descriptor) {
  const std::string& name = descriptor->full_name();
  const auto& rules = descriptor->options().GetExtension(folio::v1::resource);
  Require(!rules.collection().empty() && !rules.singular().empty(), name, "has no (resource) option");
  Require(rules.kind() >= 1 && rules.kind() <= kKindMax, name, "has no kind from 1 to 255");
  const FieldDescriptor* first = descriptor->FindFieldByNumber(1);
  Require(first != nullptr && first->name() == "name" && first->type() == FieldDescriptor::TYPE_STRING, name,
          "its field 1 is not `string name`");
  collection_ = rules.collection();
  singular_ = rules.singular();
  kind_ = static_cast<int>(rules.kind());
  soft_delete_ = rules.soft_delete();
  for (const FieldPlan& plan : PlanOf(descriptor).fields) {
    const auto& field_rules = plan.field->options().GetExtension(folio::v1::rules);
    if (IsCustomFields(plan)) {
      custom_fields_ = plan.field;
    } else if (field_rules.indexed()) {
      Column column = ColumnOf(plan, field_rules);
      Require(!columns_.Find(column.name), name, "two of its columns have the same name");
      field_columns_.push_back({plan.field, columns_.Add(std::move(column))});
    }
  }
}

std::string Schema::NameOf(std::string_view id) const { return collection_ + "/" + std::string(id); }

absl::StatusOr<std::string> Schema::IdOf(std::string_view name, std::string_view field) const {
  if (name.empty()) return error::InvalidField(field, "FIELD_REQUIRED");
  const size_t prefix = collection_.size() + 1;
  if (name.size() > prefix && name.starts_with(collection_) && name[prefix - 1] == '/' &&
      IsValidResourceId(name.substr(prefix))) {
    return std::string(name.substr(prefix));
  }
  return error::InvalidField(field, "NAME_MALFORMED",
                             {{"value", std::string(name)}, {"expected", NameOf("{" + singular_ + "}")}});
}

Cell ReadCell(const Message& message, const FieldDescriptor& field, ColumnType type) {
  const Reflection& reflection = *message.GetReflection();
  const bool set =
      field.is_repeated() ? reflection.FieldSize(message, &field) > 0 : reflection.HasField(message, &field);
  if (!set) return type == ColumnType::kBool && !field.has_presence() ? Cell(int64_t{0}) : Cell();
  switch (type) {
    case ColumnType::kText:
    case ColumnType::kSymbol:
      return ReadText(message, reflection, field);
    case ColumnType::kSymbolSet:
      return ReadSet(message, reflection, field);
    case ColumnType::kEnum:
      return ReadEnum(message, reflection, field);
    case ColumnType::kInt:
      return ReadInt(message, reflection, field);
    case ColumnType::kReal:
      return ReadReal(message, reflection, field);
    case ColumnType::kBool:
      return int64_t{reflection.GetBool(message, &field)};
    case ColumnType::kDate:
      return ReadDate(reflection.GetMessage(message, &field));
    case ColumnType::kTime:
      return FromProto(static_cast<const google::protobuf::Timestamp&>(reflection.GetMessage(message, &field)));
    case ColumnType::kMoney:
      return ReadMoney(reflection.GetMessage(message, &field));
  }
  return {};
}

}  // namespace folio::model
