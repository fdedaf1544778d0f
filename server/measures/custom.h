// Custom fields of accounts as measures, "custom.{field}".
#pragma once

#include <string_view>

#include "folio/v1/custom_field.pb.h"
#include "server/measures/measure.h"

namespace folio::measures {

inline constexpr std::string_view kCustomPrefix = "custom.";

// The id of the field that a measure's name means; empty where it is no custom field.
inline std::string_view CustomIdOf(std::string_view measure) {
  return measure.starts_with(kCustomPrefix) ? measure.substr(kCustomPrefix.size()) : std::string_view();
}

// The figure of a custom field, by its number: numbers and money as they are, flags as 1 or 0, dates as days from then
// to view.today, a choice as the number of its text. The view tells what is known today, whatever its day.
Reading ReadCustom(const account::View& view, uint32_t field);

// "number", "money", "days", "flag" or "choice".
std::string_view UnitOf(v1::CustomFieldType type);

}  // namespace folio::measures
