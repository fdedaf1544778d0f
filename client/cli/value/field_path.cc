#include "client/cli/value/field_path.h"

#include <algorithm>
#include <cctype>
#include <numeric>

#include "absl/strings/str_join.h"
#include "client/cli/value/fault.h"
#include "folio/v1/common.pb.h"
#include "folio/v1/options.pb.h"
#include "google/api/field_behavior.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/money.pb.h"

namespace folio::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;

constexpr std::string_view kZeroSuffix = "UNSPECIFIED";

std::string LowerSnake(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    result += c == ' ' || c == '-' ? '_' : byte < 0x80 ? static_cast<char>(std::tolower(byte)) : c;
  }
  return result;
}

const FieldDescriptor* FindField(const Descriptor& type, const std::string& name) {
  if (const FieldDescriptor* field = type.FindFieldByName(name)) return field;
  if (const FieldDescriptor* field = type.FindFieldByCamelcaseName(name)) return field;
  for (int i = 0; i < type.field_count(); ++i) {
    const std::string& column = type.field(i)->options().GetExtension(v1::rules).column();
    if (!column.empty() && column == name) return type.field(i);
  }
  return nullptr;
}

bool IsKeyed(const FieldDescriptor& field) { return field.is_map() || field.name() == "external_ids"; }

std::vector<std::string> FieldNames(const Descriptor& type, const Descriptor* detail) {
  std::vector<std::string> names;
  if (!CollectionOf(type).empty()) names.push_back("id");
  for (const Descriptor* each : {&type, detail}) {
    for (int i = 0; each != nullptr && i < each->field_count(); ++i) {
      if (!IsOutputOnly(*each->field(i))) names.push_back(each->field(i)->name());
    }
  }
  return names;
}

absl::Status Unknown(std::string_view path, const std::vector<std::string>& names) {
  const std::string near = Nearest(path, names);
  std::string english = "There is no field " + Quoted(path);
  std::string french = "Le champ " + Quoted(path) + " n'existe pas";
  if (near.empty()) {
    const std::string all = absl::StrJoin(names, ", ");
    return BadValue("FIELD_UNKNOWN", english + "; there are " + all + ".", french + " ; il y a " + all + ".");
  }
  return BadValue("FIELD_UNKNOWN", english + "; do you mean " + Quoted(near) + "?",
                  french + " ; est-ce " + Quoted(near) + " ?");
}

// Follows the parts of a path from `type` on. False where a part names nothing.
bool Follow(const Descriptor* type, std::string_view rest, FieldPath* path) {
  while (type != nullptr && !rest.empty()) {
    const size_t dot = rest.find('.');
    const FieldDescriptor* field = FindField(*type, std::string(rest.substr(0, dot)));
    if (field == nullptr) return false;
    path->fields.push_back(field);
    path->text += (path->text.empty() ? "" : ".") + field->name();
    if (dot == std::string_view::npos) return true;
    rest.remove_prefix(dot + 1);
    if (IsKeyed(*field)) {
      path->key = rest;
      path->text += "." + path->key;
      return !rest.empty();
    }
    if (field->is_repeated()) return false;
    type = field->message_type();
  }
  return false;
}

}  // namespace

absl::StatusOr<FieldPath> FindPath(const Descriptor& type, std::string_view path, std::string_view detail) {
  FieldPath found;
  const FieldDescriptor* name = type.FindFieldByName("name");
  if (path == "id" && !CollectionOf(type).empty() && name != nullptr && !IsOutputOnly(*name)) {
    return FieldPath{.fields = {name}, .is_id = true, .text = "name"};
  }
  if (Follow(&type, path, &found)) return found;
  const FieldDescriptor* inner = type.FindFieldByName(std::string(detail));
  if (inner != nullptr) {
    found = FieldPath{.fields = {inner}, .text = inner->name()};
    if (Follow(inner->message_type(), path, &found)) return found;
  }
  return Unknown(path, FieldNames(type, inner == nullptr ? nullptr : inner->message_type()));
}

bool IsOutputOnly(const FieldDescriptor& field) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == google::api::OUTPUT_ONLY) return true;
  }
  return false;
}

bool HasParts(const FieldDescriptor& field) {
  const Descriptor* type = field.message_type();
  if (type == nullptr || field.is_map()) return false;
  for (const Descriptor* plain : {google::type::Money::descriptor(), google::type::Date::descriptor(),
                                  google::protobuf::Timestamp::descriptor(), v1::ExternalId::descriptor()}) {
    if (type == plain) return false;
  }
  return true;
}

std::string CollectionOf(const Descriptor& type) { return type.options().GetExtension(v1::resource).collection(); }

std::string EnumText(const EnumValueDescriptor& value) {
  if (value.number() == 0) return "";
  const std::string& zero = value.type()->FindValueByNumber(0)->name();
  const size_t prefix = zero.ends_with(kZeroSuffix) ? zero.size() - kZeroSuffix.size() : 0;
  return LowerSnake(value.name().substr(prefix));
}

std::vector<std::string> EnumChoices(const EnumDescriptor& type) {
  std::vector<std::string> choices;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) choices.push_back(EnumText(*type.value(i)));
  }
  return choices;
}

const EnumValueDescriptor* FindEnumValue(const EnumDescriptor& type, std::string_view text) {
  const std::string wanted = LowerSnake(text);
  for (int i = 0; i < type.value_count(); ++i) {
    const EnumValueDescriptor* value = type.value(i);
    if (LowerSnake(value->name()) == wanted || (value->number() != 0 && EnumText(*value) == wanted)) return value;
  }
  return nullptr;
}

std::string Nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  size_t best_distance = std::max<size_t>(2, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    // Levenshtein's distance, one row of the table at a time.
    std::vector<size_t> row(candidate.size() + 1);
    std::iota(row.begin(), row.end(), size_t{0});
    for (size_t i = 0; i < word.size(); ++i) {
      size_t diagonal = row[0];
      row[0] = i + 1;
      for (size_t j = 0; j < candidate.size(); ++j) {
        const size_t replaced = diagonal + (word[i] == candidate[j] ? 0 : 1);
        diagonal = row[j + 1];
        row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
      }
    }
    if (row.back() < best_distance) {
      best = candidate;
      best_distance = row.back();
    }
  }
  return best;
}

}  // namespace folio::cli
