#include "server/portfolio/past_renewals.h"

#include "server/account/parts.h"
#include "server/base/money.h"

namespace folio::portfolio {
namespace {

google::type::Money AmountOf(const v1::Subscription& subscription, const std::string& currency) {
  return ToProtoMoney(account::TermOf(subscription, 0).annual, currency);
}

// Whether a due date was met: the next one lies a term later, or there is none any more.
bool WentOn(Day due, Day next) { return next == kNoDay || next >= due + kShortestTermDays; }

}  // namespace

void KeepPastRenewals(const v1::Subscription* before, Instant now, const std::string& currency,
                      v1::Subscription* after) {
  after->clear_past_renewals();
  if (before == nullptr) return;
  const Day due = account::DueDayOf(*before);
  const Day next = account::DueDayOf(*after);
  for (const v1::PastRenewal& renewal : before->past_renewals()) {
    if (next == kNoDay || account::DayIn(renewal.due_date()) < next) *after->add_past_renewals() = renewal;
  }
  if (due == kNoDay || before->trial() || !WentOn(due, next)) return;
  v1::PastRenewal& renewal = *after->add_past_renewals();
  *renewal.mutable_due_date() = ToProtoDate(due);
  *renewal.mutable_renew_time() = ToProtoTime(now);
  *renewal.mutable_due_amount() = AmountOf(*before, currency);
  *renewal.mutable_renewed_amount() = AmountOf(*after, currency);
  if (after->past_renewals_size() > kPastRenewalsMax) {
    after->mutable_past_renewals()->DeleteSubrange(0, after->past_renewals_size() - kPastRenewalsMax);
  }
}

}  // namespace folio::portfolio
