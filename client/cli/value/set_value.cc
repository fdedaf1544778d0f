#include "client/cli/value/set_value.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <functional>
#include <limits>

#include "client/cli/value/fault.h"
#include "client/cli/value/json.h"
#include "folio/v1/common.pb.h"
#include "folio/v1/options.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"

namespace folio::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool Is(const std::vector<std::string>& words, std::string_view text) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return word.size() == text.size() && std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) {
             return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
           });
  });
}

absl::StatusOr<bool> ParseFlag(std::string_view text, const ValueStyle& style) {
  static const auto& kTrue = *new std::vector<std::string>{"true", "t", "yes", "y", "oui", "o", "vrai", "v", "1", "x"};
  static const auto& kFalse = *new std::vector<std::string>{"false", "f", "no", "n", "non", "faux", "0"};
  if (Is(style.true_words, text)) return true;
  if (Is(style.false_words, text)) return false;
  if (Is(kTrue, text)) return true;
  if (Is(kFalse, text)) return false;
  return BadValue("FLAG_MALFORMED", Quoted(text) + " is neither yes nor no.", Quoted(text) + " n'est ni oui ni non.");
}

absl::StatusOr<Decimal> ParseScaled(std::string_view text, const ValueStyle& style) {
  absl::StatusOr<Decimal> number = ParseDecimal(text, style.decimal);
  if (!number.ok() || style.factor == Decimal::FromUnits(1)) return number;
  return Multiply(*number, style.factor);
}

absl::StatusOr<int64_t> ParseInteger(std::string_view text, int64_t least, int64_t most, const ValueStyle& style) {
  absl::StatusOr<Decimal> number = ParseScaled(text, style);
  if (!number.ok()) return number.status();
  if (!number->IsWhole()) {
    return BadValue("NUMBER_NOT_WHOLE", Quoted(text) + " is not a whole number.",
                    Quoted(text) + " n'est pas un nombre entier.");
  }
  if (number->units() < least || number->units() > most) {
    return BadValue("NUMBER_TOO_LARGE", Quoted(text) + " is beyond what the field can hold.",
                    Quoted(text) + " dépasse ce que le champ peut contenir.");
  }
  return number->units();
}

absl::StatusOr<double> ParseDouble(std::string_view text, const ValueStyle& style) {
  absl::StatusOr<Decimal> number = ParseScaled(text, style);
  if (number.ok()) return number->ToDouble();
  // Too fine or too large for a decimal, or with an exponent: taken as programs write it.
  const std::string_view trimmed = Trim(text);
  double value = 0;
  const auto [end, error] = std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), value);
  const bool finite = value - value == 0;
  if (error != std::errc() || end != trimmed.data() + trimmed.size() || !finite) return number.status();
  return value * style.factor.ToDouble();
}

absl::StatusOr<google::type::Money> ParseAmount(std::string_view text, const ValueStyle& style) {
  absl::StatusOr<google::type::Money> money = ParseMoney(text, style.currency, style.decimal);
  if (!money.ok() || style.factor == Decimal::FromUnits(1)) return money;
  absl::StatusOr<Decimal> scaled = Multiply(Decimal::FromMoney(*money), style.factor);
  if (!scaled.ok()) return scaled.status();
  return scaled->ToMoney(money->currency_code());
}

bool IsUtf8(std::string_view text) {
  size_t i = 0;
  while (i < text.size()) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t more = lead < 0x80 ? 0 : lead >= 0xc2 && lead < 0xe0 ? 1 : lead >= 0xe0 && lead < 0xf0 ? 2 : 3;
    if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || i + more >= text.size()) return false;
    for (size_t k = 1; k <= more; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    }
    i += more + 1;
  }
  return true;
}

// The collection that a bare id in this field belongs to; empty where the field holds no name.
std::string ReferenceOf(const FieldDescriptor& field) {
  const std::string& declared = field.options().GetExtension(v1::rules).reference();
  if (!declared.empty()) return declared;
  // Who is told by any stable identifier need not be one of the contacts.
  return field.name() == "contact" && !field.options().GetExtension(v1::rules).personal() ? "contacts" : "";
}

std::string TextOf(std::string_view text, const FieldDescriptor& field) {
  const std::string collection = ReferenceOf(field);
  if (collection.empty() || text.find('/') != std::string_view::npos) return std::string(text);
  return collection + "/" + std::string(text);
}

// Line ends of Windows made those of the server, which refuses other control characters.
std::string WithPlainLineEnds(std::string text) {
  for (size_t at = text.find("\r\n"); at != std::string::npos; at = text.find("\r\n", at)) text.erase(at, 1);
  return text;
}

absl::Status EnumUnknown(std::string_view text, const google::protobuf::EnumDescriptor& type) {
  std::string choices;
  for (const std::string& choice : EnumChoices(type)) choices += (choices.empty() ? "" : ", ") + choice;
  return BadValue("ENUM_UNKNOWN", Quoted(text) + " is not one of: " + choices + ".",
                  Quoted(text) + " n'est pas parmi : " + choices + ".");
}

// Sets or adds, according to the field.
template <typename Value>
void Put(Message* message, const FieldDescriptor& field, Value value,
         void (Reflection::*set)(Message*, const FieldDescriptor*, Value) const,
         void (Reflection::*add)(Message*, const FieldDescriptor*, Value) const) {
  const Reflection* reflection = message->GetReflection();
  (reflection->*(field.is_repeated() ? add : set))(message, &field, std::move(value));
}

Message* PutMessage(Message* message, const FieldDescriptor& field) {
  const Reflection* reflection = message->GetReflection();
  return field.is_repeated() ? reflection->AddMessage(message, &field) : reflection->MutableMessage(message, &field);
}

template <typename Value>
absl::Status PutParsed(const absl::StatusOr<Value>& value, const FieldDescriptor& field, Message* message) {
  if (!value.ok()) return value.status();
  *static_cast<Value*>(PutMessage(message, field)) = *value;
  return absl::OkStatus();
}

absl::Status SetExternalId(std::string_view text, std::string_view system, v1::ExternalId* external) {
  if (system.empty()) {
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
      return BadValue("EXTERNAL_ID_MALFORMED", Quoted(text) + " is not of the form system:id.",
                      Quoted(text) + " n'a pas la forme système:identifiant.");
    }
    system = Trim(text.substr(0, colon));
    text = Trim(text.substr(colon + 1));
  }
  external->set_system(std::string(system));
  external->set_id(std::string(text));
  return absl::OkStatus();
}

absl::Status SetMessage(std::string_view text, const FieldDescriptor& field, const ValueStyle& style,
                        Message* message) {
  const Descriptor* type = field.message_type();
  if (type == google::type::Money::descriptor()) return PutParsed(ParseAmount(text, style), field, message);
  if (type == google::type::Date::descriptor()) return PutParsed(ParseDate(text, style.dates), field, message);
  if (type == google::protobuf::Timestamp::descriptor()) {
    return PutParsed(ParseTime(text, style.dates), field, message);
  }
  if (type == v1::ExternalId::descriptor()) {
    return SetExternalId(text, "", static_cast<v1::ExternalId*>(PutMessage(message, field)));
  }
  return BadValue("FIELD_NOT_SETTABLE", "The field '" + field.name() + "' cannot be set from a text; name its parts.",
                  "Le champ '" + field.name() + "' ne s'écrit pas d'un seul texte ; nommez ses parties.");
}

absl::Status SetMapEntry(std::string_view text, const FieldPath& path, const ValueStyle& style, Message* message) {
  const auto type = style.custom_types.find(path.key);
  if (type == style.custom_types.end()) {
    return BadValue("CUSTOM_FIELD_UNKNOWN", "There is no custom field " + Quoted(path.key) + ".",
                    "Le champ personnalisé " + Quoted(path.key) + " n'existe pas.");
  }
  v1::CustomValue value;
  if (absl::Status status = SetCustomValue(text, type->second, style, &value); !status.ok()) return status;
  // A map field is a list of entries to reflection.
  Message* entry = message->GetReflection()->AddMessage(message, &path.leaf());
  const Descriptor* entry_type = entry->GetDescriptor();
  entry->GetReflection()->SetString(entry, entry_type->FindFieldByNumber(1), path.key);
  entry->GetReflection()->MutableMessage(entry, entry_type->FindFieldByNumber(2))->CopyFrom(value);
  return absl::OkStatus();
}

// Calls `each` with the elements of a list, trimmed; empty ones are left out.
absl::Status ForEachElement(std::string_view text, const std::string& separator,
                            const std::function<absl::Status(std::string_view)>& each) {
  while (true) {
    const size_t end = separator.empty() ? std::string_view::npos : text.find(separator);
    const std::string_view element = Trim(text.substr(0, end));
    if (!element.empty()) {
      if (absl::Status status = each(element); !status.ok()) return status;
    }
    if (end == std::string_view::npos) return absl::OkStatus();
    text.remove_prefix(end + separator.size());
  }
}

}  // namespace

absl::Status SetLeaf(std::string_view text, const FieldDescriptor& field, const ValueStyle& style, Message* message) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (!IsUtf8(text)) {
        return BadValue("TEXT_NOT_UTF8", "The text is not UTF-8.", "Le texte n'est pas de l'UTF-8.");
      }
      Put<std::string>(message, field, WithPlainLineEnds(TextOf(text, field)), &Reflection::SetString,
                       &Reflection::AddString);
      return absl::OkStatus();
    case FieldDescriptor::CPPTYPE_BOOL: {
      const absl::StatusOr<bool> flag = ParseFlag(text, style);
      if (!flag.ok()) return flag.status();
      Put<bool>(message, field, *flag, &Reflection::SetBool, &Reflection::AddBool);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_INT32: {
      const auto number =
          ParseInteger(text, std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max(), style);
      if (!number.ok()) return number.status();
      Put<int32_t>(message, field, static_cast<int32_t>(*number), &Reflection::SetInt32, &Reflection::AddInt32);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      const auto number =
          ParseInteger(text, std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max(), style);
      if (!number.ok()) return number.status();
      Put<int64_t>(message, field, *number, &Reflection::SetInt64, &Reflection::AddInt64);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      const absl::StatusOr<double> number = ParseDouble(text, style);
      if (!number.ok()) return number.status();
      Put<double>(message, field, *number, &Reflection::SetDouble, &Reflection::AddDouble);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* value = FindEnumValue(*field.enum_type(), text);
      if (value == nullptr) return EnumUnknown(text, *field.enum_type());
      Put<int>(message, field, value->number(), &Reflection::SetEnumValue, &Reflection::AddEnumValue);
      return absl::OkStatus();
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return SetMessage(text, field, style, message);
    default:
      return BadValue("FIELD_NOT_SETTABLE", "The field '" + field.name() + "' cannot be set.",
                      "Le champ '" + field.name() + "' ne peut pas être écrit.");
  }
}

absl::Status SetCustomValue(std::string_view text, v1::CustomFieldType type, const ValueStyle& style,
                            v1::CustomValue* value) {
  static constexpr const char* kKinds[] = {"text", "text", "number", "money", "date", "choice", "flag"};
  if (type == v1::CUSTOM_FIELD_TYPE_CHOICES) {
    return ForEachElement(text, style.separator, [&](std::string_view choice) {
      value->mutable_choices()->add_values(std::string(choice));
      return absl::OkStatus();
    });
  }
  const FieldDescriptor* field = v1::CustomValue::descriptor()->FindFieldByName(kKinds[type]);
  return SetLeaf(text, *field, style, value);
}

absl::Status SetFromText(std::string_view text, const FieldPath& path, const ValueStyle& style, Message* root) {
  // Behind the apostrophe, a tab is part of the text.
  if (!style.formulas_quoted) text = Trim(text);
  if (text.empty()) return absl::OkStatus();
  Message* message = root;
  for (size_t i = 0; i + 1 < path.fields.size(); ++i) {
    message = message->GetReflection()->MutableMessage(message, path.fields[i]);
  }
  const FieldDescriptor& leaf = path.leaf();
  if (path.is_id || (path.text == "name" && text.find('/') == std::string_view::npos)) {
    const std::string name = CollectionOf(*root->GetDescriptor()) + "/" + std::string(text);
    return SetLeaf(text.find('/') == std::string_view::npos ? name : text, leaf, style, message);
  }
  if (!path.key.empty() && leaf.is_map()) return SetMapEntry(text, path, style, message);
  if (!path.key.empty()) {
    return SetExternalId(text, path.key, static_cast<v1::ExternalId*>(PutMessage(message, leaf)));
  }
  if (HasParts(leaf) && (text.front() == '[' || text.front() == '{')) return PartsFromText(text, leaf, style, message);
  if (!leaf.is_repeated()) return SetLeaf(text, leaf, style, message);
  return ForEachElement(text, style.separator,
                        [&](std::string_view element) { return SetLeaf(element, leaf, style, message); });
}

}  // namespace folio::cli
