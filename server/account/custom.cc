#include "server/account/custom.h"

#include <mutex>

#include "server/base/date.h"
#include "server/base/money.h"

namespace folio::account {

void CustomFields::Define(std::string_view id, const v1::CustomField& definition) {
  if (definition.collection() != "accounts") return;
  std::unique_lock lock(mutex_);
  definitions_.insert_or_assign(std::string(id), std::make_shared<const v1::CustomField>(definition));
}

void CustomFields::Forget(std::string_view id) {
  std::unique_lock lock(mutex_);
  const auto found = definitions_.find(id);
  if (found != definitions_.end()) definitions_.erase(found);
}

std::shared_ptr<const v1::CustomField> CustomFields::Find(std::string_view id) const {
  std::shared_lock lock(mutex_);
  const auto found = definitions_.find(id);
  return found == definitions_.end() ? nullptr : found->second;
}

std::map<std::string, std::shared_ptr<const v1::CustomField>, std::less<>> CustomFields::All() const {
  std::shared_lock lock(mutex_);
  return definitions_;
}

uint32_t CustomFields::NumberOf(std::string_view text) {
  const std::string key(text);
  {
    std::shared_lock lock(mutex_);
    const auto found = numbers_.find(key);
    if (found != numbers_.end()) return found->second;
  }
  std::unique_lock lock(mutex_);
  const auto [entry, is_new] = numbers_.emplace(key, static_cast<uint32_t>(texts_.size()));
  if (is_new) texts_.push_back(key);
  return entry->second;
}

std::string CustomFields::TextOf(uint32_t number) const {
  std::shared_lock lock(mutex_);
  return number < texts_.size() ? texts_[number] : std::string();
}

std::vector<CustomValue> CustomValuesOf(const v1::Account& account, CustomFields& fields) {
  std::vector<CustomValue> values;
  for (const auto& [id, value] : account.custom_fields()) {
    CustomValue made;
    switch (value.kind_case()) {
      case v1::CustomValue::kNumber:
        made = {.value = value.number(), .kind = CustomKind::kNumber};
        break;
      case v1::CustomValue::kMoney:
        made = {.value = static_cast<double>(FromProto(value.money()).value_or(0)) / kMicrosPerUnit,
                .kind = CustomKind::kMoney};
        break;
      case v1::CustomValue::kFlag:
        made = {.value = value.flag() ? 1.0 : 0.0, .kind = CustomKind::kFlag};
        break;
      case v1::CustomValue::kDate:
        made = {.value = static_cast<double>(FromProto(value.date()).value_or(0)), .kind = CustomKind::kDate};
        break;
      case v1::CustomValue::kChoice:
        made = {.value = static_cast<double>(fields.NumberOf(value.choice())), .kind = CustomKind::kChoice};
        break;
      default:
        continue;
    }
    made.field = fields.NumberOf(id);
    values.push_back(made);
  }
  values.shrink_to_fit();
  return values;
}

bool IsReadable(v1::CustomFieldType type) {
  return type == v1::CUSTOM_FIELD_TYPE_NUMBER || type == v1::CUSTOM_FIELD_TYPE_MONEY ||
         type == v1::CUSTOM_FIELD_TYPE_DATE || type == v1::CUSTOM_FIELD_TYPE_FLAG ||
         type == v1::CUSTOM_FIELD_TYPE_CHOICE;
}

}  // namespace folio::account
