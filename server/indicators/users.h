// Who used the product in a period.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "server/ledger/entry.h"

namespace folio::indicators {

// Tells users apart, by account and name.
struct User {
  static constexpr std::string_view kId = "users";
  static uint64_t Of(const ledger::Entry& entry) { return entry.who ^ (uint64_t{entry.account} * 0x9e3779b97f4a7c15); }
};
struct ActiveAccount {
  static constexpr std::string_view kId = "active_accounts";
  static uint64_t Of(const ledger::Entry& entry) { return entry.account; }
};

// Which entry stands for each user, or account: the last.
template <typename Identity>
struct LastOfEach {
  void Add(ledger::EntryKind, const ledger::Entry& entry) {
    if (entry.value <= 0) return;
    const auto [known, is_new] = last.try_emplace(Identity::Of(entry), entry.time, entry.record);
    if (!is_new) known->second = std::max(known->second, {entry.time, entry.record});
  }
  bool Counts(const ledger::Entry& entry) const {
    const auto found = last.find(Identity::Of(entry));
    return found != last.end() && found->second.second == entry.record;
  }

  absl::flat_hash_map<uint64_t, std::pair<Instant, int64_t>> last;
};

// Different users, or accounts, with usage. Usage without a user counts as one user of its account.
template <typename Identity>
struct Different {
  static constexpr std::string_view kId = Identity::kId;
  static constexpr std::array kKinds = {ledger::EntryKind::kUsage};
  using Standing = LastOfEach<Identity>;

  void Add(ledger::EntryKind, const ledger::Entry& entry) {
    if (entry.value > 0) seen.insert(Identity::Of(entry));
  }
  void Merge(const Different& other) { seen.insert(other.seen.begin(), other.seen.end()); }
  int64_t bytes() const { return static_cast<int64_t>(seen.capacity()) * 9; }

  absl::flat_hash_set<uint64_t> seen;
};

using Users = Different<User>;
using ActiveAccounts = Different<ActiveAccount>;

}  // namespace folio::indicators
