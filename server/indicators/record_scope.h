// Leads and deals that a question is about, where it filters or groups by columns of their own.
#pragma once

#include <span>

#include "server/indicators/scope.h"
#include "storage/storage.h"

namespace folio::indicators {

struct RecordScope {
  storage::Kind kind = 0;  // engine::kLead or engine::kDeal
  Scope scope;             // by their keys
  bool groups = false;     // the question's groups are theirs, not those of their accounts

  // Numbers of the groups that a record counts in, given those of its account: empty where it does not match.
  std::span<const uint32_t> Of(int64_t key, std::span<const uint32_t> of_account) const {
    if (of_account.empty()) return {};
    const std::span<const uint32_t> of_record = scope.Of(key);
    return groups || of_record.empty() ? of_record : of_account;
  }
};

}  // namespace folio::indicators
