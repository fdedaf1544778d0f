#include "client/cli/value/json.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>

#include "client/cli/value/fault.h"
#include "fmt/format.h"
#include "folio/v1/common.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"

namespace folio::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kMoneyDigits = 2;

Json MoneyJson(const google::type::Money& money) {
  return {{"amount", Decimal::FromMoney(money).ToString(kMoneyDigits)}, {"currency", money.currency_code()}};
}

Json MessageJson(const Message& message) {
  const Descriptor* type = message.GetDescriptor();
  if (type == google::type::Money::descriptor()) return MoneyJson(static_cast<const google::type::Money&>(message));
  if (type == google::type::Date::descriptor()) return FormatDate(static_cast<const google::type::Date&>(message));
  if (type == google::protobuf::Timestamp::descriptor()) {
    return FormatTime(static_cast<const google::protobuf::Timestamp&>(message));
  }
  return ToJson(message);
}

// A singular value, or the element `index` of a repeated field.
Json ValueJson(const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& get = *message.GetReflection();
  const bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return many ? get.GetRepeatedString(message, &field, index) : get.GetString(message, &field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return many ? get.GetRepeatedBool(message, &field, index) : get.GetBool(message, &field);
    case FieldDescriptor::CPPTYPE_INT32:
      return many ? get.GetRepeatedInt32(message, &field, index) : get.GetInt32(message, &field);
    case FieldDescriptor::CPPTYPE_INT64:
      return many ? get.GetRepeatedInt64(message, &field, index) : get.GetInt64(message, &field);
    case FieldDescriptor::CPPTYPE_UINT32:
      return many ? get.GetRepeatedUInt32(message, &field, index) : get.GetUInt32(message, &field);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return many ? get.GetRepeatedDouble(message, &field, index) : get.GetDouble(message, &field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumText(many ? *get.GetRepeatedEnum(message, &field, index) : *get.GetEnum(message, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return MessageJson(many ? get.GetRepeatedMessage(message, &field, index) : get.GetMessage(message, &field));
    default:
      return nullptr;
  }
}

Json RepeatedJson(const Message& message, const FieldDescriptor& field) {
  Json list = field.is_map() ? Json::object() : Json::array();
  for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
    if (!field.is_map()) {
      list.push_back(ValueJson(message, field, i));
      continue;
    }
    const Message& entry = message.GetReflection()->GetRepeatedMessage(message, &field, i);
    const FieldDescriptor* key = entry.GetDescriptor()->FindFieldByNumber(1);
    list[entry.GetReflection()->GetString(entry, key)] =
        ValueJson(entry, *entry.GetDescriptor()->FindFieldByNumber(2), 0);
  }
  return list;
}

// A figure that is absent is left out, so that nobody takes its zero for a value.
bool IsAbsentFigure(const Message& message, const FieldDescriptor& field) {
  const FieldDescriptor* absence = message.GetDescriptor()->FindFieldByName("absence");
  if (absence == nullptr || message.GetReflection()->GetEnumValue(message, absence) == 0) return false;
  return field.name() == "value" || field.name() == "score" || field.name() == "raw";
}

bool IsShown(const Message& message, const FieldDescriptor& field) {
  if (IsAbsentFigure(message, field)) return false;
  if (field.is_repeated()) return true;
  const bool always = !field.has_presence() && field.cpp_type() != FieldDescriptor::CPPTYPE_STRING &&
                      field.cpp_type() != FieldDescriptor::CPPTYPE_ENUM;
  return always || message.GetReflection()->HasField(message, &field);
}

absl::Status WrongType(const FieldDescriptor& field, const Json& json) {
  const std::string shown = Quoted(json.dump(-1, ' ', false, Json::error_handler_t::replace));
  return BadValue("JSON_TYPE", "The field '" + field.name() + "' cannot be " + shown + ".",
                  "Le champ '" + field.name() + "' ne peut pas valoir " + shown + ".");
}

// The text of a JSON scalar; numbers as they were written, as far as the parser keeps that.
std::string ScalarText(const Json& json) { return json.is_string() ? json.get<std::string>() : json.dump(); }

// Numbers and dates in JSON are never localized.
ValueStyle JsonStyle(const ValueStyle& style) {
  ValueStyle plain = style;
  plain.decimal = {.mark = '.', .fallback = '.'};
  plain.factor = Decimal::FromUnits(1);
  return plain;
}

absl::Status MoneyFromJson(const Json& json, const FieldDescriptor& field, const ValueStyle& style, Message* message) {
  if (!json.contains("amount")) return FromJson(json, style, message);
  ValueStyle with_currency = style;
  with_currency.currency = json.value("currency", style.currency);
  const absl::StatusOr<google::type::Money> money =
      ParseMoney(ScalarText(json["amount"]), with_currency.currency, with_currency.decimal);
  if (!money.ok()) return WrongType(field, json);
  *static_cast<google::type::Money*>(message) = *money;
  return absl::OkStatus();
}

absl::Status ElementFromJson(const Json& json, const FieldDescriptor& field, const ValueStyle& style,
                             Message* message) {
  if (json.is_object() && field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    const Reflection* reflection = message->GetReflection();
    Message* inner =
        field.is_repeated() ? reflection->AddMessage(message, &field) : reflection->MutableMessage(message, &field);
    if (field.message_type() == google::type::Money::descriptor()) return MoneyFromJson(json, field, style, inner);
    return FromJson(json, style, inner);
  }
  if (json.is_structured()) return WrongType(field, json);
  return SetLeaf(ScalarText(json), field, style, message);
}

absl::Status CustomFromJson(const std::string& key, const Json& json, const ValueStyle& style, v1::CustomValue* value) {
  if (json.is_object()) return FromJson(json, style, value);
  const auto known = style.custom_types.find(key);
  if (json.is_array()) {
    for (const Json& choice : json) value->mutable_choices()->add_values(ScalarText(choice));
    return absl::OkStatus();
  }
  v1::CustomFieldType type = known != style.custom_types.end() ? known->second : v1::CUSTOM_FIELD_TYPE_TEXT;
  if (known == style.custom_types.end() && json.is_number()) type = v1::CUSTOM_FIELD_TYPE_NUMBER;
  if (known == style.custom_types.end() && json.is_boolean()) type = v1::CUSTOM_FIELD_TYPE_FLAG;
  return SetCustomValue(ScalarText(json), type, style, value);
}

absl::Status MapFromJson(const Json& json, const FieldDescriptor& field, const ValueStyle& style, Message* message,
                         std::vector<std::string>* paths) {
  if (!json.is_object()) return WrongType(field, json);
  for (const auto& [key, element] : json.items()) {
    if (paths != nullptr) paths->push_back(field.name() + "." + key);
    if (element.is_null()) continue;
    Message* entry = message->GetReflection()->AddMessage(message, &field);
    const Descriptor* type = entry->GetDescriptor();
    entry->GetReflection()->SetString(entry, type->FindFieldByNumber(1), key);
    Message* value = entry->GetReflection()->MutableMessage(entry, type->FindFieldByNumber(2));
    absl::Status status = CustomFromJson(key, element, style, static_cast<v1::CustomValue*>(value));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status FieldFromJson(const Json& json, const FieldDescriptor& field, const ValueStyle& style, Message* message,
                           std::vector<std::string>* paths) {
  if (field.is_map()) return MapFromJson(json, field, style, message, paths);
  if (paths != nullptr) paths->push_back(field.name());
  if (json.is_null()) return absl::OkStatus();
  if (!field.is_repeated()) return ElementFromJson(json, field, style, message);
  if (!json.is_array()) return WrongType(field, json);
  for (const Json& element : json) {
    if (absl::Status status = ElementFromJson(element, field, style, message); !status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

Json ToJson(const Message& message) {
  Json object = Json::object();
  const Descriptor* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor& field = *type->field(i);
    if (!IsShown(message, field)) continue;
    object[field.name()] = field.is_repeated() ? RepeatedJson(message, field) : ValueJson(message, field, 0);
  }
  return object;
}

absl::Status FromJson(const Json& json, const ValueStyle& style, Message* message, std::vector<std::string>* paths) {
  if (!json.is_object()) {
    return BadValue("JSON_TYPE", "A JSON object is expected, not " + Quoted(json.dump()) + ".",
                    "Un objet JSON est attendu, et non " + Quoted(json.dump()) + ".");
  }
  const ValueStyle plain = JsonStyle(style);
  for (const auto& [key, value] : json.items()) {
    const absl::StatusOr<FieldPath> path = FindPath(*message->GetDescriptor(), key);
    if (!path.ok()) return path.status();
    if (IsOutputOnly(path->leaf())) continue;
    // The name says which resource it is; it is not something to change.
    std::vector<std::string>* const into = path->text == "name" ? nullptr : paths;
    if (path->is_id || path->fields.size() > 1 || !path->key.empty()) {
      if (absl::Status status = SetFromText(ScalarText(value), *path, plain, message); !status.ok()) return status;
      if (into != nullptr) into->push_back(path->text);
      continue;
    }
    absl::Status status = FieldFromJson(value, path->leaf(), plain, message, into);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadText(const std::string& path) {
  std::ostringstream text;
  if (path == "-") {
    text << std::cin.rdbuf();
    return text.str();
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) return WrongUsage("Cannot read " + path + ".", "Impossible de lire " + path + ".");
  text << file.rdbuf();
  return text.str();
}

absl::Status PartsFromText(std::string_view text, const FieldDescriptor& field, const ValueStyle& style,
                           Message* message) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) {
    return BadValue("JSON_MALFORMED", "What stands for '" + field.name() + "' is not JSON: " + Quoted(text) + ".",
                    "Ce qui est donné pour '" + field.name() + "' n'est pas du JSON : " + Quoted(text) + ".");
  }
  return FieldFromJson(json, field, JsonStyle(style), message, nullptr);
}

Json ListToJson(const Message& message, const FieldDescriptor& field) { return RepeatedJson(message, field); }

absl::StatusOr<Json> ParseJson(const std::string& text, const std::string& path) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    const std::string before = text.substr(0, std::max<size_t>(error.byte, 1) - 1);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const size_t column = before.size() - (before.rfind('\n') + 1) + 1;
    // "[json.exception.…] parse error at line …, column …: what is wrong"
    const std::string whole = error.what();
    const size_t colon = whole.find(": ");
    const std::string what = colon == std::string::npos ? whole : whole.substr(colon + 2);
    return WrongUsage(
        fmt::format("What {} holds is not JSON: line {}, column {}: {}", path, line, column, what),
        fmt::format("Le contenu de {} n'est pas du JSON : ligne {}, colonne {} : {}", path, line, column, what));
  }
}

absl::StatusOr<Json> ReadJson(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadText(path);
  return text.ok() ? ParseJson(*text, path) : text.status();
}

}  // namespace folio::cli
