// The workspace's own fields of accounts: their definitions, and an account's values as plain numbers.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "folio/v1/account.pb.h"
#include "folio/v1/custom_field.pb.h"

namespace folio::account {

enum class CustomKind : uint8_t { kNumber, kMoney, kFlag, kDate, kChoice };

// One value of one account: 16 bytes, since there may be many.
struct CustomValue {
  double value = 0;    // money in units, a flag as 1 or 0, a date as its Day, a choice as its number
  uint32_t field = 0;  // number of the field's id
  CustomKind kind = CustomKind::kNumber;

  bool operator==(const CustomValue&) const = default;
};
static_assert(sizeof(CustomValue) == 16);

// Definitions of accounts' custom fields, and numbers for their ids and choices. Callable from any thread.
class CustomFields {
 public:
  // Keeps a definition; those of other collections are passed over.
  void Define(std::string_view id, const v1::CustomField& definition);
  void Forget(std::string_view id);

  // nullptr where there is none.
  std::shared_ptr<const v1::CustomField> Find(std::string_view id) const;
  // All definitions by id.
  std::map<std::string, std::shared_ptr<const v1::CustomField>, std::less<>> All() const;

  // The number of a field's id or of a choice, from 1: given at the first question, and kept.
  uint32_t NumberOf(std::string_view text);
  // Empty where no text has that number.
  std::string TextOf(uint32_t number) const;

 private:
  mutable std::shared_mutex mutex_;
  std::map<std::string, std::shared_ptr<const v1::CustomField>, std::less<>> definitions_;  // guarded by mutex_
  std::unordered_map<std::string, uint32_t> numbers_;                                       // guarded by mutex_
  std::vector<std::string> texts_ = {""};                                                   // guarded by mutex_
};

// The values of an account that a measure can read: texts and sets of choices are left out.
std::vector<CustomValue> CustomValuesOf(const v1::Account& account, CustomFields& fields);

// Whether a measure can read fields of a type.
bool IsReadable(v1::CustomFieldType type);

}  // namespace folio::account
