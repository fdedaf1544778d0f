// Who became a customer when: by a subscription, an amount of their own, a paid invoice or an order, whichever came
// first. Whoever comes back has been a customer since then.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "server/account/view.h"
#include "server/indicators/method.h"

namespace folio::indicators {

// First instants at which accounts did something, by account; kNoInstant where one never did.
using FirstTimes = std::vector<Instant>;

// Of the entries of some kinds, whatever the period. A late fact reads its month again.
std::shared_ptr<const FirstTimes> FirstTimesOf(const Question& question, std::span<const ledger::EntryKind> kinds);

inline Instant FirstOf(const FirstTimes& times, int64_t account) {
  return account < std::ssize(times) ? times[static_cast<size_t>(account)] : kNoInstant;
}

// First day with recurring revenue: of a subscription that is no trial, else of the account's own amount; kNoDay where
// there is none.
Day RecurringSince(const account::View& view);

// New customers of a question.
class NewCustomers {
 public:
  explicit NewCustomers(const Question& question);

  // First day as a customer; kNoDay where it never was one.
  Day SinceOf(int64_t account, const account::View& view) const;

  struct Sum {
    int64_t count = 0;
    Int128 arr = 0;  // at the end of the period
  };
  // By period, then by group: those who became customers in the period.
  std::vector<std::vector<Sum>> Sums() const;
  // Accounts that the first period's sum of a group counts, each with the denominator 1.
  std::vector<Contribution> Contributions(uint32_t group) const;

 private:
  bool IsNewIn(const Period& period, int64_t account, const account::View& view) const;

  const Question& question_;
  const std::shared_ptr<const FirstTimes> purchases_;
};

}  // namespace folio::indicators
