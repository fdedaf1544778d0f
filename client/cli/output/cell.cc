#include "client/cli/output/cell.h"

#include <algorithm>

#include "client/cli/value/dates.h"
#include "client/cli/value/decimal.h"
#include "client/cli/value/json.h"
#include "fmt/format.h"
#include "folio/v1/common.pb.h"
#include "folio/v1/indicator_target.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"

namespace folio::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kAbsent[] = "–";
constexpr std::string_view kBandFacet = "band";

// A number for programs, as "1234.5".
std::string Plain(std::string number, const CellStyle& style) {
  std::replace(number.begin(), number.end(), '.', style.decimal_mark);
  return number;
}

std::string MoneyText(const google::type::Money& money, const CellStyle& style) {
  Decimal amount = Decimal::FromMoney(money);
  // People read cents, but for what is less than one unit: a cost of 0.0042 is not nothing.
  if (style.human && amount.units() != 0) amount = amount.RoundedToCents();
  const std::string text = amount.ToString(2);
  if (style.human) return Grouped(text, style.language) + " " + money.currency_code();
  return Plain(text, style) + (style.with_currency ? " " + money.currency_code() : "");
}

std::string RatioText(const v1::Ratio& ratio, const CellStyle& style) {
  if (ratio.absence() != v1::ABSENCE_UNSPECIFIED) return style.human ? kAbsent : "";
  return style.human ? Percent(ratio.value(), style.language, true) : Plain(fmt::format("{}", ratio.value()), style);
}

std::string HealthText(const v1::HealthScore& health, const CellStyle& style) {
  if (health.absence() != v1::ABSENCE_UNSPECIFIED) return style.human ? kAbsent : "";
  return std::to_string(health.score());
}

// The value that a custom value holds.
std::string CustomText(const v1::CustomValue& value, const CellStyle& style) {
  const FieldDescriptor* kind =
      value.GetReflection()->GetOneofFieldDescriptor(value, v1::CustomValue::descriptor()->FindOneofByName("kind"));
  if (kind == nullptr) return "";
  if (kind->name() != "choices") return CellText(value, FieldPath{.fields = {kind}}, style);
  std::string text;
  for (const std::string& choice : value.choices().values()) text += (text.empty() ? "" : ",") + choice;
  return text;
}

std::string NumberText(double number, const CellStyle& style) {
  if (!style.human) return Plain(fmt::format("{}", number), style);
  std::string text = fmt::format("{:.2f}", number);
  return Grouped(text, style.language);
}

// A number in the unit of an indicator.
std::string InUnit(double number, v1::IndicatorUnit unit, const CellStyle& style) {
  if (style.human && unit == v1::INDICATOR_UNIT_RATIO) return Percent(number, style.language, false);
  return NumberText(number, style);
}

// Its value; for people also why it decides nothing.
std::string ReadingText(const v1::IndicatorReading& reading, const CellStyle& style) {
  const v1::IndicatorValue& value = reading.value();
  std::string text = style.human ? kAbsent : "";
  if (value.has_money()) text = MoneyText(value.money(), style);
  if (value.value_case() == v1::IndicatorValue::kNumber) text = InUnit(value.number(), value.unit(), style);
  if (!style.human || reading.judged()) return text;
  if (value.has_fault()) return text + " (" + value.fault().reason() + ")";
  if (value.absence() == v1::ABSENCE_UNSPECIFIED) return text + fmt::format(" (n = {})", value.sample_size());
  return text + " (" + EnumText(*v1::Absence_descriptor()->FindValueByNumber(value.absence())) + ")";
}

// A goal or a threshold, as readings are shown beside it; empty for any other field.
std::string ThresholdText(const Message& root, const Message& message, const FieldDescriptor& field,
                          const CellStyle& style) {
  if (root.GetDescriptor() != v1::IndicatorTarget::descriptor() || !style.human) return "";
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_DOUBLE) return "";
  return InUnit(message.GetReflection()->GetDouble(message, &field),
                static_cast<const v1::IndicatorTarget&>(root).unit(), style);
}

std::string MessageText(const Message& message, const CellStyle& style) {
  const Descriptor* type = message.GetDescriptor();
  if (type == google::type::Money::descriptor()) {
    return MoneyText(static_cast<const google::type::Money&>(message), style);
  }
  if (type == google::type::Date::descriptor()) return FormatDate(static_cast<const google::type::Date&>(message));
  if (type == google::protobuf::Timestamp::descriptor()) {
    return FormatTime(static_cast<const google::protobuf::Timestamp&>(message));
  }
  if (type == v1::Ratio::descriptor()) return RatioText(static_cast<const v1::Ratio&>(message), style);
  if (type == v1::HealthScore::descriptor()) return HealthText(static_cast<const v1::HealthScore&>(message), style);
  if (type == v1::IndicatorReading::descriptor()) {
    return ReadingText(static_cast<const v1::IndicatorReading&>(message), style);
  }
  if (type == v1::CustomValue::descriptor()) return CustomText(static_cast<const v1::CustomValue&>(message), style);
  if (type == v1::ExternalId::descriptor()) {
    const auto& external = static_cast<const v1::ExternalId&>(message);
    return external.system() + ":" + external.id();
  }
  return ToJson(message).dump(-1, ' ', false, Json::error_handler_t::replace);
}

// For people, bands are colours of their language; all other words are those that filters and files take.
std::string EnumWord(const google::protobuf::EnumValueDescriptor& value, const CellStyle& style) {
  if (!style.human || value.type() != v1::HealthBand_descriptor()) return EnumText(value);
  return BandText(static_cast<v1::HealthBand>(value.number()), style.language);
}

std::string ScalarText(const Message& message, const FieldDescriptor& field, int index, const CellStyle& style) {
  const google::protobuf::Reflection& get = *message.GetReflection();
  const bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return many ? get.GetRepeatedString(message, &field, index) : get.GetString(message, &field);
    case FieldDescriptor::CPPTYPE_BOOL:
      return (many ? get.GetRepeatedBool(message, &field, index) : get.GetBool(message, &field)) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_INT32:
      return std::to_string(many ? get.GetRepeatedInt32(message, &field, index) : get.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return std::to_string(many ? get.GetRepeatedInt64(message, &field, index) : get.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return NumberText(many ? get.GetRepeatedDouble(message, &field, index) : get.GetDouble(message, &field), style);
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumWord(many ? *get.GetRepeatedEnum(message, &field, index) : *get.GetEnum(message, &field), style);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return MessageText(many ? get.GetRepeatedMessage(message, &field, index) : get.GetMessage(message, &field),
                         style);
    default:
      return "";
  }
}

// The message whose field a path ends at; nullptr where it is not set.
const Message* HolderOf(const Message& root, const FieldPath& path) {
  const Message* message = &root;
  for (size_t i = 0; i + 1 < path.fields.size(); ++i) {
    if (!message->GetReflection()->HasField(*message, path.fields[i])) return nullptr;
    message = &message->GetReflection()->GetMessage(*message, path.fields[i]);
  }
  return message;
}

// True for a message whose figure is absent: its zero is no value.
bool IsAbsent(const Message& message) {
  const FieldDescriptor* absence = message.GetDescriptor()->FindFieldByName("absence");
  return absence != nullptr && message.GetReflection()->GetEnumValue(message, absence) != 0;
}

// The element of a keyed field: a map's value, or the id in one external system.
std::string KeyedText(const Message& message, const FieldPath& path, const CellStyle& style) {
  const FieldDescriptor& field = path.leaf();
  for (int i = 0; i < message.GetReflection()->FieldSize(message, &field); ++i) {
    const Message& entry = message.GetReflection()->GetRepeatedMessage(message, &field, i);
    const FieldDescriptor* key = entry.GetDescriptor()->FindFieldByNumber(1);
    if (entry.GetReflection()->GetString(entry, key) != path.key) continue;
    return ScalarText(entry, *entry.GetDescriptor()->FindFieldByNumber(2), 0, style);
  }
  return "";
}

}  // namespace

std::string BandText(v1::HealthBand band, Language language) {
  if (language == Language::kFrench) {
    if (band == v1::HEALTH_BAND_RED) return "rouge";
    if (band == v1::HEALTH_BAND_YELLOW) return "jaune";
    if (band == v1::HEALTH_BAND_GREEN) return "vert";
  }
  return EnumText(*v1::HealthBand_descriptor()->FindValueByNumber(band));
}

std::string GroupText(std::string_view facet, const std::string& value, Language language) {
  if (value.empty()) return kAbsent;
  const auto* band = facet == kBandFacet ? FindEnumValue(*v1::HealthBand_descriptor(), value) : nullptr;
  return band == nullptr ? value : BandText(static_cast<v1::HealthBand>(band->number()), language);
}

std::string Grouped(const std::string& decimal, Language language) {
  const bool french = language == Language::kFrench;
  const size_t point = decimal.find('.');
  const std::string fraction = point == std::string::npos ? "" : decimal.substr(point + 1);
  std::string whole = decimal.substr(0, point);
  const size_t first = whole.starts_with('-') ? 1 : 0;
  for (size_t end = whole.size(); end > first + 3;) {
    end -= 3;
    whole.insert(end, french ? "\u202f" : ",");
  }
  if (fraction.empty()) return whole;
  return whole + (french ? "," : ".") + fraction;
}

std::string Percent(double ratio, Language language, bool sign) {
  std::string text = sign ? fmt::format("{:+.1f}", ratio * 100) : fmt::format("{:.1f}", ratio * 100);
  if (language == Language::kEnglish) return text + " %";
  text.replace(text.find('.'), 1, ",");
  return text + "\u202f%";
}

bool IsNumeric(const FieldPath& path) {
  const FieldDescriptor& field = path.leaf();
  if (field.is_repeated()) return false;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return true;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return field.message_type() == google::type::Money::descriptor() ||
             field.message_type() == v1::Ratio::descriptor() || field.message_type() == v1::HealthScore::descriptor() ||
             field.message_type() == v1::IndicatorReading::descriptor();
    default:
      return false;
  }
}

bool HasCurrency(const FieldPath& path) {
  const FieldDescriptor& field = path.leaf();
  return !field.is_repeated() && (field.message_type() == google::type::Money::descriptor() ||
                                  field.message_type() == v1::IndicatorReading::descriptor());
}

bool IsOfParts(const FieldDescriptor& field) {
  if (field.is_repeated() || !HasParts(field)) return false;
  for (const Descriptor* told : {v1::Ratio::descriptor(), v1::HealthScore::descriptor(),
                                 v1::IndicatorReading::descriptor(), v1::CustomValue::descriptor()}) {
    if (field.message_type() == told) return false;
  }
  return true;
}

std::string CurrencyText(const Message& root, const FieldPath& path) {
  const Message* holder = HolderOf(root, path);
  if (holder == nullptr || !holder->GetReflection()->HasField(*holder, &path.leaf())) return "";
  const Message& value = holder->GetReflection()->GetMessage(*holder, &path.leaf());
  if (value.GetDescriptor() == google::type::Money::descriptor()) {
    return static_cast<const google::type::Money&>(value).currency_code();
  }
  return static_cast<const v1::IndicatorReading&>(value).value().money().currency_code();
}

std::string CellText(const Message& root, const FieldPath& path, const CellStyle& style) {
  const Message* const message = HolderOf(root, path);
  if (message == nullptr) return "";
  const FieldDescriptor& field = path.leaf();
  if (!path.key.empty()) return KeyedText(*message, path, style);
  if (!field.is_repeated()) {
    if (field.name() == "value" && IsAbsent(*message)) return style.human ? kAbsent : "";
    if (field.has_presence() && !message->GetReflection()->HasField(*message, &field)) return "";
    std::string text = ThresholdText(root, *message, field, style);
    if (text.empty()) text = ScalarText(*message, field, 0, style);
    if (path.is_id) text.erase(0, text.find('/') + 1);
    return text;
  }
  const int size = message->GetReflection()->FieldSize(*message, &field);
  if (!style.human && size > 0 && HasParts(field)) {
    return ListToJson(*message, field).dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  const CellStyle element = {.language = style.language, .human = style.human};
  std::string list;
  for (int i = 0; i < size; ++i) {
    if (i > 0) list += style.human ? ", " : ",";
    if (field.is_map()) {
      const Message& entry = message->GetReflection()->GetRepeatedMessage(*message, &field, i);
      list += entry.GetReflection()->GetString(entry, entry.GetDescriptor()->FindFieldByNumber(1)) + "=";
      list += ScalarText(entry, *entry.GetDescriptor()->FindFieldByNumber(2), 0, element);
    } else {
      list += ScalarText(*message, field, i, element);
    }
  }
  return list;
}

}  // namespace folio::cli
