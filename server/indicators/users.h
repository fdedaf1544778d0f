// Who used the product in a period.
#pragma once

#include <array>
#include <cstdint>
#include <iterator>
#include <string_view>
#include <unordered_map>

#include "server/ledger/entry.h"

namespace folio::indicators {

// Different users. Usage without a user counts as one user of its account.
struct Users {
  static constexpr std::string_view kId = "users";
  static constexpr std::array kKinds = {ledger::EntryKind::kUsage};

  struct Seen {
    Instant time = 0;
    int64_t record = 0;
    uint32_t account = 0;

    bool IsAfter(const Seen& other) const { return time != other.time ? time > other.time : record > other.record; }
  };

  void Add(ledger::EntryKind kind, const ledger::Entry& entry);
  void Merge(const Users& other);
  // One entry stands for each user: the last.
  bool Counts(const ledger::Entry& entry) const;
  int64_t bytes() const { return std::ssize(last) * 64; }

  std::unordered_map<uint64_t, Seen> last;

 private:
  void Take(uint64_t user, const Seen& seen);
};

}  // namespace folio::indicators
