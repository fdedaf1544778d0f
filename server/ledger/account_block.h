// Account blocks: what revenue is told from, for accounts whose keys follow each other. Published blocks do not change.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "server/account/view.h"
#include "server/ledger/segment.h"

namespace folio::ledger {

inline constexpr int64_t kBlockAccounts = 128;
inline constexpr Micros kNoAmount = std::numeric_limits<int64_t>::min();

// What the account itself tells.
struct AccountRow {
  Micros direct_arr = kNoAmount;
  Day created = kNoDay;
  Day contract_start = kNoDay;
  int32_t seats = -1;
  uint16_t direct_currency = 0;  // its label in Dimension::kRevenueCurrency

  bool operator==(const AccountRow&) const = default;
};

class AccountBlock {
 public:
  explicit AccountBlock(Draft draft) : draft_(draft) {}
  AccountBlock(const AccountBlock& other, Draft draft) : AccountBlock(other) { draft_ = draft; }

  Draft draft() const { return draft_; }

  const AccountRow& RowOf(int64_t account) const { return rows_[IndexOf(account)]; }
  // An account of the block on a day; contacts, facts and custom fields are left out. Borrows from the block.
  account::View ViewOf(int64_t account, Day day) const;

  // --- The writer, on a block of its draft ---

  void SetRow(int64_t account, const AccountRow& row) { rows_[IndexOf(account)] = row; }
  // Adds a subscription, or replaces the one of its key.
  void PutTerm(int64_t account, const account::Term& term);
  void DropTerm(int64_t account, int64_t key);

 private:
  AccountBlock(const AccountBlock&) = default;
  static size_t IndexOf(int64_t account) { return static_cast<size_t>(account % kBlockAccounts); }

  Draft draft_ = 0;
  std::array<AccountRow, kBlockAccounts> rows_;
  std::vector<account::Term> terms_;                     // of one account after the other, each by key
  std::array<uint32_t, kBlockAccounts + 1> first_ = {};  // position of each account's first term
};

}  // namespace folio::ledger
