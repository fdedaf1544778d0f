// How long the deals closed in a period took.
#pragma once

#include <vector>

#include "server/indicators/sales.h"

namespace folio::indicators {

// Millionths of a day, rounded down to a tenth of a second.
inline int64_t DaysInMillionths(int64_t micros) { return micros / (kMicrosPerDay / ledger::kMillion); }

struct Cycles {
  static constexpr std::string_view kId = "deal_cycles";
  using Row = ledger::Deal;
  using Inputs = NoInputs;

  struct Cycle {
    int64_t days = 0;  // in millionths
    bool won = false;
    bool contact_told = false;
  };

  void Add(const ledger::Deal& deal, const Period& period, const NoInputs&);
  void Merge(const Cycles& other);
  int64_t bytes() const { return std::ssize(closed) * static_cast<int64_t>(sizeof(Cycle)); }

  std::vector<Cycle> closed;
};

}  // namespace folio::indicators
