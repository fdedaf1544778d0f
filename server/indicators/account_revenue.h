// What each account has paid or bought.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "server/indicators/amounts.h"
#include "server/indicators/customers.h"
#include "server/indicators/method.h"

namespace folio::indicators {

// Of one account.
struct Received {
  Int128 paid = 0;      // invoices, when they were paid
  Int128 ordered = 0;   // orders
  Int128 refunded = 0;  // refunds
  Amounts missing;      // what could not be exchanged
};
using ReceivedByAccount = std::unordered_map<uint32_t, Received>;

// Of all accounts in a period, whatever the scope.
ReceivedByAccount ReceivedIn(const Question& question, const Period& period);

// Revenue received from accounts: an account that has paid an invoice at any time is told by its invoices, any other by
// its orders, so that an order that is invoiced does not count twice; refunds are taken off.
class Receipts {
 public:
  explicit Receipts(const Question& question);

  Int128 RevenueOf(int64_t account, const Received& received) const {
    return (PaysInvoices(account) ? received.paid : received.ordered) - received.refunded;
  }
  // The day of the first payment, or the first order; kNoDay where there is none.
  Day FirstPaymentOf(int64_t account) const;

 private:
  bool PaysInvoices(int64_t account) const { return FirstOf(*payments_, account) != kNoInstant; }

  const TimeZone& zone_;
  const std::shared_ptr<const FirstTimes> payments_;
  const std::shared_ptr<const FirstTimes> orders_;
};

// What an account brought, for those who brought something: `visit(account, groups, revenue, received)`, in any order.
template <typename Visitor>
void VisitReceipts(const Question& question, const Receipts& receipts, const Period& period, Visitor visit) {
  for (const auto& [account, received] : ReceivedIn(question, period)) {
    const std::span<const uint32_t> groups = question.scope.Of(account);
    if (!groups.empty()) visit(int64_t{account}, groups, receipts.RevenueOf(account, received), received);
  }
}

}  // namespace folio::indicators
