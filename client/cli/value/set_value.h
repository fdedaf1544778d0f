// Sets fields of messages from text, as a person writes it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "client/cli/value/dates.h"
#include "client/cli/value/decimal.h"
#include "client/cli/value/field_path.h"
#include "folio/v1/common.pb.h"
#include "folio/v1/custom_field.pb.h"
#include "google/protobuf/message.h"

namespace folio::cli {

// Types of a collection's custom fields, by id.
using CustomTypes = std::map<std::string, v1::CustomFieldType, std::less<>>;

// How values are written.
struct ValueStyle {
  DecimalStyle decimal;
  bool formulas_quoted = false;  // cells have the apostrophe of CsvStyle::quote_formulas
  DateStyle dates;
  std::string currency;                  // of amounts without one
  std::vector<std::string> true_words;   // beside the usual ones: true yes oui vrai 1 x
  std::vector<std::string> false_words;  // beside the usual ones: false no non faux 0
  std::string separator = ",";           // between the elements of a list
  Decimal factor = Decimal::FromUnits(1);
  CustomTypes custom_types;
};

// Sets the field to what the text says; elements are added to a list. An empty text leaves the field unset. What a
// value may look like follows from the field's type: see docs/import.md. Faults: those of value/decimal.h and
// value/dates.h, ENUM_UNKNOWN, FLAG_MALFORMED, NUMBER_NOT_WHOLE, NUMBER_TOO_LARGE, EXTERNAL_ID_MALFORMED,
// CUSTOM_FIELD_UNKNOWN, TEXT_NOT_UTF8, FIELD_NOT_SETTABLE (a whole message that is not given as JSON, or a field that
// only the server sets), those of FromJson.
absl::Status SetFromText(std::string_view text, const FieldPath& path, const ValueStyle& style,
                         google::protobuf::Message* root);

// Sets a singular field, or adds to a repeated one, from the text of one value.
absl::Status SetLeaf(std::string_view text, const google::protobuf::FieldDescriptor& field, const ValueStyle& style,
                     google::protobuf::Message* message);

// A custom value of the given type.
absl::Status SetCustomValue(std::string_view text, v1::CustomFieldType type, const ValueStyle& style,
                            v1::CustomValue* value);

}  // namespace folio::cli
