#include "server/measures/custom.h"

namespace folio::measures {

Reading ReadCustom(const account::View& view, uint32_t field) {
  for (const account::CustomValue& value : view.custom) {
    if (value.field != field) continue;
    const bool is_date = value.kind == account::CustomKind::kDate;
    return {.value = is_date ? view.today - value.value : value.value, .absence = v1::ABSENCE_UNSPECIFIED};
  }
  return {};
}

std::string_view UnitOf(v1::CustomFieldType type) {
  switch (type) {
    case v1::CUSTOM_FIELD_TYPE_MONEY:
      return "money";
    case v1::CUSTOM_FIELD_TYPE_DATE:
      return "days";
    case v1::CUSTOM_FIELD_TYPE_FLAG:
      return "flag";
    case v1::CUSTOM_FIELD_TYPE_CHOICE:
      return "choice";
    default:
      return "number";
  }
}

}  // namespace folio::measures
