// What was ordered and given back.
#pragma once

#include <array>
#include <string_view>

#include "server/indicators/amounts.h"

namespace folio::indicators {

// Orders and refunds of a period, each in the period in which it happened.
struct Sales {
  static constexpr std::string_view kId = "sales";
  static constexpr std::array kKinds = {ledger::EntryKind::kOrder, ledger::EntryKind::kRefund};
  using Adapter = InOwnCurrency;

  void Add(ledger::EntryKind kind, const ledger::Entry& entry) {
    (kind == ledger::EntryKind::kOrder ? orders : refunds).Add(entry);
  }
  void Merge(const Sales& other) {
    orders.Merge(other.orders);
    refunds.Merge(other.refunds);
  }
  bool Counts(const ledger::Entry&) const { return true; }
  int64_t bytes() const { return 0; }

  Int128 revenue() const { return orders.tally.sum - refunds.tally.sum; }

  Amounts orders;
  Amounts refunds;
};

}  // namespace folio::indicators
